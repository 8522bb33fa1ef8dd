"""The demo: seven real cases and a register of controllers, with a note for each page that the cases cite.

Their verified parts are cleared for the public, with titles and summaries that we translated.
"""

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.db import db
from tracker.models import Case, ControllerKey, Evidence, Filing, Publication
from tracker.reference import controllers_file
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.happened import Act
from tracker.rules.vocabulary import Outcome, Precision, PublicationState
from tracker.services import (
    cases,
    cases_texts,
    controllers_import,
    evidence,
    filings_assigning,
    imports,
    publication,
    updates,
    updates_deadlines,
)
from tracker.services.cases_texts import NewText
from tracker.services.reading import read
from tracker.services.updates import NewUpdate
from tracker.services.updates_deadlines import NewAct

FILE = Path(__file__).parent.parent / "reference" / "demo" / "cases.yaml"
#: Titles and summaries of cases in German and French: case, language, title, summary. Translated by us.
TEXTS = FILE.with_name("texts.csv")

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


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo came to. `first` is a case to begin with that is public, None where none is.

    `brought` are the cases that are new or were completed, `others` those of the seven that somebody else had
    taken in before: they were left as they are.
    """

    first: str | None
    brought: tuple[str, ...]
    others: tuple[str, ...]


#: What the office of the demo has set itself: filing, days from today, words. No fact about the case.
TASKS = (
    ("meta-ai-nl", 9, "Demo: decide whether to bring an action under Art 78(2)."),
    ("openai-at", 30, "Demo: prepare the chronology for counsel."),
)


def fill(folder: Path, *, by: Actor, proposed_by: Actor, cleared_by: Actor, lawyer: Actor) -> Shown:
    """Take in the cases that are missing, with their notes, and clear what is verified; all, or nothing.

    What a start that was broken off has left is completed, and nothing else that exists is changed.
    Afterwards publication.refresh() copies what is cleared. Raises BadFile where another case is in the way.
    """
    import_cases(by=by)
    import_register(by=by)
    query = sa.select(Case).where(Case.key.in_(PROJECTS)).options(joinedload(Case.project))
    held = sorted(db.session.scalars(query), key=lambda it: [*PROJECTS].index(it.key or ""))
    ours = [it for it in held if it.project and it.project.name == PROJECTS[it.key or ""]]
    noted = set(db.session.scalars(sa.select(Evidence.case_id).where(Evidence.source_note)))
    proposed = set(db.session.scalars(sa.select(Publication.case_id)))
    unfinished = [it for it in ours if it.id not in proposed]
    without_notes = [it.number for it in unfinished if it.id not in noted]
    keep_source_notes(without_notes, folder, by=by)
    numbers = [it.number for it in unfinished]
    set_tasks(without_notes, by=lawyer)
    translate(numbers, by=proposed_by)
    cleared = clear_verified(numbers, proposed_by=proposed_by, cleared_by=cleared_by)
    public = sa.select(Publication.case_id).where(Publication.state == PublicationState.CLEARED)
    known = set(db.session.scalars(public))
    return Shown(
        first=next((it.number for it in held if it.id in known), None),
        brought=tuple(sorted({*without_notes, *cleared})),
        others=tuple(sorted(it.number for it in held if it not in ours)),
    )


def import_cases(*, by: Actor) -> list[str]:
    """Take in those of the packaged cases that are not there, changed since or not; return their numbers."""
    here = set(db.session.scalars(sa.select(Case.key).where(Case.key.in_(PROJECTS))))
    if len(here) == len(PROJECTS):
        return []
    if here:
        missing = _without(read(FILE, FILE.name).data, here)
        report = imports.import_file(json.dumps(missing), FILE.with_suffix(".json").name, by=by)
    else:
        report = imports.import_file(FILE, FILE.name, by=by)
    for case in db.session.scalars(sa.select(Case).where(Case.number.in_(report.numbers))):
        case.project = cases.project_named(PROJECTS[case.key or ""])
    db.session.flush()
    return list(report.numbers)


def _without(data: Mapping[str, Any], cases: Collection[str | None]) -> dict[str, Any]:
    """Return the file without these cases, and without what it says beside its cases of their filings."""
    campaigns = [it for it in data["campaigns"] if it["id"] not in cases]
    filings = {filing["id"] for it in campaigns for filing in it["filings"]}
    keys = {it["id"] for it in campaigns}
    return {
        **data,
        "campaigns": campaigns,
        "proceedings": [it for it in data["proceedings"] if filings.issuperset(it["filings"])],
        "decisions": [it for it in data["decisions"] if keys.issuperset(e["campaign"] for e in it["events"])],
        "hearings": [it for it in data["hearings"] if filings.issuperset(it["filings"])],
    }


def import_register(*, by: Actor) -> None:
    """Take the packaged controllers into the register, once: what was changed of them since stays."""
    if db.session.scalar(sa.select(ControllerKey.id).limit(1)) is None:
        content, name = controllers_file.packaged(), controllers_file.FILE.name
        controllers_import.take_in(controllers_import.plan(content, name), by=by)


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


def set_tasks(numbers: Sequence[str], *, by: Actor) -> None:
    """Let the lawyer of the demo see to the open filings of these cases, and set the tasks of TASKS.

    The real cases are old: what we owe ended long ago. A task of the office is due in the days to come, so
    the docket has something of ours to show.
    """
    query = sa.select(Filing).join(Case).where(Case.number.in_(numbers), Filing.outcome == Outcome.PENDING)
    filings = {it.key: it for it in db.session.scalars(query.options(joinedload(Filing.case)))}
    if filings and by.user_id is not None:
        filings_assigning.assign([it.number for it in filings.values()], by.user_id, by=by)
    today = clock.today()
    for key, days_left, words in TASKS:
        if key in filings:
            filing = cases.get_case(filings[key].case.number)
            chosen = [it for it in filing.filings if it.key == key]
            act = NewAct(Act.BEGIN, "OWN-OTHER", None, until=today + timedelta(days=days_left))
            entry = NewUpdate("note", Day(today, Precision.DAY), filing.ngo, words)
            updates_deadlines.record(chosen, act, entry, seen={}, by=by)


def translate(numbers: Sequence[str], *, by: Actor) -> None:
    """Write what these cases are called in other languages, where nobody has written it."""
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number in numbers:
        case = cases.get_case(number)
        there = {it.language for it in cases_texts.texts_of(case.id)}
        new = [
            NewText(it["language"], it["title"], it["summary"])
            for it in rows
            if it["case"] == case.key and it["language"] not in there
        ]
        cases_texts.write_texts(case, new, seen={}, by=by)


def clear_verified(numbers: Sequence[str], *, proposed_by: Actor, cleared_by: Actor) -> list[str]:
    """Clear for the public what the source of each case calls verified, by two people as everywhere.

    Return the cases that are public now.

    A case without any verified filing stays inside.
    """
    cleared = []
    for number in numbers:
        case = cases.get_case(number)
        content = publication.default_content(case, only_verified=True)
        if not content["filings"]:
            continue
        proposal = publication.propose(case, content, note="Demo: the verified parts.", by=proposed_by)
        publication.clear(proposal.id, note="Demo: the verified parts.", by=cleared_by)
        cleared.append(number)
    return cleared
