"""Calendars of all places: complete, corrected with a reason, and never guessed."""

from datetime import date
from pathlib import Path

import pytest

from tracker.errors import BadFile, RuleBroken
from tracker.reference import calendars
from tracker.reference.calendars import STATES, YEARS, calendar_of, corrections, corrections_from
from tracker.reference.places import EEA
from tracker.reference.tables import Row

LAENDER = [f"DE-{it}" for it in "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH".split()]
CANTONS = [
    f"CH-{it}"
    for it in "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH".split()
]
#: The weekdays of OJ C 201 I, 28.5.2021, for staff in Brussels.
INSTITUTIONS_2023 = (
    "01-02 04-06 04-07 04-10 05-01 05-09 05-18 05-19 05-29 07-21 08-15 11-01 11-02 "
    "12-25 12-26 12-27 12-28 12-29"
).split()


def row(**cells: str) -> Row:
    """Return a line of the table as an operator may write it."""
    usual = {"place": "AT", "day": "12-24", "years": "", "action": "add", "name": "Eve", "source": "law"}
    return Row("holidays.csv", 2, usual | {"note": ""} | cells)


def corrected(monkeypatch: pytest.MonkeyPatch, place: str, *lines: Row) -> calendars.Calendar:
    """Return the calendar of a place that no other test asks for, with these lines as the whole table."""
    monkeypatch.setattr(calendars, "corrections", lambda: corrections_from(lines))
    return calendars._calendar.__wrapped__(place)


class TestTheCalendarOfAPlace:
    @pytest.mark.parametrize("place", [*EEA, *LAENDER, *CANTONS, "GB", "GB-ENG", "GB-SCT", "CH"])
    def test_knows_new_year_and_christmas_of_every_year(self, place):
        calendar = calendar_of(place)
        assert (calendar.first_year, calendar.last_year) == (2018, 2035)
        for year in YEARS:
            for day in (date(year, 1, 1), date(year, 12, 25)):
                assert calendar.closed(day), f"{place} {day}"

    def test_is_made_once(self):
        assert calendar_of("ie") is calendar_of("IE")

    def test_names_its_days_in_english(self):
        assert calendar_of("AT").holidays[date(2026, 10, 26)] == "National Day"
        assert calendar_of("GR").holidays[date(2026, 2, 23)] == "Green Monday"
        for state in STATES:
            for name in calendar_of(state).holidays.values():
                assert not any("\u0370" <= letter <= "\u04ff" for letter in name), f"{state}: {name}"

    def test_names_them_so_whatever_the_language_of_the_machine(self, monkeypatch):
        monkeypatch.setenv("LANGUAGE", "de")
        it = calendars._calendar.__wrapped__("AT")
        assert it.holidays[date(2026, 10, 26)] == "National Day"

    def test_has_a_day_in_lieu_for_each_of_two_holidays_at_one_weekend(self):
        doubtful = calendar_of("IE").doubtful
        assert doubtful[date(2021, 12, 27)] == "Day in lieu of Christmas Day"
        assert doubtful[date(2021, 12, 28)] == "Day in lieu of Saint Stephen's Day"

    def test_says_from_which_data_it_comes(self):
        calendar = calendar_of("DE-BE")
        assert calendar.name == "Germany, Berlin"
        assert calendar.version.startswith("holidays 0.") and ", corrections " in calendar.version
        assert "holidays.csv" in calendar.source

    def test_none_has_weekends_only(self):
        calendar = calendar_of("none")
        assert not calendar.holidays and not calendar.doubtful
        assert calendar.closed(date(2026, 12, 26)) == "Saturday"
        assert calendar.closed(date(2026, 12, 25)) is None

    def test_takes_the_usual_codes_of_greece_and_the_united_kingdom(self):
        assert calendar_of("EL").code == "GR" and calendar_of("UK").code == "GB"

    def test_of_a_region_without_holidays_of_its_own_is_that_of_the_state(self):
        assert calendar_of("FR-IDF") is calendar_of("FR")
        assert calendar_of("PL-14").holidays == calendar_of("PL").holidays

    def test_of_a_state_whose_parts_differ_leaves_the_holidays_of_the_parts_in_doubt(self):
        day = date(2026, 6, 4)
        assert calendar_of("DE").closed(day) is None
        assert calendar_of("DE").doubtful[day] == "Corpus Christi in some Länder"
        assert calendar_of("DE-NW").closed(day) == "Corpus Christi"

    @pytest.mark.parametrize(
        ("place", "said"),
        [
            ("US", "There is no calendar of United States"),
            ("XX", "There is no calendar of XX"),
            ("DE-ZZ", "is no part of Germany: write one of DE-BB"),
            ("CH-XX", "is no part of Switzerland"),
            ("Ireland", "is no place: write a country"),
            ("", "is no place"),
        ],
    )
    def test_is_never_guessed(self, place, said):
        with pytest.raises(RuleBroken, match=said) as refusal:
            calendar_of(place)
        assert refusal.value.field == "place"


