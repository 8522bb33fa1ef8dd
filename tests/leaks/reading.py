"""Reads the whole public site as somebody would who wants to find something: every address, in every way.

The addresses are those of the app's own map, of every link on every page, in every feed, calendar and data
file, in every language. A rule of the map of which no address is answered is a fault.
"""

import gzip
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, Rule

from tracker.db import db
from tracker.web.languages import LANGUAGES, prefix_of

HOST = "http://localhost"
#: What may stand in the place of an argument, by the first part of the path: what is public, what is not.
NUMBERS = [f"C00{case}" for case in range(1, 5)] + ["C999", "c001", "x"]
FILINGS = [f"C00{case}-0{place}" for case in range(1, 5) for place in range(1, 5)] + ["c001-01", "x"]
AUTHORITIES = ["nl-ap", "at-dsb", "fr-cnil", "ie-dpc", "xx"]
ARGUMENTS: Mapping[tuple[str, str], Sequence[str]] = {
    ("cases", "number"): NUMBERS,
    ("filings", "number"): FILINGS,
    ("authorities", "slug"): AUTHORITIES,
    ("controllers", "slug"): ["example-platforms-ireland-limited", "xx"],
    ("projects", "slug"): ["artificial-minds", "xx"],
    ("data", "name"): ["cases", "xx"],
    ("sitemap-<small:part>.xml", "part"): ["1", "99"],
    ("static", "filename"): ["css/base.css", "css/xx.css"],
}
#: Rules of which no address is answered on a site of this size, and why.
NEVER_ANSWERED: Mapping[str, str] = {
    "/sitemap-<small:part>.xml": "there is only one sitemap while it holds fewer than 50,000 addresses",
}
#: What is asked beside: addresses that are wrong in every way that the site knows.
BESIDE = (
    *("/nowhere", "/cases?year=x", "/cases?year=1999", "/cases?page=9", "/cases?page=x", "/cases/"),
    *("/cases?text=zz", "/cases?text=" + "a+" * 20, "/cases?outcome=won", "/cases/C001?of=C001-01", "/%00"),
    *("/cases/C001?by=xx", "/controllers?text=limited", "/controllers?page=9", "/authorities?text=zz"),
    *("/authorities?country=AT", "/authorities/nl-ap?role=lead", "/route?d=x", "/route?e=IE&day=2024-06-06"),
    *("/desk/cases/C001", "/calendar/xx.ics", "/public.db", "/static/../public.db", "/static/", "/de/de/"),
    *("/de", "/fr/", "/es/cases", "/index.php", "/.git/config", "/cases/C001/", "/CASES/C001"),
)
#: Nothing of these may change anything: no such method is known anywhere.
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
#: These tell what time it is at the server, and nothing else.
OF_THE_CLOCK = ("Date", "Expires")
#: More addresses than the largest site of the tests has: a trap without end would be met.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody gets for an address, as it goes through the line, but unpacked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def kind(self) -> str:
        """Return the media type."""
        return dict((name.lower(), it) for name, it in self.headers).get("content-type", "").partition(";")[0]

    @property
    def head(self) -> bytes:
        """Return status and headers as bytes."""
        lines = [str(self.status), *(f"{name}: {it}" for name, it in self.headers)]
        return "\n".join(lines).encode("utf-8", "surrogateescape")

    @property
    def whole(self) -> bytes:
        """Return all of it as bytes."""
        return self.head + b"\n\n" + self.body


def ask(app: Flask, address: str, method: str = "GET", **headers: str) -> Answer:
    """Return the answer of the app to one request, in a context of its own."""
    named = {name.replace("_", "-"): it for name, it in headers.items()}
    with app.app_context():
        got = app.test_client().open(address, method=method, headers=named, buffered=True, base_url=HOST)
        db.session.remove()
    body = got.get_data()
    if got.headers.get("Content-Encoding") == "gzip" and body:
        body = gzip.decompress(body)
    told = tuple((name, it) for name, it in got.headers.items() if name not in OF_THE_CLOCK)
    return Answer(got.status_code, told, body)


