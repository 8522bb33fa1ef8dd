"""What feeds are made of: the entries that became public last, and what was withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.errors import NotFound, Withdrawn
from tracker.models import (
    PublishedAuthority,
    PublishedCase,
    PublishedFacet,
    PublishedFiling,
    PublishedLine,
    PublishedTakenBack,
    PublishedTotal,
    PublishedUpdate,
)
from tracker.models.published_index import ALL, INVOLVED
from tracker.rules import numbers
from tracker.rules.days import Day
from tracker.services.authorities_search import search
from tracker.services.controllers import fold
from tracker.services.public_site_filters import Filters, conditions
from tracker.services.public_site_rows import titles_of
from tracker.services.public_site_words import named

#: Entries of a feed.
MOST = 50


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An entry of a protocol that became public: of a case, by number; `filings` empty: of all of it.

    `published_at` is when it became public and has been ever since; `updated_at` when the case was cleared
    last, in which its words may have changed. `label` and `words` are in `language`, the case is `title`.
    """

    case_number: str
    title: str
    language: str
    titles: dict[str, str]
    number: int
    day: Day
    label: str
    actor: str
    actor_slug: str | None
    words: str
    filings: tuple[str, ...]
    source: str | None
    published_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A case that was withdrawn, or with `entry` an entry that was taken back: nothing else is left of it."""

    number: str
    at: datetime | None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is about, in words of the store ("Meta", "" for everything), its entries, the newest first.

    `gone` is the same in every feed, so that none tells what a withdrawn case was about. `titles` are what a
    case that it is about is called in other languages than its own.
    """

    about: str
    entries: tuple[FeedEntry, ...]
    gone: tuple[Tombstone, ...]
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def updated_at(self) -> datetime | None:
        """Return when something in it changed last; None while it is empty."""
        moments = [at for it in self.entries for at in (it.published_at, it.updated_at)]
        return max((it for it in [*moments, *(it.at for it in self.gone)] if it), default=None)


def feed_of_everything(limit: int = MOST) -> Feed:
    """Return the newest entries of all cases, in three SQL statements."""
    return _feed("", _newest_of(ALL, "", limit), limit)


def feed_of_case(number: str, limit: int = MOST) -> Feed:
    """Return the newest entries of a case. Raises NotFound, or Withdrawn."""
    case = PublishedCase
    query = sa.select(case.title, case.texts, case.withdrawn).where(case.number == number)
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound("There is no such page.")
    if found.withdrawn:
        raise Withdrawn("This case was withdrawn.")
    return replace(_feed(found.title, [number], limit), titles=titles_of(found.texts))


def feed_of_filing(number: str, limit: int = MOST) -> Feed:
    """Return the newest entries of a case that concern one filing, or all. Raises NotFound, or Withdrawn."""
    case, filing = PublishedCase, PublishedFiling
    number_of_case = numbers.case_of(number)
    query = (
        sa.select(case.title, case.texts, case.withdrawn_filings, filing.number)
        .outerjoin(filing, sa.and_(filing.case_number == case.number, filing.number == number))
        .where(case.number == number_of_case)
    )
    found = db.session.execute(query).first()
    if found is not None and number in (found.withdrawn_filings or ()):
        raise Withdrawn("This filing was withdrawn.")
    if found is None or found.number is None:
        raise NotFound("There is no such page.")
    feed = _feed(found.title, [number_of_case], limit, PublishedFiling.number == number)
    return replace(feed, titles=titles_of(found.texts))


def feed_of_controller(slug: str, limit: int = MOST) -> Feed:
    """Return the newest entries of the cases against a controller. Raises NotFound."""
    return _feed(_label("controller", slug), _newest_of("controller", slug, limit), limit)


def feed_of_project(slug: str, limit: int = MOST) -> Feed:
    """Return the newest entries of the cases of a project. Raises NotFound."""
    return _feed(_label("project", slug), _newest_of("project", slug, limit), limit)


def feed_of_authority(slug: str, limit: int = MOST) -> Feed:
    """Return the newest entries that concern a filing lodged with an authority, led or handled by it.

    An entry of the case as a whole concerns each of its filings. Raises NotFound.
    """
    authority = PublishedAuthority
    country = db.session.scalar(sa.select(authority.country).where(authority.slug == slug))
    if country is None:
        raise NotFound("There is no such page.")
    cases = _newest_of(INVOLVED, slug, limit)
    return _feed(named(slug, country).short, cases, limit, _with_a_role([slug]))


def feed_of_authorities(text: str = "", country: str = "", limit: int = MOST) -> Feed:
    """Return the newest entries that concern a filing with one of the authorities that are found."""
    if not text and not country:
        return feed_of_everything(limit)
    authority = PublishedAuthority
    query = sa.select(authority).where(authority.country == country) if country else sa.select(authority)
    slugs = [it.slug for it in search(db.session.scalars(query), text)]
    cases = _newest_with(INVOLVED, slugs, limit)
    return _feed("", cases, limit, _with_a_role(slugs))


def feed_of_controllers(text: str = "", limit: int = MOST) -> Feed:
    """Return the newest entries of the cases against controllers with every word of `text` in their names."""
    it = PublishedTotal
    fits = [it.sorted.contains(word, autoescape=True) for word in fold(text).split()]
    if not fits:
        return feed_of_everything(limit)
    slugs = db.session.scalars(sa.select(it.value).where(it.name == "controller", *fits)).all()
    return _feed("", _newest_with("controller", slugs, limit), limit)


