"""Reminders in bulk: written for many filings, their gaps filled, recorded as sent once and no more."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DAY, a_case, lodged
from tests.publishing import same_respondent
from tests.services.recording import BEN
from tracker import clock
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Entry, Filing, Reminder, ReminderBatch, Update
from tracker.rules.days import Day
from tracker.rules.vocabulary import Medium
from tracker.services import (
    cases,
    chasing,
    chasing_choosing,
    chasing_sending,
    chasing_templates,
    filings,
    silence,
    updates,
)
from tracker.services.chasing_sending import Said
from tracker.services.updates import NewUpdate

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is 25 November 2026."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def case(app):
    """C001, lodged in Austria, France and Ireland; C002, lodged in Greece."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
        lodged(a_case(title="Another", respondents=same_respondent("C001")), "gr-hdpa")


ALL = ("C001-01", "C001-02", "C001-03", "C002-01")


def written(*numbers, by=ANN):
    """Write reminders and return the number of the batch."""
    with transaction():
        return chasing.write(numbers or ALL, by=by).number


def letters(number, **values):
    return {it.row.filing.number: it for it in chasing.letters_of(chasing.get_batch(number), **values)}


def filled(number, **values):
    """Fill every gap of a batch."""
    with transaction():
        batch = chasing.get_batch(number)
        said = {
            it.row.id: Said(
                it.row.language, filled={slot: "not known to us" for slot in it.missing}, **values
            )
            for it in chasing.letters_of(batch)
        }
        chasing_sending.save(batch, said)


def say(number, filing, **values):
    """Say something of the letter for one filing."""
    with transaction():
        batch = chasing.get_batch(number)
        it = letters(number)[filing]
        chasing_sending.save(batch, {it.row.id: Said(**({"language": it.row.language} | values))})


def sent(number, on=TODAY, medium=Medium.LETTER, by=ANN, **values):
    """Record a batch as sent."""
    with transaction():
        return chasing_sending.record(chasing.get_batch(number), sent_on=on, medium=medium, by=by, **values)


def reminders(number):
    """Return the entries that tell of a reminder of a filing."""
    return [it.reminder for it in silence.log_of(filings.get_filing(number)).chased]


def told(number, step, day, actor):
    with transaction():
        [filing] = [it for it in cases.get_case(number[:4]).filings if it.number == number]
        return updates.record_update(
            [filing], NewUpdate(step, Day.parse(day), actor, "words"), seen={}, by=ANN
        ).number


