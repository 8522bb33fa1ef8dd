"""The silence log at the desk: how long, since what, what people say of entries, as a page and as data."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Update
from tracker.rules.days import Day
from tracker.services import cases, updates
from tracker.services.updates import NewUpdate

Desk = Callable[[str], Reader]
LOG = "/desk/filings/C001-01/silence"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is 25 November 2026."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 25))


def told(step, day, actor="at-dsb", words="words", **values):
    with transaction():
        new = NewUpdate(step, Day.parse(day), actor, words)
        return updates.record_update(
            cases.get_case("C001").filings[:1], new, seen={}, by=ANN, **values
        ).number


def part(page, name):
    """Return the words of one section of a page."""
    return words_of(f'<body>{page.split(f"""id="{name}">""")[1].split("</section>")[0]}</body>')


class TestTheSilenceLog:
    def test_says_first_how_long_and_since_what(self, case, desk: Desk):
        told("information", "2024-09-02")
        page = desk("reader").get(LOG).text
        status = page.split('data-part="sentence"')[1].split("</p>")[0]
        assert "Silent for 2 years and 2 months (814 days): the last substantive news is entry 2" in status
        assert "“Report on progress”, on 2 September 2024, by the Austrian DSB." in status

    def test_counts_from_the_lodging_where_nothing_came(self, case, desk: Desk):
        assert "nothing of substance came since the lodging on 6 June 2024" in desk("reader").get(LOG).text

    def test_lists_periods_reminders_and_empty_words(self, case, desk: Desk):
        told("information", "2024-09-02")
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-03-10", words="We are working on it.")
        told("reminder", "2025-06-10", "noyb")
        reader = desk("lawyer")
        reader.post("/desk/cases/C001/updates/4/mark?filing=C001-01", {"empty": "y", "answers": "3"})
        page = reader.get(LOG).text
        assert "2 September 2024 entry 2, Report on progress today no news yet 2 years and 2 months" in part(
            page, "periods"
        )
        chased = part(page, "reminders")
        assert (
            "entry 3, Reminder 10 January 2025 not recorded entry 4, Report on progress, on 10 March 2025"
            in chased
        )
        assert "as somebody said; it says nothing new 2 months (59 days)" in chased
        assert (
            "entry 5, Reminder 10 June 2025 not recorded no answer 1 year and 5 months (533 days)" in chased
        )
        assert "We are working on it. Marked by The lawyer." in part(page, "empty")
        assert "2, of which 1 without an answer" in words_of(page)

    def test_lists_what_authorities_let_pass(self, case, desk: Desk):
        missed = part(desk("reader").get(LOG).text, "missed")
        assert (
            "Art 78(2), 77(2) information on progress or outcome DSB · Austria 6 June 2024 6 September 2024"
            in missed
        )
        assert "810 days" in missed

    def test_says_of_days_that_are_known_roughly_about_how_long(self, case, desk: Desk):
        told("information", "2024-09")
        assert "about 2 years and 2 months (786 to 815 days)" in words_of(desk("reader").get(LOG).text)

    def test_names_news_without_a_day(self, case, desk: Desk):
        told("information", "")
        assert "One entry has no known day: it is listed here and in no period." in words_of(
            desk("reader").get(LOG).text
        )

    def test_of_an_ended_complaint_waits_for_nobody(self, case, desk: Desk):
        told("withdrawn", "2025-01-10", "noyb")
        page = desk("lawyer").get(LOG).text
        assert "The complaint is not pending any more: nobody owes news." in page
        assert "Write a reminder" not in page

    def test_offers_acts_to_those_alone_who_may(self, case, desk: Desk):
        told("information", "2024-09-02")
        for role, offered in (("reader", False), ("editor", False), ("advocate", True)):
            page = desk(role).get(LOG).text
            assert ("Write a reminder" in page, ">Mark<" in page) == (offered, offered), role

    def test_is_linked_from_the_filing(self, case, desk: Desk):
        assert f'href="{LOG}"' in desk("reader").get("/desk/filings/C001-01").text

    def test_takes_as_many_statements_for_a_long_protocol(self, case, desk: Desk, statements):
        reader, counts = desk("reader"), []
        for many in (1, 12):
            for number in range(many):
                told("information", f"2025-01-{number + 1:02}")
                told("reminder", f"2025-02-{number + 1:02}", "noyb")
            db.session.expunge_all()
            statements.clear()
            reader.get(LOG)
            counts.append(len(statements))
        assert counts[0] == counts[1]

    def test_moves_to_the_number_as_it_is_written(self, case, desk: Desk):
        assert desk("reader").get("/desk/filings/c001-01/silence", 301).location.endswith(LOG)
        desk("reader").get("/desk/filings/C001-99/silence", 404)


class TestTheLogAsData:
    def test_is_json_with_the_same_figures(self, case, desk: Desk):
        told("information", "2024-09-02")
        answer = desk("reader").get(f"{LOG}.json")
        assert answer.mimetype == "application/json"
        assert answer.json["silent"]["days"] == [814, 814]
        assert answer.json["last_substantive_news"]["entry"] == 2
        assert answer.json["filing"] == "C001-01"


class TestSayingWhatAnEntryHas:
    MARK = "/desk/cases/C001/updates/3/mark"

    def test_stands_in_the_protocol_with_who_said_it(self, case, desk: Desk):
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-03-10")
        reader = desk("advocate")
        data = {**reader.fields(self.MARK), "empty": "y", "answers": "2"}
        assert reader.post(self.MARK, data).location == "/desk/cases/C001#entry-3"
        for address in ("/desk/cases/C001", "/desk/filings/C001-01"):
            page = words_of(reader.get(address).text)
            said = "Says nothing new and answers our reminder, entry 2 (marked by The advocate)."
            assert said in page

    def test_starts_with_what_is_said_and_can_be_taken_back(self, case, desk: Desk):
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-03-10")
        reader = desk("advocate")
        reader.post(self.MARK, {"empty": "y", "answers": "2"})
        assert {**reader.fields(self.MARK), "csrf_token": ""} == {
            "empty": "y",
            "answers": "2",
            "csrf_token": "",
        }
        reader.post(self.MARK, {"answers": ""})
        assert "says nothing new" not in reader.get("/desk/cases/C001").text.lower()

    def test_is_refused_beside_the_field(self, case, desk: Desk):
        told("reminder", "2025-01-10", "noyb")
        told("acknowledged", "2025-03-10")
        reader = desk("advocate")
        page = reader.get(self.MARK).text
        assert 'name="empty"' not in page and "is news or none by what it is" in page
        page = reader.post(self.MARK, {"empty": "y", "answers": ""}, status=422).text
        assert 'id="empty-error"' in page
        page = reader.post(self.MARK, {"answers": "9"}, status=422).text
        assert "Choose one of the list." in page

    def test_keeps_the_reminder_that_was_corrected_since(self, case, desk: Desk):
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-03-10")
        reader = desk("advocate")
        reader.post(self.MARK, {"answers": "2"})
        told("reminder", "2025-01-11", "noyb", corrects=2)
        fields = reader.fields(self.MARK)
        assert fields["answers"] == "2"
        reader.post(self.MARK, {**fields, "empty": "y"})
        assert "as somebody said; it says nothing new" in reader.get(LOG).text

    def test_belongs_to_an_entry_of_the_filing(self, case, desk: Desk):
        told("information", "2025-03-10")
        desk("advocate").get("/desk/cases/C001/updates/2/mark?filing=C001-02", 404)
        desk("advocate").get("/desk/cases/C001/updates/9/mark", 404)


class TestRecordingAnAnswer:
    NEW = "/desk/cases/C001/updates/new?filing=C001-01"

    def recorded(self, reader, status=303, **values):
        data = {
            **reader.fields(self.NEW), "filings": ["C001-01"], "step": "information", "day": "2025-03-10",
            "actor": "DSB · Austria", "words": "We are working on it.", "do": "record", **values,
        }  # fmt: skip
        return reader.post("/desk/cases/C001/updates/new", data, form=self.NEW, status=status)

    def test_offers_the_reminders_of_the_filing(self, case, desk: Desk):
        reader = desk("advocate")
        assert 'name="answers"' not in reader.get(self.NEW).text
        told("reminder", "2025-01-10", "noyb")
        assert "our reminder of 10 January 2025, entry 2" in reader.get(self.NEW).text

    def test_says_it_with_the_entry_in_one_act(self, case, desk: Desk):
        told("reminder", "2025-01-10", "noyb")
        reader = desk("advocate")
        self.recorded(reader, answers="2", empty="y")
        assert "Says nothing new and answers our reminder, entry 2" in reader.get("/desk/cases/C001").text

    def test_is_refused_beside_the_field_and_nothing_is_recorded(self, case, desk: Desk):
        reader = desk("advocate")
        page = self.recorded(reader, step="acknowledged", empty="y", status=422).text
        assert 'id="empty-error"' in page
        self.recorded(reader, answers="7", status=422)
        assert db.session.scalar(sa.select(sa.func.max(Update.number))) == 1

    def test_starts_from_it_when_the_entry_is_corrected(self, case, desk: Desk):
        told("reminder", "2025-01-10", "noyb")
        reader = desk("advocate")
        self.recorded(reader, answers="2", empty="y")
        fields = reader.fields("/desk/cases/C001/updates/new?corrects=3")
        assert (fields["empty"], fields["answers"]) == ("y", "2")
        reader.post(
            "/desk/cases/C001/updates/new",
            {**{k: v for k, v in fields.items() if k != "empty"}, "words": "They decided.", "do": "record"},
            form="/desk/cases/C001/updates/new?corrects=3",
        )
        page = reader.get("/desk/cases/C001").text
        entry = page.split('id="entry-4"')[1].split('class="replaced"')[0]
        assert "Answers our reminder, entry 2" in entry and "nothing new" not in entry


class TestTheFirstPage:
    def test_counts_silence_by_the_same_rule_and_lets_choose_for_a_reminder(self, case, desk: Desk):
        told("information", "2025-03-10")
        reader = desk("advocate")
        row = reader.get("/desk/").text.split(">C001-01<")[1].split("</tr>")[0]
        assert "10 March 2025" in row and "1 year and 8 months" in row
        assert 'name="filing" value="C001-01" aria-label="Remind of C001-01"' in row
        reader.post("/desk/cases/C001/updates/2/mark", {"empty": "y", "answers": ""})
        row = reader.get("/desk/").text.split(">C001-01<")[1].split("</tr>")[0]
        assert "6 June 2024" in row and "2 years and 5 months" in row

    def test_offers_no_box_to_whoever_may_not_remind(self, case, desk: Desk):
        page = desk("reader").get("/desk/").text
        assert "C001-01" in page and 'name="filing"' not in page

    def test_finds_them_by_one_statement(self, case, desk: Desk, statements):
        reader = desk("advocate")
        statements.clear()
        reader.get("/desk/")
        assert len([it for it in statements if "entry_marks" in it]) == 1
