"""Calendars of all places that may be named, from the package `holidays`, corrected by holidays.csv.

The package lists what people have off, law asks which days are public holidays (Reg. (EEC, Euratom) 1182/71
Art. 2(1)), and the two differ. The table decides, row by row, with source and reason:

- `add`: a public holiday that the package does not have;
- `remove`: a day that is none;
- `doubt`: a day that may be one. It never moves the day that is due, and moves the latest plausible end.

Days of a table: "2026-01-02", "12-24" and "12-24..12-31" of every year, "easter-3", "orthodox+2" (days from
Easter Sunday), "midsummer-eve", "in-lieu" (the weekday after a holiday at a weekend), and "named TEXT",
whatever the package lists under a name that begins so. `years` limits a row ("2024", "2024-", "-2023",
"2020-2023"). A doubt about one full day or a name takes away what the package says of it; one about every
year leaves it where the package has it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import metadata
from types import MappingProxyType

from tracker.errors import RuleBroken
from tracker.reference.names import country_name, place_name
from tracker.reference.places import EEA
from tracker.reference.tables import FOLDER, Row, rows
from tracker.rules.calendars import INSTITUTIONS, NO_PLACE, ONE_DAY, Calendar
from tracker.rules.closed_days import easter_sunday, is_midsummer_eve, orthodox_easter
from tracker.rules.text import shown

FIRST_YEAR, LAST_YEAR = 2018, 2035
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
FILE = "holidays.csv"
COLUMNS = ("place", "day", "years", "action", "name", "source", "note")
#: What people write instead of the code of ISO 3166.
_AS_WRITTEN = {"UK": "GB", "EL": "GR"}
#: States whose parts have holidays of their own, and what the parts are called.
PARTS = MappingProxyType(
    {
        "DE": "some Länder",
        "ES": "some autonomous communities",
        "GB": "some parts of the United Kingdom",
        "CH": "some cantons",
    }
)
STATES = (*EEA, "GB", "CH")
_PLACE = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
_RULES = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})|(?P<first>\d{2}-\d{2})(?:\.\.(?P<last>\d{2}-\d{2}))?"
    r"|(?P<church>easter|orthodox)(?P<days>[+-]\d{1,3})|(?P<word>midsummer-eve|in-lieu)|named (?P<named>.+)"
)
_SPAN = re.compile(r"(\d{4})?(-)?(\d{4})?")


@dataclass(slots=True)
class _Days:
    """The days of a place while its calendar is put together."""

    sure: dict[date, str]
    doubtful: dict[date, str]


def calendar_of(place: str) -> Calendar:
    """Return the calendar of a place: "IE", "DE-BE", "CH-ZH", "EU" for the institutions, "none" for weekends.

    Raises RuleBroken for a place of which there is none; a calendar must not be guessed.
    """
    asked = place.strip()
    if asked.lower() == NO_PLACE:
        return _calendar(NO_PLACE)
    if asked.upper() == INSTITUTIONS:
        return _calendar(INSTITUTIONS)
    found = _PLACE.fullmatch(asked.upper())
    if not found:
        raise RuleBroken(
            f"{shown(place)} is no place: write a country (IE), one with a part (DE-BE), EU or none.",
            field="place",
        )
    country = _AS_WRITTEN.get(found[1], found[1])
    if country not in STATES:
        raise RuleBroken(
            f"There is no calendar of {country_name(country)}, only of the EEA, the United Kingdom, "
            "Switzerland and the institutions (EU). Without one, write none: weekends only.",
            field="place",
        )
    return _calendar(country if not found[2] else _with_part(country, found[2]))


@cache
def version() -> str:
    """Return from which data the calendars come: the version of the package, and what stands in the table."""
    table = hashlib.sha256((FOLDER / FILE).read_bytes()).hexdigest()[:8]
    return f"holidays {metadata.version('holidays')}, corrections {table}"


@cache
def _calendar(code: str) -> Calendar:
    days = _Days({}, {})
    if code == NO_PLACE:
        name, source = "Saturdays and Sundays only", "no public holidays"
    elif code == INSTITUTIONS:
        name, source = (
            "the institutions of the European Union",
            f"yearly decisions of the Commission, by {FILE}",
        )
    else:
        name, source = place_name(code), f"the Python package holidays, corrected by {FILE}"
        days.sure = _listed(code)
    _correct(days, [row for row in corrections() if row["place"] in {code, code.partition("-")[0]}])
    if code in PARTS:
        _doubt_parts(days, code)
    return Calendar(
        code=code,
        name=name,
        holidays=MappingProxyType(dict(sorted(days.sure.items()))),
        first_year=FIRST_YEAR,
        last_year=LAST_YEAR,
        version=version(),
        source=source,
        doubtful=MappingProxyType(dict(sorted(days.doubtful.items()))),
    )


@cache
def corrections() -> tuple[Row, ...]:
    """Return the lines of the table of corrections. Raises BadFile."""
    return corrections_from(rows(FILE, COLUMNS))


def corrections_from(lines: Iterable[Row]) -> tuple[Row, ...]:
    """Return the lines of a table of corrections after looking at each of them. Raises BadFile."""
    found = tuple(lines)
    for row in found:
        row.one_of("action", {"add", "remove", "doubt"})
        row.needed("source")
        if row["place"] != INSTITUTIONS and row["place"].partition("-")[0] not in STATES:
            raise row.fault("place", f"there is no calendar of “{row['place']}”")
        if not _SPAN.fullmatch(row["years"]):
            raise row.fault("years", "must be empty, or as 2024, 2024-, -2023 or 2020-2023")
        if row["action"] == "add" or not row["day"].startswith("named"):
            row.needed("name")
        list(_days_of(row, {}))
    return found


def _listed(code: str) -> dict[date, str]:
    import holidays

    country, _, part = code.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=YEARS, language="en_US")
    # Observed days may fall into the next year, of which nothing else is known.
    return {day: str(name) for day, name in found.items() if day.year in YEARS}


def _with_part(country: str, part: str) -> str:
    """Return the code of a part of a state; of the state where its parts have no holidays of their own."""
    known = _parts(country)
    if part in known:
        return f"{country}-{part}"
    if country in PARTS:
        raise RuleBroken(
            f"“{country}-{part}” is no part of {country_name(country)}: write one of "
            f"{', '.join(f'{country}-{it}' for it in known)}.",
            field="place",
        )
    return country


def _parts(country: str) -> tuple[str, ...]:
    import holidays

    parts: Iterable[str] = holidays.country_holidays(country).subdivisions
    return tuple(sorted(it for it in parts if re.fullmatch("[A-Z0-9]{1,3}", it)))


def _correct(days: _Days, table: Iterable[Row]) -> None:
    for row in table:
        for day, name in list(_days_of(row, days.sure)):
            if row["action"] == "add":
                days.sure[day] = name
                days.doubtful.pop(day, None)
            else:
                was = days.sure.pop(day, None) if _takes_away(row) else days.sure.get(day)
                if row["action"] == "doubt" and (was is None or _takes_away(row)):
                    days.doubtful[day] = name
    for day in set(days.doubtful) & set(days.sure):
        del days.doubtful[day]


def _takes_away(row: Row) -> bool:
    """Return whether a row is about what the package lists; a doubt about every year takes nothing away."""
    return row["action"] == "remove" or row["day"].startswith("named") or row["day"][:4].isdigit()


def _days_of(row: Row, listed: Mapping[date, str]) -> Iterator[tuple[date, str]]:
    """Give the days that a row means, with their names."""
    found, name = _RULES.fullmatch(row["day"]), row["name"]
    if found is None:
        raise row.fault("day", f"“{row['day']}” is no day of this table, as 12-24, easter-2 or named TEXT")
    try:
        if found["named"]:
            hits = [(day, it) for day, it in listed.items() if it.startswith(found["named"])]
        elif found["word"] == "in-lieu":
            hits = [(day, f"{name} {it}") for day, it in _in_lieu(listed)]
        else:
            hits = [(day, name) for year in YEARS for day in _in_year(found.groupdict(), year)]
    except ValueError as error:
        raise row.fault("day", f"“{row['day']}” has a day that does not exist") from error
    years = _years(row["years"])
    yield from ((day, it) for day, it in hits if day.year in years)


def _in_year(rule: Mapping[str, str | None], year: int) -> Iterator[date]:
    if rule["day"]:
        day = date.fromisoformat(rule["day"])
        yield from [day] if day.year == year else []
    elif first := rule["first"]:
        day, last = (date.fromisoformat(f"{year}-{it}") for it in (first, rule["last"] or first))
        while day <= last:
            yield day
            day += ONE_DAY
    elif rule["church"]:
        sunday = easter_sunday(year) if rule["church"] == "easter" else orthodox_easter(year)
        yield sunday + timedelta(days=int(rule["days"] or 0))
    else:
        yield from (day for day in (date(year, 6, it) for it in range(19, 26)) if is_midsummer_eve(day))


def _in_lieu(listed: Mapping[date, str]) -> Iterator[tuple[date, str]]:
    taken = set(listed)
    for day, name in sorted(listed.items()):
        if day.weekday() >= 5:
            while day in taken or day.weekday() >= 5:
                day += ONE_DAY
            taken.add(day)
            yield day, name


def _years(text: str) -> range:
    found = _SPAN.fullmatch(text)
    first, dash, last = found.groups() if found else (None, None, None)
    if not first and not last:
        return YEARS
    until = last or (LAST_YEAR if dash else first)
    return range(int(first or FIRST_YEAR), int(until or LAST_YEAR) + 1)


def _doubt_parts(days: _Days, country: str) -> None:
    """Add the holidays of parts of a state as doubtful: where the authority sits is not said."""
    for part in _parts(country):
        its = _calendar(f"{country}-{part}")
        for day, name in (*its.holidays.items(), *its.doubtful.items()):
            if day not in days.sure:
                days.doubtful.setdefault(day, name if day in its.doubtful else f"{name} in {PARTS[country]}")
