"""Stored routes: what the records know goes in, every run is kept, the newest one counts."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DAY, DUBLIN, a_case, lodged
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Case, Controller, Establishment, Filing, Route
from tracker.rules import routing as rules
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import cases, filings, routing, status
from tracker.services.cases import NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import Wanted

TWO_SEATS = NewController(
    "Example Two Seats",
    country="US",
    establishments=(
        NewEstablishment("IE", central=Answer.YES),
        NewEstablishment("NL", since=date(2020, 1, 1)),
    ),
)
#: Of its two seats, the one in Amsterdam does not decide on the processing of the case.
NOT_IN_AMSTERDAM = Processing({"NL": Answer.NO}, targets_eea=Answer.YES)
HAMBURG = NewController("Example Ads GmbH", country="DE", establishments=(NewEstablishment("DE-HH"),))


@pytest.fixture
def case(app) -> Case:
    """A case against a company with two establishments, in Austria for A and in France for nobody named."""
    with transaction():
        lodged(a_case(title="Noise"), "at-dsb")
        made = a_case(
            respondents=(Respondent(new=TWO_SEATS, affected=("FR", "AT"), processing=NOT_IN_AMSTERDAM),)
        )
        filings.lodge_complaint(made, [Wanted("at-dsb", "A"), Wanted("fr-cnil")], lodged_on=DAY, by=ANN)
    return cases.get_case(made.number)


def again() -> list[Route]:
    """Run the rules for the whole case again and return what was stored."""
    with transaction():
        case = cases.get_case("C002")
        return routing.route_filings(case.filings, case.controllers)


def runs(number: str = "C002-01") -> list[Route]:
    """Return all runs of a filing, the oldest first."""
    query = sa.select(Route).join(Filing, Filing.id == Route.filing_id).where(Filing.number == number)
    return list(db.session.scalars(query.order_by(Route.id)))


class TestTheFactsOfARoute:
    def test_are_what_the_records_know(self, case):
        facts, _ = routing.read(runs()[0])
        assert facts == rules.Facts(
            as_of=DAY,
            lodged_with="at-dsb",
            also_lodged_with=("fr-cnil",),
            complainant_residence="AT",
            establishments=(
                rules.Establishment("IE", ca=Answer.YES),
                rules.Establishment("NL", decides=Answer.NO, implements=Answer.NO, since=date(2020, 1, 1)),
            ),
            targets_eea=Answer.YES,
            affected=("FR", "AT"),
        )

    def test_come_back_from_the_store_as_they_went_in(self, case):
        for run in runs() + runs("C002-02"):
            facts, route = routing.read(run)
            assert (facts.to_json(), route.to_json()) == (run.facts, run.result)

    @pytest.mark.parametrize(
        ("known", "establishments"), [(Answer.UNKNOWN, None), (Answer.YES, None), (Answer.NO, ())]
    )
    def test_take_no_establishment_for_none_only_where_somebody_said_so(self, case, known, establishments):
        with transaction():
            db.session.execute(sa.delete(Establishment))
            db.session.execute(sa.update(Controller).values(establishments_known=known))
        again()
        assert routing.read(runs()[-1])[0].establishments == establishments


class TestTheRoutesOfALodgedCase:
    @pytest.fixture
    def filing(self, app) -> Filing:
        """A filing in Austria for A against two companies; the case lies in France too."""
        with transaction():
            made = a_case(
                respondents=(
                    Respondent(new=HAMBURG, affected=("DE", "AT")),
                    Respondent(
                        new=NewController(name="Example Data Inc.", country="US", establishments=()),
                        affected=("EEA",),
                    ),
                ),
                complainants=(NewComplainant("A", "AT"),),
            )
            filings.lodge_complaint(made, [Wanted("at-dsb", "A"), Wanted("fr-cnil")], lodged_on=DAY, by=ANN)
        return filings.get_filing("C001-01")

    def test_are_one_for_each_controller(self, filing):
        told = {it.controller: it.route.reason for it in status.explained(filing)}
        assert told == {
            "Example Ads GmbH": rules.Reason.LEAD_SINGLE_ESTABLISHMENT,
            "Example Data Inc.": rules.Reason.NOLEAD_NO_EEA_ESTABLISHMENT,
        }

    def test_are_kept_with_their_facts_their_answer_and_the_version_of_the_rules(self, filing):
        for run in filing.routes:
            assert run.current and run.rules_version == rules.RULES_VERSION
            facts, route = routing.read(run)
            assert route == routing.answer(facts), "the stored facts give the stored answer again"
            assert (run.lead, run.reason) == (route.lead, route.reason.value)
            assert facts.as_of == DAY
            assert (facts.lodged_with, facts.also_lodged_with) == ("at-dsb", ("fr-cnil",))
            assert facts.complainant_residence == "AT"

    def test_take_a_residence_only_from_the_person_named(self, filing):
        facts, _ = routing.read(filings.get_filing("C001-02").routes[0])
        assert facts.complainant_residence is None


class TestRunningTheRulesAgain:
    def test_stores_nothing_where_nothing_changed(self, case):
        assert again() == []
        assert [len(runs(it)) for it in ("C002-01", "C002-02", "C001-01")] == [1, 1, 1]

    def test_keeps_the_old_answer_beside_the_new_one(self, case):
        before = runs()[0].reason
        with transaction():
            db.session.execute(
                sa.update(Establishment)
                .where(Establishment.place == "IE", Establishment.decides == Answer.UNKNOWN)
                .values(decides=Answer.YES, implements=Answer.YES)
            )
        assert len(again()) == 2
        old, new = runs()
        assert (old.current, new.current) == (False, True)
        assert old.reason == before != new.reason == "LEAD_MAIN_ESTABLISHMENT_CA"
        assert [it.id for it in filings.get_filing("C002-01").routes] == [new.id], "the newest one counts"
        assert len(runs("C001-01")) == 1, "the other case is not touched"

    def test_stores_the_answer_again_when_the_rules_are_newer(self, case, monkeypatch):
        monkeypatch.setattr(rules, "RULES_VERSION", "2099-01-01.1")
        assert len(again()) == 2
        assert [it.rules_version for it in runs()][1] == "2099-01-01.1"

    def test_takes_the_filings_that_were_added_into_account(self, case):
        with transaction():
            lodged(cases.get_case("C002"), "nl-ap")
        before = [it for it in runs() if it.filing_id == runs()[0].filing_id]
        assert routing.read(before[-1])[0].also_lodged_with == ("fr-cnil", "nl-ap")
        assert not before[-1].pending

    def test_takes_today_for_a_day_of_lodging_that_is_not_known(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 22))
        with transaction():
            db.session.execute(sa.update(Filing).where(Filing.number == "C002-01").values(lodged_on=None))
        again()
        assert routing.read(runs()[-1])[0].as_of == date(2026, 11, 22)

    def test_asks_once_for_any_number_of_cases(self, case, statements, monkeypatch):
        keys = [cases.get_case(it).id for it in ("C001", "C002")]
        statements.clear()
        assert len(routing.newest_runs(keys)) == 3 and len(statements) == 1
        monkeypatch.setattr(routing, "IDS_AT_ONCE", 1)
        assert len(routing.newest_runs(keys)) == 3
        assert routing.newest_runs([]) == {}


class TestARouteInWords:
    def test_says_in_one_sentence_who_leads_and_why(self, case):
        facts, route = routing.read(runs("C001-01")[0])
        told = routing.explain(route, facts)
        assert told.startswith("The Irish DPC leads") and "Art 56(1)" in told and told.endswith(".")

    def test_says_that_a_lead_is_only_presumed(self, case):
        facts, route = routing.read(runs()[0])
        assert route.human and "presumed" in routing.explain(route, facts)

    def test_is_stored_with_the_lead_to_be_searched(self, case):
        assert {it.lead for it in runs("C001-01")} == {"ie-dpc"}
        assert DUBLIN.name == cases.get_case("C001").controllers[0].controller.name
