"""How long complaints take, from the public store: whose record a filing is in, and what is told of it."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.figures import Public, invented, put
from tracker import clock
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedDecision
from tracker.rules.days import Day
from tracker.rules.measures import FEWEST, LeftOut, Measure, Silent
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.survival import Quantile
from tracker.services.public_site_figures import everybody, record_of

TODAY = date(2026, 11, 22)
ACK, TRANSFER, FIRST, FINAL = range(4)
CONFIRMED = (("acknowledged", "2024-01-11"),)


@pytest.fixture(autouse=True)
def on_a_day(app, monkeypatch):
    """It is 22 November 2026."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def asked(app):
    """All SQL that the public store is asked."""
    seen: list[str] = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    engine = db.engines[PUBLIC]
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


class TestAnEmptyStore:
    def test_has_a_record_without_a_figure(self):
        found = everybody()
        assert [it.n for it in found.whole.measures] == [0, 0, 0, 0]
        assert not found.whole.speaks and found.authorities == () and found.too_few == 0
        assert found.whole.until == TODAY and found.whole.cleared_at is None


class TestFilingsThatStillWait:
    def test_count_beside_those_that_had_it(self):
        put([Public(CONFIRMED)] * 5 + [Public()] * 6)
        figures = everybody().whole.measures[ACK].figures
        assert (figures.ended, figures.open, figures.stopped) == (5, 6, 0)
        assert figures.quarter.days == 10
        # An average of the finished ones would say ten days.
        assert figures.median == Quantile(None, 10, None)

    def test_that_were_withdrawn_are_watched_until_then(self):
        put([Public(CONFIRMED)] * 5 + [Public((("withdrawn", "2024-01-05"),), outcome="withdrawn")] * 2)
        figures = everybody().whole.measures[ACK].figures
        assert (figures.ended, figures.open, figures.stopped) == (5, 0, 2)
        assert figures.curve.unended == ((4, 2),) and figures.median.days == 10

    def test_are_read_after_whole_months(self):
        put([Public(CONFIRMED)] * 5 + [Public(lodged="2026-10-22")] * 5)
        readings = everybody().whole.measures[ACK].figures.readings
        assert [(months, share.waiting, share.at_risk) for months, share in readings] == [(1, 0.5, 5)]


class TestFewerThanFiveFilings:
    def test_have_their_number_and_no_figure(self):
        put([Public(CONFIRMED)] * (FEWEST - 1))
        measured = everybody().whole.measures[ACK]
        assert (measured.n, measured.figures, measured.silent) == (FEWEST - 1, None, Silent.TOO_FEW)

    def test_are_too_few_for_an_authority_though_all_together_are_enough(self):
        put([Public(CONFIRMED)] * 5 + [Public(CONFIRMED, authority="at-dsb")] * 4)
        found = everybody()
        by_slug = {it.of.slug: it for it in found.authorities}
        assert found.whole.measures[ACK].figures.ended == 9
        assert "at-dsb" not in by_slug and by_slug["nl-ap"].measures[ACK].n == 5
        assert found.too_few == 1

    def test_that_waited_longest_make_no_end_of_a_curve(self):
        put([Public(CONFIRMED)] * 5 + [Public((("acknowledged", "2025-01-01"),))] * 4)
        curve = everybody().whole.measures[ACK].figures.curve
        assert (curve.n, curve.ended, curve.longest) == (9, 9, 10)
        assert [it.days for it in curve.steps] == [10]


class TestWhatIsRarelyRecorded:
    def test_is_not_called_late(self):
        put([Public(CONFIRMED)] * 5 + [Public((("final_upheld", "2026-01-01"),), outcome="won")] * 6)
        measured = everybody().whole.measures[ACK]
        assert measured.left_out == {LeftOut.NOT_RECORDED: 6}
        assert (measured.n, measured.figures, measured.silent) == (5, None, Silent.RARELY_RECORDED)

    def test_is_told_where_it_is_recorded_of_half(self):
        put([Public(CONFIRMED)] * 5 + [Public((("final_upheld", "2026-01-01"),), outcome="won")] * 5)
        assert everybody().whole.measures[ACK].figures.ended == 5


