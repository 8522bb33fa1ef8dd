"""The public data: each case as one record of plain values, in words of the store and codes of the program.

What may stand in a record is named here, name by name: what somebody adds to the store stays out of it until
it is named here too, and in reference/public_data.schema.json.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import NotFound, Withdrawn
from tracker.models import PublishedAuthority, PublishedCase, PublishedContent, PublishedLine
from tracker.reference import periods, tables
from tracker.reference.authorities import label
from tracker.rules import numbers
from tracker.rules.decisions import FINDINGS, RESULTS, TYPES
from tracker.rules.party_slugs import party_slug
from tracker.rules.standing import NOT_KNOWN, outcome_words
from tracker.rules.vocabulary import DecisionType, Finding, Outcome, Result
from tracker.services.controllers import fold
from tracker.services.public_site_records import NOTHING_HERE

#: Raised when a name in a record goes or means something else; a new name does not raise it.
FORM = 1
#: Cases that are read at a time.
AT_A_TIME = 100

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """Which public data these are: another one whenever anything was cleared or withdrawn.

    `day` is that of the last change, None while nothing was ever public.
    """

    day: date | None
    mark: str
    cases: int

    @property
    def words(self) -> str:
        """Return "2026-11-22-0123456789ab", as somebody cites it."""
        return f"{self.day.isoformat() if self.day else 'empty'}-{self.mark}"


def version() -> Version:
    """Return the version of the public data now, in two SQL statements."""
    case, authority = PublishedCase, PublishedAuthority
    query = sa.select(case.number, case.cleared_at, case.withdrawn_at).order_by(case.number)
    told = hashlib.sha256(f"{FORM}".encode())
    last: datetime | None = None
    cases = 0
    for number, cleared_at, withdrawn_at in db.session.execute(query):
        told.update(f"{number} {cleared_at} {withdrawn_at}\n".encode())
        cases += withdrawn_at is None and cleared_at is not None
        last = max((it for it in (last, cleared_at, withdrawn_at) if it), default=None)
    columns = [getattr(authority, it) for it in AUTHORITY]
    for row in db.session.execute(sa.select(*columns).order_by(authority.slug)):
        told.update(repr(tuple(row)).encode("utf-8", "replace"))
    return Version(last.date() if last else None, told.hexdigest()[:12], cases)


def case_data(number: str, *, site: str) -> Values:
    """Return the record of a case, in one SQL statement. `site` begins its addresses.

    Raises NotFound, or Withdrawn when it was public and is not now.
    """
    row = db.session.execute(_cases().where(PublishedCase.number == number)).first()
    if row is None:
        raise NotFound(NOTHING_HERE)
    if row.withdrawn:
        raise Withdrawn("This case was withdrawn.")
    if row.content is None:
        raise NotFound(NOTHING_HERE)
    return record_of(row.content, row.cleared_at, row.published_at, site)


def there(number: str) -> None:
    """Raise NotFound for a case that is not public, or Withdrawn when it was and is not now."""
    it = PublishedCase
    gone = db.session.scalar(sa.select(it.withdrawn).where(it.number == number))
    if gone is None:
        raise NotFound(NOTHING_HERE)
    if gone:
        raise Withdrawn("This case was withdrawn.")


def every_case(*, site: str) -> Iterator[Values]:
    """Give the record of each public case by number, in one SQL statement, a few at a time."""
    line = PublishedLine
    query = _cases().join(line, line.case_number == PublishedCase.number).order_by(line.rank)
    for row in db.session.execute(query, execution_options={"yield_per": AT_A_TIME}):
        if row.content is not None:
            yield record_of(row.content, row.cleared_at, row.published_at, site)


def _cases() -> sa.Select[Any]:
    case, content = PublishedCase, PublishedContent
    columns = (case.withdrawn, case.cleared_at, case.published_at, content.content)
    return sa.select(*columns).outerjoin(content, content.case_number == case.number)


#: What a record has of its parts under the same name as the store.
CASE = "title summary language requested outcome_text sources".split()
CLAIM = "provision label url title conduct".split()
FILING = "country reference lodged stage since outcome lead_presumed controllers".split()
ENTRY = "number day step label words reference source filings".split()
DECISION = (
    "position type decided_by decided reference ecli language source summary appeal appeal_to entries"
).split()
FINE, MEASURE = "minor currency against".split(), "letter words comply_by".split()
DEADLINE = "filing period start_number started_on due_on met_on paused_on open".split()
HEARING = "uid sequence filings court place day starts_at zone what cancelled".split()
#: What is public of an authority.
AUTHORITY = (
    "slug country region scope name name_en abbr languages website email phone address complaint_form source "
    "source_date retired"
).split()


def record_of(
    content: Mapping[str, Any], cleared_at: datetime | None, published_at: datetime | None, site: str
) -> Values:
    """Return the record of a case from what was cleared of it."""
    case = content["case"]
    project = case["project"]
    return {
        "number": case["number"],
        "address": f"{site}/cases/{case['number']}",
        **_named(case, CASE),
        "texts": {it["language"]: _named(it, ["title", "summary"]) for it in content["texts"]},
        "brought_by": case["ngo"],
        "project": {
            "slug": project["slug"],
            "name": project["name"],
            "address": f"{site}/projects/{project['slug']}",
        }
        if project
        else None,
        "controllers": [_party(it, site) for it in case["controllers"]],
        "claims": [_claim(it) for it in case["claims"]],
        "published_at": _moment(published_at),
        "cleared_at": _moment(cleared_at),
        "filings": [filing_of(it, site) for it in content["filings"]],
        "entries": [entry_of(it, case["number"], site) for it in content["updates"]],
        "decisions": [_decision(it) for it in content["decisions"]],
        "deadlines": [_deadline(it) for it in content["deadlines"]],
        "hearings": [_named(it, HEARING) for it in content["hearings"]],
    }


def filing_of(it: Mapping[str, Any], site: str) -> Values:
    """Return a filing of a record. Stage and outcome are codes, with their English words beside them."""
    stage = tables.procedure().stages.get(it["stage"])
    known = {each.value for each in Outcome} | {NOT_KNOWN}
    return {
        "number": it["number"],
        "address": f"{site}/filings/{it['number']}",
        "authority": it["authority"],
        "authority_name": label(it["authority"], it["country"] or None),
        **_named(it, FILING),
        "stage_words": stage.plain if stage else it["stage"].replace("_", " "),
        "outcome_words": outcome_words(it["outcome"]) if it["outcome"] in known else it["outcome"],
        "lead": it["lead"],
        "lead_name": label(it["lead"]) if it["lead"] else None,
        "lead_reason": it["lead_sentence"],
        "handling": it["handling"],
    }


def entry_of(it: Mapping[str, Any], case: str, site: str) -> Values:
    """Return an entry of the protocol of a record."""
    return {
        "address": f"{site}/cases/{case}#entry-{it['number']}",
        **_named(it, ENTRY),
        "actor": it["actor"]["words"],
        "authority": it["actor"]["slug"],
        "published_at": it.get("published_at"),
    }


def part_of_filing(record: Values, number: str) -> Values:
    """Return what a record says of one of its filings. Raises NotFound for one that it does not have."""
    filing = next((it for it in record["filings"] if it["number"] == number), None)
    if filing is None:
        raise NotFound(NOTHING_HERE)
    about = {name: record[name] for name in ("number", "address", "title", "language", "brought_by")}
    return {
        "case": about,
        "filing": filing,
        "entries": [it for it in record["entries"] if number in it["filings"]],
        "decisions": [
            it
            for it in record["decisions"]
            if not it["filings"] or any(each["number"] == number for each in it["filings"])
        ],
        "deadlines": [it for it in record["deadlines"] if it["filing"] == number],
        "hearings": [it for it in record["hearings"] if number in it["filings"]],
    }


def filing_data(number: str, *, site: str) -> Values:
    """Return what is public of a filing. Raises NotFound, or Withdrawn."""
    case = numbers.case_of(number)
    it = PublishedCase
    gone = db.session.scalar(sa.select(it.withdrawn_filings).where(it.number == case)) or []
    if number in gone:
        raise Withdrawn("This filing was withdrawn.")
    try:
        return part_of_filing(case_data(case, site=site), number)
    except Withdrawn:
        # Whether it was one of the filings of a withdrawn case is not told.
        raise NotFound(NOTHING_HERE) from None


def _party(name: str, site: str) -> Values:
    slug = party_slug(fold(name))
    return {"slug": slug, "name": name, "address": f"{site}/controllers/{slug}"}


def _claim(it: Mapping[str, Any]) -> Values:
    # A copy that an older program made says nothing of what is open.
    return {**_named(it, CLAIM), "open": list(it.get("open", ()))}


def _decision(it: Mapping[str, Any]) -> Values:
    return {
        **_named(it, DECISION),
        "type_words": TYPES[DecisionType(it["type"])] if it["type"] else "Decision",
        "authority": it["decided_by_slug"],
        "filings": [
            {**_named(each, ["number", "result"]), "words": RESULTS[Result(each["result"])]}
            for each in it["filings"]
        ],
        "findings": [
            {
                "filing": each["filing"],
                "claim": each["claim"] + 1,
                "provision": each["provision"],
                "finding": each["finding"],
                "words": FINDINGS[Finding(each["finding"])],
            }
            for each in it["findings"]
        ],
        "fines": [_named(each, FINE) for each in it["fines"]],
        "measures": [_named(each, MEASURE) for each in it["measures"]],
    }


def _deadline(it: Mapping[str, Any]) -> Values:
    period = periods.periods().get(it["period"])
    return {
        **_named(it, DEADLINE),
        "latest_on": it["certain_on"],
        "label": period.label if period else "",
        "basis": period.basis if period else "",
        "authority": it["owed_by"],
        "reasons": [{"text": text, "basis": basis} for text, basis in it["reasons"]],
    }


def _named(it: Mapping[str, Any], names: list[str]) -> Values:
    return {name: it[name] for name in names}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