class TestWritingReminders:
    def test_makes_a_letter_for_each_filing_in_the_order_of_the_directory(self, case):
        found = letters(written("C002-01", "C001-03", "C001-01"))
        assert list(found) == ["C001-01", "C002-01", "C001-03"]
        assert all(it.goes for it in found.values())

    def test_takes_the_language_of_the_filing_then_of_the_authority_then_english(self, case):
        with transaction():
            db.session.execute(sa.update(Filing).where(Filing.number == "C001-03").values(language="fr"))
        found = letters(written())
        assert {number: it.row.language for number, it in found.items()} == {
            "C001-01": "de", "C001-02": "fr", "C001-03": "fr", "C002-01": "en",
        }  # fmt: skip
        assert found["C002-01"].wanted == "el" and found["C001-01"].wanted is None

    def test_says_what_the_records_say(self, case):
        with transaction():
            filing = filings.get_filing("C001-01")
            updates.record_update(
                [filing],
                NewUpdate("information", Day.parse("2024-09-02"), "at-dsb", "words", reference="D124.1"),
                seen={},
                by=ANN,
            )
        it = letters(written())["C001-01"]
        assert it.missing == ()
        for words in (
            "Österreichische Datenschutzbehörde",
            "Ihr Zeichen: D124.1",
            "Unser Zeichen: C001-01",
            "am 6. Juni 2024 hat noyb",
            "Seit dem 2. September 2024, also seit 814 Tagen",
            "Example Platforms Ireland Limited",
            "(Art. 78 Abs. 2, 77 Abs. 2 DSGVO) ist am 2. Dezember 2024 abgelaufen",
        ):
            assert words in it.body.text, words
        assert "{" not in it.subject.text + it.body.text

    def test_leaves_a_gap_where_they_say_nothing(self, case):
        it = letters(written())["C001-01"]
        assert it.missing == ("reference",)
        assert "Ihr Zeichen: [reference]" in it.body.text

    def test_leaves_gaps_where_no_period_is_over(self, case):
        with transaction():
            lodged(cases.get_case("C001"), "it-garante", on=TODAY - timedelta(days=3))
        assert letters(written("C001-04"))["C001-04"].missing == ("reference", "provision", "due_day")

    def test_again_for_the_same_filings_finds_the_letters_that_are_open(self, case):
        first = written()
        assert written(*reversed(ALL)) == first
        assert written("C001-01") != first and written(by=BEN) != first

    def test_records_nothing(self, case):
        written()
        assert reminders("C001-01") == []

    def test_is_a_line_of_the_journal(self, case):
        number = written()
        [line] = db.session.scalars(sa.select(Entry).where(Entry.act == "reminder.write"))
        assert (line.subject, line.detail) == (str(number), {"filings": 4})

    def test_of_five_hundred_at_most_is_possible(self, case):
        for numbers, words in (
            ((), "Choose at least one filing"),
            (tuple(f"C001-{it}" for it in range(1, 502)), "501 filings are too many"),
            (("C001-01", "C009-01"), "There is no filing “C009-01”"),
        ):
            with pytest.raises(RuleBroken, match=words) as refused, transaction():
                chasing.write(numbers, by=ANN)
            assert refused.value.field == "filings"

    def test_is_shown_by_as_many_statements_for_four_as_for_one(self, case, statements):
        counts = []
        for numbers in (("C001-01",), ALL):
            number = written(*numbers)
            db.session.expunge_all()
            statements.clear()
            letters(number)
            counts.append(len(statements))
        assert counts[0] == counts[1]


class TestALetterThatCannotGo:
    def test_is_one_to_an_authority_that_is_not_known(self, case):
        with transaction():
            db.session.execute(
                sa.update(Filing).where(Filing.number == "C001-01").values(authority_slug=None)
            )
        it = letters(written())["C001-01"]
        assert not it.goes and it.why_not == "The authority is not known: record it first."

    def test_is_one_for_a_complaint_that_has_ended_meanwhile(self, case):
        number = written()
        filled(number)
        told("C001-01", "withdrawn", "2026-11-20", "noyb")
        assert not letters(number)["C001-01"].goes
        done = sent(number)
        assert (done.sent, done.not_sent) == (3, 1)
        assert letters(number)["C001-01"].row.refused == "No longer pending: nobody owes an answer."


