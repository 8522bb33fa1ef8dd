"""The public pages as data: each page and list as JSON and CSV, and everything at once."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, current_app, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from tracker import clock
from tracker.config import LICENCES
from tracker.db import let_go
from tracker.errors import NotFound
from tracker.reference.public_data import schema_text
from tracker.rules import numbers
from tracker.services import public_site as site
from tracker.services import public_site_data as records
from tracker.services import public_site_groups as groups
from tracker.services import public_site_list as lists
from tracker.services import public_site_tables as tables
from tracker.web import languages
from tracker.web.public import asked, canonical, filters_asked, views
from tracker.web.public_forms import FORMS, as_json, csv_lines, data, identity, moved, permanent
from tracker.web.public_heads import data_set_head
from tracker.web.public_lists import slug_asked

JSON, CSV = {"form": "json"}, {"form": "csv"}
#: What the schema describes.
DESCRIBED = frozenset({"data", "case", "filing"})
#: The whole data in one file: as one object, and with a case on every line.
WHOLE = {"json": "application/json", "ndjson": "application/x-ndjson"}
#: Bytes of a file that are held in memory before it is sent, and sent at a time.
MOST_HELD, BLOCK = 4 << 20, 1 << 16


@views.get("/data")
def data_page() -> str:
    """Say what there is of data, in which forms, under which licence, and which version it is."""
    version = records.version()
    return languages.page(
        "public/data.html",
        here="data",
        version=version,
        names=tuple(tables.DATA_SET),
        form=records.FORM,
        head=data_set_head(version, tuple(tables.DATA_SET), _licence()),
    )


@views.get("/data/cases.<any(json, ndjson):form>")
def whole_data(form: str) -> AnyResponse:
    """Give every public case as it was cleared."""
    version = records.version()
    cases = records.every_case(site=_root())
    lines = _as_one(version, cases) if form == "json" else (f"{as_json(it)}\n" for it in cases)
    return _streamed(version, (it.encode("utf-8", "replace") for it in lines), WHOLE[form], f"cases.{form}")


@views.get("/data/<name>.csv")
def table_data(name: str) -> AnyResponse:
    """Give one of the tables of all public data."""
    if name not in tables.DATA_SET:
        raise NotFound("There is no such page.")
    version = records.version()
    table = tables.DATA_SET[name](_root())
    return _streamed(version, csv_lines(table.heads, table.rows), FORMS["csv"][1], f"{name}.csv")


@views.get("/data/schema.json")
def schema() -> AnyResponse:
    """Give the form of the records as JSON Schema."""
    answer = data(schema_text(), "application/schema+json", "schema.json")
    answer.add_etag()
    return answer.make_conditional(request)


@views.get("/cases.json", defaults=JSON)
@views.get("/cases.csv", defaults=CSV)
def cases_data(form: str) -> Response:
    """Give all cases that match the filters in the address."""
    sort = asked("sort")
    order = sort if sort in lists.SORTS else lists.NEWEST
    return _listed(tables.cases_table(_root(), filters_asked(), order), form, "cases")


@views.get("/authorities.json", defaults=JSON)
@views.get("/authorities.csv", defaults=CSV)
def authorities_data(form: str) -> Response:
    """Give the directory, or what of it is looked for."""
    found = tables.authorities_table(_root(), asked("text"), asked("country"))
    return _listed(found, form, "authorities")


@views.get("/controllers.json", defaults=JSON)
@views.get("/controllers.csv", defaults=CSV)
def controllers_data(form: str) -> Response:
    """Give the controllers of public cases."""
    return _listed(tables.groups_table("controller", _root(), asked("text")), form, "controllers")


@views.get("/projects.json", defaults=JSON)
@views.get("/projects.csv", defaults=CSV)
def projects_data(form: str) -> Response:
    """Give the projects of public cases."""
    return _listed(tables.groups_table("project", _root()), form, "projects")


@views.get("/cases/<number>.json", defaults=JSON)
@views.get("/cases/<number>.csv", defaults=CSV)
def case_data(number: str, form: str) -> AnyResponse:
    """Give a case with all that is public of it; as a table its filings."""
    known = canonical(numbers.read_case, number)
    if known != number:
        return moved("case_data", number=known, form=form)
    if form == "csv":
        records.there(number)
        return _csv(tables.filings_table(_root(), case=number), number)
    record = records.case_data(number, site=_root())
    page = site.case_page(number, language=languages.language())
    return _json("case", permanent("case", number=number), computed=_of_case(page), case=record)


@views.get("/cases/<number>/protocol.csv")
def protocol_data(number: str) -> AnyResponse:
    """Give the protocol of a case as a table."""
    known = canonical(numbers.read_case, number)
    if known != number:
        return moved("protocol_data", number=known)
    records.there(number)
    return _csv(tables.entries_table(_root(), case=number), f"{number}-protocol")


@views.get("/filings/<number>.json", defaults=JSON)
@views.get("/filings/<number>.csv", defaults=CSV)
def filing_data(number: str, form: str) -> AnyResponse:
    """Give a filing with all that is public of it; as a table its entries of the protocol."""
    known = canonical(numbers.read_filing, number)
    if known != number:
        return moved("filing_data", number=known, form=form)
    record = records.filing_data(number, site=_root())
    if form == "csv":
        table = tables.entries_table(_root(), case=numbers.case_of(number))
        return _csv(table.where("filings", number), number)
    page = site.filing_page(number, language=languages.language())
    computed = {
        "on": clock.today().isoformat(),
        "status": languages.said(page.sentence),
        "due": [_owed(it) for it in page.owed],
    }
    return _json("filing", permanent("filing", number=number), computed=computed, **record)


@views.get("/authorities/<slug>.json", defaults=JSON)
@views.get("/authorities/<slug>.csv", defaults=CSV)
def authority_data(slug: str, form: str) -> Response:
    """Give an authority with the filings in which it has a role; as a table these filings."""
    page = site.authority_page(slug_asked(slug))
    filings = tables.filings_table(_root(), authority=slug)
    if form == "csv":
        return _csv(filings, slug)
    it = page.row.authority
    computed = {
        "on": clock.today().isoformat(),
        "filings": page.all,
        "lodged": page.row.lodged,
        "led": page.row.lead,
        "presumed": page.presumed,
        "handled": page.handled,
        "pending": page.pending,
        "late": page.lates,
    }
    public = {name: getattr(it, name) for name in records.AUTHORITY}
    dated = {**public, "source_date": it.source_date.isoformat() if it.source_date else None}
    address = permanent("authority", slug=slug)
    return _json("authority", address, computed=computed, authority=dated, filings=list(filings.records()))


@views.get("/controllers/<slug>.json", defaults={**JSON, "kind": "controller"})
@views.get("/controllers/<slug>.csv", defaults={**CSV, "kind": "controller"})
@views.get("/projects/<slug>.json", defaults={**JSON, "kind": "project"})
@views.get("/projects/<slug>.csv", defaults={**CSV, "kind": "project"})
def group_data(slug: str, form: str, kind: str) -> Response:
    """Give a controller or a project with its cases; as a table these cases."""
    cases = tables.cases_of(kind, slug_asked(slug), _root())
    if form == "csv":
        return _csv(cases, slug)
    page = groups.controller_page(slug) if kind == "controller" else groups.project_page(slug)
    it = page.group
    about = {"slug": it.slug, "name": it.name, "cases": it.cases, "filings": it.filings}
    return _json(
        kind,
        permanent(kind, slug=slug),
        **{kind: {**about, "pending": it.pending, "outcomes": dict(page.outcomes)}},
        cases=list(cases.records()),
    )


def _root() -> str:
    """Return what stands in front of a path in addresses that are the same in every language."""
    return identity("start").rstrip("/")


def _licence() -> str:
    """Return the address of the licence of the texts."""
    return LICENCES[current_app.config["TRACKER"].data_licence][1]


def _envelope(about: str, address: str) -> dict[str, Any]:
    return {
        "form": records.FORM,
        "about": about,
        "address": address,
        "language": languages.language(),
        "licence": _licence(),
        **({"schema": f"{_root()}/data/schema.json"} if about in DESCRIBED else {}),
    }


def _json(about: str, address: str, **values: Any) -> Response:
    return data(as_json({**_envelope(about, address), **values}), FORMS["json"][1])


def _csv(table: tables.Table, name: str) -> Response:
    return data(b"".join(csv_lines(table.heads, table.rows)), FORMS["csv"][1], f"{name}.csv")


def _listed(table: tables.Table, form: str, name: str) -> Response:
    if form == "csv":
        return _csv(table, name)
    return _json(name, permanent(name), **{name: list(table.records())})


def _as_one(version: records.Version, cases: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Give one object with every case in it, case by case."""
    head = {**_envelope("data", permanent("data_page")), "version": version.words}
    yield as_json(head)[:-1] + ', "cases": ['
    for place, it in enumerate(cases):
        yield f"{',' if place else ''}\n{as_json(it)}"
    yield "\n]}\n"


