"""The controllers of a case corrected: what holds for the processing, for the company, and the effect."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import ANN, DUBLIN, IN_DUBLIN, a_case, lodged
from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.models import CaseController
from tracker.rules.further_facts import ORDINARY, FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer, Precision
from tracker.services import cases, filings, journal, routing
from tracker.services.cases import Rerouted, Respondent
from tracker.services.cases_controllers import Corrected, Said, SaidPlace, amend_controllers, said_of, seen_in
from tracker.services.controllers import NewController, NewEstablishment

PARIS = NewController("Société Exemple", "FR", (NewEstablishment("FR", central=Answer.YES),))


@pytest.fixture(autouse=True)
def two_cases(app) -> None:
    """Two cases against the same company in Dublin, each lodged in Austria; the first in France too."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil")
        key = cases.get_case("C001").controllers[0].controller_id
        lodged(a_case(title="Another", respondents=(Respondent(key, affected=("EEA",)),)), "at-dsb")


def respondent(number: str = "C001") -> CaseController:
    return cases.get_case(number).controllers[0]


def now(number: str = "C001", **values: object) -> Said:
    """Return what is said of the first controller of a case, with some of it changed."""
    return replace(said_of(respondent(number)), **values)


def place(number: str = "C001", **values: object) -> SaidPlace:
    """Return the first establishment of the first controller of a case, with some of it changed."""
    return replace(said_of(respondent(number)).places[0], **values)


def amend(*said: Said, added: tuple[Respondent, ...] = (), number: str = "C001") -> Corrected:
    with transaction():
        case = cases.get_case(number)
        return amend_controllers(case, said, added, seen=seen_in(case), by=ANN)


def facts(number: str = "C001-01"):
    """Return the facts of the route of a filing that counts."""
    [run] = filings.get_filing(number).routes
    return routing.read(run)[0]


class TestWhatIsSaidOfTheProcessing:
    def test_holds_for_this_case_alone(self):
        done = amend(now(places=(place(decides=Answer.NO),), decided_outside_eea=Answer.YES))
        assert len(done.anew) == 2 and not done.rerouted, "both filings of the case"
        [dublin] = facts().establishments
        assert dublin.decides is dublin.implements is Answer.NO, "one question asks both"
        assert facts().decided_outside_eea is Answer.YES
        [elsewhere] = facts("C002-01").establishments
        assert elsewhere.decides is Answer.UNKNOWN and facts("C002-01").decided_outside_eea is Answer.UNKNOWN

    def test_can_be_taken_back_to_not_known(self):
        assert said_of(respondent()).places[0].decides is Answer.YES
        amend(now(places=(place(decides=Answer.UNKNOWN),)))
        assert facts().establishments[0].decides is Answer.UNKNOWN
        assert Processing.from_json(respondent().processing).decides == {"IE": Answer.UNKNOWN}

    def test_says_nothing_where_nobody_was_asked(self):
        amend(now("C002"), number="C002")
        assert respondent("C002").processing is None, "so that it follows the register"

    def test_cannot_be_answered_in_two_ways_for_one_place(self):
        """There are two rows for one place where a company left and came back."""
        later = SaidPlace("IE", since=date(2020, 1, 1), decides=Answer.NO)
        with pytest.raises(RuleBroken, match="Ireland: whether it decides .* in two ways"):
            amend(now(places=(place(until=date(2019, 1, 1)), later)))

    def test_tells_whom_it_affects(self):
        amend(now(affected=("FR", "AT")))
        assert facts().affected == ("FR", "AT") and facts("C002-01").affected == ("EEA",)
        amend(now(affected=None))
        assert facts().affected is None

    def test_is_no_presumption_any_more_once_somebody_said_it(self):
        with transaction():
            respondent().affected_presumed = True
        amend(now())
        assert respondent().affected_presumed, "nobody touched it"
        amend(now(affected=("FR",)))
        assert not respondent().affected_presumed


