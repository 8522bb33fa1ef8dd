"""The estimate of waiting times against published examples, a second program, and what must always hold."""

import math
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.survival import Curve, Observation, Quantile, estimate


def watched(words: str) -> list[Observation]:
    """Return observations as the literature writes them: "6 6+", where + marks a wait that did not end."""
    return [Observation(int(it.rstrip("+")), ended=not it.endswith("+")) for it in words.split()]


def table(curve: Curve, digits: int = 4) -> list[tuple[float, ...]]:
    """Return the rows that programs print: day, at risk, ended, share, lower, upper."""
    return [
        (it.days, it.at_risk, it.ended, *(round(x, digits) for x in (it.waiting, it.lower, it.upper)))
        for it in curve.steps
    ]


#: Weeks in remission of children with leukaemia: Freireich et al., Blood 21 (1963) 699, in every textbook.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
#: Weeks in remission with and without maintenance: Miller, Survival Analysis (1981), "aml" in R.
MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+"
NOT_MAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45"
#: What scipy makes of invented waits.
SAMPLES = yaml.safe_load((Path(__file__).parent / "survival_by_scipy.yaml").read_text(encoding="utf-8"))


class TestPublishedExamples:
    def test_of_children_who_were_treated_come_out_with_their_band(self):
        assert table(estimate(watched(TREATED))) == [
            (6, 21, 3, 0.8571, 0.6197, 0.9516),
            (7, 17, 1, 0.8067, 0.5631, 0.9228),
            (10, 15, 1, 0.7529, 0.5032, 0.8894),
            (13, 12, 1, 0.6902, 0.4316, 0.8491),
            (16, 11, 1, 0.6275, 0.3675, 0.8049),
            (22, 7, 1, 0.5378, 0.2678, 0.7468),
            (23, 6, 1, 0.4482, 0.1881, 0.6801),
        ]

    def test_of_the_same_children_have_their_median_and_its_limits(self):
        curve = estimate(watched(TREATED))
        assert curve.quantile(0.5) == Quantile(23, 13, None)
        assert (curve.n, curve.ended, curve.longest) == (21, 9, 35)

    def test_of_children_with_a_placebo_come_out(self):
        curve = estimate(watched(PLACEBO))
        assert [round(it.waiting, 4) for it in curve.steps] == [
            0.9048, 0.8095, 0.7619, 0.6667, 0.5714, 0.3810, 0.2857, 0.1905, 0.1429, 0.0952, 0.0476, 0.0,
        ]  # fmt: skip
        assert curve.quantile(0.5) == Quantile(8, 4, 11)

    def test_of_maintained_remission_come_out(self):
        curve = estimate(watched(MAINTAINED))
        assert [(it.days, round(it.waiting, 3)) for it in curve.steps] == [
            (9, 0.909), (13, 0.818), (18, 0.716), (23, 0.614), (31, 0.491), (34, 0.368), (48, 0.184),
        ]  # fmt: skip
        assert curve.quantile(0.5).days == 31 and curve.longest == 161

    def test_of_remission_without_maintenance_come_out(self):
        curve = estimate(watched(NOT_MAINTAINED))
        assert [round(it.waiting, 4) for it in curve.steps] == [
            0.8333, 0.6667, 0.5833, 0.4861, 0.3889, 0.2917, 0.1944, 0.0972, 0.0,
        ]  # fmt: skip
        assert curve.quantile(0.5).days == 23


class TestWaitsOfWhichNoneHasEnded:
    def test_have_no_median(self):
        curve = estimate(watched("10+ 20+ 30+ 30+ 40+"))
        assert curve.quantile(0.5) == Quantile(None, None, None)
        assert curve.steps == () and (curve.n, curve.ended) == (5, 0)

    def test_all_wait_as_long_as_somebody_was_watched_and_nobody_knows_further(self):
        curve = estimate(watched("10+ 20+"))
        for days, at_risk in ((0, 2), (10, 2), (11, 1), (20, 1)):
            share = curve.at(days)
            assert share is not None and (share.waiting, share.at_risk) == (1.0, at_risk)
        assert curve.at(21) is None

    def test_are_none_where_there_is_no_wait_at_all(self):
        curve = estimate([])
        assert (curve.n, curve.ended, curve.longest) == (0, 0, 0)
        assert curve.quantile(0.5) == Quantile(None, None, None)


class TestWaitsOfWhichAllHaveEnded:
    def test_stay_ended_for_ever(self):
        share = estimate(watched("3 5")).at(1000)
        assert share is not None and (share.waiting, share.at_risk) == (0.0, 0)

    def test_on_one_day_have_a_median_whose_latest_day_nobody_knows(self):
        assert estimate(watched("7 7 7 7 7")).quantile(0.5) == Quantile(7, 7, None)


