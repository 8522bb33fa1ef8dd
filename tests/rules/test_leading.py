"""Who leads in force: the word of a person, then what stands confirmed, then the rules."""

import pytest

from tracker.rules.days import Day
from tracker.rules.leading import (
    Ground,
    InForce,
    LeadAct,
    Overriding,
    Told,
    confirmation,
    in_force,
    is_open_again,
)

DAY = Day.parse("2024-09-02")


def told(act: LeadAct, lead: str | None = "ie-dpc", by: str = "ie-dpc") -> Told:
    return Told(act, by, lead, DAY, 1)


CONFIRMED, DISPUTED = told(LeadAct.CONFIRMED), told(LeadAct.DISPUTED, None)
RETURNED, PRESUMED = told(LeadAct.RETURNED, None), told(LeadAct.PRESUMED, "nl-ap")


class TestWhoLeads:
    @pytest.mark.parametrize(
        ("override", "acts", "computed", "undetermined", "expected"),
        [
            (Overriding("fr-cnil"), [CONFIRMED], "nl-ap", False, InForce("fr-cnil", Ground.OVERRIDE)),
            (Overriding(None), [CONFIRMED], "nl-ap", False, InForce(None, Ground.OVERRIDE)),
            (None, [CONFIRMED], "nl-ap", True, InForce("ie-dpc", Ground.AUTHORITY)),
            (None, [CONFIRMED, DISPUTED], "nl-ap", False, InForce("nl-ap", Ground.RULES)),
            (None, [], "nl-ap", True, InForce("nl-ap", Ground.RULES, presumed=True)),
            (None, [], None, True, InForce(None, Ground.RULES, known=False)),
            (None, [], None, False, InForce(None, Ground.RULES)),
        ],
    )
    def test_is_said_by_the_first_voice_that_speaks(self, override, acts, computed, undetermined, expected):
        found = in_force(override=override, told=acts, computed=computed, undetermined=undetermined)
        assert found == expected


class TestAConfirmation:
    @pytest.mark.parametrize(
        ("acts", "stands", "open_again"),
        [
            ([], None, None),
            ([PRESUMED], None, None),
            ([CONFIRMED, PRESUMED], CONFIRMED, None),
            ([CONFIRMED, RETURNED], None, RETURNED),
            ([RETURNED, CONFIRMED], CONFIRMED, None),
            ([CONFIRMED, told(LeadAct.CONFIRMED, None)], CONFIRMED, None),
            ([DISPUTED, PRESUMED], None, DISPUTED),
        ],
    )
    def test_stands_until_somebody_takes_it_back(self, acts, stands, open_again):
        assert (confirmation(acts), is_open_again(acts)) == (stands, open_again)
