"""What a chronology computes: periods, silence, parties, transfers; and that it is the same twice."""

from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.services.chronicling import DAY, ELSEWHERE, HERE, Keep, deadline, kept, told
from tests.services.recording import BEN, news, record, three_filings
from tracker import clock
from tracker.config import Settings
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Entry, Reference
from tracker.rules.deadlines import State
from tracker.rules.vocabulary import Medium, Outcome
from tracker.services import cases, chasing, chasing_sending, chronology, filings, updates
from tracker.services.chronology_steps import basis_of
from tracker.services.chronology_warnings import to_look_at
from tracker.web.chronology_document import Say


@pytest.fixture(autouse=True)
def case(app: Flask) -> None:
    """C002 at three authorities, lodged on 6 June 2024 by entry 1."""
    three_filings()


@pytest.fixture
def keep(settings: Settings) -> Keep:
    """Keep a file as an exhibit of the case."""
    return partial(kept, settings.evidence)


class TestPeriods:
    def test_that_an_authority_missed_say_by_how_many_days_and_how_they_were_counted(self) -> None:
        (owed,) = [each for each in told().periods.owed if each.key == "G15:0"]
        assert (owed.basis, owed.owes) == ("Art 78(2), 77(2)", "DSB · Austria")
        assert owed.started.iso == "2024-06-06" and owed.due_on == date(2024, 9, 6)
        assert owed.missed and owed.days_over == (DAY - date(2024, 9, 6)).days
        assert any("3 months from 6 June 2024" in text for text, _ in owed.counted)

    def test_that_were_met_name_the_entry(self) -> None:
        record(news("information", "2024-08-01"))
        (owed,) = [each for each in told().periods.owed if each.key == "G15:0"]
        assert (owed.state, owed.met_on, owed.met_by) == (State.MET, date(2024, 8, 1), 2)

    def test_that_were_met_too_late_say_so(self) -> None:
        record(news("information", "2024-09-16"))
        (owed,) = [each for each in told().periods.owed if each.key == "G15:0"]
        assert owed.missed and owed.days_over == 10 and owed.met_by == 2

    def test_stand_as_they_stood_on_the_day_of_the_chronology(self) -> None:
        record(news("information", "2024-09-16"))
        (owed,) = [each for each in told(as_of=date(2024, 9, 10)).periods.owed if each.key == "G15:0"]
        assert owed.missed and owed.met_on is None and owed.days_over == 4
        (owed,) = [each for each in told(as_of=date(2024, 9, 6)).periods.owed if each.key == "G15:0"]
        assert owed.state is State.RUNNING and owed.days_over == 0

    def test_of_regulation_2025_2518_tell_that_it_applies(self) -> None:
        assert not told().periods.procedural
        with transaction():
            deadline(period="P15")
        assert told().periods.procedural

    def test_whose_end_is_in_doubt_are_late_only_after_the_latest_one(self) -> None:
        with transaction():
            deadline(period="P24", certain_on=date(2024, 9, 10))
        (owed,) = [each for each in told().periods.owed if each.key == "P24:1"]
        assert (owed.due_on, owed.certain_on) == (date(2024, 9, 6), date(2024, 9, 10))
        assert owed.days_over == (DAY - date(2024, 9, 10)).days

    def test_of_acts_between_authorities_that_no_entry_shows_are_left_out_and_called_late_by_nobody(
        self,
    ) -> None:
        """Art 24(3)(a) Reg 2025/2518: nobody has to tell us of them."""
        with transaction():
            deadline(period="P10")
            deadline(period="P27", met_on=date(2024, 9, 20), met_number=1, open=False)
        assert {each.key for each in told().periods.owed if each.regime.value == "pr"} == {"P27:1"}
        (owed,) = [each for each in told(taken=frozenset({"P10:1"})).periods.owed if each.key == "P10:1"]
        assert (owed.not_shown, owed.missed) == (True, False)
        assert Say("en").result(owed, DAY).startswith("not shown by any entry, over for 2 years")

    def test_that_a_later_step_shows_to_be_met_name_the_day_by_which_that_was(self) -> None:
        counted = {"reasons": [], "uncertain": [], "met_by": "2024-09-16"}
        with transaction():
            deadline(period="P2", met_number=1, open=False, counted=counted)
        (owed,) = [each for each in told().periods.owed if each.key == "P2:1"]
        assert (owed.state, owed.missed, owed.days_over) == (State.MET, False, 0)
        assert Say("en").result(owed, DAY) == "done, at the latest on 16 September 2024 (entry 1)"
        (owed,) = [each for each in told(as_of=date(2024, 9, 10)).periods.owed if each.key == "P2:1"]
        assert owed.missed, "on that day nothing showed it"

    def test_that_are_stopped_are_not_late(self) -> None:
        with transaction():
            deadline(period="P10", paused_on=date(2024, 8, 1))
        (owed,) = [each for each in told().periods.owed if each.key == "P10:1"]
        assert (owed.state, owed.paused_on, owed.days_over) == (State.PAUSED, date(2024, 8, 1), 0)

    def test_name_the_calendars_and_rules_by_which_they_were_counted(self) -> None:
        with transaction():
            deadline(period="P10")
        assert "IE (holidays 0.109)" in told().periods.calendars and "1" in told().periods.rules


