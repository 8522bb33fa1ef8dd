"""An office with a mark in every text: one case public in part, one proposed, one withdrawn, one never shown.

C001 is public but for a filing, two entries, a decision, a hearing and a language. C002 is proposed, C003 was
public and is withdrawn, C004 was never proposed.
"""

import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from flask import Flask

from tests.builders import CHEAP_ARGON2, a_case, lodged
from tests.leaks import reading
from tests.leaks.files import files
from tests.leaks.marks import Marks, mark_all, mark_rows, marked_columns
from tests.leaks.searching import MARK, Search
from tracker import clock, config
from tracker.app import create_app, create_public_app
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.models import (
    Case,
    CaseText,
    Decision,
    DecisionFine,
    DecisionMeasure,
    Evidence,
    HearingVersion,
    Reference,
    Update,
)
from tracker.rules.access import SHELL
from tracker.rules.days import Day
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer, Outcome, Precision, Role
from tracker.services import (
    accounts,
    authorities,
    cases,
    decisions_hearings,
    evidence,
    filings,
    installation,
    publication,
    updates,
)
from tracker.services.cases import NewClaim, NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.decisions_hearings import NewHearing
from tracker.services.updates import NewUpdate

#: The moment at which everything happens: pages that are compared later must be of the same day.
MOMENT = datetime(2026, 11, 26, 12, tzinfo=UTC)
NAMES = {"C001": "One", "C002": "Two", "C003": "Three", "C004": "Four"}
#: What of C001 is cleared.
CHOSEN: Mapping[str, Any] = {
    "filings": ["C001-01", "C001-02"],
    "references": ["C001-01"],
    "updates": [1, 2, 3],
    "decisions": [1],
    "hearings": [1],
    "languages": ["de"],
}
#: Settings that say nothing, or what every reader of the site sees.
SAID_ANYWAY: Mapping[str, str] = {
    "production": "yes or no",
    "debug": "yes or no",
    "hosts": "the names of the public site",
    "base_url": "the address of the public site",
    "contact": "stands on every page",
    "data_licence": "stands beside the data",
    "security_contact": "stands in security.txt",
    "zone": "a name of the time zone database",
    "publish_alone": "yes or no",
    "public_url": "the store that the site reads; its folder is marked by the home",
    "max_upload": "a number",
    "proxy_hops": "a number",
    "warn_days": "numbers",
    "internal_days": "a number",
}


@dataclass
class Office:
    """Both sites on a home of their own, with what is marked in it."""

    settings: Settings
    desk: Flask
    public: Flask
    marks: Marks
    #: What the files hold that were kept as evidence: for their hashes.
    files: dict[bytes, str] = field(default_factory=dict)
    #: Answers of the addresses of C003 while it was public.
    former: dict[str, reading.Answer] = field(default_factory=dict)

    def search(self) -> Search:
        """Return a search for every mark."""
        return Search(frozenset(self.marks.of), self.marks.wholes, self.files)

    def told(self, found: Iterable[str]) -> dict[str, str]:
        """Return what bears the marks that were found; of the beginning of a mark, that it is one."""
        return {it: self.marks.of.get(it, "the beginning of a mark") for it in found}


@contextmanager
def standing_still() -> Iterator[None]:
    """Let the clock stand, so that nothing differs because a day or a second went by."""
    with patch.object(clock, "now", lambda: MOMENT):
        yield


@contextmanager
def opened(folder: Path, **environment: str) -> Iterator[Office]:
    """Prepare a marked home below a folder and open both sites on it, inside the context of the desk."""
    marks = Marks()
    with standing_still():
        settings = _settings(folder, marks, environment)
        installation.prepare(settings)
        settings.key_file.write_text(marks.new("settings.session key") + "-0123456789abcdefghij")
        desk = create_app(settings, argon2=CHEAP_ARGON2)
        with desk.app_context():
            with transaction():
                authorities.sync(by=SHELL)
                for role in Role:
                    accounts.add_user(
                        f"{role.value}@example.org", name=role.value, role=role, password_hash="x", by=SHELL
                    )
            public = create_public_app(settings)
            office = Office(settings, desk, public, marks)
            try:
                _fill(office)
                yield office
            finally:
                db.session.remove()
                for store in (None, PUBLIC):
                    db.engines[store].dispose()
                with public.app_context():
                    db.session.remove()
                    db.engines[PUBLIC].dispose()


