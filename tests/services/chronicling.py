"""A case at three authorities, files kept with it, and the chronology of its first filing."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.builders import ANN
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Deadline, Evidence
from tracker.rules.vocabulary import Precision
from tracker.services import cases, chronology, evidence, filings, updates
from tracker.services.chronology import Choice, Chronology

DAY = date(2026, 11, 25)
#: C002-01 lies in Austria, -02 in France, -03 in Ireland.
HERE, ELSEWHERE = "C002-01", "C002-02"
Keep = Callable[..., Evidence]


def kept(
    folder: Path,
    content: bytes = b"A letter.",
    *,
    entry: int | None = None,
    of: str | None = None,
    **facts: Any,
) -> Evidence:
    """Keep a file as an exhibit: of an entry by its number, of a filing by its number, or of the case."""
    with transaction():
        found = cases.get_case("C002")
        return evidence.keep_evidence(
            io.BytesIO(content),
            facts.pop("name", "letter.txt"),
            found,
            folder=folder,
            limit=1000,
            by=ANN,
            update=updates.get_update(found.id, entry) if entry else None,
            filing=filings.get_filing(of) if of else None,
            **facts,
        )


def told(number: str = HERE, *, as_of: date = DAY, **choice: Any) -> Chronology:
    """Return the chronology of a filing."""
    return chronology.chronology_of(filings.get_filing(number), as_of=as_of, choice=Choice(**choice))


def numbers(it: Chronology) -> list[int]:
    """Return the numbers of its entries, in their order."""
    return [step.number for step in it.steps]


def words(it: Chronology) -> str:
    """Return everything that a chronology holds, as one text, without what could have been chosen."""
    values = {name: getattr(it, name) for name in it.__slots__ if name != "offered"}
    return repr(values)


def deadline(**values: Any) -> None:
    """Store a deadline of the filing that runs from entry 1, as the engine would."""
    filing = filings.get_filing(HERE)
    usual: dict[str, Any] = {
        "filing_id": filing.id,
        "start_number": 1,
        "started_on": date(2024, 6, 6),
        "started_precision": Precision.DAY,
        "owes": "lead",
        "owes_slug": "ie-dpc",
        "own": False,
        "nominal_on": date(2024, 9, 6),
        "due_on": date(2024, 9, 6),
        "safe_on": date(2024, 9, 6),
        "certain_on": date(2024, 9, 6),
        "open": True,
        "extended": False,
        "gone": False,
        "counted": {
            "length": "+3m", "started_by": 1, "calendars": ["IE"], "version": "holidays 0.109",
            "reasons": [["Three months", "Art 3"]], "skipped": [], "uncertain": [],
        },
        "rules_version": "1",
        "computed_at": clock.now(),
    }  # fmt: skip
    db.session.add(Deadline(**(usual | values)))
    db.session.flush()
