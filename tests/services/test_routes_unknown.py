"""What the records do not know never becomes a no in the facts of a route."""

import pytest
import sqlalchemy as sa

from tests.builders import DAY, a_case, lodged
from tests.campaigns import a_campaign, a_controller, a_filing, case_of, take_in
from tests.publishing import clear
from tracker.db import db, transaction
from tracker.models import Filing, Route
from tracker.rules.routing import Facts, Procedure, Reason, RouteWarning
from tracker.rules.routing import Route as Answered
from tracker.services import (
    authorities,
    cases,
    filings,
    public_site_authorities,
    publication_content,
    routing,
    status,
)
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import Wanted

pytestmark = pytest.mark.usefixtures("app")


def found(key: str, against: str = "Acme Limited") -> tuple[Facts, Answered]:
    """Return facts and answer of the current route of an imported filing against a controller."""
    query = sa.select(Route).join(Filing, Filing.id == Route.filing_id)
    for run in db.session.scalars(query.where(Filing.key == key, Route.current)):
        if any(
            it.controller_id == run.controller_id and it.controller.name == against for it in respondents()
        ):
            return routing.read(run)
    raise AssertionError(key)


def respondents():
    return cases.get_case(case_of().number).controllers


def imported(*, on: str = "2024-06-06", slugs: tuple[str, ...] = ("at-dsb", "fr-cnil"), **said):
    """Take in a campaign against one company, lodged on a day with some authorities."""
    more = {7: {"date_precision": "month"}, 4: {"date_precision": "year"}}.get(len(on), {})
    lodged_here = [a_filing(f"acme-2024-{slug[:2]}", slug, date=on, **more) for slug in slugs]
    take_in(a_campaign(controllers=[a_controller(**said)], filings=lodged_here, events=[]))


class TestASeatThatIsNotInTheEea:
    @pytest.mark.parametrize(
        ("seat", "main", "on"),
        [("GB", None, "2021-02-01"), ("GB", "GB", "2021-02-01"), ("NO", None, "2018-07-19")],
    )
    def test_does_not_show_that_there_is_no_establishment(self, seat, main, on):
        imported(on=on, hq_country=seat, main_establishment_eu=main)
        _, route = found("acme-2024-at")
        assert (route.procedure, route.reason) == (Procedure.OSS_60, Reason.UNDETERMINED_PRESUMED_CA)
        assert route.lead is None and route.cross_border is None and route.human
        assert RouteWarning.W_NO_ENFORCEMENT not in route.warnings
        assert (RouteWarning.W_BREXIT in route.warnings) == (seat == "GB")

    def test_is_none_in_the_eea_where_somebody_said_so(self):
        imported(on="2021-02-01", hq_country="GB", main_establishment_eu=None, establishments=[])
        assert found("acme-2024-at")[1].reason is Reason.NOLEAD_NO_EEA_ESTABLISHMENT

    def test_is_no_news_where_another_place_counts(self):
        imported(on="2021-02-01", hq_country="GB", main_establishment_eu="IE")
        facts, route = found("acme-2024-at")
        assert facts.establishments_complete and route.lead == "ie-dpc"


class TestADayKnownRoughly:
    @pytest.mark.parametrize(
        ("on", "first", "last", "human"),
        [
            ("2018-05", "2018-05-01", "2018-05-31", True),
            ("2018", "2018-01-01", "2018-12-31", True),
            ("2018-06", "2018-06-01", "2018-06-30", False),
            ("2022", "2022-01-01", "2022-12-31", False),
        ],
    )
    def test_is_taken_as_its_last_day_and_left_to_a_person_where_the_law_changed(
        self, on, first, last, human
    ):
        imported(on=on)
        facts, route = found("acme-2024-at")
        assert (facts.as_of.isoformat(), str(facts.as_of_earliest)) == (last, first)
        assert (route.lead, route.human) == ("ie-dpc", human)

    def test_is_left_to_a_person_where_the_state_of_the_seat_may_have_left(self):
        imported(on="2020", hq_country="GB", main_establishment_eu="GB")
        assert found("acme-2024-at")[1].for_a_person
        assert found("acme-2024-at")[1].lead == "gb-ico"

    def test_is_not_named_where_the_day_is_exact(self):
        imported()
        assert found("acme-2024-at")[0].as_of_earliest is None


