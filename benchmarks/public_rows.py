"""Public cases by the thousand: rows of the public store, as publishing would write them, without a desk."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks import homes
from tracker.db import PUBLIC, db, transaction
from tracker.models import (
    PublishedCase,
    PublishedDecision,
    PublishedFiling,
    PublishedParty,
    PublishedUpdate,
)
from tracker.reference.authorities import authorities
from tracker.rules.vocabulary import Precision
from tracker.services import publication_index

#: Filings and entries of a case, on average.
FILINGS, ENTRIES = 3, 4
BATCH = 200
STAGES = ("lodged", "acknowledged", "forwarded", "investigation", "national_decision", "appeal")
OUTCOMES = ("pending",) * 7 + ("won", "partly_won", "lost")
ARTICLES = (
    "5(1)(a)",
    "6(1)(f)",
    "9(2)(a)",
    "12(3)",
    "13",
    "15(1)",
    "17(1)",
    "21(1)",
    "22",
    "25(1)",
    "32",
    "44",
)
#: What texts are made of: common words first, so that a search finds a lot or little.
COMMON = "data people complaint platform consent tracking access letter authority company".split()
SOME_DAY = date(2018, 5, 25)


def vocabulary() -> tuple[str, ...]:
    """Return words that nobody knows, always the same."""
    some = random.Random(7)  # noqa: S311 - no secret
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    return tuple("".join(some.choices(syllables, k=3)) for _ in range(4_000))


def fill(cases: int) -> None:
    """Write so many public cases, with what is derived of them."""
    some, words = random.Random(cases), vocabulary()  # noqa: S311 - no secret
    places = homes.slugs(40)
    for start in range(1, cases + 1, BATCH):
        rows = [_case(serial, some, words, places) for serial in range(start, min(start + BATCH, cases + 1))]
        with transaction(PUBLIC):
            for table in (PublishedCase, PublishedParty, PublishedFiling, PublishedUpdate, PublishedDecision):
                of_it = [row for it in rows for row in it[table]]
                if of_it:
                    db.session.execute(sa.insert(table), of_it)
            publication_index.index([it[PublishedCase][0]["number"] for it in rows])
    db.session.remove()


def _text(some: random.Random, words: Sequence[str], length: int) -> str:
    rare = some.choices(words, k=length // 2)
    common = some.choices(COMMON, weights=range(len(COMMON), 0, -1), k=length - length // 2)
    mixed = [*rare, *common]
    some.shuffle(mixed)
    return " ".join(mixed).capitalize() + "."


def _case(serial: int, some: random.Random, words: Sequence[str], places: Sequence[str]) -> dict[Any, Any]:
    number = f"C{serial:03}"
    lodged = SOME_DAY + timedelta(days=some.randrange(3_000))
    public = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=serial)
    company = some.randrange(1, 2_000)
    name = f"Example {company} Limited"
    project = some.randrange(1, 40)
    filings = list(_filings(number, some, places, lodged, name))
    case = {
        "number": number,
        "title": _text(some, words, 8),
        "ngo": "noyb",
        "summary": _text(some, words, 60),
        "project": f"Project {project}",
        "project_slug": f"project-{project}",
        "controllers": [name],
        "claims": [
            {"provision": it, "label": f"Art {it}", "conduct": _text(some, words, 8)}
            for it in some.sample(ARTICLES, 2)
        ],
        "lodged_on": lodged,
        "cleared_at": public,
        "published_at": public,
    }
    entries = some.randrange(1, 2 * ENTRIES)
    return {
        PublishedCase: [case],
        PublishedParty: [
            {"case_number": number, "position": 0, "slug": f"example-{company}-limited", "name": name}
        ],
        PublishedFiling: filings,
        PublishedUpdate: [
            {
                "case_number": number,
                "number": place + 1,
                "position": place,
                "happened_on": lodged + timedelta(days=30 * place),
                "happened_precision": Precision.DAY,
                "kind": "lodged",
                "label": "Lodged",
                "actor": "noyb",
                "words": _text(some, words, 25),
                "filings": [some.choice(filings)["number"]],
                "published_at": public + timedelta(seconds=place),
            }
            for place in range(entries)
        ],
        PublishedDecision: [_decision(number, some, words)] if serial % 7 == 0 else [],
    }


def _filings(
    number: str, some: random.Random, places: Sequence[str], lodged: date, name: str
) -> Iterator[dict[str, Any]]:
    # Some authorities have much more to do than others.
    heavy = [1 / (place + 1) for place in range(len(places))]
    for place in range(some.randrange(1, 2 * FILINGS)):
        slug = some.choices(places, weights=heavy)[0]
        yield {
            "number": f"{number}-{place + 1:02}",
            "case_number": number,
            "authority": slug,
            "country": authorities()[slug].country,
            "reference": f"{slug[:2]}-{some.randrange(10**6)}",
            "lodged_on": lodged + timedelta(days=place),
            "lodged_precision": Precision.DAY,
            "stage": some.choice(STAGES),
            "since_on": lodged + timedelta(days=40),
            "since_precision": Precision.DAY,
            "outcome": some.choice(OUTCOMES),
            "lead": some.choices(places, weights=heavy)[0],
            "lead_presumed": False,
            "lead_sentence": "",
            "lead_short": "",
            "controllers": [name],
        }


def _decision(number: str, some: random.Random, words: Sequence[str]) -> dict[str, Any]:
    return {
        "case_number": number,
        "position": 1,
        "type": "national",
        "decided_by": "an authority",
        "decided_precision": Precision.UNKNOWN,
        "summary": _text(some, words, 30),
        "appeal": "none_known",
        "filings": [],
        "findings": [],
        "fines": [{"minor": some.randrange(10**8), "currency": "EUR", "against": "Example"}],
        "measures": [],
        "entries": [],
    }