class TestFillingGaps:
    def test_closes_them_in_that_letter_alone(self, case):
        number = written()
        say(number, "C001-01", filled={"reference": "D1"})
        found = letters(number)
        assert "Ihr Zeichen: D1" in found["C001-01"].body.text and found["C001-01"].missing == ()
        assert found["C001-02"].missing == ("reference",)

    def test_of_a_language_at_once_leaves_what_is_filled(self, case):
        number = written()
        say(number, "C001-01", filled={"reference": "D1"})
        with transaction():
            values = {("de", "reference"): "unbekannt", ("en", "reference"): "not known"}
            chasing_sending.save(chasing.get_batch(number), {}, for_all=values)
        found = letters(number)
        assert {it.row.filled.get("reference") for it in found.values()} == {"D1", None, "not known"}
        assert found["C001-02"].missing == ("reference",), "there is none for French"

    def test_takes_a_slot_back_when_it_is_emptied(self, case):
        number = written()
        say(number, "C001-01", filled={"reference": "D1"})
        say(number, "C001-01", filled={"reference": ""})
        assert letters(number)["C001-01"].missing == ("reference",)

    def test_cannot_make_a_slot_of_words(self, case):
        number = written()
        say(number, "C001-01", filled={"reference": "{authority}"})
        assert "Ihr Zeichen: (authority)" in letters(number)["C001-01"].body.text

    def test_is_refused_for_what_cannot_be_kept(self, case):
        number = written()
        for values, field in (
            ({"filled": {"reference": "a\nb"}}, "slot-"),
            ({"filled": {"reference": "x" * 301}}, "slot-"),
            ({"language": "el"}, "language-"),
            ({"filled": {"nonsense": "x"}}, ""),
        ):
            with pytest.raises(RuleBroken) as refused:
                say(number, "C001-01", **values)
            assert (refused.value.field or "").startswith(field)
        with pytest.raises(RuleBroken, match="none of these"), transaction():
            chasing_sending.save(chasing.get_batch(number), {1: Said("de")})

    def test_writes_the_letter_in_another_language_where_that_is_chosen(self, case):
        number = written()
        say(number, "C001-01", language="en")
        assert "Dear Sir or Madam" in letters(number)["C001-01"].body.text

    def test_is_refused_where_somebody_else_was_first(self, case):
        number = written()
        seen = chasing_sending.mark_of(list(letters(number).values()))
        say(number, "C001-01", filled={"reference": "D1"})
        with pytest.raises(Stale, match="Somebody else changed these letters"), transaction():
            chasing_sending.save(chasing.get_batch(number), {}, seen=seen)
        with pytest.raises(Stale), transaction():
            chasing_sending.record(
                chasing.get_batch(number), sent_on=TODAY, medium=Medium.LETTER, by=ANN, seen=seen
            )

    def test_stays_when_the_letters_are_written_anew(self, case):
        number = written()
        say(number, "C001-01", filled={"reference": "D1"}, left_out=True)
        told("C001-01", "information", "2026-01-02", "at-dsb")
        with transaction():
            chasing.renew(chasing.get_batch(number))
        it = letters(number)["C001-01"]
        assert "Ihr Zeichen: D1" in it.body.text and "2. Jänner" not in it.body.text
        assert "2. Januar 2026" in it.body.text and it.row.left_out


