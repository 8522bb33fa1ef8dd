"""What the public is told of what authorities owe: nothing whose lateness public entries cannot show."""

import pytest

from tracker.reference.periods import periods
from tracker.rules.told_in_public import INSIDE, STOPPED_BY_A_LEAD, is_told


class TestAPeriodThatStaysInside:
    @pytest.mark.parametrize("period", sorted(INSIDE))
    def test_is_one_of_the_table_and_says_why(self, period):
        assert period in periods() and INSIDE[period]
        assert not is_told(period, lead="ie-dpc", presumed=False)


class TestAPeriodThatALeadStops:
    @pytest.mark.parametrize("period", sorted(STOPPED_BY_A_LEAD))
    def test_is_told_only_where_it_is_certain_who_leads(self, period):
        assert period in periods()
        assert is_told(period, lead="at-dsb", presumed=False)
        assert not is_told(period, lead="ie-dpc", presumed=True)
        assert not is_told(period, lead=None, presumed=False)


class TestTheInformationOnProgress:
    @pytest.mark.parametrize(("lead", "presumed"), [(None, False), ("ie-dpc", True), ("ie-dpc", False)])
    def test_is_told_whoever_leads(self, lead, presumed):
        assert is_told("G15", lead=lead, presumed=presumed)
