"""Marks put into what is cleared, so that the search is seen to find them: in each field, each encoding."""

import copy as copies
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tests.leaks import office as offices
from tests.leaks import reading, store
from tests.leaks.office import Office
from tests.leaks.searching import ENCODINGS
from tracker.db import db, transaction
from tracker.models import Case, Publication
from tracker.rules.access import PUBLIC_FIELDS
from tracker.rules.vocabulary import PublicationState
from tracker.services.publication_fields import PARTS, WITHIN_DECISION

#: Fields that can bear no mark, because they are no words: why.
CODES: Mapping[tuple[str, str], str] = {
    **dict.fromkeys(
        [
            ("case", "number"),
            ("filing", "number"),
            ("update", "number"),
            ("update", "filings"),
            ("decision", "number"),
            ("decision", "filings"),
            ("decision", "entries"),
            ("result", "number"),
            ("finding", "filing"),
            ("finding", "claim"),
            ("deadline", "filing"),
            ("deadline", "start_number"),
            ("hearing", "filings"),
            ("hearing", "sequence"),
            ("fine", "minor"),
        ],
        "a number",
    ),
    **dict.fromkeys(
        [
            ("filing", "lodged"),
            ("filing", "since"),
            ("update", "day"),
            ("decision", "decided"),
            ("measure", "comply_by"),
            ("deadline", "started_on"),
            ("deadline", "due_on"),
            ("deadline", "certain_on"),
            ("deadline", "met_on"),
            ("deadline", "paused_on"),
            ("hearing", "day"),
            ("hearing", "starts_at"),
        ],
        "a day",
    ),
    **dict.fromkeys(
        [
            ("case", "language"),
            ("decision", "language"),
            ("text", "language"),
            ("filing", "stage"),
            ("filing", "outcome"),
            ("update", "step"),
            ("decision", "type"),
            ("decision", "appeal"),
            ("result", "result"),
            ("finding", "finding"),
            ("fine", "currency"),
            ("deadline", "period"),
            ("hearing", "zone"),
        ],
        "a code",
    ),
    **dict.fromkeys(
        [
            ("filing", "authority"),
            ("filing", "country"),
            ("filing", "entered_by_authority"),
            ("filing", "lead"),
            ("filing", "handling"),
            ("decision", "decided_by_slug"),
            ("deadline", "owed_by"),
        ],
        "an authority, or a country",
    ),
    **dict.fromkeys(
        [
            ("filing", "lead_presumed"),
            ("deadline", "open"),
            ("hearing", "cancelled"),
        ],
        "yes or no",
    ),
    **dict.fromkeys([("decision", it) for it in WITHIN_DECISION], "a list, whose members are planted"),
}
#: Cleared and kept in the public store, and not said by every page that could.
IN_THE_STORE_ONLY: Mapping[str, str] = {
    "filing.lead_short": "said where a lead is presumed",
    "filing.controllers": "said where the filings of a case are against different ones",
    "finding.words": "for readers of the data",
    "finding.provision": "said by the claim",
    "hearing.uid": "for calendars",
}


@dataclass
class Looked:
    """What was planted where, what of it was found, and the public fields that nobody thought of."""

    planted: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    strange: set[tuple[str, str]] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)


def look(office: Office, addresses: Iterable[str] | None = None) -> Looked:
    """Publish C001 with marks in every field and in every encoding, look for them, and make it as it was.

    With `addresses` these are read, and not everything to which they lead.
    """
    found = Looked()
    content = _planted(office, found)
    _write_encoded(office, found, content)
    with _public(content):
        search = office.search()
        for answer in reading.read(office.public, addresses).values():
            found.shown |= set(search.find(answer.whole))
        for _, held in store.files(office.settings):
            found.stored |= set(search.find(held))
    return found


def _cleared() -> Publication:
    query = sa.select(Publication).join(Case, Case.id == Publication.case_id)
    found: Publication = db.session.scalars(
        query.where(Case.number == "C001", Publication.state == PublicationState.CLEARED)
    ).one()
    return found


def _planted(office: Office, found: Looked) -> dict[str, Any]:
    """Return what is cleared of C001 with a mark in every field that can bear one."""
    content = copies.deepcopy(_cleared().content)
    _complete(content)
    bearing = set()
    for kind, it in _members(content):
        for name in it:
            if (kind, name) in CODES:
                continue

            def new(what: str = f"{kind}.{name}") -> str:
                mark = office.marks.new(f"planted {what}")
                found.planted[mark] = what
                return mark

            it[name] = _marked(name, it[name], new)
            bearing.add((kind, name))
    wanted = {(kind, name) for kind, names in PUBLIC_FIELDS.items() for name in names}
    found.strange = wanted - bearing - set(CODES)
    return content


def _write_encoded(office: Office, found: Looked, content: dict[str, Any]) -> None:
    """Add to the summary a mark in every encoding that is text."""
    for name, encode in ENCODINGS.items():
        mark = office.marks.new(f"written as {name}")
        try:
            text = encode(mark).decode("utf-8")
        except UnicodeDecodeError:
            continue
        if text.isprintable():
            found.written[mark] = name
            content["case"]["summary"] += f"\n\n{text}"


def _marked(name: str, before: Any, new: Any) -> Any:
    """Return a value of the form that a field has, with a new mark in every text of it."""
    if name == "project":
        return {"slug": new("case.project, slug"), "name": new("case.project, name")}
    if name == "claims":
        return [{"provision": new("case.claims, provision"), "conduct": new("case.claims, conduct")}]
    if name == "actor":
        return {"words": new(), "slug": None}
    if name == "reasons":
        return [[new("deadline.reasons, words"), new("deadline.reasons, basis")]]
    if name == "sources":
        return [f"https://{new()}.example/"]
    if name == "source":
        return f"https://{new()}.example/"
    return [new()] if isinstance(before, list) else new()


def _members(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "case", content["case"]
    for part, kind in PARTS.items():
        yield from ((kind, it) for it in content[part])
    for decision in content["decisions"]:
        for part, kind in WITHIN_DECISION.items():
            yield from ((kind, it) for it in decision[part])


def _complete(content: dict[str, Any]) -> None:
    """Give the first decision what it may not have, so that every field is there."""
    decision = content["decisions"][0]
    for each in content["decisions"]:
        each["decided_by_slug"] = None  # else its name comes from the directory
    decision["filings"] = [{"number": "C001-01", "result": "upheld"}]
    decision["findings"] = [
        {"filing": "C001-01", "claim": 0, "provision": "", "finding": "upheld", "words": ""}
    ]
    decision["fines"] = [{"minor": 100_00, "currency": "EUR", "against": ""}]
    content["deadlines"] = [
        {
            **{"filing": "C001-01", "period": "G15", "owed_by": "nl-ap", "start_number": 0, "open": True},
            **{"started_on": "2026-06-06", "due_on": "2026-09-07", "certain_on": "2026-09-07"},
            **{"met_on": None, "paused_on": None, "reasons": []},
        }
    ]
    decision["measures"] = [{"letter": "d", "words": "", "comply_by": "2027-01-01"}]


@contextmanager
def _public(content: dict[str, Any]) -> Iterator[None]:
    """Let a content be what is public of C001, for as long as somebody looks."""
    key, before = _cleared().id, copies.deepcopy(_cleared().content)
    try:
        _write(key, content)
        yield
    finally:
        _write(key, before)


def _write(key: int, content: dict[str, Any]) -> None:
    with transaction():
        db.session.execute(sa.update(Publication).where(Publication.id == key).values(content=content))
    offices.copy()
    db.session.remove()