class TestRecordingThemAsSent:
    def test_is_one_entry_for_each_case_and_a_result_for_each_filing(self, case):
        number = written()
        filled(number)
        done = sent(number, on=TODAY - timedelta(days=1), medium=Medium.EMAIL)
        assert (done.sent, done.not_sent, done.again) == (4, 0, False)
        [first] = reminders("C001-01")
        assert (first.day, first.actor, first.words) == (
            Day.parse("2026-11-24"), "noyb", "Reminders sent for 3 filings, a letter for each.",
        )  # fmt: skip
        assert reminders("C001-03")[0].number == first.number
        assert reminders("C002-01")[0].words == "Reminder sent to the Greek HDPA."
        entry = updates.get_update(cases.get_case("C001").id, first.number)
        assert (entry.medium, entry.sent_on, entry.language) == (Medium.EMAIL, date(2026, 11, 24), None)
        found = chasing_sending.entries_of(list(letters(number).values()))
        assert sorted(found.values()) == [2, 2, 2, 2]

    def test_tells_the_log_to_whom_each_went_and_where_its_words_are(self, case):
        number = written()
        filled(number)
        sent(number)
        [it] = silence.log_of(filings.get_filing("C001-02")).chased
        assert (it.to, it.reminder.letter, it.answer) == ("fr-cnil", number, None)

    def test_keeps_the_words_that_went_out_whatever_changes_later(self, case):
        number = written()
        filled(number)
        sent(number)
        before = letters(number)["C001-01"].body.text
        with transaction():
            chasing_templates.save_letter("de", "Anders", "Ganz anders {number}", seen=0, by=BEN)
            db.session.execute(sa.update(Filing).values(lodged_on=date(2024, 1, 1)))
        assert letters(number)["C001-01"].body.text == before

    def test_a_second_time_records_nothing(self, case):
        number = written()
        filled(number)
        sent(number)
        done = sent(number, by=BEN)
        assert (done.sent, done.not_sent, done.again) == (4, 0, True)
        assert len(reminders("C001-01")) == 1
        assert chasing.get_batch(number).recorded_by == ANN.key

    def test_of_the_same_filings_by_a_second_person_is_refused_before_anybody_wrote_twice(self, case):
        mine, theirs = written(), written(by=BEN)
        filled(mine)
        filled(theirs)
        seen = chasing_sending.mark_of(list(letters(theirs).values()))
        sent(mine)
        with pytest.raises(Stale, match="recorded a reminder"):
            sent(theirs, by=BEN, seen=seen)
        assert [it.recent.number for it in letters(theirs).values()] == [2, 2, 2, 2]
        with pytest.raises(RuleBroken, match="None of these letters goes out"):
            sent(theirs, by=BEN)
        assert len(reminders("C001-01")) == 1

    def test_leaves_out_what_a_person_left_out(self, case):
        number = written()
        filled(number)
        say(number, "C001-01", left_out=True)
        assert sent(number).not_sent == 1
        assert reminders("C001-01") == [] and letters(number)["C001-01"].row.refused == "Left out."

    def test_is_possible_with_gaps_only_in_what_stays_out(self, case):
        number = written("C001-01", "C001-02")
        say(number, "C001-02", filled={"reference": "S-1"})
        with pytest.raises(RuleBroken, match="C001-01 has gaps"):
            sent(number)
        say(number, "C001-01", left_out=True)
        assert sent(number).sent == 1

    @pytest.mark.parametrize(
        ("values", "words", "field"),
        [
            ({"on": None}, "Say on which day", "sent_on"),
            ({"on": TODAY + timedelta(days=1)}, "26 November 2026 has not come yet", "sent_on"),
            ({"on": DAY - timedelta(days=1)}, "lies before the lodging of C001-01, C001-02", "sent_on"),
            ({"medium": None}, "Say how they were sent", "medium"),
            ({"medium": Medium.PRESS}, "Say how they were sent", "medium"),
        ],
    )
    def test_is_refused_beside_the_field_that_is_wrong(self, case, values, words, field):
        number = written()
        filled(number)
        with pytest.raises(RuleBroken, match=words) as refused:
            sent(number, **values)
        assert refused.value.field == field
        assert reminders("C001-01") == [] and chasing.get_batch(number).recorded_at is None

    def test_ends_all_changes(self, case):
        number = written()
        filled(number)
        sent(number)
        batch = chasing.get_batch(number)
        for change in (
            lambda: chasing_sending.save(batch, {}),
            lambda: chasing.renew(batch),
            lambda: chasing.discard(batch, by=ANN),
        ):
            with pytest.raises(RuleBroken, match="recorded as sent"), transaction():
                change()

    def test_is_in_the_journal_of_each_case(self, case):
        number = written()
        filled(number)
        sent(number)
        lines = db.session.scalars(sa.select(Entry).where(Entry.act == "reminder.send")).all()
        assert sorted((it.subject, it.detail["filings"], it.detail["reminders"]) for it in lines) == [
            ("C001", 3, number), ("C002", 1, number),
        ]  # fmt: skip


class TestAFilingThatWasRemindedAShortTimeAgo:
    @pytest.fixture
    def reminded(self, case):
        """C001-01 was reminded thirteen days ago, C001-02 fourteen days ago."""
        told("C001-01", "reminder", "2026-11-12", "noyb")
        told("C001-02", "reminder", "2026-11-11", "noyb")
        number = written()
        filled(number)
        return number

    def test_is_named_and_stays_out(self, reminded):
        found = letters(reminded)
        assert found["C001-01"].held_back and found["C001-01"].recent.number == 2
        assert found["C001-01"].why_not == "Reminded already on 12 November 2026, entry 2."
        assert found["C001-02"].goes and found["C001-02"].recent is None
        assert sent(reminded).sent == 3
        assert len(reminders("C001-01")) == 1

    def test_goes_where_a_person_ticks_it(self, reminded):
        say(reminded, "C001-01", anyway=2)
        assert sent(reminded).sent == 4

    def test_stays_out_where_another_reminder_came_since_the_tick(self, reminded):
        say(reminded, "C001-01", anyway=2)
        told("C001-01", "reminder", "2026-11-24", "noyb")
        assert letters(reminded)["C001-01"].held_back

    def test_is_looked_at_from_the_day_on_which_it_was_sent(self, reminded):
        with pytest.raises(
            RuleBroken, match="C001-02: reminded less than 14 days before 20 November"
        ) as refused:
            sent(reminded, on=date(2026, 11, 20))
        assert refused.value.field == "sent_on"
        say(reminded, "C001-02", anyway=3)
        assert sent(reminded, on=date(2026, 11, 20)).sent == 3


