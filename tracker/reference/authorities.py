"""The packaged directory of data protection authorities (authorities.csv), checked row by row."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path

from tracker.errors import BadFile
from tracker.reference.names import adjective, country_name, spoken_place
from tracker.rules.routing import Directory
from tracker.rules.standing import UNKNOWN_AUTHORITY

FILE = Path(__file__).parent / "authorities.csv"
SCOPES = frozenset(
    "national national-eea federal land regional church broadcasting third-country".split()
    + ["eu-institutions", "board"]
)
SLUG = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")
#: Scopes whose authorities receive complaints against private bodies in the EEA.
ONE_PER_STATE = ("national", "national-eea")


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


def _fault(file: Path, line: int, field: str, text: str) -> str:
    return f"{file.name}: line {line}: {field}: {text}"


def read(file: Path = FILE) -> dict[str, AuthorityFacts]:
    """Return every authority of a directory file by slug, in the order of the file.

    Raises BadFile with one line per fault (file, line, field, text), all faults at once.
    """
    columns = [field.name for field in fields(AuthorityFacts)]
    found: dict[str, AuthorityFacts] = {}
    faults: list[str] = []
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != columns:
            raise BadFile([_fault(file, 1, "header", f"the columns must be {', '.join(columns)}")])
        for row in reader:
            line = reader.line_num
            if None in row or None in row.values():
                faults.append(_fault(file, line, "row", f"the row must have {len(columns)} columns"))
                continue
            before = len(faults)
            checked: date | None = None
            if not SLUG.fullmatch(row["slug"]):
                faults.append(
                    _fault(file, line, "slug", f"'{row['slug']}' is not lower-case words and hyphens")
                )
            if row["slug"] in found:
                faults.append(_fault(file, line, "slug", f"'{row['slug']}' stands here twice"))
            if not re.fullmatch(r"[A-Z]{2}", row["country"]):
                faults.append(
                    _fault(file, line, "country", f"'{row['country']}' is not a code of two capitals")
                )
            if row["scope"] not in SCOPES:
                faults.append(
                    _fault(file, line, "scope", f"'{row['scope']}' is none of {', '.join(sorted(SCOPES))}")
                )
            if not row["name"].strip():
                faults.append(_fault(file, line, "name", "a name is needed"))
            for field in ("website", "complaint_form"):
                if row[field] and not re.match(r"https?://[^\s]+$", row[field]):
                    faults.append(_fault(file, line, field, f"'{row[field]}' is not a web address"))
            if row["email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", row["email"]):
                faults.append(_fault(file, line, "email", f"'{row['email']}' is not an e-mail address"))
            if not row["source"].strip():
                faults.append(_fault(file, line, "source", "a source is needed"))
            if row["source_date"]:
                try:
                    checked = date.fromisoformat(row["source_date"])
                except ValueError:
                    faults.append(_fault(file, line, "source_date", f"'{row['source_date']}' is not a day"))
            if len(faults) == before:
                found[row["slug"]] = AuthorityFacts(**{**row, "source_date": checked})  # type: ignore[arg-type]
    if faults:
        raise BadFile(faults)
    return found


@cache
def authorities() -> Mapping[str, AuthorityFacts]:
    """Return the packaged directory by slug."""
    return read()


@cache
def directory() -> Directory:
    """Return which authority supervises private bodies in which place.

    Germany has no entry of its own: without the Land nobody can say which authority it is (§ 40 BDSG).
    """
    by_place: dict[str, str] = {}
    place_of: dict[str, str] = {}
    for it in authorities().values():
        place_of[it.slug] = it.region_code or it.country
        if it.scope in ONE_PER_STATE or it.slug in ("gb-ico", "ch-fdpic"):
            by_place[it.country] = it.slug
        elif it.scope == "land" and it.slug != "de-by-baylfd":  # BayLfD is the public sector's
            by_place[it.region_code] = it.slug
    return Directory(by_place=by_place, place_of=place_of)


def short_name(abbr: str, name: str, country: str) -> str:
    """Return the short name without its country ("Datatilsynet (DK)" -> "Datatilsynet")."""
    short = abbr or name
    for suffix in (f" ({country})", f" ({country_name(country)})"):
        short = short.removesuffix(suffix)
    return short


def label(slug: str | None, country: str | None = None) -> str:
    """Return "DPC · Ireland", or "not known · France" for an authority of which only the country is known.

    This is how an authority is named wherever it does not stand in a sentence; there it is spoken().
    """
    if slug is None:
        return f"not known · {country_name(country)}" if country else "not known"
    it = authorities().get(slug)
    return f"{short_name(it.abbr, it.name, it.country)} · {country_name(it.country)}" if it else slug


def in_words(slug: str | None, country: str | None = None) -> str:
    """Return an authority as a sentence needs it, also one that is not known or not in the directory."""
    if slug is None:
        return f"an authority in {spoken_place(country)} that is not known" if country else UNKNOWN_AUTHORITY
    return spoken(slug) or slug


def opening(slug: str | None, country: str | None = None) -> str:
    """Return in_words() as a sentence begins with it: "The Irish DPC"."""
    words = in_words(slug, country)
    return words if words == slug else f"{words[:1].upper()}{words[1:]}"


@cache
def _written() -> dict[str, str]:
    """Return folded writing -> slug: the label, the spoken form, and the label of earlier versions."""
    found: dict[str, str] = {}
    for it in authorities().values():
        former = f"{short_name(it.abbr, it.name, it.country)} ({country_name(it.country)})"
        said = in_words(it.slug)
        for words in (it.slug, label(it.slug), former, said, said.removeprefix("the ")):
            found[_folded(words)] = it.slug
    return found


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def slug_of(words: str) -> str | None:
    """Return the authority that somebody wrote as a label or a sentence has it; None for anybody else."""
    return _written().get(_folded(words))


def spoken(slug: str | None) -> str | None:
    """Return "the Irish DPC", as a sentence needs it; None where the authority is not known."""
    it = authorities().get(slug) if slug else None
    if it is None:
        return None
    # The bodies of the Union bear it in their name: "the EDPB", not "the European EDPB".
    whose = "" if it.country == "EU" else f"{adjective(it.country)} "
    return f"the {whose}{short_name(it.abbr, it.name, it.country)}"