def _settings(folder: Path, marks: Marks, environment: Mapping[str, str]) -> Settings:
    """Return settings with a mark in each one that nobody outside should see."""
    home = folder / marks.new("settings.home")
    user, password, host = (marks.new(f"settings.mail_server {it}") for it in ("user", "password", "host"))
    return config.read(
        {
            "TRACKER_HOME": str(home),
            "TRACKER_SMTP_URL": f"smtps://{user}:{password}@{host}.example:465",
            "TRACKER_MAIL_FROM": f"{marks.new('settings.mail_from')}@example.org",
            "TRACKER_DESK_URL": f"https://{marks.new('settings.desk_url')}.example",
            "TRACKER_SECURITY_CONTACT": "security@example.org",
            **environment,
        }
    )


def unmarked_settings(office: Office) -> set[str]:
    """Return the settings that have neither a mark nor a reason to have none."""
    told = {it.name: repr(getattr(office.settings, it.name)) for it in dataclasses.fields(office.settings)}
    server = office.settings.mail_server
    told["mail_server"] = f"{server.user} {server.password} {server.host}" if server else ""
    return {name for name, value in told.items() if name not in SAID_ANYWAY and not MARK.search(value)}


def _fill(office: Office) -> None:
    marks = office.marks
    with transaction():
        for name in NAMES.values():
            a_whole_case(name)
        for number in NAMES:
            for name, content in files(marks):
                kept = evidence.keep_evidence(
                    io.BytesIO(content),
                    name,
                    cases.get_case(number),
                    folder=office.settings.evidence,
                    limit=1 << 20,
                    by=SHELL,
                )
                office.files[content] = marks.whole("evidence.sha256", kept.sha256 + " {}")[-12:]
    names = {it.id: it.original_name for it in db.session.scalars(sa.select(Evidence))}
    with transaction():
        mark_all(marks)
        for kept in db.session.scalars(sa.select(Evidence)):
            kept.original_name = names[kept.id]  # these are marked as they came
        _mean(marks)
    with transaction():
        clear("C001", **CHOSEN)
        clear("C003", filings=["C003-01"], references=["C003-01"], updates=_entries("C003"), hearings=[4])
        case = cases.get_case("C002")
        publication.propose(case, publication.default_content(case), note="", by=SHELL)
    copy(directory=True)
    office.former = reading.read_about(office.public, "C003")
    with transaction():
        publication.withdraw(cases.get_case("C003"), note="", by=SHELL)
    copy()
    with transaction():
        table = db.metadatas[None].tables["publications"]
        keys = db.session.execute(sa.select(table.c.id)).all()
        mark_rows(marks, table, keys, but=["content"])


def _mean(marks: Marks) -> None:
    """Say again what the rules read, where a mark took its place."""
    for update in db.session.scalars(sa.select(Update)):
        update.verified = True if update.number == 2 else None
        update.actor_slug = None  # so that the words for the actor are what the page shows
        update.public_words = update.public_words if update.number > 2 else None
    for decision in db.session.scalars(sa.select(Decision)):
        decision.decided_by_slug = None
    for case in db.session.scalars(sa.select(Case)):
        case.requested = [marks.new("cases.requested")]


def _entries(number: str) -> list[int]:
    case = db.session.scalar(sa.select(Case.id).where(Case.number == number))
    return sorted(db.session.scalars(sa.select(Update.number).where(Update.case_id == case)))


def clear(number: str, **chosen: Any) -> None:
    """Propose and clear a case."""
    case = cases.get_case(number)
    content = publication.content_of(case, **chosen)
    publication.clear(publication.propose(case, content, note="", by=SHELL).id, note="", by=SHELL)


def copy(*, directory: bool = False) -> None:
    """Copy everything that is cleared, as if nothing of it had been copied before."""
    with transaction(PUBLIC):
        if directory:
            publication.publish_directory()
        publication.refresh(list(NAMES))