class _Links(HTMLParser):
    """Gathers everything in a page that looks like an address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (
                name in ("href", "src", "action", "srcset", "xlink:href") or value.startswith(HOST)
            ):
                self.found.append(value)


#: An address within a text that is no page: whole, or in quotes and beginning with a slash.
WHOLE = re.compile(rf"{re.escape(HOST)}[^\s\"'<>;\\)\]]*")
QUOTED = re.compile(r"[\"'>](/[^\s\"'<>\\]*)")


def links(address: str, answer: Answer) -> Iterator[str]:
    """Give the addresses of this site to which an answer leads, without what follows a hash."""
    told = [it for name, it in answer.headers if name in ("Location", "Content-Location", "Link")]
    if answer.kind == "text/html":
        page = _Links()
        page.feed(answer.body.decode())
        told += page.found
    elif not answer.kind.startswith(("image/", "font/", "application/zip")):
        text = answer.body.decode("utf-8", "replace")
        if answer.kind == "text/calendar":
            text = text.replace("\r\n ", "")  # long lines go on in the next one
        told += WHOLE.findall(text) + QUOTED.findall(text)
    for it in told:
        parts = urlsplit(urljoin(HOST + address, it.replace("&amp;", "&")))
        if f"{parts.scheme}://{parts.netloc}" == HOST:
            yield (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _values(rule: Rule, argument: str) -> Sequence[str]:
    """Return what may stand for an argument of a rule; nothing where nobody wrote it down."""
    converter = rule._converters[argument]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    return ARGUMENTS.get((rule.rule.split("/")[1], argument), ())


def _filled(rule: Rule, instead: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Return the addresses of a rule, every argument filled with everything that is known for it."""
    found, chosen = [""], instead or {}
    for argued, name in _parts(rule.rule):
        values = (chosen.get(name) or _values(rule, name)) if argued else (name,)
        found = [before + it for before in found for it in values]
    return found


def _parts(rule: str) -> Iterator[tuple[bool, str]]:
    """Give the pieces of a rule: whether each is an argument, and its name or its text."""
    for text, name in re.findall(r"([^<]+)|<(?:[^>]*:)?([^>:]+)>", rule):
        yield bool(name), name or text


def in_languages(address: str) -> list[str]:
    """Return an address in every language; a file has one address."""
    return [address if address.startswith("/static/") else prefix_of(code) + address for code in LANGUAGES]


def beginnings(app: Flask) -> list[str]:
    """Return the addresses with which reading begins."""
    known = [it for rule in app.url_map.iter_rules() if "GET" in rule.methods for it in _filled(rule)]
    folder = Path(str(app.static_folder))
    files = [
        f"/static/{it.relative_to(folder).as_posix()}" for it in sorted(folder.rglob("*")) if it.is_file()
    ]
    return list(dict.fromkeys([*(each for it in (*known, *BESIDE) for each in in_languages(it)), *files]))


def read(app: Flask, addresses: Iterable[str] | None = None) -> dict[str, Answer]:
    """Return the answer to every address, and to every address to which one of them leads."""
    waiting = list(beginnings(app) if addresses is None else addresses)
    seen: dict[str, Answer] = {}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        assert len(seen) < MOST, f"The site has no end: {address}"
        seen[address] = ask(app, address)
        if addresses is None:
            waiting += links(address, seen[address])
    return seen


def read_about(app: Flask, number: str) -> dict[str, Answer]:
    """Return the answers of all addresses with a number in them, and of those with it to which they lead."""
    waiting = [it for it in beginnings(app) if number in it]
    seen: dict[str, Answer] = {}
    while waiting:
        address = waiting.pop()
        if address not in seen:
            seen[address] = ask(app, address)
            waiting += [it for it in links(address, seen[address]) if number in it]
    return seen