class TestSeveralOnTheSameDay:
    def test_count_the_one_that_waits_on_as_watched_until_that_day(self):
        (step,) = estimate(watched("6 6 6 6+ 7+")).steps
        assert (step.at_risk, step.ended, step.waiting) == (5, 3, 0.4)

    def test_may_end_on_the_first_day(self):
        curve = estimate(watched("0 0 0+ 4"))
        assert curve.steps[0].waiting == 0.5 and curve.quantile(0.5).days == 0


class TestTheEndOfACurve:
    def test_is_where_fewer_were_watched_than_are_told_of(self):
        whole, curve = estimate(watched(TREATED)), estimate(watched(TREATED), fewest=7)
        assert (curve.n, curve.ended, curve.longest) == (21, 9, 22)
        assert curve.steps == whole.steps[:6]
        assert curve.at(22) == whole.at(22) and curve.at(23) is None
        assert curve.quantile(0.5) == Quantile(None, 13, None)

    def test_is_its_beginning_where_there_were_never_so_many(self):
        curve = estimate(watched("4 5+"), fewest=5)
        assert (curve.n, curve.longest, curve.steps, curve.unended) == (2, 0, (), ())


class TestADayBetweenTwoSteps:
    def test_has_the_share_of_the_step_before_and_its_own_number_at_risk(self):
        share = estimate(watched(TREATED)).at(12)
        assert share is not None and share.ended == 0
        assert (round(share.waiting, 4), share.at_risk) == (0.7529, 12)


class TestAHalf:
    def test_that_is_one_but_for_rounding_is_the_median(self):
        # 5/6 * 4/5 * 3/4 is not 0.5 in binary fractions.
        assert estimate(watched("1 2 3 4+ 4+ 4+")).quantile(0.5).days == 3


def test_nobody_waits_less_than_no_day():
    with pytest.raises(ValueError, match="-1"):
        estimate([Observation(-1, ended=True)])


some = st.lists(st.builds(Observation, st.integers(0, 60), ended=st.booleans()), min_size=1, max_size=40)


class TestAnyWaits:
    @given(some)
    def test_give_shares_that_fall_and_lie_within_their_band(self, waits):
        shares = [1.0, *(it.waiting for it in estimate(waits).steps)]
        assert all(before > after for before, after in zip(shares, shares[1:], strict=False))
        for it in estimate(waits).steps:
            assert 0 <= it.lower <= it.waiting <= it.upper <= 1

    @given(some)
    def test_that_all_ended_give_the_share_that_is_counted(self, waits):
        days = [it.days for it in waits]
        curve = estimate(Observation(it, ended=True) for it in days)
        for it in curve.steps:
            assert it.waiting == pytest.approx(sum(other > it.days for other in days) / len(days))

    @given(some)
    def test_count_each_once(self, waits):
        curve = estimate(waits)
        assert sum(it.ended for it in curve.steps) == curve.ended == sum(it.ended for it in waits)
        assert curve.ended + sum(count for _, count in curve.unended) == curve.n == len(waits)
        for days in range(62):
            share = curve.at(days)
            if share is not None:
                assert share.at_risk == sum(it.days >= days for it in waits)

    @given(some)
    def test_give_limits_around_each_quantile(self, waits):
        curve = estimate(waits)
        for share in (0.25, 0.5, 0.75):
            found = curve.quantile(share)
            earliest, days, latest = (
                math.inf if it is None else it for it in (found.earliest, found.days, found.latest)
            )
            assert earliest <= days <= latest

    @given(some, st.randoms())
    def test_are_the_same_in_any_order(self, waits, random):
        mixed = list(waits)
        random.shuffle(mixed)
        assert estimate(mixed) == estimate(waits)

    @given(some)
    def test_agree_with_fractions_counted_one_day_after_the_other(self, waits):
        shares, share = {}, Fraction(1)
        for days in sorted({it.days for it in waits if it.ended}):
            at_risk = sum(it.days >= days for it in waits)
            share *= 1 - Fraction(sum(it.ended and it.days == days for it in waits), at_risk)
            shares[days] = share
        assert {it.days: it.waiting for it in estimate(waits).steps} == pytest.approx(shares)


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{len(it['waits'].split())}" for it in SAMPLES])
def test_a_package_of_statistics_finds_the_same_share_and_band(sample):
    steps = estimate(watched(sample["waits"])).steps
    assert [it.days for it in steps] == [days for days, *_ in sample["steps"]]
    for it, (_, *expected) in zip(steps, sample["steps"], strict=True):
        found = [it.waiting, it.lower, it.upper]
        assert found[: len(expected)] == pytest.approx(expected, abs=1e-9)
