"""Domain objects as the rows that the macros of the desk show."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup

from tracker.reference import tables
from tracker.reference.authorities import authorities, label, short_name
from tracker.rules.leading import Ground, that_lead
from tracker.rules.protocol import last_news
from tracker.rules.routing import reason_words
from tracker.rules.standing import ENDED, OUTCOME_NAMES, TONES
from tracker.rules.vocabulary import Outcome
from tracker.services.status import Described

#: How a lead is called that rests on something else than the rules.
GROUNDS = {Ground.OVERRIDE: "by override", Ground.AUTHORITY: "confirmed"}
#: Said of a filing, and of its case, until somebody has looked at the new answer.
CHANGED = "lead may have changed"


def authority_cell(slug: str | None, country: str | None = None) -> dict[str, Any]:
    """Return short name, country and address of an authority; words where it is not known."""
    it = authorities().get(slug) if slug else None
    if it is None:
        return {"short": slug or "not known", "country": country, "href": None}
    return {
        "short": short_name(it.abbr, it.name, it.country),
        "country": it.country,
        "href": url_for("desk.authority", slug=it.slug),
    }


def authority_words(slug: str | None, country: str | None = None) -> Markup:
    """Return the label of an authority for a cell, as a link where the directory has it."""
    if slug not in authorities():
        return unbroken(label(slug, country))
    address = url_for("desk.authority", slug=slug)
    return Markup('<span class="label"><a href="{}">{}</a></span>').format(address, label(slug))


def unbroken(words: str) -> Markup:
    """Return a number or a day for a cell, not to be broken over two lines."""
    return Markup('<span class="unbroken">{}</span>').format(words)


def stage_cell(filing: Any, told: Described) -> dict[str, str]:
    """Return mark, words and tone of a filing's stage, with the outcome where the stage does not say it."""
    words = told.plain
    if filing.stage in ENDED and filing.outcome is not Outcome.PENDING:
        words = f"{words}: {OUTCOME_NAMES[filing.outcome]}"
    return {"mark": told.mark, "words": words, "tone": TONES.get(filing.outcome, "neutral")}


def lead_cells(told: Described) -> list[dict[str, Any]]:
    """Return who leads a filing: each authority once, the words that nobody does; nothing if not known."""
    routes = that_lead(told.routes)
    roles: dict[str, str | None] = {}
    for it in routes:
        if lead := it.in_force.lead:
            role = "presumed" if it.in_force.presumed else GROUNDS.get(it.in_force.ground)
            roles[lead] = roles.get(lead) or role
    if roles:
        return [{**authority_cell(slug), "role": role} for slug, role in roles.items()]
    nobody = routes and all(it.in_force.known and not it.route.lead_until for it in routes)
    return [{"short": "no lead authority", "country": None, "href": None}] if nobody else []


def beside_words(told: Described) -> list[str]:
    """Return, each once, who decides on another issue: "ePrivacy: no lead; CNIL · France decides"."""
    found = []
    for it in told.beside:
        lead = f"{label(it.route.lead_now)} leads" if it.route.lead_now else "no lead"
        now = it.route.handling_now
        found.append(f"ePrivacy: {lead}; {f'{label(now)} decides' if now else 'not known who decides'}")
    return list(dict.fromkeys(found))


def filing_row(filing: Any, told: Described, last: Any = None) -> dict[str, Any]:
    """Return a filing as a row; `last` is its last news."""
    own = next((it.value for it in filing.references if it.owner == "authority"), None)
    return {
        "number": filing.number,
        "href": url_for("desk.filing", number=filing.number),
        "authority": authority_cell(filing.authority_slug, filing.country),
        "own": own,
        "stage": stage_cell(filing, told),
        "since": filing.since,
        "pending": None,
        "leads": lead_cells(told),
        "why": url_for("desk.filing_route", number=filing.number) if told.routes else None,
        "reason": _reason(told),
        "beside": beside_words(told),
        "look": CHANGED if any(it.change for it in (*told.routes, *told.beside)) else None,
        "last_day": last.day if last else None,
        "last_words": tables.happened(last.kind) if last else None,
    }


def reasons_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of filings without their reasons where all have the same one: the page says it once."""
    if len({it["reason"] for it in rows}) > 1:
        return rows
    return [{**it, "reason": ""} for it in rows]


def _reason(told: Described) -> str:
    """Return why that authority leads in a few words; nothing where controllers have different reasons."""
    if any(it.in_force.ground is not Ground.RULES for it in told.routes):
        return ""  # the lead of this row does not rest on the reason of the rules
    reasons = {reason_words(it.route, it.facts) for it in told.routes}
    return reasons.pop() if len(reasons) == 1 else ""


def newest_by_filing(protocol: Sequence[Any], ngo: str) -> dict[int, Any]:
    """Return filing id -> its last news; an entry without a day is no newer than its number."""
    about: dict[int, list[Any]] = defaultdict(list)
    for entry in protocol:
        for link in entry.filings:
            about[link.filing_id].append(entry)
    return {key: last_news(entries, within=protocol, ngo=ngo) for key, entries in about.items()}


def against(ngo: str, controllers: Sequence[str]) -> str:
    """Return who complains about whom; more than three are counted."""
    if not controllers:
        return ngo
    several = f"{len(controllers)} controllers"
    return f"{ngo} against {several if len(controllers) > 3 else ', '.join(controllers)}"


def case_row(it: Any) -> dict[str, Any]:
    """Return a case of the list as a row."""
    done = it.filings - it.pending
    if not it.filings:
        stage = {"mark": "none", "words": "not lodged yet", "tone": "neutral"}
    elif not done:
        stage = {"mark": "open", "words": "pending", "tone": "neutral"}
    elif it.pending:
        stage = {"mark": "half", "words": f"{it.pending} of {it.filings} pending", "tone": "neutral"}
    else:
        stage = {"mark": "full", "words": "ended", "tone": "neutral"}
    return {
        "number": it.number,
        "href": url_for("desk.case", number=it.number),
        "title": it.title,
        "ngo": against(it.ngo, it.controllers),
        "lodged": it.lodged if it.filings else "not lodged",
        "filings": it.filings,
        "marks": (),
        "marks_words": "",
        "stage": stage,
        "look": CHANGED if it.lead_changed else None,
        "last_day": it.last.day if it.last else None,
        "last_words": it.last.what if it.last else None,
        "public": "yes" if it.public else "no",
    }
