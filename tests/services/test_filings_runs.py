"""The runs of a filing: all of them, by controller and issue, the newest first."""

import pytest

from tests.builders import DUBLIN, IN_DUBLIN, a_case, lodged
from tracker.db import db, transaction
from tracker.errors import NotFound
from tracker.rules.further_facts import FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import cases, filings, filings_runs, routing
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController


@pytest.fixture
def filing(app):
    """A filing against two controllers, the first of which was routed three times."""
    respondents = (
        Respondent(new=DUBLIN, affected=("EEA",), processing=IN_DUBLIN),
        Respondent(new=NewController(name="Another Example Inc")),
    )
    with transaction():
        lodged(a_case(respondents=respondents), "at-dsb")
    for answer in (Answer.UNKNOWN, Answer.YES):
        with transaction():
            respondent = cases.get_case("C001").controllers[0]
            respondent.processing = Processing(decides={"IE": answer}).to_json()
            db.session.flush()
            routing.route_cases_against({respondent.controller_id})
    return filings.get_filing("C001-01")


class TestTheRunsOfAFiling:
    def test_stand_by_controller_the_newest_first(self, filing):
        first, second = filings_runs.runs_of(filing)
        assert (first.controller, first.issue, len(first.runs)) == (DUBLIN.name, "gdpr", 3)
        assert (second.controller, len(second.runs)) == ("Another Example Inc", 1)
        assert [it.current for it in first.runs] == [True, False, False]
        moments = [it.computed_at for it in first.runs]
        assert moments == sorted(moments, reverse=True)

    def test_tell_which_one_holds_and_which_was_before(self, filing):
        first, second = filings_runs.runs_of(filing)
        assert first.current is first.runs[0]
        assert first.before(first.runs[0]) is first.runs[1]
        assert first.before(first.runs[2]) is None and second.before(second.runs[0]) is None

    def test_are_found_by_their_key_within_their_filing_alone(self, filing):
        runs = filings_runs.runs_of(filing)
        wanted = runs[0].runs[2]
        assert filings_runs.chosen(runs, wanted.id) == (runs[0], wanted)
        with pytest.raises(NotFound):
            filings_runs.chosen(runs[1:], wanted.id)

    def test_are_asked_for_once(self, filing, statements):
        statements.clear()
        filings_runs.runs_of(filing)
        assert len(statements) == 1


class TestAnIssueThatIsNotAskedAnyMore:
    def test_has_no_run_that_holds_and_stands_after_the_others(self, filing):
        with transaction():
            respondent = cases.get_case("C001").controllers[0]
            further = FurtherFacts(issues=("eprivacy",))
            respondent.processing = Processing(decides={"IE": Answer.YES}, further=further).to_json()
            db.session.flush()
            routing.route_cases_against({respondent.controller_id})
        first, second, _ = filings_runs.runs_of(filings.get_filing("C001-01"))
        assert (first.issue, first.current) == ("eprivacy", first.runs[0])
        assert (second.issue, second.current, len(second.runs)) == ("gdpr", None, 3)
