"""Files of cases for tests: a small sound campaign, of which a test changes what it is about."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from tracker.db import PUBLIC, db, transaction
from tracker.errors import BadFile
from tracker.models import Case, Controller, Filing, Update
from tracker.rules.access import SHELL
from tracker.services import imports
from tracker.services.imports import ImportReport

FACTS = Path(imports.__file__).parents[1] / "reference" / "demo" / "cases.yaml"

Data = dict[str, Any]
#: The rarer facts of a processing, each said.
FURTHER: Data = {
    "issues": ["gdpr", "eprivacy"],
    "subject": "public_authority",
    "public_level": "land",
    "obligation_of": "DE",
    "media_art85": "unknown",
    "church_art91": "yes",
    "role": "joint_controller",
    "local_only": "AT",
    "infringement_ended": "2024-05-31",
    "de_telecom": "yes",
}


def real_cases() -> Data:
    """Return the seven real campaigns, read by another reader than ours."""
    data: Data = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    return data


def a_controller(key: str = "acme", **said: Any) -> Data:
    """Return a controller with its seat and main establishment in Dublin."""
    return {
        "id": key,
        "legal_entity": f"{key.capitalize()} Limited",
        "hq_country": "IE",
        "main_establishment_eu": "IE",
        "verified": True,
        **said,
    }


def a_filing(key: str, authority: str | None = "at-dsb", **said: Any) -> Data:
    """Return a filing of 6 June 2024; the country is that of the authority unless said otherwise."""
    return {
        "id": key,
        "authority": authority,
        "country": authority[:2].upper() if authority else "DE",
        "date": "2024-06-06",
        "controllers": ["acme"],
        **said,
    }


def an_event(kind: str = "acknowledgement", *filings: str, **said: Any) -> Data:
    """Return an event of 1 July 2024 by the Austrian authority."""
    return {
        "date": "2024-07-01",
        "actor": "at-dsb",
        "kind": kind,
        **({"filings": list(filings)} if filings else {}),
        "summary": f"It is {kind}.",
        "source": "https://example.org/news",
        **said,
    }


def a_campaign(key: str = "acme-2024", **said: Any) -> Data:
    """Return a campaign against one company with filings in Austria and France and one event."""
    return {
        "id": key,
        "title": f"Case {key}",
        "ngo": "noyb",
        "summary": "What it is about.",
        "controllers": [a_controller()],
        "filings": [a_filing(f"{key}-at"), a_filing(f"{key}-fr", "fr-cnil")],
        "events": [an_event("acknowledgement", f"{key}-at")],
        **said,
    }


def a_file(*campaigns: Data) -> Data:
    """Return a file with the campaigns."""
    return {"schema_version": 1, "campaigns": copy.deepcopy(list(campaigns))}


def changed(campaign: Data, *way: Any, to: Any) -> Data:
    """Return the campaign with the value at the end of the way replaced."""
    made = copy.deepcopy(campaign)
    here: Any = made
    for step in way[:-1]:
        here = here[step]
    here[way[-1]] = to
    return made


def take_in(*campaigns: Data, dry_run: bool = False, name: str = "file.json") -> ImportReport:
    """Take in a file with the campaigns, in a transaction of its own."""
    with transaction():
        return imports.import_file(json.dumps(a_file(*campaigns)), name, by=SHELL, dry_run=dry_run)


def take_in_text(text: str | bytes, name: str = "file.yaml") -> ImportReport:
    """Take in a text as the content of a file, in a transaction of its own."""
    with transaction():
        return imports.import_file(text, name, by=SHELL)


def take_in_facts() -> ImportReport:
    """Take in the seven real campaigns."""
    with transaction():
        return imports.import_file(FACTS, FACTS.name, by=SHELL)


def case_of(key: str = "acme-2024") -> Case:
    """Return the imported case."""
    return db.session.scalars(sa.select(Case).where(Case.key == key)).one()


def filing_of(key: str) -> Filing:
    """Return the imported filing."""
    return db.session.scalars(sa.select(Filing).where(Filing.key == key)).one()


def controllers_named(name: str) -> list[Controller]:
    """Return the controllers of that name."""
    return list(db.session.scalars(sa.select(Controller).where(Controller.name == name)))


def protocol_of(key: str = "acme-2024") -> list[Update]:
    """Return the protocol of the imported case in the order of recording."""
    query = sa.select(Update).where(Update.case_id == case_of(key).id).order_by(Update.number)
    return list(db.session.scalars(query.options(sa.orm.selectinload(Update.filings))))


def refused(text: str | bytes, name: str = "file.yaml") -> list[str]:
    """Return the lines with which a file is refused: each has its four parts, and nothing was stored."""
    before = rows()
    with pytest.raises(BadFile) as told:
        take_in_text(text, name)
    assert rows() == before
    for line in told.value.faults:
        assert line.startswith(f"{name}: ") and len(line.split(": ", 3)) == 4
        assert line.isprintable() and len(line) < 400
    return list(told.value.faults)


def rows() -> dict[str, int]:
    """Return how many rows each table of both stores has."""
    counted = {}
    for store in (None, PUBLIC):
        for table in db.metadatas[store].sorted_tables:
            with db.engines[store].connect() as connection:
                counted[table.name] = connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    return counted
