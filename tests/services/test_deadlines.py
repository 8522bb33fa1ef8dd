"""Deadlines that appear by themselves, follow what is recorded, and keep the days that they had."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, lodged
from tests.services.recording import BEN, news, of, record, three_filings
from tracker import clock
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken
from tracker.models import Deadline, DeadlineChange, Update
from tracker.rules.deadlines import State, state
from tracker.rules.happened import WHAT_BEGINS, Act, Saying
from tracker.rules.vocabulary import Precision
from tracker.services import cases, deadlines, filings, routing_overrides, updates_deadlines
from tracker.services.updates import Letter
from tracker.services.updates_deadlines import NewAct


@pytest.fixture(autouse=True)
def case(app):
    return three_filings()


def of_filing(number: str = "C002-01") -> dict[str, Deadline]:
    """Return the deadlines of a filing by period; the last one of those that run several times."""
    db.session.expire_all()
    return {it.period: it for it in deadlines.of_filing(of(number)[0])}


def act(what: Act, period: str, day: str = "2024-07-01", *, start: int | None = 0, **values: object) -> int:
    """Record an act on a deadline of the first filing; return the number of the entry."""
    new = NewAct(what, period, start, **values)
    with transaction():
        entry = news("note", day)
        return updates_deadlines.record(of("C002-01"), new, entry, seen={}, by=BEN).number


def updates_of(case: str) -> list[Update]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Update).where(Update.case_id == cases.get_case(case).id)))


def refused(what: Act, period: str, day: str = "2024-07-01", **values: object) -> RuleBroken:
    with pytest.raises(RuleBroken) as refusal:
        act(what, period, day, **values)
    return refusal.value


class TestLodging:
    def test_begins_the_three_months_of_each_authority(self):
        assert [of_filing(it)["G15"].due_on for it in ("C002-01", "C002-02", "C002-03")] == [
            date(2024, 9, 6)
        ] * 3

    def test_says_who_owes_it(self):
        it = of_filing()["G15"]
        assert (it.owes, it.owes_slug, it.own) == ("lodged_with", "at-dsb", False)

    def test_keeps_how_it_was_counted(self):
        counted = of_filing()["G15"].counted
        assert counted["length"] == "+3m"
        assert counted["calendars"] == ["AT"]
        assert ["Reg 1182/71" in basis for _, basis in counted["reasons"]]

    def test_of_another_filing_later_changes_nothing(self, case):
        before = of_filing()["G15"].computed_at
        with transaction():
            lodged(cases.get_case(case.number), "nl-ap")
        assert of_filing()["G15"].computed_at == before


class TestAnEntry:
    def test_meets_the_deadline(self):
        number = record(news("forwarded", "2024-08-20"))
        it = of_filing()["G15"]
        assert (it.met_on, it.met_number, it.open) == (date(2024, 8, 20), number, False)

    def test_that_is_corrected_takes_back_what_it_met_and_keeps_the_same_deadline(self):
        first = of_filing()["G15"].id
        wrong = record(news("forwarded", "2024-08-20"))
        record(news("acknowledged", "2024-08-20"), corrects=wrong)
        it = of_filing()["G15"]
        assert (it.id, it.met_on, it.open) == (first, None, True)

    def test_that_is_corrected_to_another_day_moves_what_runs_from_it_and_keeps_the_earlier_day(self):
        wrong = record(news("forwarded", "2024-08-20"))
        before = of_filing()["G15-AGAIN"]
        assert before.due_on == date(2024, 11, 20)
        right = record(news("forwarded", "2024-08-27"), corrects=wrong)
        after = of_filing()["G15-AGAIN"]
        assert (after.id, after.due_on, after.counted["started_by"]) == (before.id, date(2024, 11, 27), right)
        [change] = deadlines.get("C002-01", "G15-AGAIN", wrong).changes
        assert (change.due_before, change.due_after) == (date(2024, 11, 20), date(2024, 11, 27))
        assert change.why == f"entry {right}, which corrects entry {wrong}"

    def test_that_is_corrected_away_ends_what_ran_from_it_and_leaves_it_in_the_history(self):
        wrong = record(news("forwarded", "2024-08-20"))
        record(news("acknowledged", "2024-08-20"), corrects=wrong)
        assert "G15-AGAIN" not in of_filing()
        it = deadlines.get("C002-01", "G15-AGAIN", wrong)
        assert (it.gone, it.open, [each.due_after for each in it.changes]) == (True, False, [None])

    def test_found_late_takes_its_place(self):
        record(news("information", "2024-12-01"))
        record(news("information", "2024-07-01"))
        assert of_filing()["G15"].met_on == date(2024, 7, 1)

    def test_of_a_withdrawal_ends_what_is_owed(self):
        record(news("withdrawn", "2024-08-01", actor="noyb"))
        it = of_filing()["G15"]
        assert not it.open
        assert "Withdrawn" in it.waived

    def test_on_one_filing_leaves_the_others_alone(self):
        record(news("forwarded", "2024-08-20"))
        assert of_filing("C002-02")["G15"].open


class TestACorrectedLodging:
    def test_moves_every_deadline_that_runs_from_it(self):
        with transaction():
            lodging = next(
                it
                for it in db.session.scalars(sa.select(Deadline).where(Deadline.period == "G15"))
                if it.filing_id == of("C002-01")[0].id
            )
        assert lodging.due_on == date(2024, 9, 6)
        record(news("lodged", "2024-06-07", actor="noyb"), "C002-01", "C002-02", "C002-03", corrects=1)
        assert of_filing()["G15"].due_on == date(2024, 9, 9)
        changes = db.session.scalars(sa.select(DeadlineChange)).all()
        assert len([it for it in changes if it.due_before == date(2024, 9, 6)]) >= 3


class TestAnExtension:
    @pytest.fixture(autouse=True)
    def request_to_the_controller(self):
        record(news("data_request", "2024-06-10", actor="noyb", letter=Letter(received_on=date(2024, 6, 11))))

    def start(self) -> int:
        return of_filing()["G1"].start_number

    def test_is_counted_from_the_first_event(self):
        act(Act.EXTEND, "G1", "2024-07-05", start=self.start(), more="+2m")
        it = of_filing()["G1"]
        assert (it.extended, it.due_on) == (True, date(2024, 9, 11))
        assert [change.due_before for change in deadlines.get("C002-01", "G1", self.start()).changes] == [
            date(2024, 7, 11)
        ]

    def test_may_name_the_day(self):
        act(Act.EXTEND, "G1", "2024-07-05", start=self.start(), until=date(2024, 8, 1))
        it = of_filing()["G1"]
        assert (it.due_on, it.extended) == (date(2024, 8, 1), True)

    def test_that_is_longer_than_the_law_allows_is_refused(self):
        refusal = refused(Act.EXTEND, "G1", start=self.start(), more="+3m")
        assert (refusal.field, "2 months more at most" in str(refusal)) == ("more", True)

    def test_of_what_the_law_does_not_extend_is_refused(self):
        assert refused(Act.EXTEND, "G15", more="+1m").field == "more"

    def late(self, **values: object) -> int:
        new = NewAct(Act.EXTEND, "G1", self.start(), more="+2m")
        with transaction():
            entry = news("note", "2024-07-15", **values)
            return updates_deadlines.record(of("C002-01"), new, entry, seen={}, by=BEN).number

    def test_that_comes_too_late_needs_a_note(self):
        refusal = refused(Act.EXTEND, "G1", "2024-07-15", start=self.start(), more="+2m")
        assert refusal.field == "irregular"
        assert "The period had ended on Thursday 11 July 2024" in str(refusal)
        assert "Why it is recorded all the same" in str(refusal)
        assert of_filing()["G1"].counted["uncertain"] == []

    def test_that_comes_too_late_is_recorded_with_its_note_and_moves_nothing(self):
        number = self.late(irregular="Their letter of 15 July.")
        it = of_filing()["G1"]
        assert (it.due_on, it.certain_on, it.extended) == (date(2024, 7, 11), date(2024, 7, 11), False)
        assert "what is over is not extended any more" in it.counted["uncertain"][0]
        assert it.counted["reasons"][-1][1] == "Art 12(3)"
        [entry] = [it for it in updates_of("C002") if it.number == number]
        assert entry.irregular == "Their letter of 15 July."

    def test_in_order_takes_no_note(self):
        new = NewAct(Act.EXTEND, "G1", self.start(), more="+2m")
        with pytest.raises(RuleBroken, match="in order") as refusal, transaction():
            entry = news("note", "2024-07-05", irregular="For whatever reason.")
            updates_deadlines.record(of("C002-01"), new, entry, seen={}, by=BEN)
        assert refusal.value.field == "irregular"
        assert not of_filing()["G1"].extended

    def test_keeps_its_note_in_a_correction_that_is_late_too(self):
        number = self.late(irregular="Their letter of 15 July.")
        new = NewAct(Act.EXTEND, "G1", self.start(), more="+1m")
        with pytest.raises(RuleBroken) as refusal, transaction():
            updates_deadlines.record(
                of("C002-01"), new, news("note", "2024-07-16"), seen={}, by=BEN, corrects=number
            )
        assert refusal.value.field == "irregular"

    def test_that_is_corrected_to_a_day_before_the_end_is_refused(self):
        number = act(Act.EXTEND, "G1", "2024-07-05", start=self.start(), until=date(2024, 8, 1))
        new = NewAct(Act.EXTEND, "G1", self.start(), date(2024, 7, 10))
        with pytest.raises(RuleBroken, match="nothing is extended") as refusal, transaction():
            updates_deadlines.record(
                of("C002-01"), new, news("note", "2024-07-05"), seen={}, by=BEN, corrects=number
            )
        assert refusal.value.field == "until"
        assert of_filing()["G1"].due_on == date(2024, 8, 1)

    def test_that_ends_no_later_is_refused(self):
        assert refused(Act.EXTEND, "G1", start=self.start(), until=date(2024, 7, 11)).field == "until"


class TestAPause:
    def test_stands_in_the_history_and_moves_the_end(self):
        act(Act.PAUSE, "G15", "2024-07-01")
        assert of_filing()["G15"].paused_on == date(2024, 7, 1)
        act(Act.RESTART, "G15", "2024-07-31")
        it = of_filing()["G15"]
        assert (it.paused_on, it.due_on) == (None, date(2024, 10, 7))

    def test_of_what_is_over_is_refused(self):
        refusal = refused(Act.PAUSE, "G15", "2024-11-20")
        assert (refusal.field, "what is over does not stand still" in str(refusal)) == ("day", True)

    def test_of_what_stands_still_is_refused(self):
        act(Act.PAUSE, "G15")
        assert "stands still already" in str(refused(Act.PAUSE, "G15", "2024-07-02"))

    def test_that_never_was_cannot_end(self):
        assert refused(Act.RESTART, "G15").field == "act"

    def test_cannot_end_before_it_began(self):
        act(Act.PAUSE, "G15", "2024-07-10")
        assert refused(Act.RESTART, "G15", "2024-07-09").field == "day"


class TestADayThatWasFixed:
    def test_counts_whatever_the_law_counts(self):
        act(Act.FIX, "G15", until=date(2024, 8, 30))
        assert of_filing()["G15"].due_on == date(2024, 8, 30)

    def test_before_the_start_is_refused(self):
        refusal = refused(Act.FIX, "G15", until=date(2024, 6, 5))
        assert (refusal.field, "before the period begins" in str(refusal)) == ("until", True)

    def test_is_needed(self):
        assert refused(Act.FIX, "G15").field == "until"

    def test_survives_a_correction_of_the_words(self):
        number = act(Act.FIX, "G15", until=date(2024, 8, 30))
        record(news("deadline_fixed", "2024-07-01", words="Other words."), corrects=number)
        assert of_filing()["G15"].due_on == date(2024, 8, 30)


class TestADeadlineThatIsMet:
    def test_takes_no_further_acts(self):
        record(news("forwarded", "2024-08-20"))
        assert "that was done on Tuesday 20 August 2024" in str(refused(Act.PAUSE, "G15", "2024-08-21"))


class TestADeadlineOfWhichAPersonSaysSomething:
    def test_can_be_done(self):
        number = act(Act.MEET, "G15", "2024-07-20")
        assert (of_filing()["G15"].met_number, of_filing()["G15"].met_on) == (number, date(2024, 7, 20))

    def test_has_no_other_last_day_where_the_act_has_none(self):
        due = of_filing()["G15"].due_on
        act(Act.MEET, "G15", "2024-07-20", until=date(2024, 8, 1))
        assert of_filing()["G15"].due_on == due

    def test_can_be_waived(self):
        act(Act.WAIVE, "G15")
        assert state(deadlines.ends_of(of_filing()["G15"]), clock.today()) is State.WAIVED

    def test_can_begin(self):
        number = act(Act.BEGIN, "G17", "2024-07-01", start=None)
        it = of_filing()["G17"]
        assert (it.start_number, it.started_on) == (number, date(2024, 7, 1))

    def test_has_to_exist(self):
        assert refused(Act.PAUSE, "P15").field == "period"
        assert refused(Act.PAUSE, "X1").field == "period"


class TestAnotherLead:
    def test_by_override_owes_what_the_lead_owes(self):
        record(news("forwarded", "2024-08-20"))
        record(news("lead_confirmed", "2024-09-20", actor="ie-dpc"))
        record(news("investigation", "2024-09-21", actor="ie-dpc"))
        record(news("draft_decision", "2024-10-20", actor="ie-dpc"))
        record(news("objection", "2024-10-25", actor="fr-cnil"))
        record(news("board_dispute", "2024-11-01", actor="ie-dpc"))
        record(news("binding_decision", "2024-11-20", actor="eu-edpb"))
        assert of_filing()["G12"].owes_slug == "ie-dpc"
        with transaction():
            it = filings.get_filing("C002-01")
            routing_overrides.override(it, controller_id=None, lead="nl-ap", why="It says so.", by=BEN)
        assert of_filing()["G12"].owes_slug == "nl-ap"


class TestADeadlineThatDoesNotExist:
    def test_is_not_found(self):
        with pytest.raises(NotFound, match="no deadline P15 of C002-01"):
            deadlines.get("C002-01", "P15")


class TestComputingAnew:
    def test_without_a_change_writes_nothing(self, statements):
        statements.clear()
        with transaction():
            done = deadlines.redate(by=ANN)
        assert (done.new, done.moved, done.gone) == (0, 0, 0)
        assert not [it for it in statements if it.startswith(("INSERT", "UPDATE"))]

    def test_after_other_rules_keeps_the_days_that_were(self, monkeypatch):
        was = of_filing()["G15"].due_on
        with transaction():
            db.session.execute(
                sa.update(Deadline).values(due_on=date(2024, 9, 5)).where(Deadline.period == "G15")
            )
        with transaction(write=False):
            assert deadlines.redate(by=ANN, dry_run=True).moved == 4
        assert of_filing()["G15"].due_on == date(2024, 9, 5)
        with transaction():
            deadlines.redate(by=ANN)
        assert of_filing()["G15"].due_on == was
        [change] = deadlines.get("C002-01", "G15").changes
        assert change.due_before == date(2024, 9, 5)
        assert change.why.startswith("computed anew on ")

    def test_where_rules_are_newer_touches_only_what_is_older(self):
        ids = [it.id for it in of("C002-01", "C002-02")]
        with transaction():
            query = sa.update(Deadline).where(Deadline.filing_id == ids[0])
            db.session.execute(query.values(rules_version="older", due_on=date(2024, 9, 5)))
            wrong = sa.update(Deadline).where(Deadline.filing_id == ids[1])
            db.session.execute(wrong.values(due_on=date(2024, 9, 5)))
        with transaction():
            assert deadlines.outdated() == [ids[0]]
            assert deadlines.redate(deadlines.outdated(), by=ANN).moved == len(of_filing())
        assert deadlines.outdated() == []
        assert of_filing("C002-02")["G15"].due_on == date(2024, 9, 5)

    def test_takes_as_many_statements_for_many_filings_as_for_few(self, statements):
        def asked() -> int:
            statements.clear()
            with transaction(write=False):
                deadlines.redate(by=ANN, dry_run=True)
            return len(statements)

        few = asked()
        with transaction():
            lodged(cases.get_case("C002"), "nl-ap", "it-garante", "es-aepd", "pl-uodo")
        assert asked() == few


class TestAFilingLodgedOnADayThatIsKnownToTheMonth:
    def test_has_a_deadline_that_says_so(self):
        with transaction():
            filing = of("C002-01")[0]
            filing.lodged_on, filing.lodged_precision = date(2024, 6, 1), Precision.MONTH
            deadlines.recompute([filing.id], why="a test", by=ANN)
        it = of_filing()["G15"]
        assert (it.safe_on, it.certain_on) == (date(2024, 9, 2), date(2024, 9, 30))
        assert "June 2024 only" in it.counted["uncertain"][0]


class TestALastDayThatAStepSetsForUs:
    def asked(self, until: date | None, step: str = "defect_notice", **values: object) -> int:
        says = Saying(Act.FIX, WHAT_BEGINS, until=until) if until else None
        return record(news(step, "2024-07-01", says=says, **values))

    def test_is_the_day_of_the_deadline_that_begins_with_it(self):
        number = self.asked(date(2024, 7, 19))
        it = of_filing()["OWN-REMEDY"]
        assert (it.start_number, it.due_on, it.own) == (number, date(2024, 7, 19), True)

    def test_is_not_known_where_none_was_set(self):
        self.asked(None)
        assert (of_filing()["OWN-REMEDY"].due_on, of_filing()["OWN-REMEDY"].open) == (None, True)

    def test_is_refused_where_nothing_of_ours_begins(self):
        with pytest.raises(RuleBroken, match="begins no period of ours") as refusal:
            self.asked(date(2024, 7, 19), "acknowledged")
        assert refusal.value.field == "until"

    def test_is_refused_before_the_letter_came(self):
        with pytest.raises(RuleBroken, match="before the period begins") as refusal:
            self.asked(date(2024, 7, 2), letter=Letter(received_on=date(2024, 7, 3)))
        assert refusal.value.field == "until"

    def test_goes_away_where_a_correction_says_none(self):
        number = self.asked(date(2024, 7, 19))
        record(news("defect_notice", "2024-07-01", keeps_saying=False), corrects=number)
        assert of_filing()["OWN-REMEDY"].due_on is None
