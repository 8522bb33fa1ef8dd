"""The forms in which a public page is there for machines: their addresses, and how they are sent.

The address of a form is that of the page with an ending: /cases/C081.atom. The site as a whole has no page
whose name could take one, so its forms have names of their own.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from tracker.rules.cells import safe
from tracker.rules.text import legible
from tracker.services import public_site as site
from tracker.web import languages
from tracker.web.public import site_link

#: Code -> ending, type, name; the name is the same in every language.
FORMS = {
    "atom": (".atom", "application/atom+xml", "Atom"),
    "feed": (".feed.json", "application/feed+json", "JSON Feed"),
    "ics": (".ics", "text/calendar", "iCal"),
    "json": (".json", "application/json", "JSON"),
    "csv": (".csv", "text/csv", "CSV"),
    "ris": (".ris", "application/x-research-info-systems", "RIS"),
    "bib": (".bib", "application/x-bibtex", "BibTeX"),
}
#: The forms of the whole site.
OF_THE_SITE = {"atom": "/feed.atom", "feed": "/feed.json", "ics": "/calendar.ics"}
#: Anybody's page may read what is for everybody; no cookie goes along.
OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
#: What a cell of a CSV file has between the parts of a list.
BETWEEN = "; "


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page: which, where, of what type, and what it is called."""

    code: str
    href: str
    type: str
    name: str


def forms(page: str, *codes: str, query: str = "") -> tuple[Form, ...]:
    """Return the forms of a page by its address; `query` are filters that the form has too."""
    rest = f"?{query}" if query else ""
    return tuple(Form(it, f"{page}{FORMS[it][0]}{rest}", *FORMS[it][1:]) for it in codes)


def forms_of_site() -> tuple[Form, ...]:
    """Return the forms of everything: feeds and a calendar."""
    start = site_link("start").rstrip("/")
    return tuple(Form(it, f"{start}{path}", *FORMS[it][1:]) for it, path in OF_THE_SITE.items())


def query_of(filters: site.Filters, **more: str) -> str:
    """Return filters, and what else is asked, as a query: the same for the same, however it was typed."""
    asked = {name: getattr(filters, name) for name in filters.active()}
    return urlencode({**asked, **{name: it for name, it in more.items() if it}})


def permanent(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page in the language of the request."""
    return languages.whole(site_link(endpoint, **values))


def identity(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page without a language: the same thing has one in every language."""
    return languages.whole(site_link(endpoint, **values), languages.ORIGINAL)


def moved(endpoint: str, **values: Any) -> AnyResponse:
    """Lead to the address with the number as this program writes it."""
    return redirect(site_link(endpoint, **values), 301)


def data(body: bytes | str | Iterable[bytes], kind: str, name: str = "") -> Response:
    """Return a file for machines; `name` is what a browser would call it."""
    answer = Response(body, headers=OPEN, mimetype=kind)
    answer.headers["Content-Language"] = languages.language()
    if name:
        answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def as_json(values: Any) -> str:
    """Return values as JSON with letters as they are, in the order in which they stand."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False)


def csv_lines(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """Give a table line by line, with CRLF (RFC 4180), as a spreadsheet may have it."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_cell(it) for it in row])
        if line.tell() > 1 << 16:
            yield _taken(line)
    yield _taken(line)


def _taken(line: io.StringIO) -> bytes:
    told = line.getvalue().encode("utf-8", "replace")
    line.seek(0)
    line.truncate()
    return told


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    text = BETWEEN.join(value) if isinstance(value, list) else str(value)
    return safe(legible(text))