def feed_of_projects(limit: int = MOST) -> Feed:
    """Return the newest entries of the cases that belong to a project."""
    return _feed("", _newest_with("project", None, limit), limit)


def feed_of_search(filters: Filters, limit: int = MOST) -> Feed:
    """Return the newest entries of the cases that match."""
    if not filters.active():
        return feed_of_everything(limit)
    line, facet = PublishedLine, PublishedFacet
    # The entries that are newest of all lie in the cases that have news last.
    query = (
        sa.select(facet.case_number)
        .join(line, line.case_number == facet.case_number)
        .where(facet.name == ALL, facet.value == "", *conditions(filters, facet.case_number))
        .order_by(facet.news_at.desc(), line.rank.desc())
    )
    return _feed("", db.session.scalars(query.limit(limit)).all(), limit)


def _label(name: str, value: str) -> str:
    it = PublishedTotal
    found = db.session.scalar(sa.select(it.label).where(it.name == name, it.value == value))
    if found is None:
        raise NotFound("There is no such page.")
    return found


def _newest_of(name: str, value: str, limit: int) -> Sequence[str]:
    """Return the cases with a facet that have news last: the newest entries are among theirs."""
    it = PublishedFacet
    query = sa.select(it.case_number).where(it.name == name, it.value == value, it.news_at.is_not(None))
    return db.session.scalars(query.order_by(it.news_at.desc()).limit(limit)).all()


def _newest_with(name: str, values: Collection[str] | None, limit: int) -> Sequence[str]:
    """Return the cases with one of several facets, or any of the name, that have news last."""
    it, newest = aliased(PublishedFacet), PublishedFacet
    has = sa.exists().where(it.case_number == newest.case_number, it.name == name)
    if values is not None:
        has = has.where(it.value.in_(values))
    # One case after the other from the newest on, until there are enough.
    query = sa.select(newest.case_number).where(
        newest.name == ALL, newest.value == "", newest.news_at.is_not(None), has
    )
    return db.session.scalars(query.order_by(newest.news_at.desc()).limit(limit)).all()


def _with_a_role(slugs: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition for filings that one of the authorities has received, leads or handles."""
    it = PublishedFiling
    return sa.or_(it.authority.in_(slugs), it.lead.in_(slugs), it.handling.in_(slugs))


def _feed(
    about: str, cases: Sequence[str], limit: int, filings: sa.ColumnElement[bool] | None = None
) -> Feed:
    """Return the newest entries of cases; with `filings` those that name one of these, or none at all."""
    which = sa.true() if filings is None else _is_about(filings)
    return Feed(about, tuple(_entries(cases, limit, which)), _gone(limit))


def _is_about(filings: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition for entries that name one of the filings, or none at all.

    The store is asked: what a large case tells of its other filings would fill any number that was read.
    """
    named, it = sa.cast(PublishedUpdate.filings, sa.Text), PublishedFiling
    # A list of numbers, in which nothing has a meaning for LIKE.
    one = sa.literal('%"') + it.number + sa.literal('"%')
    of_the_case = it.case_number == PublishedUpdate.case_number
    return sa.or_(named == "[]", sa.exists().where(of_the_case, filings, named.like(one)))


def _entries(cases: Sequence[str], limit: int, which: sa.ColumnElement[bool]) -> list[FeedEntry]:
    if not cases:
        return []
    update, case = PublishedUpdate, PublishedCase
    columns: tuple[Any, ...] = (
        case.title,
        case.language,
        case.texts,
        case.cleared_at,
        update.case_number,
        update.number,
        update.happened_on,
        update.happened_precision,
        update.label,
        update.actor,
        update.actor_slug,
        update.words,
        update.filings,
        update.source,
        update.published_at,
    )
    query = (
        sa.select(*columns)
        .join(case, case.number == update.case_number)
        .where(update.case_number.in_(cases), which)
        .order_by(update.published_at.desc(), update.case_number.desc(), update.number.desc())
        .limit(limit)
    )
    return [
        FeedEntry(
            case_number=it.case_number,
            title=it.title,
            language=it.language,
            titles=titles_of(it.texts),
            number=it.number,
            day=Day(it.happened_on, it.happened_precision),
            label=it.label,
            actor=it.actor,
            actor_slug=it.actor_slug,
            words=it.words,
            filings=tuple(it.filings),
            source=it.source,
            published_at=it.published_at,
            updated_at=it.cleared_at,
        )
        for it in db.session.execute(query)
    ]


def _gone(limit: int) -> tuple[Tombstone, ...]:
    """Return what was withdrawn or taken back last: cases, and entries, which go in numbers."""
    case, taken = PublishedCase, PublishedTakenBack
    at, entry = case.withdrawn_at.label("at"), sa.null().cast(sa.BigInteger).label("entry")
    cases = sa.select(case.number, at, entry).where(case.withdrawn_at.is_not(None))
    entries = sa.select(taken.case_number, taken.taken_back_at, taken.number)
    entries = entries.where(taken.taken_back_at.is_not(None))
    newest = (
        cases.order_by(case.withdrawn_at.desc(), case.number).limit(limit),
        entries.order_by(taken.taken_back_at.desc(), taken.case_number, taken.number).limit(4 * limit),
    )
    either = sa.union_all(*(sa.select(it.subquery()) for it in newest)).subquery()
    order = (either.c.at.desc(), either.c.number, either.c.entry.nulls_first())
    rows = db.session.execute(sa.select(either).order_by(*order))
    return tuple(Tombstone(number, at, entry) for number, at, entry in rows)