def a_whole_case(name: str) -> None:
    """Open a case with something of everything."""
    case = a_case(
        title=name,
        summary=name,
        project=name,
        respondents=(
            Respondent(
                new=NewController(
                    name=f"{name} Limited",
                    country="IE",
                    establishments=(NewEstablishment("IE", central=Answer.YES),),
                ),
                affected=("EEA",),
                processing=Processing({"IE": Answer.YES}),
            ),
        ),
        claims=(NewClaim("6(1)(f)", "conduct", "measure"),),
        complainants=(NewComplainant("A", "AT"),),
        requested=("stop",),
    )
    made = lodged(case, "nl-ap", "at-dsb", "fr-cnil")
    for filing in made:
        db.session.add(Reference(filing_id=filing.id, position=0, owner="authority", value="x"))
        db.session.add(Reference(filing_id=filing.id, position=1, owner="imi", value="y"))
    for language in ("de", "fr"):
        db.session.add(
            CaseText(
                case_id=case.id,
                language=language,
                title="t",
                summary="s",
                written_by="x",
                written_at=datetime(2024, 6, 6, 12, tzinfo=UTC),
            )
        )
    db.session.flush()
    told = (
        ("01", "admissible", None),
        ("01", "investigation", None),
        ("01", "national_decision", Outcome.WON),
        ("02", "national_decision", Outcome.WON),
    )
    for place, step, outcome in told:
        new = NewUpdate(
            step=step,
            day=Day(date(2024, 7, 1), Precision.DAY),
            actor="nl-ap" if place == "01" else "at-dsb",
            words="w",
            public_words="p",
            reference="r",
            outcome=outcome,
            source="https://example.org/",
            # A national decision is none of the one-stop shop: why it is recorded stays inside.
            irregular="i" if step == "national_decision" else None,
        )
        updates.record_update([filings.get_filing(f"{case.number}-{place}")], new, seen={}, by=SHELL)
    for what in ("first", "second") if name == "One" else ("only",):
        hearing = NewHearing(
            court="c",
            day=date(2027, 6, 6),
            zone="Europe/Vienna",
            what=what,
            place="p",
            filings=(f"{case.number}-01",),
        )
        decisions_hearings.set_hearing(hearing, by=SHELL)


def marks_in(value: object) -> set[str]:
    """Return the marks in a value as it is."""
    return {it.lower() for it in MARK.findall(str(value))}


def cleared() -> set[str]:
    """Return the marks of those fields of C001 that are cleared: PUBLIC_FIELDS, by hand."""
    case = cases.get_case("C001")
    shown = [it for it in case.filings if it.number in CHOSEN["filings"]]
    entries = [
        it
        for it in db.session.scalars(sa.select(Update).where(Update.case_id == case.id))
        if it.number in CHOSEN["updates"]
    ]
    fields: list[object] = [
        *(case.title, case.summary, case.ngo, case.project.name, case.project.slug),
        *(case.requested, case.outcome_said["summary"], case.legal_source),
        *(it.controller.name for it in case.controllers),
        *(value for it in case.claims for value in (it.provision, it.conduct)),
        *(value for it in shown for value in (it.country, it.source)),
        *(it.value for it in shown[0].references if it.owner == "authority"),
        *(value for it in entries for value in (it.kind, it.actor, it.source)),
        *(it.reference for it in entries if it.number in (2, 3)),
        # Entry 2 was imported and has no words for the public; entry 1 was recorded here and has none either.
        *(it.public_words if it.number == 3 else it.words for it in entries if it.number != 1),
    ]
    return set().union(*(marks_in(it) for it in fields))


def cleared_beside() -> set[str]:
    """Return the marks of what else of C001 is cleared: its decision, its hearing, its words in German."""
    german = sa.select(CaseText).join(Case).where(Case.number == "C001", CaseText.language == "de")
    text = db.session.scalars(german).one()
    decision = db.session.scalars(sa.select(Decision).where(Decision.number == 1)).one()
    version = db.session.scalars(sa.select(HearingVersion).order_by(HearingVersion.id)).first()
    assert version is not None
    hearing = decisions_hearings.get_hearing(1)
    fields: list[object] = [
        *(text.title, text.summary),
        *(decision.decided_by, decision.reference, decision.ecli, decision.language, decision.source),
        *(decision.appeal_to, hearing.uid, version.court, version.place, version.what),
    ]
    # It was recorded at the desk: of what a fine and a measure are in words nothing is public.
    of_it = sa.select(DecisionMeasure.letter).where(DecisionMeasure.decision_id == decision.id)
    fields += db.session.scalars(of_it)
    fields += db.session.scalars(
        sa.select(DecisionFine.currency).where(DecisionFine.decision_id == decision.id)
    )
    return set().union(*(marks_in(it) for it in fields))


def wanted_columns() -> set[str]:
    """Return the columns that must have a mark somewhere; what a publication holds is marked by itself."""
    tables = db.metadatas[None].sorted_tables
    found = {f"{table.name}.{column.name}" for table in tables for column in marked_columns(table)}
    return found - {"publications.content"}