class TestTheFurtherFacts:
    HOSPITAL = FurtherFacts(subject="public_authority", public_level="land")

    def test_hold_for_this_case_alone_and_route_its_filings_again(self):
        done = amend(now(further=self.HOSPITAL))
        assert len(done.anew) == 2 and not done.rerouted
        assert (facts().subject, facts().public_level) == ("public_authority", "land")
        assert facts("C002-01").subject == "private"
        assert said_of(respondent()).further == self.HOSPITAL

    def test_can_be_taken_back_without_a_trace(self):
        before = respondent().processing
        amend(now(further=self.HOSPITAL))
        amend(now(further=ORDINARY))
        assert respondent().processing == before and facts().subject == "private"

    def test_are_part_of_what_somebody_else_may_have_changed(self):
        seen = seen_in(cases.get_case("C001"))
        amend(now(further=self.HOSPITAL))
        assert seen_in(cases.get_case("C001")) != seen

    @pytest.mark.parametrize(
        ("further", "field", "words"),
        [
            (FurtherFacts(public_level="land"), "public_level", "only of a public authority"),
            (FurtherFacts(local_only="CH"), "local_only", "not in the EEA"),
            (FurtherFacts(infringement_ended=date(2099, 1, 1)), "infringement_ended", "has not come yet"),
            (FurtherFacts(infringement_ended=date(2019, 1, 1)), "infringement_ended", "before the facts"),
        ],
    )
    def test_that_cannot_be_are_refused_beside_their_field(self, further, field, words):
        with transaction():
            case = cases.get_case("C001")
            case.facts_on, case.facts_precision = date(2020, 1, 1), Precision.YEAR
        before = said_of(respondent())
        with pytest.raises(RuleBroken, match=words) as refused:
            amend(now(affected=("FR",), further=further))
        assert refused.value.field == f"respondents-0-{field}"
        assert said_of(respondent()) == before, "nothing of the change is kept"


class TestWhatTheRegisterSays:
    def test_holds_for_every_case_against_the_company(self):
        done = amend(now(places=(place(until=date(2020, 1, 1)), SaidPlace("NL", central=Answer.YES))))
        assert {it.after.filing_id for it in done.anew} == {
            it.id for number in ("C001", "C002") for it in cases.get_case(number).filings
        }
        assert {it.place for it in facts("C002-01").establishments} == {"IE", "NL"}
        assert all(it.differs for it in done.anew)
        assert done.rerouted == (Rerouted("C002", routes=1, differs=1),)
        [line, *_] = journal.history_of(cases.get_case("C002").id)
        assert (line.act, line.detail) == ("case.reroute", {"case": "C001", "routes": 1})
        assert [it.act for it in journal.about(DUBLIN.name)] == ["controller.amend", "controller.add"]

    def test_names_who_corrected_it(self):
        amend(now(places=(place(since=date(2011, 1, 1)),)))
        [row] = respondent().controller.establishments
        assert (row.since, row.origin) == (date(2011, 1, 1), "corrected by Ann")

    def test_has_no_evidence_of_an_answer_that_it_does_not_give_any_more(self):
        with transaction():
            [row] = respondent().controller.establishments
            row.evidence = {"place": "a letter", "central": "annual report 2019", "main_processing": "a map"}
        amend(now(places=(place(central=Answer.NO, since=date(2011, 1, 1)),)))
        [row] = respondent().controller.establishments
        assert row.evidence == {"place": "a letter", "main_processing": "a map"}

    @pytest.mark.parametrize(
        ("none", "establishments"), [(Answer.NO, ()), (Answer.UNKNOWN, None), (Answer.YES, None)]
    )
    def test_can_lose_what_was_entered_by_mistake(self, none, establishments):
        amend(now(places=(place(mistake=True),), none=none))
        assert facts().establishments == establishments
        assert Processing.from_json(respondent().processing).decides == {}, "and what was said about it"

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            (
                {"since": date(2020, 1, 1), "until": date(2019, 1, 1)},
                "1 January 2019, the last day, lies before",
            ),
            ({"since": date(2999, 1, 1)}, "Ireland: 1 January 2999 has not come yet"),
            ({"key": 17}, "not in the register any more"),
            ({"key": None, "place": "US"}, "United States is not in the EEA"),
        ],
    )
    def test_refuses_what_cannot_be(self, values, words):
        before = said_of(respondent())
        with pytest.raises(RuleBroken, match=words):
            amend(now(affected=("FR",), places=(place(**values),)))
        assert said_of(respondent()) == before, "nothing of the change is kept"

    def test_is_refused_only_where_the_page_says_something_else(self):
        """A file may have brought days that nobody could type."""
        with transaction():
            [row] = respondent().controller.establishments
            row.since = date(2999, 1, 1)
        amend(now(affected=("FR",)))
        assert respondent().affected == ["FR"]

    def test_stays_as_it_is_where_nothing_is_said(self):
        assert amend(now()) == Corrected() == amend()

    def test_has_one_head_office_at_a_time(self):
        with pytest.raises(RuleBroken, match="Ireland is the head office") as refused:
            amend(now(places=(place(), SaidPlace("FR", central=Answer.YES))))
        assert refused.value.field == "respondents-0-establishments-1-central"
        amend(now(places=(place(central=Answer.NO), SaidPlace("FR", central=Answer.YES))))
        assert {it.place: it.ca for it in facts().establishments} == {"IE": Answer.NO, "FR": Answer.YES}


