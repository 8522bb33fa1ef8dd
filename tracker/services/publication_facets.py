"""Which choices of a filter fit a public case, and in how many of its filings."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tracker.errors import RuleBroken
from tracker.models.published_index import ALL, FINE, INVOLVED, LED, LODGED, PARTLY
from tracker.reference import tables
from tracker.rules import provisions
from tracker.rules.money import CURRENCIES
from tracker.rules.positions import Position, position
from tracker.rules.vocabulary import AppealStatus, DecisionType, Result

#: Decisions that can impose a fine of their own. A draft, or what the Board tells an authority, imposes none.
IMPOSING = frozenset({DecisionType.FINAL.value, DecisionType.NATIONAL.value})


def is_pending(filing: Any) -> bool:
    """Return whether a filing waits for a result."""
    return position(filing.outcome) is Position.PENDING


def facets_of(
    case: Any,
    filings: Sequence[Any],
    updates: Sequence[Any],
    decisions: Sequence[Any],
    parties: Sequence[Any],
) -> list[dict[str, Any]]:
    """Return the rows of published_facets of a case, from its rows in the public store."""
    news_at = _news_at(case, updates)
    found: list[dict[str, Any]] = []

    def fits(name: str, value: str, some: Sequence[Any], *, label: str = "", amount: int = 0) -> None:
        found.append(
            {
                "name": name,
                "value": value,
                "case_number": case.number,
                "label": label,
                "filings": len(some),
                "pending": sum(map(is_pending, some)),
                "amount": amount,
                "news_at": news_at,
            }
        )

    fits(ALL, "", filings)
    if case.project_slug:
        fits("project", case.project_slug, filings, label=case.project)
    if case.lodged_on:
        fits("year", str(case.lodged_on.year), filings)
    for article in sorted(articles_of(case.claims)):
        fits("article", article, filings)
    named: dict[str, str] = {}
    for it in parties:
        named.setdefault(it.slug, it.name)
    for slug, name in named.items():
        fits("controller", slug, filings, label=name)
    for name, values in _of_filings(filings).items():
        for value, some in values.items():
            fits(name, value, some)
    left = {number for it in case.claims for number in it.get("open", ())}
    if left:
        fits(PARTLY, "", [it for it in filings if it.number in left])
    for currency, amount in fines_of(decisions).items():
        fits(FINE, currency, (), amount=amount)
    return found


def _of_filings(filings: Sequence[Any]) -> dict[str, dict[str, list[Any]]]:
    """Return name -> value -> the filings that it fits."""
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for it in filings:
        for slug in {it.authority, it.lead, it.handling} - {None}:
            found[INVOLVED][slug].append(it)
        for slug in {it.authority, it.lead} - {None}:
            found["authority"][slug].append(it)
        if it.authority:
            found[LODGED][it.authority].append(it)
        if it.lead:
            found[LED][it.lead].append(it)
        if it.country:
            found["country"][it.country].append(it)
        found["stage"][same_words(it.stage)[0]].append(it)
        found["outcome"][it.outcome].append(it)
    return found


def same_words(stage: str) -> tuple[str, ...]:
    """Return the stages that the public reads in the same words as this one; a strange one stands alone.

    The first of them stands for all in the filter.
    """
    return tables.procedure().alike(stage) or (stage,)


def articles_of(claims: Sequence[dict[str, Any]]) -> set[str]:
    """Return the articles of the GDPR of which an infringement is alleged, as "6"; others are no choice."""
    found = set()
    for it in claims:
        try:
            found.add(str(provisions.read(it["provision"]).article))
        except RuleBroken:
            continue
    return found


def fines_of(decisions: Sequence[Any]) -> dict[str, int]:
    """Return the fines of a case in minor units by currency: of decisions that end a matter, and stand.

    One that was annulled counts no more, and what is only drafted counts not yet; an appeal alone changes
    nothing.
    """
    found: dict[str, int] = defaultdict(int)
    for it in decisions:
        said = {one["result"] for one in it.filings}
        annulled = it.appeal == AppealStatus.ANNULLED.value or said == {Result.ANNULLED.value}
        if it.type in IMPOSING and not annulled:
            for fine in it.fines:
                # Of what is no currency nobody could say how much it is.
                if fine["currency"] in CURRENCIES:
                    found[fine["currency"]] += fine["minor"]
    return dict(found)


def _news_at(case: Any, updates: Sequence[Any]) -> datetime | None:
    """Return when the newest entry became public; that of the clearing where no entry says it."""
    known = [it.published_at for it in updates if it.published_at]
    newest: datetime | None = max(known, default=case.cleared_at)
    return newest