class TestPeoplePresumedToBeAffected:
    def test_are_not_known_where_one_of_two_states_takes_no_part(self):
        imported(slugs=("gb-ico", "fr-cnil"))
        facts, route = found("acme-2024-fr")
        assert facts.affected is None and route.cross_border is None
        assert route.reason is Reason.UNDETERMINED_PRESUMED_CA

    def test_are_those_of_two_states_that_took_part_then(self):
        imported(slugs=("gb-ico", "fr-cnil"), hq_country="FR", main_establishment_eu="FR", on="2020-06-06")
        assert found("acme-2024-fr")[0].affected == ("FR", "GB")

    def test_are_believed_where_somebody_said_so(self):
        imported(slugs=("gb-ico", "fr-cnil"), affected=["FR"])
        assert found("acme-2024-fr")[1].reason is Reason.NOLEAD_NOT_CROSS_BORDER


class TestAComplaintAgainstAnotherController:
    def test_makes_nobody_concerned_by_it_in_a_file(self):
        two = [a_controller(), a_controller("bolt")]
        here = [a_filing("a"), a_filing("b", "fr-cnil", controllers=["bolt"]), a_filing("c", "es-aepd")]
        take_in(a_campaign(controllers=two, filings=here, events=[]))
        facts, route = found("a")
        assert facts.also_lodged_with == ("es-aepd",)
        assert "fr-cnil" not in route.concerned and "c" in route.concerned["es-aepd"]
        assert found("b", "Bolt Limited")[0].also_lodged_with == ()

    def test_makes_nobody_concerned_by_it_at_the_desk(self):
        two = [a_controller(), a_controller("bolt")]
        here = [a_filing("a"), a_filing("b", "fr-cnil", controllers=["bolt"])]
        take_in(a_campaign(controllers=two, filings=here, events=[]))
        case = cases.get_case(case_of().number)
        (planned,) = filings.plan_lodging(case, [Wanted("es-aepd")], lodged_on=DAY)
        also = [route.facts.also_lodged_with for route in planned.routes]
        assert also == [("at-dsb",), ("fr-cnil",)]


class TestALeadWhoseStateHasLeft:
    def lodged_in_2019(self):
        british = NewController("Example Air plc", "GB", (NewEstablishment("GB"),))
        with transaction():
            made = a_case(respondents=(Respondent(new=british, affected=("AT", "FR")),))
            lodged(made, "at-dsb", on=DAY.replace(year=2019))
        return cases.get_case(made.number)

    def test_is_told_as_the_past_and_left_to_a_person(self):
        (filing,) = self.lodged_in_2019().filings
        (told,) = status.explained(filing)
        assert told.route.human and told.route.lead == "gb-ico"
        assert told.sentence.startswith("On 6 June 2019 the ") and " led: " in told.sentence
        assert "Since 1 January 2021 no authority of the one-stop shop leads" in told.sentence
        assert status.described(filing, {}).leads == (None,)

    def test_is_no_lead_for_the_public(self):
        case = self.lodged_in_2019()
        (public,) = publication_content.content_of(case, filings=["C001-01"], updates=[1])["filings"]
        assert public["lead"] is None and " led: " in public["lead_sentence"]

    def test_handles_nothing_any_more_in_public(self):
        case = self.lodged_in_2019()
        (public,) = publication_content.content_of(case, filings=["C001-01"], updates=[1])["filings"]
        assert public["handling"] is None
        clear("C001")
        page = public_site_authorities.authority_page("gb-ico")
        assert (page.total, page.handled) == (0, 0)

    def test_is_not_named_in_the_sentence_of_a_stage_either(self):
        (filing,) = self.lodged_in_2019().filings
        filing.stage = "forwarded"
        assert status.described(filing, {}).sentence.startswith("With the lead authority, passed on by")

    def test_is_told_with_its_end_where_the_source_names_another(self):
        (filing,) = self.lodged_in_2019().filings
        filing.lead_said = "ie-dpc"
        assert status.explained(filing)[0].difference == (
            "The source names the Irish DPC as lead; the rules say the British ICO, until 31 December 2020. "
            "The lead of that day lost it when its state left the one-stop shop; the source may name who "
            "took over (EDPB Opinion 8/2019)."
        )
        filing.lead_said = "gb-ico"
        assert status.explained(filing)[0].difference is None

    def test_has_its_filing_on_the_page_of_the_authority_as_the_past_and_leads_in_none(self):
        self.lodged_in_2019()
        ((involved,), _) = authorities.filings_of("gb-ico")
        assert involved.roles == ("lead until 31 December 2020",)
        assert authorities.counts().lead == {}
