"""A file of controllers (CSV), read strictly: of a file with a bad row nothing is used.

The packaged one, controllers.csv, is in the same form.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tracker.errors import BadFile, RuleBroken
from tracker.reference.names import country_name
from tracker.reference.places import EEA, countries
from tracker.rules.routing.facts import NOT_ISO
from tracker.rules.sizes import size_words
from tracker.rules.text import clean, shown

FILE = Path(__file__).parent / "controllers.csv"
COLUMNS = "slug name address country eea web categories runs relevant_countries quality".split()
#: The packaged file has half a megabyte; what is far beyond that is another kind of file.
MOST_BYTES = 8 << 20
#: Faults that are told; whoever has more reads the first ones anyway.
MOST_FAULTS = 200
SLUG = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
QUALITY = re.compile(r"[a-z]+([ -][a-z]+)*|")
LONGEST = {"slug": 120, "name": 300, "address": 1_000, "web": 500, "quality": 40}
#: For the others, which are lists.
LONGEST_LIST = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """A controller as a row of the file says it. `line` is the one on which the row begins.

    `said` is the row word for word; the texts are None where the file says nothing. `doubts`: what in the
    row was read otherwise than it is written.
    """

    line: int
    slug: str
    name: str
    country: str
    address: str | None
    website: str | None
    brands: tuple[str, ...]
    categories: tuple[str, ...]
    said: Mapping[str, str]
    doubts: tuple[str, ...] = ()


def read(content: bytes, name: str) -> list[Row]:
    """Return every row of a file of controllers, in its order.

    Raises BadFile with one line per fault (file, line, field, text), all faults at once.
    """
    faults: list[str] = []
    rows: list[Row] = []
    lines: dict[str, int] = {}
    for line, values in _rows(_text(content, name), name, faults):
        wrong: list[tuple[str, str]] = []
        row = _row(line, values, wrong)
        if row.slug and row.slug in lines:
            wrong.append(("slug", f"{shown(row.slug)} stands on line {lines[row.slug]} already"))
        lines.setdefault(row.slug, line)
        faults += [f"{name}: line {line}: {field}: {text}" for field, text in wrong]
        rows.append(row)
    if len(faults) > MOST_FAULTS:
        more = len(faults) - MOST_FAULTS
        faults = [*faults[:MOST_FAULTS], f"{name}: {more:,} more faults are not listed."]
    if faults:
        raise BadFile(faults)
    if not rows:
        raise BadFile([f"{name}: has no row below its head: there is nothing to take in."])
    return rows


def packaged() -> bytes:
    """Return the packaged file."""
    return FILE.read_bytes()


def _text(content: bytes, name: str) -> str:
    """Return the file as text. Raises BadFile, with one fault, for what is none."""
    if len(content) > MOST_BYTES:
        raise BadFile(
            [f"{name}: has {size_words(len(content))}; at most {size_words(MOST_BYTES)} are read: split it."]
        )
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise BadFile([f"{name}: line {line}: holds a NUL byte, so it is no CSV in UTF-8: save it as that."])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise BadFile(
            [f"{name}: line {line}: is not written in UTF-8: save the file as CSV in UTF-8."]
        ) from None


def _rows(text: str, name: str, faults: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give every row with the line on which it begins, and add what is no row to the faults.

    Raises BadFile where the head is not that of such a file.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            break
        except csv.Error:
            faults.append(
                f"{name}: line {line}: row: cannot be read from here on: a quotation mark is not closed, or "
                "stands inside a field without being doubled."
            )
            break
        if not values:
            continue
        if head is None:
            head = [it.strip() for it in values]
            _check_head(head, name, line)
        elif len(values) != len(head):
            faults.append(
                f"{name}: line {line}: row: has {len(values)} fields, not {len(head)}: put quotation marks "
                "around a field that has a comma or several lines."
            )
        else:
            yield line, dict(zip(head, values, strict=True))
    if head is None and not faults:
        raise BadFile([f"{name}: is empty."])


def _check_head(head: list[str], name: str, line: int) -> None:
    missing = [it for it in COLUMNS if it not in head]
    strange = [shown(it) for it in dict.fromkeys(head) if it not in COLUMNS]
    if missing or strange or len(head) != len(COLUMNS):
        told = [f"missing: {', '.join(missing)}"] if missing else []
        told += [f"not known: {', '.join(strange[:5])}"] if strange else []
        told = told or ["one of them stands there twice"]
        for sign, words in ((";", "semicolons"), ("\t", "tabs")):
            if len(head) == 1 and sign in head[0]:
                told = [f"in this file {words} set them apart: save it with commas"]
        raise BadFile(
            [
                f"{name}: line {line}: columns: the first row has to name these, set apart by commas: "
                f"{', '.join(COLUMNS)}; {'; '.join(told)}."
            ]
        )


def _row(line: int, values: Mapping[str, str], wrong: list[tuple[str, str]]) -> Row:
    said: dict[str, str] = {}
    for field in COLUMNS:
        try:
            limit = LONGEST.get(field, LONGEST_LIST)
            said[field] = clean(values[field], field=field, limit=limit, lines=field == "address")
        except RuleBroken as refusal:
            wrong.append((field, str(refusal)))
            said[field] = ""
    refused = {field for field, _ in wrong}
    doubts: list[str] = []
    for field, fault in _faults_of(said, doubts):
        if field not in refused:
            wrong.append((field, fault))
    return Row(
        line=line,
        slug=said["slug"],
        name=said["name"],
        country=said["country"],
        address=said["address"] or None,
        website=_website(said["web"])[0],
        brands=listed(said["runs"]),
        categories=listed(said["categories"]),
        said=said,
        doubts=tuple(doubts),
    )


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a list as the file writes it, each once."""
    return tuple(dict.fromkeys(" ".join(it.split()) for it in text.split(";") if it.strip()))