class TestLettersThatWereNotSent:
    def test_can_be_thrown_away(self, case):
        number = written()
        with transaction():
            chasing.discard(chasing.get_batch(number), by=ANN)
        with pytest.raises(NotFound):
            chasing.get_batch(number)
        assert db.session.scalars(sa.select(Reminder)).all() == []

    def test_are_listed_before_those_that_were(self, case):
        first, second, third = written(), written("C001-01"), written("C002-01")
        filled(second)
        sent(second)
        assert [(it.number, many, done) for it, many, done in chasing.batches()] == [
            (third, 1, 0), (first, 4, 0), (second, 1, 1),
        ]  # fmt: skip
        assert [(it.number, many) for it, many in chasing.open_batches()] == [(third, 1), (first, 4)]


class TestTheLetterOfALanguage:
    def kept(self, language, subject="About {number}", body="Dear {authority}", seen=0, by=BEN):
        with transaction():
            return chasing_templates.save_letter(language, subject, body, seen=seen, by=by)

    def test_is_the_packaged_one_until_a_lawyer_changes_it(self, app):
        assert {it: use.own for it, use in chasing_templates.letters_in_use().items()} == {
            "de": False, "en": False, "fr": False,
        }  # fmt: skip
        self.kept("de")
        now = chasing_templates.letter_of("de")
        assert (now.own, now.version, now.letter.body) == (True, 1, "Dear {authority}")

    def test_can_be_one_in_another_language(self, case):
        self.kept("el")
        it = letters(written("C002-01"))["C002-01"]
        assert (it.row.language, it.subject.text, it.missing) == ("el", "About C002-01", ())

    def test_keeps_every_version_and_makes_none_without_a_change(self, app):
        self.kept("de")
        self.kept("de", body="Dear {number}", seen=1)
        self.kept("de", body="Dear {number}", seen=2)
        assert [it.version for it in chasing_templates.history_of("de")] == [2, 1]

    def test_goes_back_to_the_packaged_one(self, app):
        self.kept("de")
        with transaction():
            chasing_templates.use_packaged("de", seen=1, by=BEN)
        now = chasing_templates.letter_of("de")
        assert (now.own, now.version) == (False, 2) and "Sehr geehrte" in now.letter.body
        self.kept("de", seen=2)
        assert chasing_templates.letter_of("de").version == 3

    def test_is_gone_where_there_is_no_packaged_one(self, app):
        self.kept("el")
        with transaction():
            chasing_templates.use_packaged("el", seen=1, by=BEN)
        assert "el" not in chasing_templates.letters_in_use()

    def test_leaves_letters_that_are_written_as_they_are(self, case):
        number = written()
        self.kept("de")
        assert "Sehr geehrte" in letters(number)["C001-01"].body.text
        with transaction():
            chasing.renew(chasing.get_batch(number))
        assert letters(number)["C001-01"].body.text == "Dear Österreichische Datenschutzbehörde"

    @pytest.mark.parametrize(
        ("subject", "body", "field", "words"),
        [
            ("", "x", "subject", "Say what the letter is about"),
            ("x", " ", "body", "Write the words"),
            (
                "x",
                "Dear {nobody}",
                "body",
                "There is no slot “nobody”. Possible are {authority}, {reference}",
            ),
            ("{", "x", "subject", "Line 1 has a brace"),
            ("x", "a\nb }", "body", "Line 2 has a brace"),
        ],
    )
    def test_is_refused_beside_the_field_that_is_wrong(self, app, subject, body, field, words):
        with pytest.raises(RuleBroken, match=words) as refused:
            self.kept("de", subject, body)
        assert refused.value.field == field

    def test_is_refused_where_somebody_else_was_first(self, app):
        self.kept("de")
        with pytest.raises(Stale):
            self.kept("de", body="Mine", seen=0)
        with pytest.raises(Stale), transaction():
            chasing_templates.use_packaged("de", seen=0, by=BEN)

    def test_of_what_is_no_language_does_not_exist(self, app):
        with pytest.raises(NotFound):
            chasing_templates.letter_of("klingon")

    def test_is_a_line_of_the_journal(self, app):
        self.kept("de")
        [line] = db.session.scalars(sa.select(Entry).where(Entry.act == "reminder.template"))
        assert (line.subject, line.actor, line.detail["version"]) == ("de", BEN.key, 1)