class TestTheLawOfAStep:
    def test_is_that_of_the_state_and_the_time_of_the_complaint(self) -> None:
        law = "Art 56(1); Art 4(5) Reg 2025/2518; § 19(2) BDSG"
        assert basis_of(law, country="NL", procedural=False) == "Art 56(1)"
        assert basis_of(law, country="DE", procedural=False) == "Art 56(1); § 19(2) BDSG"
        assert basis_of("Art 56(1); Art 66(2) LOPDGDD", country="NL", procedural=False) == "Art 56(1)"
        assert basis_of(law, country="NL", procedural=True) == "Art 56(1); Art 4(5) Reg 2025/2518"

    def test_leaves_out_what_tells_a_court_nothing(self) -> None:
        assert basis_of("national law; Art 81", country="AT", procedural=False) == "Art 81"
        assert basis_of("national law", country="AT", procedural=True) == ""


class TestSilence:
    def test_is_counted_from_the_last_news_of_an_authority(self) -> None:
        record(news("information", "2024-09-02"))
        it = told().silence
        assert it.last and (it.last.number, it.last.day.iso, it.last.actor) == (
            2,
            "2024-09-02",
            "DSB · Austria",
        )
        assert it.time and it.time.least == it.time.most == (DAY - date(2024, 9, 2)).days

    def test_begins_with_the_lodging_where_there_was_no_news(self) -> None:
        it = told().silence
        assert it.last is None and it.time and it.time.start.iso == "2024-06-06"
        assert [(each.after, each.until, each.running) for each in it.silent] == [(None, None, True)]

    def test_ends_with_the_complaint(self) -> None:
        record(news("inadmissible", "2024-10-01"))
        assert told().silence.time is None

    def test_stands_as_it_stood_on_the_day_of_the_chronology(self) -> None:
        record(news("reminder", "2024-08-01", actor="noyb"))
        record(news("information", "2024-09-02"))
        it = told(as_of=date(2024, 9, 1)).silence
        assert it.last is None and it.time and it.time.most == 87
        assert [each.answer for each in it.reminders] == [None]

    def test_says_what_became_of_our_reminders(self) -> None:
        record(news("reminder", "2024-08-01", actor="noyb"))
        record(news("information", "2024-09-02"))
        record(news("reminder", "2025-01-10", actor="noyb"))
        first, second = told().silence.reminders
        assert first.answer and (first.reminder.number, first.answer.number) == (2, 3)
        assert (second.reminder.number, second.answer) == (4, None)

    def test_lists_every_time_of_more_than_a_month(self) -> None:
        record(news("information", "2024-06-20"))
        record(news("information", "2024-09-02"))
        assert [each.time.most for each in told(as_of=date(2024, 9, 10)).silence.silent] == [74]


class TestAReminderThatWasWrittenHere:
    def test_names_the_authority_and_what_it_was_about(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "today", lambda: DAY)
        with transaction():
            batch = chasing.write([HERE, ELSEWHERE], by=BEN)
        with transaction():
            chasing_sending.record(batch, sent_on=DAY, medium=Medium.LETTER, by=BEN)
        letter = told().steps[-1].letter
        assert letter is not None and (letter.to, letter.language) == ("DSB · Austria", "de")
        assert letter.subject.startswith("Erinnerung: am 6. Juni 2024 eingereichte Beschwerde gegen")
        assert told().silence.reminders[-1].to == "DSB · Austria"

    def test_has_no_letter_where_it_was_recorded_alone(self) -> None:
        record(news("reminder", "2024-12-01", actor="noyb"))
        assert told().steps[-1].letter is None and told().silence.reminders[-1].to is None


class TestTheEnd:
    def test_is_told_where_there_is_one(self) -> None:
        assert told().ended == ()
        record(news("inadmissible", "2024-10-01"))
        assert [(it.number, it.day.iso) for it in told().ended] == [(2, "2024-10-01")]
        assert told(as_of=date(2024, 9, 30)).ended == ()

    def test_is_told_of_every_decision_where_there_are_two(self) -> None:
        record(news("inadmissible", "2024-10-01"))
        record(news("national_decision", "2024-11-01", outcome=Outcome.LOST, irregular="A second one came."))
        assert [it.number for it in told().ended] == [2, 3]


