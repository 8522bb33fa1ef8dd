"""Counting by tables: what a lawyer found (deadline_vectors.yaml), our own (deadline_situations.yaml)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.errors import RuleBroken
from tracker.reference.calendars import calendar_of
from tracker.rules.calendars import Calendar
from tracker.rules.counting import Counted, file_from
from tracker.rules.counting_national import Way, count_by, count_extended, way_of
from tracker.rules.lengths import Length

REGULATION = Way.REGULATION_1182_71


def table(name: str) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    rows: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))
    return rows


VECTORS, SITUATIONS = table("deadline_vectors.yaml"), table("deadline_situations.yaml")


def counted(row: dict[str, Any]) -> Counted:
    """Return the count for a row of a table."""
    length = Length.parse(row["period"])
    return count_by(way_of(row.get("rule")), row["event"], length, calendar_of(row["place"]))


def by(way: Way, event: str, period: str, place: str = "none") -> Counted:
    """Return a count in the words of a table."""
    return count_by(way, day(event), Length.parse(period), calendar_of(place))


def extended(way: Way, event: str, period: str, more: str, place: str = "none") -> Counted:
    """Return the count of a period that was extended."""
    return count_extended(way, day(event), Length.parse(period), Length.parse(more), calendar_of(place))


def day(text: str) -> date:
    """Return the day meant."""
    return date.fromisoformat(text)


def told(it: Counted) -> str:
    """Return all reasons as one text."""
    return "; ".join(f"{reason.text} [{reason.basis}]" for reason in it.reasons)


class TestThePeriodsThatALawyerCounted:
    @pytest.mark.parametrize("row", [pytest.param(it, id=f"{it['id']} {it['why']}") for it in VECTORS])
    def test_end_on_the_same_day_here(self, row):
        it = counted(row)
        assert (it.nominal, it.due, f"{it.due:%a}") == (row["nominal"], row["due"], row["weekday"])

    def test_are_all_there(self):
        assert [it["id"] for it in VECTORS] == [f"D{number:02}" for number in range(1, 25)]


class TestOurOwnSituations:
    @pytest.mark.parametrize("row", [pytest.param(it, id=f"{it['id']} {it['why']}") for it in SITUATIONS])
    def test_end_as_the_table_says(self, row):
        it = counted(row)
        assert (it.nominal, it.due, f"{it.due:%a}") == (row["nominal"], row["due"], row["weekday"])
        assert it.safe == row.get("safe", row["due"])
        assert it.certain == row.get("certain", row["due"])

    def test_are_many_and_none_is_told_twice(self):
        assert len({it["id"] for it in SITUATIONS}) == len(SITUATIONS) >= 60
        told = [(it["event"], it["period"], it["place"], it.get("rule")) for it in SITUATIONS]
        assert len(set(map(str, told))) == len(told)

    @pytest.mark.parametrize("row", SITUATIONS, ids=[it["id"] for it in SITUATIONS])
    def test_say_what_is_in_doubt_exactly_where_the_days_differ(self, row):
        it = counted(row)
        assert it.safe <= it.due <= it.certain
        assert bool(it.uncertain) == (it.safe < it.due or it.due < it.certain)


class TestEveryCount:
    def test_names_each_skipped_day_the_law_and_the_calendar(self):
        it = by(REGULATION, "2026-03-05", "+1m", "IE")
        assert [(it.day, it.name) for it in it.skipped] == [
            (day("2026-04-05"), "Sunday"),
            (day("2026-04-06"), "Easter Monday"),
        ]
        assert told(it) == (
            "The day of the event, Thursday 5 March 2026, is not counted [Reg 1182/71 Art 3(1)]; "
            "1 month from 5 March 2026 ends on Sunday 5 April 2026 [Reg 1182/71 Art 3(2)(c)]; "
            "No working day: Sunday 5 April 2026 (Sunday), Monday 6 April 2026 (Easter Monday). "
            "The period ends on Tuesday 7 April 2026 [Reg 1182/71 Art 3(4)]"
        )
        assert it.calendar == "IE" and it.version.startswith("holidays 0.")

    def test_says_that_a_month_has_no_such_date(self):
        assert "no 31 in that month" in told(by(REGULATION, "2026-08-31", "+1m"))
        assert "no 31 in that month" in told(by(Way.AT, "2026-08-31", "+1m", "AT"))
        assert "no such" not in told(by(REGULATION, "2026-08-30", "+1m"))

    def test_names_article_3_5_where_the_second_working_day_follows_at_once(self):
        it = by(REGULATION, "2026-05-01", "+2d")
        assert "[Reg 1182/71 Art 3(5)]" in told(it)

    def test_gives_the_law_of_the_state_and_no_article_of_the_regulation(self):
        it = by(Way.AT, "2026-11-26", "+4w", "AT")
        assert "(24 December, § 33(2) AVG)" in told(it)
        assert "1182" not in told(it)

    def test_outside_the_years_of_a_calendar_is_left_to_a_person(self):
        with pytest.raises(RuleBroken, match="covers 2018 to 2035, not 2036: .* fixed by a person"):
            by(REGULATION, "2035-12-15", "+1m", "AT")

    def test_of_years_needs_the_calendar_at_its_end_only(self):
        assert by(REGULATION, "2016-05-02", "+2y", "AT").due == day("2018-05-02")

    def test_past_the_year_2100_is_refused(self):
        with pytest.raises(RuleBroken, match="outside 1990 to 2100") as refusal:
            by(REGULATION, "9999-12-01", "+3m")
        assert refusal.value.field == "period"


class TestNationalCounting:
    def test_leaves_the_calendar_as_it_is(self):
        calendar = calendar_of("AT")
        before = dict(calendar.holidays)
        by(Way.AT, "2026-11-26", "+4w", "AT")
        assert calendar_of("AT") is calendar and dict(calendar.holidays) == before
        assert calendar.is_working(day("2026-12-24"))

    def test_has_a_way_for_every_state_of_the_area_and_its_neighbours(self):
        for state in (*_EEA, "GB", "CH"):
            it = by(way_of(f"{state}: a period"), "2026-03-02", "+1m", state)
            assert it.nominal in (day("2026-04-02"), day("2026-04-01"), day("2026-04-03"))

    def test_is_not_used_for_words_that_name_no_state(self):
        for rule in (None, "", "GDPR 65(3): two weeks", "Reg 2025/2518 4(2)", "EU: Art 12(3)", "re: once"):
            assert way_of(rule) is REGULATION

    def test_is_never_guessed_for_a_state_that_is_not_known(self):
        with pytest.raises(RuleBroken, match="No way of counting is known for US: begin with one of AT, BE"):
            way_of("US: appeal")

    @pytest.mark.parametrize(
        ("rule", "way"),
        [
            ("AT: appeal to BVwG, VwGVG 7(4), AVG 32, 33(2)", Way.AT),
            ("AT: § 24 (4) DSG", Way.LIMITATION),
            ("ES: LOPDGDD 65.5 notification of admission decision", Way.ES),
            ("ES: Audiencia Nacional", Way.ES_COURT),
            ("FR: something", Way.FR),
            ("FR: silence of the CNIL", Way.FR_DATE),
            ("IT: something", Way.IT),
            ("IT: ricorso", Way.IT_COURT),
            ("DE-BE: § 74 VwGO", Way.DE),
            ("EL: appeal", Way.NATIONAL),
            ("UK: appeal", Way.NATIONAL),
        ],
    )
    def test_tells_the_ways_of_one_state_apart_by_the_words(self, rule, way):
        assert way_of(rule) is way

    def test_by_a_rule_that_was_not_checked_gives_the_working_day_before_as_safe(self):
        it = by(Way.NATIONAL, "2026-03-05", "+1m", "CZ")
        assert (it.safe, it.due, it.certain) == (day("2026-04-02"), day("2026-04-07"), day("2026-04-07"))
        assert "was not checked" in it.uncertain[0]

    def test_calls_no_day_safe_on_which_courts_may_be_closed(self):
        # 28 days from Saturday 18 March 2028, that day counted, end on Good Friday, in doubt in Ireland.
        it = by(Way.IE, "2028-03-18", "28d inclusive", "IE")
        assert (it.safe, it.due) == (day("2028-04-13"), day("2028-04-14"))


class TestAPeriodThatWasExtended:
    def test_is_counted_from_the_first_event_with_its_whole_length(self):
        it = extended(REGULATION, "2026-01-31", "+1m", "+2m", "IE")
        assert (it.nominal, it.due, it.length.code) == (day("2026-04-30"), day("2026-04-30"), "+3m")
        assert told(it).startswith("1 month and 2 months more are one period of 3 months from the same event")

    def test_gives_the_other_reading_where_it_ends_on_another_day(self):
        it = extended(REGULATION, "2026-01-31", "+1m", "+2m", "IE")
        assert (it.safe, it.certain) == (day("2026-04-28"), day("2026-05-05"))
        assert "Saturday 28 February 2026, the period ends on Tuesday 28 April 2026" in it.uncertain[0]
        assert "Monday 2 March 2026, the period ends on Tuesday 5 May 2026" in it.uncertain[1]

    def test_gives_no_other_reading_where_both_are_the_same(self):
        it = extended(REGULATION, "2026-11-18", "+1m", "+1m")
        assert (it.due, it.safe, it.certain, it.uncertain) == (day("2027-01-18"),) * 3 + ((),)

    def test_in_germany_goes_on_from_its_end(self):
        it = extended(Way.DE, "2026-01-31", "+1m", "+2m", "DE-BE")
        assert (it.event, it.due, it.length.code) == (day("2026-01-31"), day("2026-05-04"), "+3m")
        assert "begins where the first period ended, Monday 2 March 2026 [§ 190 BGB]" in told(it)

    def test_by_another_unit_goes_on_from_its_end(self):
        it = extended(REGULATION, "2026-01-31", "+1m", "+2w", "IE")
        assert it.due == day("2026-03-16")
        assert "the extension has a unit of its own" in told(it)

    def test_backward_has_one_end(self):
        assert extended(REGULATION, "2028-10-26", "-2w", "-2w").due == day("2028-09-28")

    def test_abroad_by_two_months_is_one_clear_period(self):
        it = extended(Way.FR, "2026-03-12", "+2m", "+2m", "FR")
        assert (it.safe, it.due, it.certain) == (day("2026-07-13"),) * 3


class TestTheValidityOfAMeasure:
    def test_ends_on_a_day_that_is_no_working_day_too(self):
        it = by(Way.VALIDITY, "2023-08-04", "+3m", "NO")
        assert (it.nominal, it.due) == (day("2023-11-04"), day("2023-11-04"))

    def test_may_end_a_day_earlier_on_a_working_day_too(self):
        it = by(Way.VALIDITY, "2023-08-08", "+3m", "NO")
        assert (it.safe, it.due, it.certain) == (day("2023-11-07"), day("2023-11-08"), day("2023-11-08"))

    def test_may_end_a_day_earlier_or_on_the_next_working_day(self):
        it = by(Way.VALIDITY, "2023-08-04", "+3m", "NO")
        assert (it.safe, it.certain) == (day("2023-11-03"), day("2023-11-06"))
        assert "An end that the measure names comes first" in it.uncertain[0]


class TestAnActionForInaction:
    def test_is_filed_on_the_first_working_day_after_the_latest_end(self):
        it = by(REGULATION, "2026-07-26", "+3m", "AT")
        assert (it.certain, file_from(it.certain, calendar_of("AT"))) == (
            day("2026-10-27"),
            day("2026-10-28"),
        )
        assert file_from(day("2026-12-24"), calendar_of("AT")) == day("2026-12-28")


class TestTheTwoWorkingDays:
    @pytest.mark.parametrize("period", ["+2d", "+3d", "+1w"])
    def test_lie_in_every_period_of_two_days_or_more(self, period):
        closed = Calendar(
            "X", "X", {day("2026-06-01") + timedelta(it): "closed" for it in range(12)}, 2018, 2035, "v", "s"
        )
        it = count_by(REGULATION, day("2026-05-29"), Length.parse(period), closed)
        assert it.due == day("2026-06-16")
        assert len(it.skipped) == (it.due - it.nominal).days - 1


_EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE".split()
