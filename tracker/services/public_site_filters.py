"""What somebody looks for in the public list, as conditions on its rows."""

from dataclasses import dataclass, fields, replace
from typing import Any

import sqlalchemy as sa

from tracker.models import PublishedFacet, PublishedFiling, PublishedLine
from tracker.reference import tables
from tracker.services.public_site_search import matching

#: Filters that offer choices, in the order of the page, and those of them that are about a filing.
FACETS = ("project", "authority", "country", "article", "stage", "outcome", "controller", "year")
OF_FILINGS = ("authority", "country", "stage", "outcome")


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for. Empty and None mean: any. Filing filters must hold for the same filing.

    `stage` stands for all that the public reads in the same words; `authority` is one with which a filing was
    lodged or that leads it; `controller` is the slug of its page; `article` is one of the GDPR ("6") of which
    an infringement is alleged; every word of `text` must occur; `year` is that of the first lodging.
    """

    text: str = ""
    project: str = ""
    authority: str = ""
    country: str = ""
    article: str = ""
    stage: str = ""
    outcome: str = ""
    controller: str = ""
    year: int | None = None

    def active(self) -> tuple[str, ...]:
        """Return the names of the filters that are set."""
        return tuple(it.name for it in fields(self) if getattr(self, it.name))

    def without(self, name: str) -> "Filters":
        """Return the filters with one of them cleared."""
        blank: dict[str, Any] = {name: None if name == "year" else ""}
        return replace(self, **blank)

    def value(self, name: str) -> str:
        """Return what is chosen in a filter, as a choice has it."""
        chosen = str(getattr(self, name) or "")
        return same_words(chosen)[0] if name == "stage" and chosen else chosen


def same_words(stage: str) -> tuple[str, ...]:
    """Return the stages that the public reads in the same words as this one; a strange one stands alone.

    The first of them stands for all in the filter.
    """
    return tables.procedure().alike(stage) or (stage,)


def about_filings(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what a row of published_filings has to fulfil."""
    table = PublishedFiling
    found = []
    if filters.authority:
        found.append(sa.or_(table.authority == filters.authority, table.lead == filters.authority))
    if filters.country:
        found.append(table.country == filters.country)
    if filters.stage:
        found.append(table.stage.in_(same_words(filters.stage)))
    if filters.outcome:
        found.append(table.outcome == filters.outcome)
    return found


def about_cases(filters: Filters, number: Any) -> list[sa.ColumnElement[bool]]:
    """Return what a column with the number of a case has to fulfil by the filters that are about cases."""
    found = [
        _fits(number, name, filters.value(name))
        for name in FACETS
        if name not in OF_FILINGS and getattr(filters, name)
    ]
    if filters.text:
        asked = matching(filters.text)
        known = sa.select(PublishedLine.case_number).join(asked, asked.c.key == PublishedLine.key)
        found.append(number.in_(known))
    return found


def conditions(filters: Filters, number: Any) -> list[sa.ColumnElement[bool]]:
    """Return what a column with the number of a case has to fulfil."""
    found = about_cases(filters, number)
    asked = [name for name in OF_FILINGS if getattr(filters, name)]
    if len(asked) == 1:
        found.append(_fits(number, asked[0], filters.value(asked[0])))
    elif asked:
        found.append(number.in_(sa.select(PublishedFiling.case_number).where(*about_filings(filters))))
    return found


def _fits(number: Any, name: str, value: str) -> sa.ColumnElement[bool]:
    facet = PublishedFacet
    fitting = sa.select(facet.case_number).where(facet.name == name, facet.value == value)
    condition: sa.ColumnElement[bool] = number.in_(fitting)
    return condition
