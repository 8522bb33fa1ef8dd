"""Reminders in bulk at the desk: chosen, read, filled, printed, recorded as sent once."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Filing, Reminder, Update
from tracker.rules.days import Day
from tracker.services import cases, chasing_templates, updates
from tracker.services.updates import NewUpdate

Desk = Callable[[str], Reader]
NEW, ONE = "/desk/reminders/new", "/desk/reminders/1"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is 25 November 2026."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 25))


def written(reader, *numbers):
    """Write reminders and return the address of the batch."""
    return reader.post(NEW, {"filings": list(numbers or ("C001-01", "C001-02", "C001-03"))}).location


def sent(reader, address=ONE, status=303, **values):
    """Fill every gap, and record the letters as sent."""
    fields = reader.fields(address)
    fields |= {name: "not known" for name in fields if name.startswith("slot-") and not fields[name]}
    fields |= {"sent_on": "2026-11-25", "medium": "letter", "do": "record", **values}
    return reader.post(address, {k: v for k, v in fields.items() if v is not None}, status=status)


def with_gaps():
    """Let the letters need the number of the authority."""
    with transaction():
        for language in ("de", "en", "fr"):
            chasing_templates.save_letter(language, "About {number}", "Number {reference}", seen=0, by=ANN)


def told(step, day, actor="at-dsb"):
    with transaction():
        new = NewUpdate(step, Day.parse(day), actor, "words")
        return updates.record_update(cases.get_case("C001").filings[:1], new, seen={}, by=ANN).number


def entries():
    return db.session.scalars(sa.select(Update).where(Update.kind == "reminder")).all()


class TestChoosing:
    def test_ticks_what_was_ticked_before(self, case, desk: Desk):
        page = desk("advocate").get(f"{NEW}?filing=C001-02&filing=C001-03").text
        assert page.count(" checked ") == 2 and 'value="C001-01"' not in page

    def test_ticks_all_of_a_case_by_one_link(self, case, desk: Desk):
        reader = desk("advocate")
        assert f"{NEW}?case=C001&amp;tick=all" in reader.get("/desk/cases/C001").text
        assert reader.get(f"{NEW}?case=C001&tick=all").text.count(" checked ") == 3

    def test_says_since_when_each_is_silent_and_when_it_was_reminded(self, case, desk: Desk):
        told("reminder", "2026-05-01", "noyb")
        page = words_of(desk("advocate").get(NEW).text)
        assert "Silent for 2 years and 5 months, since 6 June 2024. Reminded last on 1 May 2026." in page
        assert "Never reminded." in page and "3 filings wait for an authority" in page

    def test_narrows_and_says_what_to_take_away(self, case, desk: Desk):
        reader = desk("advocate")
        page = reader.get(f"{NEW}?authority=ie-dpc&silent=90&size=500").text
        assert 'value="C001-03"' in page and 'value="C001-01"' not in page
        assert "No pending filing matches" in reader.get(f"{NEW}?case=C999").text
        reader.get(f"{NEW}?case=nonsense&authority=nobody&silent=1&size=2&page=0")

    def test_has_pages(self, case, desk: Desk, monkeypatch):
        monkeypatch.setattr("tracker.web.desk.reminders.SIZES", (2, 3))
        page = desk("advocate").get(NEW).text
        assert "page=2" in page
        assert 'value="C001-03"' in desk("advocate").get(f"{NEW}?page=2").text

    def test_of_nothing_is_refused_beside_the_list(self, case, desk: Desk):
        page = desk("advocate").post(NEW, {}, status=422).text
        assert "Choose at least one filing." in page

    def test_is_for_those_who_may_record(self, case, desk: Desk):
        for role in ("reader", "editor", "admin"):
            desk(role).get(NEW, 404)

    def test_says_of_which_filings_the_authority_is_not_known(self, case, desk: Desk):
        with transaction():
            db.session.execute(
                sa.update(Filing).where(Filing.number == "C001-02").values(authority_slug=None)
            )
        reader = desk("advocate")
        page = reader.get(f"{NEW}?filing=C001-02").text
        assert "C001-02: the authority is not known, so there is nobody to write to." in words_of(page)
        assert "Take a filter away" not in page and 'type="checkbox"' not in page
        page = reader.get(f"{NEW}?filing=C001-01&filing=C001-02").text
        assert "2 filings were chosen" in page and page.count('type="checkbox"') == 1


class TestTheLetters:
    def test_are_shown_by_authority_and_language_with_what_is_missing(self, case, desk: Desk):
        reader = desk("advocate")
        with_gaps()
        assert written(reader) == ONE
        page = reader.get(ONE).text
        text = words_of(page)
        assert (
            "3 letters have gaps, which must be filled before they go out: C001-01, C001-02, C001-03." in text
        )
        assert "DSB · Austria German 1 1 0" in text
        assert "<mark>reference<" in page and 'lang="de"' in page
        assert "Nothing is sent from here" in reader.get("/desk/reminders").text

    def test_go_without_the_words_about_what_is_not_known(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        page = reader.get(ONE).text
        assert "have gaps" not in page and "<mark>" not in page and "Your number:" not in page
        assert "Nothing here: the words about it stay out." in page

    def test_that_an_authority_waits_for_stay_out_until_somebody_looked(self, case, desk: Desk):
        told("defect_notice", "2026-11-10")
        reader = desk("advocate")
        written(reader)
        page = reader.get(ONE).text
        text = words_of(page)
        assert "In 1 filing the authority waits for our answer: C001-01. Answer first;" in text
        assert "The authority waits for our answer: missing parts, as the authority asked (entry 2)." in text
        assert "Send it although the authority waits for our answer" in text
        sent(reader, **{"anyway-0": "2"})
        assert reader.get(ONE).text.count("Sent, <a") == 3

    def test_can_be_filled_all_at_once_and_one_by_one(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        fields = reader.fields(ONE)
        reader.post(ONE, {**fields, "all-de-reference": "unbekannt", "do": "save"})
        page = reader.get(ONE).text
        assert "Ihr Zeichen: unbekannt" in page
        fields = reader.fields(ONE)
        [slot] = [it for it in fields if it.startswith("slot-0-")]
        reader.post(ONE, {**fields, slot: "D124.1", "do": "save"})
        assert "Ihr Zeichen: D124.1" in reader.get(ONE).text

    def test_keep_what_was_typed_when_something_is_refused(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        page = sent(reader, status=422, **{"slot-0-reference": "a\x07b", "slot-1-reference": "S-77"}).text
        assert "U+0007" in page and "S-77" in page
        assert db.session.scalars(sa.select(Reminder.filled)).all() == [{}, {}, {}]

    def test_keep_what_was_filled_when_the_day_is_refused(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        page = sent(reader, status=422, sent_on="2026-12-01").text
        assert "1 December 2026 has not come yet." in page and 'id="sent_on-error"' in page
        assert page.count('value="not known"') == 3 and entries() == []

    def test_can_be_printed_each_on_a_sheet_and_without_the_desk(self, case, desk: Desk):
        reader = desk("advocate")
        with_gaps()
        written(reader)
        page = reader.get(f"{ONE}/letters").text
        assert page.count("data-sheet") == 3 and 'class="masthead"' not in page
        assert "3 have gaps, in square brackets" in words_of(page) and "[reference]" in page

    def test_can_be_downloaded_as_text(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        answer = reader.get(f"{ONE}/letters.zip")
        assert answer.headers["Content-Disposition"] == "attachment; filename=reminders-1.zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
            names = file.namelist()
            text = file.read(names[0]).decode("utf-8-sig")
        assert names == ["C001-01_at-dsb_de.txt", "C001-02_fr-cnil_fr.txt", "C001-03_ie-dpc_en.txt"]
        assert text.startswith("Erinnerung: ") and "\r\n\r\n" in text
        assert reader.get(f"{ONE}/letters.zip").data == answer.data, "the same letters, the same file"

    def test_can_be_written_anew_and_thrown_away(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        told("information", "2026-01-02")
        reader.post(ONE, {**reader.fields(ONE), "do": "renew"})
        assert "2. Januar 2026" in reader.get(ONE).text
        reader.post(ONE, {**reader.fields(ONE), "do": "discard"})
        reader.get(ONE, 404)

    def test_stand_on_the_first_page_until_they_are_recorded(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        assert "Reminders to record as sent" in reader.get("/desk/").text
        sent(reader)
        assert "Reminders to record as sent" not in reader.get("/desk/").text

    def test_have_pages_of_fifty(self, case, desk: Desk, monkeypatch):
        monkeypatch.setattr("tracker.web.desk.reminders_page.PAGE", 2)
        reader = desk("advocate")
        written(reader)
        assert reader.get(ONE).text.count('class="reminder"') == 2
        page = reader.get(f"{ONE}?page=2").text
        assert page.count('class="reminder"') == 1
        # What is said on one page leaves the letters of the other as they are.
        reader.post(f"{ONE}?page=2", {**reader.fields(f"{ONE}?page=2"), "out-2": "y", "do": "save"})
        kept = sa.select(Reminder.left_out).order_by(Reminder.position)
        assert db.session.scalars(kept).all() == [False, False, True]

    def test_are_shown_by_as_many_statements_for_three_as_for_one(self, case, desk: Desk, statements):
        reader, counts = desk("advocate"), []
        for numbers in (("C001-01",), ("C001-01", "C001-02", "C001-03")):
            address = written(reader, *numbers)
            db.session.expunge_all()
            statements.clear()
            reader.get(address)
            counts.append(len(statements))
        assert counts[0] == counts[1]


class TestRecordingAsSent:
    def test_makes_one_entry_and_says_what_came_of_each(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        sent(reader)
        page = words_of(reader.get(ONE).text)
        assert "3 reminders recorded as sent." in page
        assert page.count("Sent, entry 2") == 3 and "Sent on 25 November 2026 by letter" in page
        [entry] = entries()
        assert (entry.number, entry.happened_on, entry.medium.value) == (2, date(2026, 11, 25), "letter")
        assert "its words" in reader.get("/desk/filings/C001-01/silence").text

    def test_by_a_double_click_records_nothing_twice(self, case, desk: Desk):
        reader = desk("advocate")
        written(reader)
        fields = reader.fields(ONE)
        sent(reader)
        again = {**fields, "sent_on": "2026-11-25", "medium": "letter", "do": "record"}
        reader.post(ONE, again, form="/desk/reminders/new")
        assert len(entries()) == 1
        assert "Nothing was recorded twice." in reader.get(ONE).text

    def test_by_a_second_person_of_letters_of_their_own_records_nothing_twice(self, case, desk: Desk):
        first, second = desk("advocate"), desk("lawyer")
        mine, theirs = written(first), written(second)
        assert mine != theirs
        fields = second.fields(theirs)
        sent(first, mine)
        again = {**fields, "sent_on": "2026-11-25", "medium": "letter", "do": "record"}
        page = second.post(theirs, again, status=409).text
        assert "recorded a reminder, while you were reading" in words_of(page)
        assert "3 filings were reminded less than 14 days ago" in words_of(page)
        sent(second, theirs, status=422)
        assert len(entries()) == 1

    def test_leaves_out_what_was_reminded_a_short_time_ago_unless_it_is_ticked(self, case, desk: Desk):
        told("reminder", "2026-11-20", "noyb")
        reader = desk("advocate")
        written(reader)
        page = reader.get(ONE).text
        assert "1 filing was reminded less than 14 days ago and stays out unless you tick it." in page
        assert "Reminded already on 20 November 2026, entry 2." in page
        fields = reader.fields(ONE)
        reader.post(ONE, {**fields, "anyway-0": "2", "do": "save"})
        sent(reader)
        assert len(entries()) == 2 and "3 reminders recorded as sent." in reader.get(ONE).text

    def test_names_what_was_not_sent_and_why(self, case, desk: Desk):
        with transaction():
            db.session.execute(
                sa.update(Filing).where(Filing.number == "C001-02").values(authority_slug=None)
            )
        reader = desk("advocate")
        written(reader)
        fields = reader.fields(ONE)
        sent(reader, **{"out-0": "y"})
        page = words_of(reader.get(ONE).text)
        assert "1 reminder recorded as sent. 2 are not, with the reason in the list." in page
        assert "Not sent. Left out." in page
        assert "Not sent. The authority is not known, so there is nobody to write to." in page and fields

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"sent_on": ""}, "Say on which day they were sent."),
            ({"sent_on": "2026-11"}, "Give the full day"),
            ({"sent_on": "2024-01-01"}, "lies before the lodging"),
            (
                {"sent_on": "2026-11-24"},
                "The letters bear the date of 25 November 2026, so they did not go out",
            ),
            ({"medium": ""}, "Say how they were sent."),
            ({"medium": "pigeon"}, "Choose one of the list."),
        ],
    )
    def test_is_refused_beside_the_field(self, case, desk: Desk, values, words):
        reader = desk("advocate")
        written(reader)
        assert words in sent(reader, status=422, **values).text
        assert entries() == []

    def test_is_refused_with_gaps(self, case, desk: Desk):
        reader = desk("advocate")
        with_gaps()
        written(reader)
        fields = {**reader.fields(ONE), "sent_on": "2026-11-25", "medium": "letter", "do": "record"}
        page = reader.post(ONE, fields, status=422).text
        assert "have gaps: fill them, or leave the letters out." in page


class TestTheLetterOfALanguage:
    DE = "/desk/reminders/letters/de"

    def test_is_changed_by_a_lawyer(self, case, desk: Desk):
        reader = desk("lawyer")
        data = {**reader.fields(self.DE), "subject": "Neu {number}", "do": "save"}
        assert reader.post(self.DE, data).location == "/desk/reminders"
        assert "Neu {number}" in reader.get("/desk/reminders").text
        page = reader.get(self.DE).text
        assert "Version 1" in page and "Go back to the packaged letter" in page

    def test_goes_back_to_the_packaged_one(self, case, desk: Desk):
        reader = desk("lawyer")
        reader.post(self.DE, {**reader.fields(self.DE), "subject": "Neu", "do": "save"})
        reader.post(self.DE, {**reader.fields(self.DE), "do": "packaged"})
        assert "eingereichte Beschwerde" in reader.fields(self.DE)["subject"]

    def test_can_be_one_in_another_language(self, case, desk: Desk):
        reader = desk("lawyer")
        assert reader.get("/desk/reminders/letters?language=el", 303).location.endswith("/letters/el")
        address = "/desk/reminders/letters/el"
        reader.post(
            address, {**reader.fields(address), "subject": "Θέμα", "body": "{authority}", "do": "save"}
        )
        assert "Θέμα" in reader.get("/desk/reminders").text
        assert "Use no letter in this language" in reader.get(address).text

    def test_with_an_unknown_slot_is_refused_beside_the_field(self, case, desk: Desk):
        reader = desk("lawyer")
        data = {**reader.fields(self.DE), "body": "An {nobody}", "do": "save"}
        page = reader.post(self.DE, data, status=422).text
        assert 'id="body-error"' in page and "There is no slot “nobody”" in page and "An {nobody}" in page

    def test_of_two_who_write_at_once_takes_the_first_and_shows_it_to_the_second(self, case, desk: Desk):
        reader = desk("lawyer")
        fields = reader.fields(self.DE)
        reader.post(self.DE, {**fields, "subject": "Erste", "do": "save"})
        page = reader.post(self.DE, {**fields, "subject": "Zweite", "do": "save"}, status=409).text
        assert "Somebody else changed this letter" in page and "Erste" in page and 'value="Zweite"' in page
        reader.post(self.DE, {**reader.filled(page), "do": "save"})
        assert reader.fields(self.DE)["subject"] == "Zweite"

    def test_is_for_lawyers(self, case, desk: Desk):
        desk("advocate").get(self.DE, 404)
        assert "letters/de" not in desk("advocate").get("/desk/reminders").text

    @pytest.mark.parametrize("language", ["xx", "klingon", "tlh"])
    def test_of_what_is_no_language_does_not_exist(self, case, desk: Desk, language):
        desk("lawyer").get(f"/desk/reminders/letters/{language}", 404)
        desk("lawyer").get("/desk/reminders/letters?language=nonsense", 404)
