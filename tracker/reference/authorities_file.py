"""The file of the directory (authorities.csv), read strictly: of a file with a bad row nothing is used."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from tracker.errors import BadFile, RuleBroken
from tracker.reference.names import adjectives, is_language
from tracker.rules.territory import eea_states
from tracker.rules.text import shown, single_line

FILE = Path(__file__).parent / "authorities.csv"
SCOPES = frozenset(
    "national national-eea federal land regional church broadcasting third-country".split()
    + ["eu-institutions", "board"]
)
SLUG = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")
#: Scopes whose authorities receive complaints against private bodies in the EEA.
ONE_PER_STATE = ("national", "national-eea")
#: Scopes of a part of a state; no other authority has a region.
REGIONAL = ("land", "regional")
LANDS = frozenset(
    f"DE-{land}" for land in "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH".split()
)  # ISO 3166-2
#: Outside the EEA the directory names one authority each for these.
THIRD_COUNTRIES = ("gb-ico", "ch-fdpic")
#: Supervises the public sector of its Land, beside the authority for private bodies.
PUBLIC_BODIES = "de-by-baylfd"
EMAIL_WORDS = (
    "",
    "yes",
    "no",
    "unknown",
    "none listed",
    "only with qualified electronic signature",
    "certified mail (PEC)",
)


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """One row of the directory. Texts are empty where nothing is known, `source_date` None if not checked."""

    slug: str
    country: str
    region_code: str
    region: str
    scope: str
    name: str
    name_en: str
    abbr: str
    languages: str
    website: str
    email: str
    phone: str
    address: str
    complaint_form: str
    accepts_email: str
    source: str
    source_date: date | None
    cross_check: str
    notes: str


def place_supervised(slug: str, scope: str, country: str, region: str) -> str | None:
    """Return the place in which an authority supervises private bodies, None where it does not.

    Germany has no entry of its own: without the Land nobody can say which authority it is (§ 40 BDSG).
    """
    if scope in ONE_PER_STATE or slug in THIRD_COUNTRIES:
        return country
    return region if scope == "land" and slug != PUBLIC_BODIES else None


def read(file: Path = FILE) -> dict[str, AuthorityFacts]:
    """Return every authority of a directory file by slug, in the order of the file.

    Raises BadFile with one line per fault (file, line, field, text), all faults at once. The line is
    the one on which the row begins.
    """
    found: dict[str, AuthorityFacts] = {}
    supervised: dict[str, str] = {}
    faults: list[str] = []
    for line, row in _rows(file, faults):
        wrong = [*_faults_of(row)]
        if row["slug"] in found:
            wrong.append(("slug", f"'{row['slug']}' stands here twice"))
        place = place_supervised(row["slug"], row["scope"], row["country"], row["region_code"])
        if place in supervised and not wrong:
            # The later one would lead from then on, and nobody would have said so.
            wrong.append(("scope", f"{supervised[place]} supervises private bodies in {place} already"))
        if wrong:
            faults += [_fault(file, line, field, text) for field, text in wrong]
            continue
        if place:
            supervised[place] = row["slug"]
        day = date.fromisoformat(row["source_date"]) if row["source_date"] else None
        found[row["slug"]] = AuthorityFacts(**{**row, "source_date": day})  # type: ignore[arg-type]
    if faults:
        raise BadFile(faults)
    return found


def _fault(file: Path, line: int, field: str, text: str) -> str:
    return f"{file.name}: line {line}: {field}: {text}"


def _rows(file: Path, faults: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give every row of the file with the line on which it begins, and add what is no row to the faults."""
    columns = [field.name for field in fields(AuthorityFacts)]
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadFile([f"{file.name}: file: whole: cannot be read: {error.strerror}"]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile([_fault(file, line, "row", "is not UTF-8; save the file in that encoding")]) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        if next(reader, None) != columns:
            raise BadFile([_fault(file, 1, "header", f"the columns must be {', '.join(columns)}")])
        line = reader.line_num + 1
        for cells in reader:
            begin, line = line, reader.line_num + 1
            broken = next((it for it, cell in zip(columns, cells, strict=False) if _broken(cell)), None)
            if broken:
                faults.append(
                    _fault(file, begin, broken, "holds a line break; is a quotation mark not closed?")
                )
            elif len(cells) == len(columns):
                yield begin, dict(zip(columns, cells, strict=True))
            elif cells:
                faults.append(_fault(file, begin, "row", f"the row must have {len(columns)} columns"))
    except csv.Error as error:
        faults.append(_fault(file, line, "row", f"cannot be read: {error}"))


def _broken(cell: str) -> bool:
    return "\n" in cell or "\r" in cell


def _faults_of(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give field and text of everything that is wrong with a row by itself."""
    for field, cell in row.items():
        try:
            single_line(cell, field=field, limit=2_000)
        except RuleBroken as refusal:
            yield field, str(refusal)
            return  # what it looks like means nothing
    for field, check in CHECKS.items():
        if text := check(row[field]):
            yield field, text
    if SLUG.fullmatch(row["slug"]) and row["country"] in adjectives():
        if not row["slug"].startswith(f"{row['country'].lower()}-"):
            yield "slug", f"'{row['slug']}' does not begin with its country {row['country']}"
        yield from _faults_of_place(row["scope"], row["country"], row["region_code"])


def _faults_of_place(scope: str, country: str, region: str) -> Iterator[tuple[str, str]]:
    """Give what does not fit between the scope of an authority, its country and its region."""
    if scope in ONE_PER_STATE and (country == "DE" or country not in eea_states(_today())):
        yield "scope", f"there is no {scope} authority for private bodies in {country}"
    if scope == "land" and country != "DE":
        yield "scope", "only Germany has a Land"
    elif scope in REGIONAL:
        known = region in LANDS if country == "DE" else re.fullmatch(f"{country}-[A-Z0-9]{{1,3}}", region)
        if not known:
            yield "region_code", f"'{region}' is no region of {country}"
    elif region:
        yield "region_code", f"an authority of the scope {scope} has no region"


def _today() -> date:
    return datetime.now(UTC).date()


def _slug(cell: str) -> str | None:
    return None if SLUG.fullmatch(cell) else f"'{cell}' is not lower-case words and hyphens"


def _country(cell: str) -> str | None:
    if not re.fullmatch(r"[A-Z]{2}", cell):
        return f"'{cell}' is not a code of two capitals"
    return None if cell in adjectives() else f"'{cell}' has no line in countries.csv"


def _scope(cell: str) -> str | None:
    return None if cell in SCOPES else f"'{cell}' is none of {', '.join(sorted(SCOPES))}"


def _needed(cell: str, *, what: str) -> str | None:
    return None if cell.strip() else f"a {what} is needed"


def _languages(cell: str) -> str | None:
    unknown = [code for code in cell.split(";") if not is_language(code)] if cell else []
    return f"there is no language {shown(unknown[0])}" if unknown else None


def _web_address(cell: str) -> str | None:
    return None if not cell or re.fullmatch(r"https?://[^\s]+", cell) else f"'{cell}' is not a web address"


def _email(cell: str) -> str | None:
    good = not cell or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", cell)
    return None if good else f"'{cell}' is not an e-mail address"


def _accepts_email(cell: str) -> str | None:
    return None if cell in EMAIL_WORDS else f"'{cell}' is none of {', '.join(filter(None, EMAIL_WORDS))}"


def _source_date(cell: str) -> str | None:
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return f"'{cell}' is not a day"
    return f"{cell} is in the future" if day > _today() else None


#: Field -> what returns the fault of a cell.
CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "slug": _slug,
    "country": _country,
    "scope": _scope,
    "name": partial(_needed, what="name"),
    "languages": _languages,
    "website": _web_address,
    "email": _email,
    "complaint_form": _web_address,
    "accepts_email": _accepts_email,
    "source": partial(_needed, what="source"),
    "source_date": _source_date,
}