class TestChoosingFilings:
    def found(self, **values):
        candidates, total = chasing_choosing.candidates(**values)
        return [it.filing.number for it in candidates], total

    def test_shows_those_that_wait_silent_longest_first(self, case):
        told("C001-01", "information", "2026-01-02", "at-dsb")
        told("C001-02", "withdrawn", "2026-01-02", "noyb")
        assert self.found() == (["C001-03", "C002-01", "C001-01"], 3)

    def test_narrows_by_case_authority_number_and_silence(self, case):
        told("C001-01", "information", "2026-01-02", "at-dsb")
        assert self.found(case="C002") == (["C002-01"], 1)
        assert self.found(authority="ie-dpc") == (["C001-03"], 1)
        assert self.found(numbers=["C001-02", "C009-01"]) == (["C001-02"], 1)
        assert self.found(since=date(2025, 1, 1))[0] == ["C001-02", "C001-03", "C002-01"]
        assert self.found(page=2, size=3) == (["C001-01"], 4)

    def test_says_when_each_was_reminded_last(self, case):
        told("C001-01", "reminder", "2026-05-01", "noyb")
        wrong = told("C001-01", "reminder", "2026-06-01", "noyb")
        with transaction():
            filing = filings.get_filing("C001-01")
            new = NewUpdate("note", Day.parse("2026-06-01"), "noyb", "words")
            updates.record_update([filing], new, seen={}, by=ANN, corrects=wrong)
        days = {it.filing.number: it.reminded for it in chasing_choosing.candidates()[0]}
        assert days["C001-01"] == Day.parse("2026-05-01") and days["C001-02"] is None

    def test_takes_three_statements_whatever_is_found(self, case, statements):
        for numbers in (["C001-01"], list(ALL)):
            db.session.expunge_all()
            statements.clear()
            chasing_choosing.candidates(numbers=numbers)
            assert len(statements) == 3


class TestFiveHundredFilings:
    def test_are_written_shown_and_recorded_with_one_entry_for_each_case(self, app, statements):
        """As a campaign has them: a hundred filings in each of five cases."""
        with transaction():
            made = a_case()
            for _ in range(4):
                a_case(title="Again", respondents=same_respondent("C001"))
        with transaction():
            for place in range(5):
                case = cases.get_case(f"C00{place + 1}")
                lodged(case, "at-dsb")
                template = db.session.scalars(sa.select(Filing).where(Filing.case_id == case.id)).one()
                columns = {
                    it.name: getattr(template, it.name)
                    for it in Filing.__table__.columns
                    if it.name not in ("id", "number", "position")
                }
                for number in range(2, 101):
                    db.session.add(Filing(number=f"{case.number}-{number:02}", position=number, **columns))
        numbers = list(db.session.scalars(sa.select(Filing.number)))
        assert len(numbers) == 500 and made.number == "C001"
        batch = written(*numbers)
        with transaction():
            slots = ("reference", "provision", "due_day", "controller")
            for_all = {("de", slot): "x" for slot in slots}
            chasing_sending.save(chasing.get_batch(batch), {}, for_all=for_all)
        statements.clear()
        assert sum(it.goes and not it.missing for it in letters(batch).values()) == 500
        assert len(statements) < 15
        assert sent(batch).sent == 500
        tells = db.session.scalars(sa.select(Update).where(Update.kind == "reminder")).all()
        assert len(tells) == 5
        assert db.session.scalar(sa.select(sa.func.count(ReminderBatch.id))) == 1
