"""The demo: seven real cases, one source note per cited page, the verified parts cleared for the public."""

import io
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case
from tracker.rules.access import Actor
from tracker.services import cases, evidence, imports, publication, updates

FILE = Path(__file__).parent.parent / "reference" / "demo" / "cases.yaml"

#: Campaign -> the theme under which the demo shows it.
PROJECTS = {
    "meta-ai-training-2024": "Artificial intelligence",
    "x-grok-2024": "Artificial intelligence",
    "openai-accuracy-2024": "Artificial intelligence",
    "forced-consent-2018": "Forced consent",
    "transfers-101-2020": "Data transfers",
    "bereal-2024": "Consent banners",
    "pinterest-2024": "Tracking for advertising",
}


def import_cases(*, by: Actor) -> list[str]:
    """Take in the packaged cases and return their numbers; none when they are there, changed since or not."""
    if db.session.scalar(sa.select(Case.id).where(Case.key.in_(PROJECTS)).limit(1)) is not None:
        return []
    report = imports.import_file(FILE, FILE.name, by=by)
    for case in db.session.scalars(sa.select(Case).where(Case.key.in_(PROJECTS))):
        case.project = cases.project_named(PROJECTS[case.key or ""])
    return list(report.numbers)


def keep_source_notes(numbers: Sequence[str], folder: Path, *, by: Actor) -> int:
    """Keep one note per page that a case cites, as an exhibit labelled as such; return how many.

    The demo invents no document: a note says which page it was, and for what it is cited.
    """
    kept = 0
    for case in db.session.scalars(sa.select(Case).where(Case.number.in_(numbers)).order_by(Case.number)):
        cited: dict[str, list[str]] = {}
        for update in updates.protocol(case.id):
            if update.source:
                cited.setdefault(update.source, []).append(f"{update.day.words}: {update.words}")
        for address, uses in cited.items():
            text = "\n".join(
                [
                    "SOURCE NOTE",
                    "",
                    "This note was made by the program for its demonstration. It is not the page itself.",
                    "",
                    f"Address:    {address}",
                    f"Case:       {case.number} {case.title}",
                    "Cited for:",
                    *(f"  - {use}" for use in uses),
                    "",
                ]
            )
            evidence.keep_evidence(
                io.BytesIO(text.encode()),
                f"source-note-{case.number}-{kept + 1}.txt",
                case,
                title=f"Source note: {address.split('/')[2].removeprefix('www.')}",
                source=address,
                folder=folder,
                limit=1 << 20,
                by=by,
                source_note=True,
            )
            kept += 1
    return kept


def clear_verified(numbers: Sequence[str], *, proposed_by: Actor, cleared_by: Actor) -> None:
    """Clear for the public what the source of each case calls verified, by two people as everywhere.

    A case without any verified filing stays inside.
    """
    for number in numbers:
        case = cases.get_case(number)
        content = publication.default_content(case, only_verified=True)
        if not content["filings"]:
            continue
        proposal = publication.propose(case, content, note="Demo: the verified parts.", by=proposed_by)
        publication.clear(proposal.id, note="Demo: the verified parts.", by=cleared_by)
