"""What tests of the figures share: public rows as publication would write them, many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedCase, PublishedFiling, PublishedUpdate
from tracker.rules.days import Day


@dataclass
class Public:
    """A public filing: what happened to it, as (kind, day) where the day is written as people do."""

    happened: tuple[tuple[str, str], ...] = ()
    lodged: str = "2024-01-01"
    authority: str | None = "nl-ap"
    lead: str | None = "ie-dpc"
    handling: str | None = None
    outcome: str = "pending"
    presumed: bool = False
    more: dict[str, Any] = field(default_factory=dict)


def put(filings: Iterable[Public], *, each: int = 1, first: int = 1) -> None:
    """Write the filings to the public store, `each` in one case; cases are numbered from `first`."""
    rows = list(filings)
    cases, written, entries = [], [], []
    for place in range(0, len(rows), each):
        case = f"C{first + place // each:03}"
        cases.append({"number": case, "title": case})
        for number, it in enumerate(rows[place : place + each], start=1):
            name = f"{case}-{number:02}"
            written.append(_filing(case, name, it))
            for kind, day in (("lodged", it.lodged), *it.happened):
                entries.append({"case_number": case, "name": name, "kind": kind, "day": Day.parse(day)})
    with transaction(PUBLIC):
        db.session.execute(sa.insert(PublishedCase), cases)
        db.session.execute(sa.insert(PublishedFiling), written)
        db.session.execute(sa.insert(PublishedUpdate), list(_entries(entries)))


def _filing(case: str, number: str, it: Public) -> dict[str, Any]:
    lodged = Day.parse(it.lodged)
    return {
        "number": number,
        "case_number": case,
        "authority": it.authority,
        "country": (it.authority or "")[:2].upper(),
        "lodged_on": lodged.value,
        "lodged_precision": lodged.precision,
        "stage": "lodged",
        "since_on": lodged.value,
        "since_precision": lodged.precision,
        "outcome": it.outcome,
        "lead": it.lead,
        "lead_presumed": it.presumed,
        "lead_sentence": "",
        "lead_short": "",
        "handling": it.handling,
        "controllers": [],
        **it.more,
    }


def _entries(entries: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Give the rows of the protocol, numbered in each case by day."""
    numbers: dict[str, int] = {}
    for it in sorted(entries, key=lambda it: (it["case_number"], it["day"].sort_key)):
        number = numbers[it["case_number"]] = numbers.get(it["case_number"], 0) + 1
        yield {
            "case_number": it["case_number"],
            "number": number,
            "position": number - 1,
            "happened_on": it["day"].value,
            "happened_precision": it["day"].precision,
            "kind": it["kind"],
            "label": it["kind"],
            "actor": "",
            "words": "",
            "filings": [it["name"]],
        }


def invented(count: int, *, until: date, seed: int = 1) -> list[Public]:
    """Return filings with waits drawn by lot, the same for the same seed; many still wait for a decision."""
    draw = Random(seed)  # noqa: S311 - no secret
    found = []
    for _ in range(count):
        day = lodged = until - timedelta(days=draw.randint(30, 2500))
        happened: list[tuple[str, str]] = []
        for kind, mean in (("acknowledged", 25), ("forwarded", 150), ("final_upheld", 900), ("measures", 90)):
            day += timedelta(days=1 + round(draw.expovariate(1 / mean)))
            if day > until:
                break
            happened.append((kind, day.isoformat()))
        authority = draw.choice(("nl-ap", "at-dsb", "fr-cnil", "es-aepd", "se-imy", "it-garante"))
        decided = len(happened) > 2
        found.append(
            Public(
                tuple(happened),
                lodged.isoformat(),
                authority,
                draw.choice(("ie-dpc", "ie-dpc", "lu-cnpd")),
                outcome="won" if decided else "pending",
                presumed=draw.random() < 0.2,
            )
        )
    return found