class TestAFiling:
    def test_is_in_the_record_of_whoever_owes_what_is_measured(self):
        put(
            [Public((*CONFIRMED, ("forwarded", "2024-02-01"), ("final_upheld", "2025-01-01")), outcome="won")]
        )
        assert [it.n for it in record_of("nl-ap").measures] == [1, 1, 0, 0]
        assert [it.n for it in record_of("ie-dpc").measures] == [0, 0, 1, 1]
        assert [it.n for it in record_of("at-dsb").measures] == [0, 0, 0, 0]
        assert [it.n for it in everybody().whole.measures] == [1, 1, 1, 1]

    def test_that_nobody_leads_is_decided_by_whoever_handles_or_received_it(self):
        put([Public(lead=None, handling="de-be"), Public(lead=None)])
        assert [record_of(it).measures[FIRST].n for it in ("de-be", "nl-ap")] == [1, 1]

    def test_with_an_unknown_authority_counts_for_all_and_for_nobody(self):
        put([Public(CONFIRMED, authority=None, lead=None)] * 5)
        found = everybody()
        assert found.whole.measures[ACK].figures.ended == 5
        assert found.authorities == () and found.too_few == 0

    def test_whose_result_nobody_knows_is_not_pending(self):
        put([Public(CONFIRMED)] * 5 + [Public(outcome=NOT_KNOWN)] * 7)
        for it in everybody().whole.measures:
            assert (it.n, it.left_out) == (5, {LeftOut.RESULT_NOT_KNOWN: 7})

    def test_with_days_that_cannot_be_is_left_out_and_counted(self):
        put(
            [
                Public((("acknowledged", "2023-12-01"),)),
                Public(lodged="2027-01-01"),
                Public(lodged="2024"),
                Public((("acknowledged", "2024"),)),
            ]
        )
        measured = everybody().whole.measures[ACK]
        assert measured.left_out == {LeftOut.ROUGH_DAYS: 2, LeftOut.WRONG_DAYS: 2} and measured.n == 0

    def test_whose_lead_is_presumed_is_counted_as_such_for_the_lead_alone(self):
        put([Public(CONFIRMED, presumed=True)] * 5)
        whole = everybody().whole
        assert [it.figures.presumed for it in (whole.measures[ACK], whole.measures[FIRST])] == [0, 5]

    def test_counts_entries_that_name_it_and_imported_events_as_their_steps(self):
        acts = (
            ("acknowledgement", "2024-01-11"),
            ("transfer_to_lead", "2024-02"),
            ("dismissal", "2025-01-01"),
        )
        put([Public(acts, outcome="lost"), *[Public()] * 4], each=3)
        measures = everybody().whole.measures
        assert [it.figures.ended for it in measures] == [1, 1, 1, 1]
        assert measures[TRANSFER].figures.to_month == 1

    def test_known_to_be_confirmed_by_a_later_step_only_is_counted_as_such(self):
        put([Public((("forwarded", "2024-02-01"),))] * 5)
        assert everybody().whole.measures[ACK].figures.shown == 5


def decided(case, entry, on, *, appeal="none_known", filing=None, kind="final"):
    """Give an entry of a case the record of the decision that it tells of."""
    day = Day.parse(on)
    with transaction(PUBLIC):
        db.session.add(
            PublishedDecision(
                case_number=case,
                position=1,
                type=kind,
                decided_by="IMY",
                decided_on=day.value,
                decided_precision=day.precision,
                summary="",
                appeal=appeal,
                filings=[{"number": filing or f"{case}-01", "result": "upheld"}],
                findings=[],
                fines=[],
                measures=[],
                entries=[entry],
            )
        )


class TestADecisionWithARecordOfItsOwn:
    UPHELD = (("final_upheld", "2024-07-03"),)

    def test_counts_from_the_day_on_which_it_was_made_and_not_from_its_announcement(self):
        put([Public(self.UPHELD, outcome="won")] * 5)
        for place in range(1, 6):
            decided(f"C{place:03}", 2, "2024-06-30")
        measures = everybody().whole.measures
        assert measures[FIRST].figures.median.days == (date(2024, 6, 30) - date(2024, 1, 1)).days
        assert record_of("ie-dpc").measures[FIRST] == measures[FIRST]

    @pytest.mark.parametrize("on", [None, "2024-06", "2024"])
    def test_keeps_the_day_of_the_entry_where_its_own_is_known_less(self, on):
        put([Public(self.UPHELD, outcome="won")] * 5)
        decided("C001", 2, on)
        assert everybody().whole.measures[FIRST].figures.median.days == 184

    @pytest.mark.parametrize("appeal", ["lodged", "annulled"])
    def test_is_the_first_one_and_not_final_while_a_court_has_it_or_annulled_it(self, appeal):
        put([Public(self.UPHELD, outcome="won")] * 5)
        decided("C003", 2, "2024-07-03", appeal=appeal)
        first, final = everybody().whole.measures[FIRST:]
        assert (first.figures.ended, first.figures.open) == (5, 0)
        assert (final.figures.ended, final.figures.open) == (4, 1)

    @pytest.mark.parametrize("appeal", ["none_known", "open", "confirmed", "final"])
    def test_is_final_where_no_appeal_waits(self, appeal):
        put([Public(self.UPHELD, outcome="won")] * 5)
        decided("C003", 2, "2024-07-03", appeal=appeal)
        assert everybody().whole.measures[FINAL].figures.ended == 5

    def test_is_final_once_a_court_has_confirmed_it(self):
        steps = (*self.UPHELD, ("decision_confirmed", "2025-01-01"))
        put([Public(steps, outcome="won")] * 5)
        decided("C003", 2, "2024-07-03", appeal="lodged")
        assert everybody().whole.measures[FINAL].figures.ended == 5

    def test_says_nothing_of_another_filing_of_the_entry(self):
        put([Public(self.UPHELD, outcome="won")] * 5)
        decided("C003", 2, "2024-06-30", appeal="lodged", filing="C003-02")
        assert everybody().whole.measures[FINAL].figures.open == 0


