"""Where a case may be lodged: for each complainant, with what lies there already and what is not recorded."""

from datetime import date

import pytest

from tests.builders import ANN, DAY, IN_DUBLIN, a_case, lodged
from tracker.db import transaction
from tracker.rules.routing.receiving import Standing
from tracker.rules.vocabulary import Answer
from tracker.services import cases, filings, where_to_lodge
from tracker.services.cases import NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import Wanted
from tracker.services.where_to_lodge import ForPerson

PARIS = NewController(
    name="Example France SAS", country="FR", establishments=(NewEstablishment("FR", central=Answer.YES),)
)


def people(*residences: tuple[str | None, ...], **more: object) -> list[ForPerson]:
    """Open a case for these people and return where it may be lodged for each."""
    with transaction():
        case = a_case(complainants=tuple(NewComplainant(*it) for it in residences), **more)
    return where_to_lodge.for_case(cases.get_case(case.number), on=DAY)


def slugs(it: ForPerson, standing: Standing = Standing.PLACE) -> list[str | None]:
    """Return the authorities of that standing."""
    return [each.slug for answer in it.answers for each in answer.offers if each.standing is standing]


@pytest.mark.usefixtures("app")
class TestEachComplainant:
    def test_is_sent_to_where_they_live_with_the_lead_beside_it(self):
        [vienna, hamburg] = people(("A", "AT"), ("B", "DE-HH"))
        assert (slugs(vienna), slugs(hamburg)) == (["at-dsb"], ["de-hh-hmbbfdi"])
        assert slugs(vienna, Standing.LEAD) == ["ie-dpc"]
        assert vienna.answers[0].offers[0].reason == "The complainant lives in Austria"

    def test_gets_no_authority_from_a_residence_that_is_not_recorded(self):
        [it] = people(("A", None))
        assert (slugs(it), it.first) == ([], None)
        assert it.not_recorded[0] == "where the complainant lives"

    def test_is_sent_to_where_they_work_and_to_where_it_took_place_too(self):
        [it] = people(("A", "AT", "DE-HH"), infringement_place="IT")
        assert (slugs(it), it.not_recorded) == (["at-dsb", "de-hh-hmbbfdi", "it-garante"], ())

    def test_has_no_single_authority_where_the_land_is_not_known(self):
        [it] = people(("A", "DE"))
        assert it.first is None
        assert len(it.answers[0].offers[0].candidates) == 16
        assert ("de-hh-hmbbfdi", "HmbBfDI · Germany, Hamburg") in it.answers[0].offers[0].candidates

    def test_is_told_what_lies_there_for_them_and_not_what_lies_there_for_others(self):
        with transaction():
            case = a_case(complainants=(NewComplainant("A", "AT"), NewComplainant("B", "AT")))
            filings.lodge_complaint(case, [Wanted("at-dsb", "A")], lodged_on=DAY, by=ANN)
        [first, second] = where_to_lodge.for_case(cases.get_case("C001"), on=DAY)
        assert (first.lies_at, first.lies_at_a_place) == ({"at-dsb": "C001-01"}, True)
        assert (second.lies_at, second.lies_at_a_place) == ({}, False)


@pytest.mark.usefixtures("app")
class TestACase:
    def test_without_a_complainant_has_the_lead_and_no_place(self):
        [it] = people()
        assert it.complainant is None
        assert (slugs(it), slugs(it, Standing.LEAD)) == ([], ["ie-dpc"])

    def test_against_two_controllers_names_both_leads_once_in_one_answer(self):
        two = (
            Respondent(new=NewController(name="One", establishments=(NewEstablishment("IE"),)),
                       affected=("EEA",), processing=IN_DUBLIN),
            Respondent(new=PARIS, affected=("EEA",)),
        )  # fmt: skip
        [it] = people(("A", "AT"), respondents=two)
        [answer] = it.answers
        assert answer.controllers == ()
        assert slugs(it, Standing.LEAD) == ["ie-dpc", "fr-cnil"]

    def test_is_answered_by_the_states_that_take_part_on_that_day(self):
        with transaction():
            case = a_case(complainants=(NewComplainant("A", "GB"),))
        case = cases.get_case(case.number)
        [then] = where_to_lodge.for_case(case, on=date(2020, 12, 31))
        [now] = where_to_lodge.for_case(case, on=date(2021, 1, 1))
        assert (slugs(then), slugs(now)) == (["gb-ico"], [])
        assert len(slugs(now, Standing.NOT_OFFERED)) == 1


@pytest.mark.usefixtures("app")
class TestAnAuthorityThatIsChosen:
    def said(self, slug: str, complainant: str | None = "A", residence: str | None = "AT"):
        with transaction():
            case = a_case(complainants=(NewComplainant("A", residence),))
            [plan] = filings.plan_lodging(case, [Wanted(slug, complainant)], lodged_on=DAY)
        return where_to_lodge.chosen(slug, [(it.facts, it.route) for it in plan.routes])

    def test_is_named_with_its_place_and_its_ways(self):
        it = self.said("at-dsb")
        assert (it.reason, it.warning) == ("The complainant lives in Austria (Art 77(1))", None)
        assert it.ways and it.ways.in_languages == "German"

    def test_outside_the_places_comes_with_what_to_do(self):
        what, to_do = self.said("fr-cnil").warning or ("", "")
        assert "Art 77(1)" in what
        assert "reason for this choice" in to_do

    def test_is_called_the_lead_and_warned_of_all_the_same(self):
        it = self.said("ie-dpc")
        assert it.reason.startswith("Leads, or is presumed to")
        assert it.warning

    def test_of_another_land_says_who_would_receive(self):
        assert "HmbBfDI would receive there" in self.said("de-by-baylda", residence="DE-HH").reason

    def test_is_no_answer_where_it_is_not_known_who_lives_where(self):
        it = self.said("fr-cnil", complainant=None)
        assert (it.reason[:15], it.warning) == ("It is not known", None)

    def test_outside_the_eea_is_not_warned_of_under_the_gdpr(self):
        assert self.said("ch-fdpic").warning is None


@pytest.mark.usefixtures("app")
def test_the_answer_asks_the_store_for_nothing(statements):
    with transaction():
        case = a_case(complainants=tuple(NewComplainant(f"P{it}", "AT") for it in range(20)))
        lodged(case, "at-dsb", "fr-cnil")
    case = cases.get_case("C001")
    statements.clear()
    where_to_lodge.for_case(case, on=DAY)
    assert statements == []
