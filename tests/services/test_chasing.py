"""Reminders in bulk: filings chosen, letters written for many at once, their gaps filled."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.publishing import same_respondent
from tests.services.recording import BEN
from tests.services.reminding import ALL, TODAY, filled, letters, reminders, say, sent, told, written
from tests.services.reminding import case as case
from tests.services.reminding import today as today
from tracker.db import db, transaction
from tracker.errors import RuleBroken, Stale
from tracker.models import Entry, Filing, ReminderBatch, Update
from tracker.rules.days import Day
from tracker.rules.vocabulary import Medium, Precision
from tracker.services import (
    cases,
    chasing,
    chasing_choosing,
    chasing_sending,
    filings,
    updates,
)
from tracker.services.chasing_sending import Said
from tracker.services.updates import NewUpdate


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
            "noyb hat am 6. Juni 2024 bei Ihnen",
            "Seit dem 2. September 2024, also seit 814 Tagen",
            "Example Platforms Ireland Limited",
            "(Art. 78 Abs. 2, 77 Abs. 2 DSGVO) ist am 2. Dezember 2024 abgelaufen",
        ):
            assert words in it.body.text, words
        assert "{" not in it.subject.text + it.body.text

    def test_leaves_the_line_out_where_they_say_nothing(self, case):
        it = letters(written())["C001-01"]
        assert it.missing == () and it.left_out == ("reference",)
        assert it.subject.text.endswith("gegen Example Platforms Ireland Limited")
        assert "Ihr Zeichen" not in it.body.text and "\n\nUnser Zeichen: C001-01" in it.body.text

    def test_leaves_the_sentence_out_where_no_period_is_over(self, case):
        with transaction():
            lodged(cases.get_case("C001"), "it-garante", on=TODAY - timedelta(days=3))
        it = letters(written("C001-04"))["C001-04"]
        assert it.missing == () and it.left_out == ("reference", "provision", "due_day")
        assert "time limit" not in it.body.text and "\n\n\n" not in it.body.text

    def test_keeps_a_gap_for_what_it_cannot_do_without(self, case):
        with transaction():
            db.session.execute(
                sa.update(Filing)
                .where(Filing.number == "C001-01")
                .values(lodged_on=None, lodged_precision=Precision.UNKNOWN)
            )
        assert "lodged_when" in letters(written("C001-01"))["C001-01"].missing

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            ("C001-01", "noyb hat im Juni 2024 bei Ihnen"),
            ("C001-02", "noyb a introduit en juin 2024 auprès"),
            ("C002-01", "under Art 77(1) GDPR in June 2024. Since June 2024"),
        ],
    )
    def test_says_a_month_as_its_language_does(self, case, number, words):
        with transaction():
            db.session.execute(
                sa.update(Filing).values(lodged_on=date(2024, 6, 1), lodged_precision=Precision.MONTH)
            )
            db.session.execute(
                sa.update(Update).values(happened_on=date(2024, 6, 1), happened_precision=Precision.MONTH)
            )
        assert words in letters(written())[number].body.text

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
        assert not it.goes and it.why_not == "The authority is not known, so there is nobody to write to."

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
        assert "Ihr Zeichen: D1" in found["C001-01"].body.text and found["C001-01"].left_out == ()
        assert found["C001-02"].left_out == ("reference",)

    def test_of_a_language_at_once_leaves_what_is_filled(self, case):
        number = written()
        say(number, "C001-01", filled={"reference": "D1"})
        with transaction():
            values = {("de", "reference"): "unbekannt", ("en", "reference"): "not known"}
            chasing_sending.save(chasing.get_batch(number), {}, for_all=values)
        found = letters(number)
        assert {it.row.filled.get("reference") for it in found.values()} == {"D1", None, "not known"}
        assert found["C001-02"].left_out == ("reference",), "there is none for French"

    def test_takes_a_slot_back_when_it_is_emptied(self, case):
        number = written()
        say(number, "C001-01", filled={"reference": "D1"})
        say(number, "C001-01", filled={"reference": ""})
        assert letters(number)["C001-01"].left_out == ("reference",)

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