class TestFilingsOfOneCase:
    def test_give_no_figure_however_many_they_are(self):
        put([Public(CONFIRMED)] * 50, each=50)
        measured = everybody().whole.measures[ACK]
        assert (measured.n, measured.cases, measured.figures) == (50, 1, None)
        assert measured.silent is Silent.ONE_CASE

    def test_give_one_with_a_single_filing_of_another(self):
        put([Public(CONFIRMED)] * 5, each=4)
        measured = everybody().whole.measures[ACK]
        assert (measured.cases, measured.figures.ended) == (2, 5)


class TestFilingsThatWereLodgedElsewhere:
    def waiting(self, *more):
        put([*more, *[Public((("forwarded", "2024-02-01"),))] * 5])
        figures = [it.figures for it in record_of("ie-dpc").measures[FIRST:]]
        assert {it.not_passed_on for it in figures} == {it.not_passed_on for it in figures[:1]}
        return figures[0].not_passed_on

    def test_are_told_apart_where_nothing_shows_that_the_lead_has_them(self):
        assert self.waiting(Public(), Public(CONFIRMED)) == 2

    def test_have_arrived_where_a_transfer_or_a_later_step_is_recorded(self):
        assert (
            self.waiting(Public((("lead_confirmed", "2024-03-01"),)), Public((("draft_decision", "2024"),)))
            == 0
        )

    def test_are_none_where_the_lead_itself_received_them_or_nobody_knows_who_did(self):
        assert self.waiting(Public(authority="ie-dpc"), Public(authority=None)) == 0

    def test_are_known_by_their_country_where_the_authority_is_not(self):
        assert self.waiting(Public(authority=None, more={"country": "DE"})) == 1

    def test_count_with_the_lead_alone_and_not_where_they_were_received(self):
        put([Public()] * 6)
        receipt, transfer, first, _ = everybody().whole.measures
        assert [it.figures.not_passed_on for it in (receipt, transfer, first)] == [0, 0, 6]

    def test_that_do_not_wait_any_more_do_not_count(self):
        assert self.waiting(Public((("withdrawn", "2024-03-01"),), outcome="withdrawn")) == 0


class TestAuthorities:
    def test_stand_by_country_and_not_by_length(self):
        slow, quick = (("acknowledged", "2025-06-01"),), CONFIRMED
        put([Public(quick, authority="se-imy")] * 5, first=1)
        put([Public(slow, authority="at-dsb")] * 5, first=10)
        put([Public(quick, authority="nl-ap", lead="nl-ap")] * 5, first=20)
        assert [it.of.country for it in everybody().authorities] == ["AT", "IE", "NL", "SE"]

    def test_have_the_same_figures_on_their_own_page(self):
        put(invented(200, until=TODAY), each=3)
        found = everybody()
        assert len(found.authorities) == 8
        for it in found.authorities:
            assert record_of(it.of.slug) == it

    def test_together_are_all_filings(self):
        put(invented(200, until=TODAY), each=3)
        found = everybody()
        for place, whole in enumerate(found.whole.measures):
            assert sum(it.measures[place].n for it in found.authorities) == whole.n == 200


class TestTheNumberOfStatements:
    @pytest.mark.parametrize("ask", [everybody, lambda: record_of("ie-dpc")], ids=["all", "one"])
    def test_is_four_whatever_there_is(self, asked, ask):
        counts = []
        for count, first in ((10, 1), (1_000, 500)):
            put(invented(count, until=TODAY), each=2, first=first)
            asked.clear()
            ask()
            counts.append(len([it for it in asked if it.startswith("SELECT")]))
        assert counts == [4, 4]


def test_measures_stand_in_their_order():
    assert [it.measure for it in everybody().whole.measures] == list(Measure)
