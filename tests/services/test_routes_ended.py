"""Filings that end, are open again, or were lodged on another day: routed once more, by the facts of then."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import DUBLIN, a_case, lodged
from tests.campaigns import a_campaign, a_controller, a_filing, an_event, case_of, changed, take_in
from tests.services.recording import news, record
from tests.services.test_controllers_amending import NO, YES, change, said
from tracker.db import transaction
from tracker.rules.routing import RouteWarning, warning_text
from tracker.services import cases, cases_list, filings, routing, routing_changes, status
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController
from tracker.services.controllers_amending import SaidPlace
from tracker.services.controllers_statement import Place, Representative

pytestmark = pytest.mark.usefixtures("app")


def routed(number: str = "C001-01") -> list[tuple[date, str | None]]:
    """Return the day of assessment and the lead by the current run of each controller."""
    return [(routing.read(it)[0].as_of, it.lead) for it in filings.get_filing(number).routes]


def runs_of(number: str) -> list[object]:
    return list(routing_changes.history_of(filings.get_filing(number)))


def waiting(number: str = "C001") -> list[str]:
    return [it.filing.number for it in routing_changes.waiting(numbers=[number])]


def moves_to_paris(key: int) -> None:
    """The head office leaves Dublin at the end of 2024 and is in Paris from then on."""
    [irish] = said(key).establishments
    change(
        key,
        SaidPlace(replace(irish, central=YES, decides=YES, implements=YES, until=date(2024, 12, 31))),
        SaidPlace(Place("FR", central=YES, decides=YES, implements=YES, since=date(2025, 1, 1))),
    )


@pytest.fixture
def moved() -> str:
    """C001, lodged with two authorities on 6 June 2024; the lead changed with a move to Paris, and waits."""
    with transaction():
        case = a_case(respondents=(Respondent(new=DUBLIN, affected=("EEA",)),))
        lodged(case, "at-dsb", "nl-ap", on=date(2024, 6, 6))
    moves_to_paris(case.controllers[0].controller_id)
    assert waiting() == ["C001-01", "C001-02"]
    return "C001-01"


AT_FIRST = [(date(2024, 6, 6), "ie-dpc")]
AFTER_THE_MOVE = [(date(2025, 1, 1), "fr-cnil")]


class TestAFilingThatEndedBeforeTheMove:
    def test_has_the_lead_of_then_and_waits_no_more(self, moved):
        record(news("withdrawn", "2024-10-01", actor="noyb"), moved)
        assert routed() == AT_FIRST and waiting() == ["C001-02"]

    def test_follows_the_move_when_it_is_open_again(self, moved):
        record(news("withdrawn", "2024-10-01", actor="noyb"), moved)
        record(news("note", "2024-10-01", actor="noyb"), moved, corrects=2)
        assert routed() == AFTER_THE_MOVE and waiting() == ["C001-01", "C001-02"]

    def test_follows_it_when_the_day_of_the_end_is_corrected(self, moved):
        record(news("withdrawn", "2024-10-01", actor="noyb"), moved)
        record(news("withdrawn", "2025-02-03", actor="noyb"), moved, corrects=2)
        assert routed() == AFTER_THE_MOVE


class TestAFilingThatEndedAfterTheMove:
    def test_keeps_the_new_lead_and_asks_nobody_to_confirm_it(self, moved):
        record(news("withdrawn", "2025-03-03", actor="noyb"), moved)
        assert routed() == AFTER_THE_MOVE and waiting() == ["C001-02"]
        filing = filings.get_filing(moved)
        [it] = status.explained(filing)
        assert it.change is None and warning_text(RouteWarning.W_CHANGE_PENDING) not in it.warnings
        assert [it.filings for it in routing_changes.cases_waiting()] == [1]

    def test_is_no_reason_to_find_its_case_among_those_that_wait(self, moved):
        record(news("withdrawn", "2025-03-03", actor="noyb"), moved, "C001-02")
        assert cases_list.find_cases(lead=cases_list.CHANGED)[1] == 0

    def test_is_not_touched_by_what_becomes_known_later(self, moved):
        record(news("withdrawn", "2025-03-03", actor="noyb"), moved)
        key = filings.get_filing(moved).controllers[0].id
        irish, french = sorted(said(key).establishments, key=lambda it: it.place, reverse=True)
        change(key, SaidPlace(irish), SaidPlace(replace(french, decides=NO, implements=NO)))
        record(news("note", "2025-04-04", actor="noyb"), moved, "C001-02")
        assert routed() == AFTER_THE_MOVE and len(runs_of(moved)) == 2
        assert len(runs_of("C001-02")) == 3, "the open one follows"


class TestACorrectedDayOfLodging:
    def test_takes_every_fact_from_the_new_day(self):
        american = NewController("Example Data Inc.", "US")
        with transaction():
            case = a_case(respondents=(Respondent(new=american, affected=("EEA",)),))
            lodged(case, "at-dsb", on=date(2024, 6, 6))
        key = case.controllers[0].controller_id
        change(key, representatives=(Representative("IE", since=date(2023, 1, 1)),))
        facts = [routing.read(it)[0].art27_rep for it in filings.get_filing("C001-01").routes]
        assert facts == ["IE"]
        record(news("lodged", "2022-06-06", actor="noyb"), "C001-01", corrects=1)
        facts = [routing.read(it)[0].art27_rep for it in filings.get_filing("C001-01").routes]
        assert facts == [None], "nobody represented it there and then"

    def test_counts_for_an_ended_filing_too(self, moved):
        record(news("withdrawn", "2024-10-01", actor="noyb"), moved)
        record(news("lodged", "2024-05-06", actor="noyb"), moved, "C001-02", corrects=1)
        assert routed() == [(date(2024, 5, 6), "ie-dpc")]

    def test_asks_no_more_of_the_rules_for_more_filings(self, moved, statements):
        def asked(*numbers: str, day: str, corrects: int) -> int:
            statements.clear()
            record(news("lodged", day, actor="noyb"), *numbers, corrects=corrects)
            return len([it for it in statements if "routes" in it])

        two = ("C001-01", "C001-02")
        asked(*two, day="2024-05-06", corrects=1)
        few = asked(*two, day="2024-05-07", corrects=2)
        with transaction():
            more = lodged(cases.get_case("C001"), "es-aepd", "it-garante", "pl-uodo", on=date(2024, 6, 6))
        numbers = [it.number for it in more]
        assert asked(*numbers, day="2024-05-06", corrects=4) == few


class TestAnImport:
    @pytest.fixture
    def campaign(self):
        """A complaint of 6 June 2024 that is in the store, of a company that moved at the end of 2024."""

        def brought(*events):
            company = a_controller(affected=["EEA"])
            said = a_campaign(controllers=[company], filings=[a_filing("f", "at-dsb")], events=list(events))
            take_in(said)
            moves_to_paris(cases.get_case(case_of().number).controllers[0].controller_id)
            return said

        return brought

    def test_that_ends_a_filing_before_the_move_gives_it_the_lead_of_then(self, campaign):
        said = campaign()
        number = f"{case_of().number}-01"
        assert routed(number) == AFTER_THE_MOVE
        take_in(changed(said, "events", to=[an_event("withdrawn", "f", actor="noyb")]))
        assert filings.get_filing(number).stage == "withdrawn" and routed(number) == AT_FIRST

    def test_that_reopens_a_filing_lets_it_follow_the_move(self, campaign):
        said = campaign(an_event("withdrawn", "f", actor="noyb"))
        number = f"{case_of().number}-01"
        assert routed(number) == AT_FIRST
        mended = [*said["events"], an_event("statement", "f", actor="noyb", corrects=1)]
        take_in(changed(said, "events", to=mended))
        assert filings.get_filing(number).stage == "lodged" and routed(number) == AFTER_THE_MOVE

    def test_of_other_news_leaves_an_ended_filing_as_it_is(self, campaign):
        said = campaign(an_event("withdrawn", "f", actor="noyb"))
        take_in(changed(said, "events", to=[*said["events"], an_event("statement", "f", date="2025-07-01")]))
        assert routed(f"{case_of().number}-01") == AT_FIRST
