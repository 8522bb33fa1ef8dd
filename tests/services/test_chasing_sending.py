"""Reminders recorded as sent: once, with a result for each filing, and nothing twice."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DAY
from tests.deadlines import stored_deadline
from tests.services.recording import BEN
from tests.services.reminding import TODAY, filled, letters, reminders, say, sent, told, written
from tests.services.reminding import case as case
from tests.services.reminding import today as today
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Entry, Filing, Reminder
from tracker.reference.periods import periods
from tracker.rules.days import Day
from tracker.rules.vocabulary import Medium
from tracker.services import (
    cases,
    chasing,
    chasing_sending,
    chasing_templates,
    chasing_waiting,
    filings,
    silence,
    updates,
)


class TestRecordingThemAsSent:
    def test_is_one_entry_for_each_case_and_a_result_for_each_filing(self, case):
        number = written()
        filled(number)
        done = sent(number, medium=Medium.EMAIL)
        assert (done.sent, done.not_sent, done.again) == (4, 0, False)
        [first] = reminders("C001-01")
        assert (first.day, first.actor, first.words) == (
            Day.parse("2026-11-25"), "noyb", "Reminders sent for 3 filings, a letter for each.",
        )  # fmt: skip
        assert reminders("C001-03")[0].number == first.number
        assert reminders("C002-01")[0].words == "Reminder sent to the Greek HDPA."
        entry = updates.get_update(cases.get_case("C001").id, first.number)
        assert (entry.medium, entry.sent_on, entry.language) == (Medium.EMAIL, TODAY, None)
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
        with transaction():
            for language in ("de", "fr"):
                chasing_templates.save_letter(language, "About {number}", "It is {reference}", seen=0, by=BEN)
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
            (
                {"on": TODAY - timedelta(days=1)},
                "bear the date of 25 November 2026, so they did not",
                "sent_on",
            ),
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
        """C001-01 was reminded thirteen days ago, C001-02 fourteen days ago; the letters bear no date."""
        with transaction():
            for language in ("de", "en", "fr"):
                chasing_templates.save_letter(language, "About {number}", "Tell us more.", seen=0, by=BEN)
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


class TestAnAuthorityThatWaitsForUs:
    def test_is_not_reminded_before_a_person_looked(self, case):
        told("C001-01", "defect_notice", "2026-11-10", "at-dsb")
        number = written("C001-01", "C001-02")
        it = letters(number)["C001-01"]
        assert it.why_not == (
            "The authority waits for our answer: missing parts, as the authority asked (entry 2)."
        )
        assert letters(number)["C001-02"].goes
        say(number, "C001-01", anyway=it.look)
        assert letters(number)["C001-01"].goes

    def test_is_looked_at_again_when_something_more_speaks_against_it(self, case):
        told("C001-01", "defect_notice", "2026-11-10", "at-dsb")
        number = written("C001-01")
        say(number, "C001-01", anyway=2)
        told("C001-01", "reminder", "2026-11-20", "noyb")
        it = letters(number)["C001-01"]
        assert it.held_back and len(it.warnings) == 2

    def test_does_not_wait_any_more_once_we_answered(self, case):
        told("C001-01", "defect_notice", "2026-11-10", "at-dsb")
        told("C001-01", "submission", "2026-11-12", "noyb")
        assert letters(written("C001-01"))["C001-01"].goes

    def test_does_not_wait_for_what_we_set_ourselves(self, case):
        with transaction():
            stored_deadline(filings.get_filing("C001-01"), "OWN-OTHER", due=date(2026, 12, 4))
        assert letters(written("C001-01"))["C001-01"].goes

    def test_is_told_by_periods_that_exist(self):
        assert set(chasing_waiting.ASKED) <= set(periods())
        assert all(periods()[it].own for it in chasing_waiting.ASKED)