class TestTheInstitutions:
    def test_are_closed_as_the_commission_decided_for_2023(self):
        found = [f"{it:%m-%d}" for it in calendar_of("EU").holidays if it.year == 2023 and it.weekday() < 5]
        assert found == INSTITUTIONS_2023

    def test_are_closed_on_the_days_that_it_decided_for_2024_too(self):
        found = [f"{it:%m-%d}" for it in calendar_of("EU").holidays if it.year == 2024 and it.weekday() < 5]
        assert found[:9] == "01-01 01-02 03-28 03-29 04-01 05-01 05-09 05-10 05-20".split()

    def test_have_a_source_and_the_advice_to_check_it(self):
        for it in corrections():
            if it["place"] == "EU":
                assert it["source"] and it["note"]


class TestTheTableOfCorrections:
    def test_says_of_every_day_where_it_is_from_and_why(self):
        for it in corrections():
            assert it["source"] and it["note"], f"line {it.line}"

    def test_finds_what_it_names(self):
        # A new version of the package may name its days otherwise: then the row must follow.
        for it in corrections():
            country = it["place"]
            found = calendar_of(country)
            if it["day"].startswith("named"):
                assert any(name.startswith(it["day"][6:]) for name in found.doubtful.values())
                assert not any(name.startswith(it["day"][6:]) for name in found.holidays.values())

    @pytest.mark.parametrize("place", STATES)
    def test_leaves_no_bridge_day_among_the_holidays(self, place):
        assert not [it for it in calendar_of(place).holidays.values() if "substituted from" in it]

    def test_never_has_a_day_as_both_sure_and_doubtful(self):
        for place in (*STATES, "EU", "DE-BY", "ES-MD"):
            calendar = calendar_of(place)
            assert not set(calendar.holidays) & set(calendar.doubtful)

    def test_adds_a_day(self, monkeypatch):
        it = corrected(monkeypatch, "AT", row(day="12-24", years="2026-2027", name="Christmas Eve"))
        assert it.closed(date(2026, 12, 24)) == it.closed(date(2027, 12, 24)) == "Christmas Eve"
        assert it.closed(date(2025, 12, 24)) is None and it.closed(date(2029, 12, 24)) is None

    def test_removes_a_day_by_date_and_by_name(self, monkeypatch):
        it = corrected(
            monkeypatch,
            "AT",
            row(action="remove", day="2026-10-26"),
            row(action="remove", day="named Epiphany", name=""),
        )
        assert it.is_working(date(2026, 10, 26)) and not it.is_working(date(2027, 10, 26))
        assert it.is_working(date(2026, 1, 6)) and not it.doubtful

    def test_leaves_a_day_in_doubt_where_the_package_does_not_have_it(self, monkeypatch):
        it = corrected(
            monkeypatch, "AT", row(action="doubt", day="easter-2"), row(action="doubt", day="12-25")
        )
        assert it.doubtful[date(2026, 4, 3)] == "Eve" and it.is_working(date(2026, 4, 3))
        assert it.closed(date(2026, 12, 25)) == "Christmas Day"

    def test_takes_back_a_day_of_the_package_by_a_doubt_about_one_full_day(self, monkeypatch):
        it = corrected(monkeypatch, "AT", row(action="doubt", day="2026-10-26", name="National Day"))
        assert it.is_working(date(2026, 10, 26)) and date(2026, 10, 26) in it.doubtful

    def test_holds_for_a_part_of_the_state_too(self, monkeypatch):
        it = corrected(monkeypatch, "DE-BE", row(place="DE", day="2026-09-01", name="Once"))
        assert it.closed(date(2026, 9, 1)) == "Once"

    @pytest.mark.parametrize(
        ("cells", "said"),
        [
            ({"place": "US"}, "place: there is no calendar of “US”"),
            ({"place": ""}, "place: there is no calendar"),
            ({"day": "24 December"}, "day: “24 December” is no day of this table"),
            ({"day": "02-30"}, "day: “02-30” has a day that does not exist"),
            ({"day": "2026-13-01"}, "day: “2026-13-01” has a day that does not exist"),
            ({"years": "soon"}, "years: must be empty, or as 2024"),
            ({"action": "keep"}, "action: “keep” is none of add, doubt, remove"),
            ({"name": ""}, "name: must not be empty"),
            ({"source": ""}, "source: must not be empty"),
        ],
    )
    def test_with_a_fault_is_refused_by_line_and_column(self, cells, said):
        with pytest.raises(BadFile) as refusal:
            corrections_from([row(**cells)])
        assert (
            refusal.value.faults[0].startswith("holidays.csv: line 2: ") and said in refusal.value.faults[0]
        )

    def test_changes_the_version_of_every_calendar(self, monkeypatch, tmp_path: Path):
        before = calendars.version()
        (tmp_path / calendars.FILE).write_text("place,day\n")
        monkeypatch.setattr(calendars, "FOLDER", tmp_path)
        assert calendars.version.__wrapped__() != before
