"""Decisions of which the events of a file tell: each new event that tells of one gets its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracker.db import db
from tracker.models import Filing, Update
from tracker.rules.access import Actor
from tracker.services.decisions_entries import (
    About,
    Kept,
    Link,
    following,
    kept,
    line_of,
    new_row,
    next_number,
    standing_on,
    told_by,
)


@dataclass(slots=True)
class Events:
    """The new events of one case as entries, each with what it was for its filings."""

    new: list[tuple[Update, list[Link]]] = field(default_factory=list)
    about: About = field(default_factory=About)


def about(
    filings: Sequence[Filing],
    references: Mapping[int, Sequence[str]],
    keys: Mapping[int, str],
    controllers: Mapping[str, int],
) -> About:
    """Return what is known of the filings of a case while it comes in."""
    return About(
        numbers=references,
        keys=keys,
        against={it.id: [each.id for each in it.controllers] for it in filings},
        controllers=controllers,
    )


def enter(cases: Sequence[Events], *, at: datetime, by: Actor) -> None:
    """Give every new entry that tells of a decision its record; what a correction changes is a new one.

    The entries are in the store.
    """
    number = None
    rows: list[Any] = []
    for case in cases:
        standing: dict[int, list[Kept]] = {}
        for entry, links in case.new:
            told = told_by(entry, links, case.about)
            before = _before(entry, standing)
            if told and number is None:
                number = next_number()
            here = list(before)
            for place, (it, corrects) in enumerate(following(told, before)):
                made = new_row(it, number=number or 0, entries=[entry.id], corrects=corrects, at=at, by=by)
                number = (number or 0) + 1
                rows += made
                one = Kept(made[0].id, True, it)
                old = next((at for at, each in enumerate(here) if each.id == corrects), None)
                if old is None:
                    here.insert(len(before) + place, one)
                else:
                    here[old] = one
            standing[entry.id] = here
    db.session.add_all(rows)
    db.session.flush()


def _before(entry: Update, standing: Mapping[int, list[Kept]]) -> list[Kept]:
    """Return the decisions of the entry whose place this one takes."""
    if entry.corrects_id is None:
        return []
    if entry.corrects_id in standing:
        return standing[entry.corrects_id]
    return [kept(it) for it in standing_on(line_of(entry)[1:])]