def _faults_of(said: Mapping[str, str], doubts: list[str]) -> Iterator[tuple[str, str]]:
    if not said["slug"]:
        yield "slug", "is missing"
    elif not SLUG.fullmatch(said["slug"]):
        yield "slug", f"{shown(said['slug'])} has to be of small letters, digits and hyphens"
    if not said["name"]:
        yield "name", "is missing"
    country = said["country"]
    if country not in countries():
        instead = NOT_ISO.get(country, "it as ISO 3166 does, such as IE")
        yield "country", f"{shown(country)} is no country that is known here: write {instead}"
    elif said["eea"] != ("yes" if country in EEA else "no"):
        there = "is" if country in EEA else "is not"
        right = "yes" if country in EEA else "no"
        yield "eea", f"{shown(said['eea'])} has to be {right}: {country_name(country)} {there} in the EEA"
    website, fault = _website(said["web"])
    if fault:
        yield "web", fault
    elif website != (said["web"] or None):
        doubts.append(f"web: {shown(said['web'])} is read as {website}")
    for code in listed(said["relevant_countries"]):
        if code != "all" and code.upper() not in countries():
            yield "relevant_countries", f"{shown(code)} is neither “all” nor a country, such as ie"
    if not QUALITY.fullmatch(said["quality"]):
        yield "quality", f"{shown(said['quality'])} has to be one word, such as verified"


def _website(text: str) -> tuple[str | None, str | None]:
    """Return the web address that is meant, or what is wrong with it.

    One that somebody mistyped (httsp:) or wrote without https: is read as it is meant.
    """
    if not text:
        return None, None
    fault = f"{shown(text)} is no web address: write it as https://www.example.org"
    scheme, apart, rest = text.partition("://")
    if not apart:
        scheme, rest = "https", text
    if sorted(scheme.lower()) in (sorted("http"), sorted("https")):
        scheme = "https" if len(scheme) == 5 else "http"
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host = parts.hostname or ""
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return None, fault
    good = scheme in ("http", "https") and "." in host and port_is_good
    if not good or any(it.isspace() or it in "<>\"'" for it in text) or "@" in rest.partition("/")[0]:
        return None, fault
    return f"{scheme}://{rest}", None