class TestTheControllersOfACase:
    def test_can_be_more(self):
        amend(added=(Respondent(new=PARIS, affected=("FR",)),))
        assert [it.controller.name for it in cases.get_case("C001").controllers] == [DUBLIN.name, PARIS.name]
        assert [it.name for it in filings.get_filing("C001-01").controllers] == [DUBLIN.name], (
            "what was lodged was lodged against the first"
        )

    def test_can_be_fewer_where_no_filing_names_one(self):
        amend(added=(Respondent(new=PARIS),))
        paris = said_of(cases.get_case("C001").controllers[1])
        amend(replace(paris, out=True))
        assert [it.controller.name for it in cases.get_case("C001").controllers] == [DUBLIN.name]

    def test_cannot_lose_one_against_whom_a_complaint_lies(self):
        with pytest.raises(RuleBroken, match="C001-01 was lodged against it, and 1 more"):
            amend(now(out=True))

    def test_cannot_be_none(self, app):
        with transaction():
            a_case(title="Not lodged", respondents=(Respondent(new=PARIS),))
        with pytest.raises(RuleBroken, match="needs a controller"):
            amend(now("C003", out=True), number="C003")

    def test_that_is_not_there_any_more_is_refused(self):
        with pytest.raises(RuleBroken, match="not in this case any more"):
            amend(replace(now(), controller=17))

    def test_are_not_overwritten_by_who_saw_an_older_state(self):
        seen = seen_in(cases.get_case("C001"))
        amend(now(affected=("FR",)))
        with pytest.raises(Stale) as refused, transaction():
            amend_controllers(cases.get_case("C001"), [now(affected=("AT",))], seen=seen, by=ANN)
        assert refused.value.theirs and respondent().affected == ["FR"]

    def test_are_another_state_when_the_register_changed_in_another_case(self):
        seen = seen_in(cases.get_case("C002"))
        amend(now(places=(place(since=date(2011, 1, 1)),)))
        assert seen_in(cases.get_case("C002")) != seen

    def test_cost_as_many_statements_for_many_cases_as_for_few(self, statements):
        def cost(since: date) -> int:
            statements.clear()
            amend(now(places=(place(since=since),)))
            return sum(it.lstrip().upper().startswith("SELECT") for it in statements)

        few = cost(date(2011, 1, 1))
        with transaction():
            for title in ("Third", "Fourth", "Fifth"):
                against = (Respondent(respondent().controller_id, processing=IN_DUBLIN),)
                lodged(a_case(title=title, respondents=against), "it-garante")
        assert cost(date(2012, 1, 1)) == few