def in_other_ways(app: Flask, seen: Mapping[str, Answer]) -> Iterator[tuple[str, Answer]]:
    """Give the answers to other methods and to conditions, for each address that has been read."""
    for address, whole in seen.items():
        yield f"HEAD {address}", ask(app, address, "HEAD")
        headers = dict(whole.headers)
        if "ETag" in headers:
            yield f"known {address}", ask(app, address, If_None_Match=headers["ETag"])
            yield f"another {address}", ask(app, address, If_None_Match='"x"', If_Match='"x"')
        if "Last-Modified" in headers:
            yield f"since {address}", ask(app, address, If_Modified_Since=headers["Last-Modified"])
        if "?" in address:
            continue
        yield f"part of {address}", ask(app, address, Range="bytes=0-99")
        yield f"end of {address}", ask(app, address, Range="bytes=-99", Accept_Encoding="gzip")
        yield f"beyond {address}", ask(app, address, Range="bytes=999999999-")
        yield (
            f"{METHODS[len(address) % len(METHODS)]} {address}",
            ask(app, address, METHODS[len(address) % len(METHODS)]),
        )


#: What is not public, each with what never was, of the same length: proposed, never proposed, not cleared.
NOT_PUBLIC = (
    ("cases", "number", "C002", "C999"),
    ("cases", "number", "C004", "C999"),
    ("filings", "number", "C002-01", "C999-01"),
    ("filings", "number", "C001-03", "C001-99"),
    ("filings", "number", "C003-02", "C003-99"),
)


def pairs(marks: Mapping[str, str], cleared: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Return what is not public with what never was: numbers, and what stands for a controller or project."""
    found = list(NOT_PUBLIC)
    for mark, what in marks.items():
        if what in ("controllers.name", "projects.slug", "projects.name") and mark not in cleared:
            found.append((what.partition(".")[0], "slug", mark, "canary99999x"))
    return found


def twins(app: Flask, part: str, argument: str, one: str, other: str) -> Iterator[tuple[str, str]]:
    """Give the addresses of every rule for one value of an argument, each with that for another value."""
    for rule in app.url_map.iter_rules():
        if argument not in rule.arguments or rule.rule.split("/")[1] != part:
            continue
        for address in _filled(rule, {argument: ("\0",)}):
            yield from ((it.replace("\0", one), it.replace("\0", other)) for it in in_languages(address))


def rule_of(app: Flask, address: str) -> str | None:
    """Return the rule by which an address is answered, None for none."""
    path = urlsplit(address).path
    for code in LANGUAGES:
        prefix = prefix_of(code)
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            path = path.removeprefix(prefix) or "/"
            break
    try:
        rule, _ = app.url_map.bind("localhost").match(path, return_rule=True)
    except HTTPException:
        return None
    return str(rule.rule)


def never_read(app: Flask, seen: Mapping[str, Answer]) -> set[str]:
    """Return the rules of the app of which no address was answered, those aside that never are."""
    asked = {it: rule_of(app, it) for it in seen}
    answered = {asked[it] for it, answer in seen.items() if answer.status == 200}
    answered |= set(NEVER_ANSWERED) & set(asked.values())
    return {rule.rule for rule in app.url_map.iter_rules()} - answered


def some_of_each(app: Flask, seen: Mapping[str, Answer], most: int) -> dict[str, Answer]:
    """Return so many addresses of each rule, with each status, in each language, with a query and without."""
    found: dict[str, Answer] = {}
    counts: Counter[tuple[object, ...]] = Counter()
    for address, answer in seen.items():
        language = next(
            (it for it in LANGUAGES if address.startswith(f"{prefix_of(it)}/") and it != "en"), ""
        )
        group = (rule_of(app, address), answer.status, language, "?" in address, "C00" in address)
        counts[group] += 1
        if counts[group] <= most:
            found[address] = answer
    return found


def kinds(seen: Mapping[str, Answer]) -> list[str]:
    """Return the media types that were read."""
    return sorted({it.kind for it in seen.values() if it.kind})


def differing(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> list[str]:
    """Return the addresses whose answers differ in a byte."""
    return sorted(it for it in {*one, *other} if one.get(it) != other.get(it))
