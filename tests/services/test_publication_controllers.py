"""What the public reads of a case against several controllers: who leads against each, and why."""

from typing import Any

import pytest

from tests.builders import DUBLIN, IN_DUBLIN, a_case, lodged
from tracker.db import transaction
from tracker.rules.further_facts import FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.routing import DISPUTED
from tracker.rules.vocabulary import Answer
from tracker.services import cases, publication
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment

HOSTER = NewController("Example Hosting SAS", "FR", (NewEstablishment("FR", central=Answer.YES),))
SISTER = NewController("Example Messages Limited", "IE", (NewEstablishment("IE", central=Answer.YES),))


@pytest.fixture
def filing(app):
    """Return what would be public of a filing against DUBLIN, which decides there, and SISTER."""

    def made(of_the_other: Processing, other: NewController = SISTER) -> dict[str, Any]:
        both = (
            Respondent(new=DUBLIN, affected=("EEA",), processing=IN_DUBLIN),
            Respondent(new=other, affected=("EEA",), processing=of_the_other),
        )
        with transaction():
            case = a_case(respondents=both)
            lodged(case, "at-dsb")
            number = case.number
        content = publication.default_content(cases.get_case(number))
        rows = publication.first_reading(content)
        return {**content["filings"][0], "read": "\n".join(text for _, text in rows)}

    return made


class TestTwoControllersOfWhomTheSameIsSo:
    def test_have_one_reason_in_the_plural(self, filing):
        found = filing(IN_DUBLIN)
        assert found["lead_short"] == (
            "Led by the Irish DPC, because the organisations complained about are recorded as established "
            "only in Ireland (Art 56(1))."
        )
        assert "\n" not in found["lead_sentence"]


class TestAControllerAndItsProcessor:
    def test_are_led_by_the_authority_of_the_controller(self, filing):
        found = filing(Processing(further=FurtherFacts(role="processor")), HOSTER)
        assert found["lead"] == "ie-dpc"
        first, second = found["lead_sentence"].split("\n\n")
        assert first.startswith("The Irish DPC leads")
        assert second == (
            "Example Hosting SAS is complained about as a processor: it does not decide who leads, and its "
            "authority is concerned: the French CNIL (recital 36)."
        )
        assert found["lead_short"].startswith("Led by the Irish DPC")


class TestTwoControllersWithDifferentReasons:
    def test_have_no_line_that_speaks_for_both(self, filing):
        found = filing(Processing())
        assert (found["lead"], found["lead_short"]) == ("ie-dpc", "")

    def test_have_a_paragraph_each_with_its_dispute(self, filing):
        sure, doubtful = filing(Processing())["lead_sentence"].split("\n\n")
        assert sure.startswith("Example Platforms Ireland Limited: The Irish DPC leads: ")
        assert doubtful.startswith("Example Messages Limited: The Irish DPC leads: ")
        assert DISPUTED in doubtful and DISPUTED not in sure

    def test_are_read_line_by_line_by_whoever_clears(self, filing):
        found = filing(Processing())
        assert found["lead_sentence"].replace("\n\n", "\n") in found["read"]
