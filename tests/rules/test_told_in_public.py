"""What the public is told of what authorities owe: nothing whose lateness public entries cannot show."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.reference.periods import periods
from tracker.rules.deadlines import Ends
from tracker.rules.told_in_public import (
    INSIDE,
    STOPPED_BY_A_LEAD,
    borne_out,
    ends_in_public,
    is_told,
    will_reproach,
)


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


TODAY = date(2026, 6, 1)
LAST, LATER = date(2026, 3, 2), date(2026, 5, 4)
#: Waited for in public, and over.
PUBLIC = ends_in_public(due=LAST, certain=LAST, met_on=None, paused_on=None, waits=True)
FILE = Ends(due=LAST, safe=LAST, certain=LAST, own=False)


class TestThatAnAuthorityIsLateInPublic:
    @pytest.mark.parametrize(
        "file",
        [
            None,
            replace(FILE, met_on=LAST),
            replace(FILE, met_on=LATER),
            replace(FILE, shown_met=True),
            replace(FILE, waived=True),
            replace(FILE, paused_on=LAST),
            replace(FILE, certain=TODAY),
            replace(FILE, due=None, certain=None),
            replace(FILE, certain=LATER, extended=True),
        ],
    )
    def test_is_not_borne_out_by_a_file_that_knows_better(self, file):
        assert not borne_out(PUBLIC, file, TODAY)

    @pytest.mark.parametrize("file", [FILE, replace(FILE, certain=LATER), replace(FILE, extended=True)])
    def test_is_borne_out_by_a_file_that_says_so_too(self, file):
        assert borne_out(PUBLIC, file, TODAY)

    def test_needs_nothing_while_it_is_not_over(self):
        assert borne_out(PUBLIC, None, LAST)


class TestThatAnAuthorityWasLateInPublic:
    PUBLIC = replace(PUBLIC, met_on=LATER, waived=False)

    @pytest.mark.parametrize(("day", "right"), [(LAST, False), (date(2026, 4, 1), False), (LATER, True)])
    def test_is_borne_out_where_the_file_has_it_no_sooner(self, day, right):
        assert borne_out(self.PUBLIC, replace(FILE, met_on=day), TODAY) is right


class TestWhatStillRunsInPublic:
    @pytest.mark.parametrize(
        "file",
        [
            None,
            replace(FILE, met_on=LAST),
            replace(FILE, waived=True),
            replace(FILE, paused_on=LAST),
            replace(FILE, certain=LATER, extended=True),
        ],
    )
    def test_will_reproach_where_the_file_does_not_wait_for_it(self, file):
        assert will_reproach(PUBLIC, file, LAST)

    @pytest.mark.parametrize("file", [FILE, replace(FILE, certain=LATER)])
    def test_will_not_where_the_file_waits_too(self, file):
        assert not will_reproach(PUBLIC, file, LAST)

    @pytest.mark.parametrize(
        "public",
        [replace(PUBLIC, met_on=LAST), replace(PUBLIC, waived=True), replace(PUBLIC, paused_on=LAST)],
    )
    def test_will_not_where_nobody_waits_in_public(self, public):
        assert not will_reproach(public, None, LAST)
