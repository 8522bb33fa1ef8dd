"""The rows of the public store that a cleared content makes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.errors import RuleBroken
from tracker.models import Publication
from tracker.reference import tables
from tracker.rules import provisions
from tracker.rules.party_slugs import party_slug
from tracker.rules.vocabulary import Precision
from tracker.services.controllers import fold
from tracker.services.publication_fields import Content, completed
from tracker.services.publication_results import with_results
from tracker.services.publication_since import Since

#: The tables of the public store that hold something of a case, in the order in which rows may be added.
TABLES = (
    "cases",
    "contents",
    "parties",
    "filings",
    "updates",
    "taken_back",
    "decisions",
    "deadlines",
    "hearings",
)
#: What the row of a case has where nothing of it is public.
NOTHING: Mapping[str, Any] = {
    "title": "",
    "ngo": "",
    "summary": "",
    "language": "",
    "texts": {},
    "project": "",
    "project_slug": "",
    "controllers": [],
    "claims": [],
    "requested": [],
    "outcome_text": "",
    "sources": [],
    "lodged_on": None,
    "cleared_at": None,
    "published_at": None,
}

Rows = dict[str, list[dict[str, Any]]]


def withdrawn_rows(number: str, once_public: Collection[str], since: Since) -> Rows:
    """Return what is left of a case that was withdrawn: its number, and those of its filings and entries."""
    gone = {"withdrawn": True, "withdrawn_filings": sorted(once_public), "withdrawn_at": since.withdrawn_at}
    return {"cases": [{**NOTHING, "number": number, **gone}], "taken_back": _taken_back(number, since)}


def rows_of(publication: Publication, once_public: Collection[str], since: Since) -> Rows:
    """Return the rows of a cleared content by their table.

    `once_public` are the numbers of all filings of the case that are or were public.
    """
    content = with_results(completed(publication.content))
    case, filings = content["case"], content["filings"]
    number: str = case["number"]
    others = _in_other_proceedings(content["decisions"])
    return {
        "cases": [_case(content, publication.public_from, once_public, since)],
        "contents": [{"case_number": number, "content": _whole(content, since)}],
        "parties": [
            {"case_number": number, "position": place, "slug": party_slug(fold(name)), "name": name}
            for place, name in enumerate(case["controllers"])
        ],
        "filings": [_filing(number, it) for it in filings],
        "updates": [
            {**_update(number, place, it, since), "other_proceedings": it["number"] in others}
            for place, it in enumerate(content["updates"])
        ],
        "taken_back": _taken_back(number, since),
        "decisions": [_decision(number, place, it) for place, it in enumerate(content["decisions"], start=1)],
        "deadlines": _deadlines(number, content["deadlines"]),
        "hearings": [_hearing(number, it) for it in content["hearings"]],
    }


def _in_other_proceedings(decisions: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """Return the numbers of the entries that tell of a decision about none of the filings."""
    return frozenset(number for it in decisions if not it["filings"] for number in it["entries"])


def _whole(content: Content, since: Since) -> Content:
    """Return a content as the public store keeps it in one piece: as it was cleared, and since when.

    Claims have the words for their provisions, and entries say whether they tell of other proceedings. What
    only tells the desk what was chosen stays there.
    """
    case, updates, decisions = content["case"], content["updates"], content["decisions"]
    others = _in_other_proceedings(decisions)
    whole = {part: value for part, value in content.items() if part != "fields"}
    return {
        **whole,
        "case": {
            **case,
            "claims": [_claim(it) for it in case["claims"]],
            "published_at": _moment(since.published_at),
        },
        "updates": [
            {
                **it,
                "published_at": _moment(since.updates.get(it["number"])),
                "other_proceedings": it["number"] in others,
            }
            for it in updates
        ],
        "decisions": [
            {"position": place, **{name: value for name, value in it.items() if name != "number"}}
            for place, it in enumerate(decisions, start=1)
        ],
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _case(
    content: Content, cleared_at: datetime | None, once_public: Collection[str], since: Since
) -> dict[str, Any]:
    case, filings = content["case"], content["filings"]
    lodged = [it["lodged"]["on"] for it in filings if it["lodged"]["on"]]
    return {
        "number": case["number"],
        "withdrawn": False,
        "withdrawn_filings": sorted(set(once_public) - {it["number"] for it in filings}),
        "title": case["title"],
        "ngo": case["ngo"],
        "summary": case["summary"],
        "language": case["language"],
        "texts": {
            it["language"]: {"title": it["title"], "summary": it["summary"]} for it in content["texts"]
        },
        "project": case["project"]["name"] if case["project"] else "",
        "project_slug": case["project"]["slug"] if case["project"] else "",
        "controllers": case["controllers"],
        "claims": [_claim(it) for it in case["claims"]],
        "requested": case["requested"],
        "outcome_text": case["outcome_text"],
        "sources": case["sources"],
        "lodged_on": date.fromisoformat(min(lodged)) if lodged else None,
        "cleared_at": cleared_at,
        "published_at": since.published_at,
        "withdrawn_at": None,
    }


def _claim(claim: dict[str, Any]) -> dict[str, Any]:
    """Return a claim with the words for its provision, as the page shows it."""
    shown: dict[str, Any] = {"label": claim["provision"], "url": None, "title": None}
    try:
        read = provisions.read(claim["provision"])
    except RuleBroken:
        return {**claim, **shown}
    article = tables.provisions().get(read.article)
    return {**claim, "label": read.label, "url": read.url, "title": article.title if article else None}


def _day(day: dict[str, Any]) -> tuple[date | None, Precision]:
    return (date.fromisoformat(day["on"]) if day["on"] else None), Precision(day["precision"])


def _filing(case: str, it: dict[str, Any]) -> dict[str, Any]:
    lodged, since = _day(it["lodged"]), _day(it["since"])
    return {
        "number": it["number"],
        "case_number": case,
        "authority": it["authority"],
        "country": it["country"],
        "reference": it["reference"],
        "lodged_on": lodged[0],
        "lodged_precision": lodged[1],
        "stage": it["stage"],
        "since_on": since[0],
        "since_precision": since[1],
        "outcome": it["outcome"],
        "entered_by_authority": it["entered_by_authority"],
        "lead": it["lead"],
        "lead_presumed": it["lead_presumed"],
        "lead_sentence": it["lead_sentence"],
        "lead_short": it["lead_short"],
        "handling": it["handling"],
        "controllers": it["controllers"],
    }


def _update(case: str, place: int, it: dict[str, Any], since: Since) -> dict[str, Any]:
    day = _day(it["day"])
    return {
        "case_number": case,
        "number": it["number"],
        "position": place,
        "happened_on": day[0],
        "happened_precision": day[1],
        "kind": it["step"],
        "label": it["label"],
        "actor": it["actor"]["words"],
        "actor_slug": it["actor"]["slug"],
        "words": it["words"],
        "reference": it["reference"],
        "source": it["source"],
        "filings": it["filings"],
        "published_at": since.updates.get(it["number"]),
    }


def _taken_back(case: str, since: Since) -> list[dict[str, Any]]:
    return [
        {"case_number": case, "number": number, "taken_back_at": at}
        for number, at in sorted(since.taken_back.items())
    ]


def _decision(case: str, place: int, it: dict[str, Any]) -> dict[str, Any]:
    decided = _day(it["decided"])
    alike = (
        "type decided_by decided_by_slug reference ecli language source summary appeal appeal_to filings "
        "findings fines measures entries"
    ).split()
    return {
        "case_number": case,
        "position": place,
        "decided_on": decided[0],
        "decided_precision": decided[1],
        **{name: it[name] for name in alike},
    }


def _deadlines(case: str, deadlines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of deadlines, numbered within each filing."""
    place: dict[str, int] = {}
    rows = []
    for it in deadlines:
        number = it["filing"]
        place[number] = place.get(number, -1) + 1
        days = ("started_on", "due_on", "certain_on", "met_on", "paused_on")
        rows.append(
            {
                "filing_number": number,
                "position": place[number],
                "case_number": case,
                **{day: date.fromisoformat(it[day]) if it[day] else None for day in days},
                **{name: it[name] for name in ("period", "owed_by", "start_number", "open", "reasons")},
            }
        )
    return rows


def _hearing(case: str, it: dict[str, Any]) -> dict[str, Any]:
    return {
        **it,
        "case_number": case,
        "day": date.fromisoformat(it["day"]),
        "starts_at": datetime.fromisoformat(it["starts_at"]) if it["starts_at"] else None,
    }