class TestTheDay:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (date(2024, 6, 5), "was lodged on 6 June 2024, so nothing can be told as of 5 June 2024"),
            (date(2026, 11, 26), "26 November 2026 has not come yet"),
        ],
    )
    def test_is_refused_where_nothing_can_be_told(self, day: date, words: str) -> None:
        with pytest.raises(RuleBroken, match=words) as refused:
            chronology.refuse_day(filings.get_filing(HERE), day, today=DAY)
        assert refused.value.field == "as_of"

    def test_can_be_that_of_the_lodging(self) -> None:
        chronology.refuse_day(filings.get_filing(HERE), date(2024, 6, 6), today=DAY)


class TestTheParties:
    def test_are_named_with_their_numbers(self) -> None:
        with transaction():
            filing = filings.get_filing(HERE)
            for place, (owner, value) in enumerate((("authority", "D130"), ("ie_dpc", "C-24"), ("imi", "7"))):
                db.session.add(Reference(filing_id=filing.id, position=place, owner=owner, value=value))
        parties = {each.role: each for each in told().parties}
        assert parties["ngo"].numbers == (("ngo", HERE),)
        assert parties["lodged_with"].numbers == (("authority", "D130"),)
        assert parties["lead"].lines[0] == "DPC · Ireland" and parties["lead"].numbers == (
            ("ie_dpc", "C-24"),
        )
        assert parties["numbers"].numbers == (("imi", "7"),)

    def test_are_one_where_the_complaint_was_lodged_with_the_lead(self) -> None:
        roles = [each.role for each in told("C002-03").parties]
        assert "lodged_with" in roles and "lead" not in roles

    def test_have_the_address_that_the_register_has(self) -> None:
        with transaction():
            filings.get_filing(HERE).controllers[0].address = "1 Example Quay\n Dublin 2 \n\nIreland"
        (controller,) = [each for each in told().parties if each.role == "controller"]
        assert controller.lines == (
            "Example Platforms Ireland Limited",
            "1 Example Quay",
            "Dublin 2",
            "Ireland",
        )


class TestTransfers:
    def test_say_who_passed_the_complaint_on_when(self) -> None:
        record(news("forwarded", "2024-09-02"))
        record(news("lead_confirmed", "2024-10-01", actor="ie-dpc"))
        assert [(each.entry, each.day.iso) for each in told().passed] == [
            (2, "2024-09-02"),
            (3, "2024-10-01"),
        ]
        (led,) = told().led
        assert led.confirmed is not None and "confirmed that on 1 October 2024" in led.confirmed
        assert [each.entry for each in told(as_of=date(2024, 9, 30)).passed] == [2]


class TestTheSameData:
    def test_give_the_same_chronology(self, keep: Keep) -> None:
        record(news("acknowledged"))
        keep(entry=2, title="Receipt")
        once = told()
        db.session.expire_all()
        assert told() == once

    def test_is_asked_by_as_many_statements_however_long_the_protocol_is(self, statements: list[str]) -> None:
        def asked() -> int:
            filing = filings.get_filing(HERE)
            statements.clear()
            chronology.chronology_of(filing, as_of=DAY)
            return len(statements)

        record(news("information", "2024-07-01"))
        few = asked()
        for day in range(1, 20):
            record(news("information", f"2024-08-{day:02}"))
            record(news("reminder", f"2024-08-{day:02}", actor="noyb"))
        assert asked() == few


class TestMakingIt:
    def test_is_a_line_in_the_journal_with_the_hash_of_the_file(self) -> None:
        filing = filings.get_filing(HERE)
        with transaction():
            chronology.note_made(told(), form="pdf", sha256="ab" * 32, size=7, by=BEN, case_id=filing.case_id)
        line = db.session.scalars(sa.select(Entry).where(Entry.act == "chronology.make")).one()
        assert (line.subject, line.actor, line.case_id) == (HERE, BEN.key, filing.case_id)
        assert line.detail["sha256"] == "ab" * 32 and line.detail["as_of"] == "2026-11-25"
        assert [each.id for each in chronology.made_before(HERE)] == [line.id]
        assert chronology.made_before(ELSEWHERE) == []


class TestWhatToLookAtFirst:
    def test_is_nothing_where_nothing_is_doubtful(self) -> None:
        assert to_look_at(told()) == []

    def test_is_whatever_may_say_too_much(self, keep: Keep) -> None:
        record(news("statement", words="Write to erika@example.org."))
        record(news("statement", words="Write to us."), corrects=2)
        keep(of=HERE, name="Passport.pdf")
        keep(b"Note.", of=HERE, title="Note", source_note=True)
        with transaction():
            updates.get_update(cases.get_case("C002").id, 3).verified = False
        assert to_look_at(told()) == [
            "Entry 2 holds the e-mail address erika@example.org: whose is it?",
            "Entry 3 is not checked against the source, and the document says so.",
            "Entry 3 is printed with what stood there before it was corrected, and so with any slip in that.",
            "Exhibit 1 is printed without a title: the name of a file may name a person.",
            "Exhibit 2 is no more than a note about a web page: keep the page itself as evidence.",
        ]
