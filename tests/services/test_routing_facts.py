"""What the records know of a controller in a case, as the facts of its routes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.builders import ANN, DAY, a_case, lodged
from tracker.db import transaction
from tracker.rules import routing as rules
from tracker.rules.further_facts import FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import cases, filings, routing, routing_facts
from tracker.services.cases import NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import Wanted

pytestmark = pytest.mark.usefixtures("app")
Complaint = Callable[..., tuple[rules.Facts, ...]]


@pytest.fixture
def facts() -> Complaint:
    """Return a function that lodges a complaint in Austria for A and returns its facts, by issue."""

    def complain(name: str, *places: str, **further: Any) -> tuple[rules.Facts, ...]:
        new = NewController(name, None, tuple(NewEstablishment(it) for it in places))
        said = Processing(further=FurtherFacts(**further))
        with transaction():
            made = a_case(
                respondents=(Respondent(new=new, affected=("EEA",), processing=said),),
                complainants=(NewComplainant("A", "AT", "DE-BY"),),
                infringement_place="IT",
            )
            filings.lodge_complaint(made, [Wanted("at-dsb", "A")], lodged_on=DAY, by=ANN)
        filing = filings.get_filing("C001-01")
        [respondent] = filing.case.controllers
        return routing_facts.facts_by_issue(respondent, routing_facts.lodging_of(filing, ()))

    return complain


class TestTheFactsOf:
    def test_a_company_are_the_ordinary_case(self, facts):
        [it] = facts("Acme Ltd", "IE")
        assert it == rules.Facts(
            as_of=DAY,
            lodged_with="at-dsb",
            complainant_residence="AT",
            complainant_workplace="DE-BY",
            infringement_place="IT",
            establishments=(rules.Establishment("IE"),),
            affected=("EEA",),
        )

    def test_a_hospital_say_that_it_is_public_and_of_which_level(self, facts):
        [it] = facts("Klinikum", "DE-BY", subject="public_authority", public_level="land")
        assert (it.subject, it.public_level, it.obligation_of) == ("public_authority", "land", None)
        route = routing.answer(it)
        assert (route.procedure, route.handling) == (rules.Procedure.PUBLIC_55_2, "de-by-baylfd")

    def test_a_private_body_with_a_public_task_say_whose_law_gives_it(self, facts):
        [it] = facts("Prüfstelle", "AT", subject="private_6_1_c_e", obligation_of="DE")
        assert (it.subject, it.obligation_of) == ("private_6_1_c_e", "DE")
        assert routing.answer(it).human, "the state concerned is for a person to say"

    def test_a_cookie_banner_are_two_that_differ_in_the_issue_alone(self, facts):
        both = facts("Acme SAS", "FR", issues=("gdpr", "eprivacy"))
        assert [it.issue for it in both] == ["gdpr", "eprivacy"]
        one, other = ({**it.to_json(), "issue": None} for it in both)
        assert one == other
        assert [routing.answer(it).procedure for it in both] == [
            rules.Procedure.OSS_60,
            rules.Procedure.NATIONAL_EPRIVACY,
        ]

    def test_a_broadcaster_say_that_it_pursues_media_purposes(self, facts):
        [it] = facts("Rundfunk", "DE-BY", media_art85=Answer.YES)
        assert (it.media_art85, it.church_art91) == (Answer.YES, Answer.NO)
        assert rules.RouteWarning.W_ART85 in routing.answer(it).warnings

    def test_a_church_may_be_not_known_to_be_one(self, facts):
        [it] = facts("Stift", "AT", church_art91=Answer.UNKNOWN)
        assert it.church_art91 is Answer.UNKNOWN
        assert rules.RouteWarning.W_ART91 in routing.answer(it).warnings, "unknown is not no"

    def test_a_processor_say_so(self, facts):
        assert facts("Wolke GmbH", "AT", role="processor")[0].role == "processor"

    def test_a_joint_controller_lead_to_the_warning(self, facts):
        [it] = facts("Acme Ltd", "IE", role="joint_controller")
        assert rules.RouteWarning.W_JOINT_CONTROLLERS in routing.answer(it).warnings

    def test_an_infringement_that_ended_say_when_or_that_nobody_knows(self, facts):
        [it] = facts("Acme Ltd", "IE", infringement_ended=date(2024, 1, 31), local_only="AT")
        assert (it.infringement_ended, it.local_only) == (date(2024, 1, 31), "AT")
        assert routing.answer(it).procedure is rules.Procedure.LOCAL_56_2
        assert not it.infringement_may_have_ended

    def test_an_infringement_that_may_have_ended_say_no_day(self, facts):
        [it] = facts("Acme Ltd", "IE", infringement_may_have_ended=True, de_telecom=Answer.YES)
        assert it.infringement_ended is None and it.infringement_may_have_ended
        assert it.de_telecom is Answer.YES

    def test_a_stored_route_are_those(self, facts):
        [it] = facts("Klinikum", "DE-BY", subject="public_authority", public_level="land")
        [run] = filings.get_filing("C001-01").routes
        assert routing.read(run)[0] == it


class TestJointControllers:
    def test_get_a_run_each_for_every_filing(self):
        joint = Processing(further=FurtherFacts(role="joint_controller"))
        against = tuple(
            Respondent(new=NewController(name, seat, (NewEstablishment(seat),)), processing=joint)
            for name, seat in (("Acme Ltd", "IE"), ("Acme SAS", "FR"))
        )
        with transaction():
            made = lodged(a_case(respondents=against), "at-dsb", "fr-cnil")
            numbers = [it.number for it in made]
        for number in numbers:
            routes = [routing.read(it)[1] for it in filings.get_filing(number).routes]
            assert len(routes) == 2
            assert all(rules.RouteWarning.W_JOINT_CONTROLLERS in it.warnings for it in routes)


class TestThePlacesOfArticle77:
    def lodge(self, **places: str) -> rules.Route:
        """Lodge with the Bavarian authority for A, who lives in Austria; return the route."""
        person = NewComplainant("A", "AT", places.get("workplace"))
        with transaction():
            made = a_case(complainants=(person,), infringement_place=places.get("infringement_place"))
            filings.lodge_complaint(made, [Wanted("de-by-baylda", "A")], lodged_on=DAY, by=ANN)
        [run] = filings.get_filing(f"{made.number}-01").routes
        return routing.read(run)[1]

    def test_are_missed_where_none_of_them_is_that_of_the_authority(self):
        assert rules.RouteWarning.W_LODGED_OUTSIDE_77 in self.lodge().warnings

    @pytest.mark.parametrize("place", ["workplace", "infringement_place"])
    def test_are_met_where_the_complainant_works_or_it_took_place_there(self, place: str):
        assert rules.RouteWarning.W_LODGED_OUTSIDE_77 not in self.lodge(**{place: "DE-BY"}).warnings

    def test_are_in_the_preview_as_in_what_is_stored(self):
        with transaction():
            made = a_case(complainants=(NewComplainant("A", "AT", "DE-BY"),))
            wanted = [Wanted("de-by-baylda", "A")]
            [planned] = filings.plan_lodging(made, wanted, lodged_on=DAY)
        assert planned.routes[0].facts.complainant_workplace == "DE-BY"
        assert cases.get_case(made.number).complainants[0].workplace == "DE-BY"
