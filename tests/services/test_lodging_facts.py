"""What the filings of one act share for their routes, and what stays each one's own."""

import pytest

from tests.builders import ANN, DAY, a_case
from tracker.db import transaction
from tracker.services import cases, filings
from tracker.services.filings import Wanted


@pytest.mark.usefixtures("app")
class TestTheFilingsOfOneAct:
    def test_are_routed_with_each_other_and_with_those_of_before(self):
        with transaction():
            filings.lodge_complaint(a_case(), [Wanted("se-imy")], lodged_on=DAY, by=ANN)
        wanted = [Wanted(it) for it in ("at-dsb", "fr-cnil", "nl-ap")]
        for it in filings.plan_lodging(cases.get_case("C001"), wanted, lodged_on=DAY):
            own = it.authority.slug
            others = {"at-dsb", "fr-cnil", "nl-ap", "se-imy"} - {own}
            for run in it.routes:
                assert (run.facts.lodged_with, set(run.facts.also_lodged_with)) == (own, others)

    def test_keep_the_places_of_two_complainants_apart(self):
        with transaction():
            case = a_case()
        wanted = [Wanted("at-dsb", "A"), Wanted("fr-cnil", "B"), Wanted("nl-ap")]
        planned = filings.plan_lodging(case, wanted, lodged_on=DAY)
        homes = [it.routes[0].facts.complainant_residence for it in planned]
        assert homes == ["AT", "FR", None]
