"""Homes of the benchmarks: in the temporary folder, with the directory, removed in the end."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from tracker import config
from tracker.app import create_app, create_public_app
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.reference.authorities import ONE_PER_STATE, authorities
from tracker.rules.access import SHELL
from tracker.services import authorities as directory
from tracker.services import demonstration, imports, installation, publication

#: Signing in is not what is measured here.
CHEAP_ARGON2 = {"memory_cost": 1024, "rounds": 1, "parallelism": 1}
SOURCE = "https://example.org/"


@contextmanager
def desk() -> Iterator[tuple[Flask, Settings]]:
    """Give a desk on a new home with the directory, inside its app context."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    try:
        settings = config.read({"TRACKER_HOME": str(folder / "home")})
        installation.prepare(settings)
        app = create_app(settings, argon2=CHEAP_ARGON2)
        with app.app_context():
            try:
                with transaction():
                    directory.sync(by=SHELL)
                with transaction(PUBLIC):
                    publication.publish_directory()
                yield app, settings
            finally:
                db.session.remove()
                for store in (None, PUBLIC):
                    db.engines[store].dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def public(settings: Settings) -> Iterator[Flask]:
    """Give the public site of a home."""
    app = create_public_app(settings)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engines[PUBLIC].dispose()


def add_demo() -> None:
    """Take in the real cases and clear their verified parts for the public, as `tracker demo` does."""
    with transaction():
        numbers = demonstration.import_cases(by=SHELL)
    publish(numbers)


def publish(numbers: Sequence[str]) -> None:
    """Clear the verified parts of the cases for the public."""
    with transaction():
        demonstration.clear_verified(numbers, proposed_by=SHELL, cleared_by=SHELL)
    with transaction(PUBLIC):
        publication.refresh(numbers)


def take_in(campaigns: Sequence[dict[str, Any]]) -> list[str]:
    """Import the campaigns and return the numbers of the cases."""
    text = json.dumps({"schema_version": 1, "campaigns": campaigns})
    with transaction():
        return list(imports.import_file(text, "benchmark.json", by=SHELL).numbers)


def slugs(count: int | None = None) -> list[str]:
    """Return authorities that take complaints: one of every state of the EEA first, then the others."""
    all_of_them = [it for it in authorities().values() if it.scope != "board"]
    return [it.slug for it in sorted(all_of_them, key=lambda it: it.scope not in ONE_PER_STATE)][:count]


def campaign(serial: int, filings: int, *, events: int = 0) -> dict[str, Any]:
    """Return a case for a file: against a company of its own, with so many filings, one event for each."""
    places = slugs()
    lodged = [(f"filing-{serial}-{place}", places[place % len(places)]) for place in range(filings)]
    return {
        "id": f"case-{serial}",
        "title": f"Case {serial}: personal data to train AI",
        "ngo": "noyb",
        "internal_ref": None,
        "summary": "A company means to use what people have posted since 2007 to train its models.",
        "legal_issues": {
            "articles": ["5(1)(a)", "6(1)(f)"],
            "requested": ["urgency procedure"],
            "source": SOURCE,
            "verified": True,
        },
        "controllers": [
            {
                "id": f"controller-{serial}",
                "legal_entity": f"Example {serial} Limited",
                "hq_country": "US",
                "main_establishment_eu": "IE",
                "verified": True,
            }
        ],
        "filings": [
            {
                "id": key,
                "authority": slug,
                "country": authorities()[slug].country,
                "date": "2024-06-06",
                "complainant_type": "data_subject_represented_art80_1",
                "controllers": [f"controller-{serial}"],
                "status": "open",
                "source": SOURCE,
                "verified": True,
            }
            for key, slug in lodged
        ],
        "events": [
            {
                "date": "2024-07-01",
                "actor": slug,
                "kind": "acknowledgement",
                "filings": [key],
                "summary": "The authority has confirmed receipt.",
                "source": SOURCE,
                "verified": True,
            }
            for key, slug in lodged[:events]
        ],
        "outcome": {"status": "open", "summary": "None yet.", "fines": []},
    }