def _streamed(version: records.Version, body: Iterable[bytes], kind: str, name: str) -> AnyResponse:
    """Return a file that may be large; whoever has this version gets nothing, and nothing is read for it."""
    mark = f"{version.mark}-{languages.language()}"
    # Not by the library: it would read the whole body to find out how long it is.
    known = request.if_none_match.contains_weak(mark)
    answer = data(b"" if known else stream_with_context(_set_aside(body)), kind, name)
    answer.set_etag(mark)
    answer.headers["X-Data-Version"] = version.words
    if known:
        answer.status_code = 304
    return answer


def _set_aside(body: Iterable[bytes]) -> Iterator[bytes]:
    """Give what the body says once all of it has been read and the store let go.

    Sent while it is read, a download over a slow line would keep a withdrawal waiting for its end.
    """
    with tempfile.SpooledTemporaryFile(MOST_HELD) as file:
        file.writelines(body)
        let_go()
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _of_case(page: site.CasePage) -> dict[str, Any]:
    """Return what the page of a case says as of today, in the language of the request."""
    status = page.status
    said = [it for it in (status.state.words, status.leading, *status.sentences) if it]
    return {
        "on": clock.today().isoformat(),
        "status": " ".join(languages.said(it) for it in said),
        "filings": [
            {
                "number": it.number,
                "stage": languages.said(it.state.words),
                "pending": languages.said(it.pending) if it.pending else None,
            }
            for it in page.filings
        ],
        "due": [
            {
                "label": languages.said(it.label),
                "basis": languages.basis(it.basis),
                "late": it.late,
                "waiting": it.waiting,
                "total": it.total,
                "since": it.since.isoformat() if it.since else None,
                "next": it.next.isoformat() if it.next else None,
                "time": languages.said(it.time),
            }
            for it in page.dues
        ],
    }


def _owed(it: Any) -> dict[str, Any]:
    return {
        "label": languages.said(it.label),
        "basis": languages.basis(it.basis),
        "authority": it.by.slug,
        "last": it.last.isoformat() if it.last else None,
        "late": it.late,
        "time": languages.said(it.time),
    }
