"""Who may import whom, what files may be called and how long they may be: the plan of the house, checked."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WIRING = (["__init__"], ["app"])  # know every part, and are known to the command and wsgi.py only
BASE = {"errors", "clock", "config", "rules", "reference", "db", "models", "storage"}
EDGE = {"services", "rules", "reference", "errors", "clock", "config", "db.transaction", "db.PUBLIC"}
# What a file may import from tracker, besides its own layer, and from outside, besides the standard library.
# A part of a layer that has a line of its own goes by that one.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "clock": set(),
    "rules": {"errors"},
    "config": {"errors"},
    "reference": {"rules", "errors"},
    "db": {"errors"},
    "models": {"db", "rules"},
    "storage": {"db", "models", "errors", "rules"},
    "services": BASE,
    "web": EDGE,
    # The public site, and each of its parts that has no line of its own: the questions to the public store.
    "web.public": EDGE - {"services"} | {"services.public_site"},
    "web.feed_forms": {"rules"},
    # A picture is drawn from what it is given: it asks nobody.
    "web.drawings": {"rules", "reference"},
    # What a reader types is answered by the rules alone: it needs no store, and gets none.
    "web.public_route": EDGE - {"services", "db.transaction", "db.PUBLIC"} | {"services.route_finder"},
    "cli": EDGE | {"app"},
    "migrations": {"db", "models", "rules"},
}
OUTSIDE: dict[str, set[str]] = {
    "reference": {"babel", "holidays"},
    "db": {"sqlalchemy", "flask", "flask_sqlalchemy"},
    "models": {"sqlalchemy"},
    "models.accounts": {"sqlalchemy", "flask_security"},
    "storage": {"sqlalchemy"},
    "services": {"sqlalchemy", "yaml", "jsonschema"},
    "services.ics": {"icalendar"},
    "services.chronology_pdf": {"weasyprint"},
    "web": {"flask", "flask_babel", "flask_wtf", "flask_security", "wtforms", "markupsafe", "werkzeug"},
    "web.drawings": set(),
    "cli": {"flask", "click"},
    "migrations": {"alembic", "sqlalchemy"},
}
# What every service may use. Others do not know each other, save the parts of one noun, which begin with the
# same word: publication.py, publication_copy.py.
LEAVES = {
    "journal", "authorities", "routing", "standing", "procedure", "controllers", "reading", "where_to_lodge",
    "deadlines", "decisions", "silence", "hearings", "outbox", "ics",
}  # fmt: skip
# file: what it may import besides, and why.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "cli.__init__": {"sqlalchemy": "a database that is locked or missing becomes a sentence here"},
    "cli.chronology": {"web.chronology_document": "the document is one at the desk and at the terminal"},
    "cli.demonstration": {
        "web.account.hash_password": "passwords are hashed in one place",
        "web.account.is_password": "and compared there",
    },
    "cli.people": {"web.account.hash_password": "passwords are hashed in one place"},
    "cli.setup": {"werkzeug": "its server is the one for trying things out"},
    "cli.work": {"sqlalchemy": "a store that somebody holds is a line here, and no end of the work"},
    "migrations.draft": {"storage.schema": "a tool of developers, which asks for the newest revision"},
    "services.chasing_sending": {"services.updates": "a reminder that was sent is an entry like any other"},
    "services.chronology_steps": {
        "services.updates": "what it tells is the protocol, in its one order",
        "services.updates_lines": "and in its lines of corrections",
        "services.evidence": "and the exhibits, called as everywhere",
        "services.evidence_names": "an exhibit without a title is called after its file",
    },
    "services.decisions_plan": {"services.updates_steps": "what the procedure allows there"},
    "services.decisions_recording": {"services.updates": "a decision enters the protocol as all else does"},
    "services.demonstration": {"services": "shows the whole office at work, by the acts that people do"},
    "services.exports": {
        "services.import_decisions_said": "what is written is the form that is read",
        "services.import_records": "the same",
        "services.import_said": "the same",
    },
    "storage.schema": {"alembic": "the only place that runs the migrations"},
    "web.account": {"db.db": "Flask-Security reads accounts by itself", "models.User": "the same"},
    "web.errors": {"sqlalchemy": "what the database refuses becomes a page here"},
    "web.jinja": {
        "jinja2": "the templates are set up here",
        "babel": "and get their words",
        "__init__": "says where they lie",
    },
    "web.templating": {
        "jinja2": "words are bound when a template is compiled",
        "babel": "they are those of a catalogue",
    },
    "web.public_data": {"db.let_go": "what a file is made of has been read before it is sent"},
    "web.languages": {
        "db.let_go": "what a page reads has been read before it is rendered",
        "jinja2": "there is a template environment for each language",
        "babel": "with its catalogue",
        "__init__": "says where the catalogues lie",
    },
}
JUNK = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
SOURCES = {".py", ".css", ".html", ".txt", ".xml", ".js", ".mako", ".sql"}
FOLDERS = ("tracker", "tests", "benchmarks", "templates", "static")
LONGEST = 400


def _statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Give every import below `node`, inside functions too, save what stands under TYPE_CHECKING."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and ast.unparse(child.test).split(".")[-1] == "TYPE_CHECKING":
            yield from _statements(ast.Module(child.orelse, []))
        else:
            yield from _statements(child)


def _imports(path: Path) -> Iterator[str]:
    """Give the full dotted name of everything the file imports; a relative import begins with a dot."""
    for it in _statements(ast.parse(path.read_text(), str(path))):
        if isinstance(it, ast.Import):
            yield from (alias.name for alias in it.names)
        else:
            yield from (f"{'.' * it.level}{it.module or ''}.{alias.name}" for alias in it.names)


def _starts(name: list[str], permitted: set[str]) -> set[str]:
    """Return those of the permitted names that `name` is, or lies in."""
    return {".".join(name[:length]) for length in range(1, len(name) + 1)} & permitted


def _noun(service: str) -> str:
    """Return the word a service's name begins with, in the singular."""
    return service.split("_")[0].removesuffix("s")


def _allowed(here: list[str], name: str) -> bool:
    """Say whether the module at `here` (["web", "desk", "cases"]) may import `name`, exceptions aside."""
    layer, part = here[0], ".".join(here[:2])
    package, rest = name.split(".")[0], name.split(".")[1:] or ["__init__"]
    if package != "tracker":
        return package in sys.stdlib_module_names or package in OUTSIDE.get(part, OUTSIDE.get(layer, set()))
    if here[:2] != ["web", "public_route"] and ".".join(here).startswith("web.public"):
        # services.public_site, and what begins with its name.
        part, rest = "web.public", ["services", "public_site"] if _is_public(rest) else rest
    if ".".join(here).startswith("services.public_site") and rest[0] == "models":
        return rest[-1].startswith("Published") or rest[1].startswith("published")
    if layer == rest[0] == "services":
        return len(rest) > 1 and _noun(rest[1]) in {_noun(it) for it in LEAVES} | {_noun(here[1])}
    return bool(_starts(rest, MAY_IMPORT.get(part, MAY_IMPORT[layer]) | {layer, "__version__"}))


def _is_public(rest: list[str]) -> bool:
    return rest[0] == "services" and len(rest) > 1 and rest[1].startswith("public_site")


def _excepted(here: list[str], name: str) -> set[str]:
    """Return the exceptions under which the module at `here` may import `name`."""
    own = name.removeprefix("tracker.").split(".") if name != "tracker" else ["__init__"]
    return _starts(own, set(EXCEPTIONS.get(".".join(here), {})))


def _modules(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Give every module of the program that has a layer, with its name in parts."""
    for path in sorted((root / "tracker").rglob("*.py")):
        here = list(path.relative_to(root / "tracker").with_suffix("").parts)
        if here not in WIRING:
            yield path, here


def faults(root: Path) -> list[str]:
    """Return one line for every breach of the plan in the source tree at `root`."""
    found = []
    for path, here in _modules(root):
        if here[0] not in MAY_IMPORT:
            found.append(f"{path.relative_to(root)}: is in no layer")
            continue
        for name in dict.fromkeys(_imports(path)):
            if not _allowed(here, name) and not _excepted(here, name):
                found.append(f"{path.relative_to(root)}: must not import {name}")
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_dir() or path.suffix in SOURCES:
                if path.stem in JUNK:
                    found.append(f"{path.relative_to(root)}: its name says nothing")
            if path.is_file() and path.suffix in SOURCES:
                lines = len(path.read_text().splitlines())
                if lines > LONGEST:
                    found.append(f"{path.relative_to(root)}: {lines} lines are more than {LONGEST}")
    return found


def test_the_source_keeps_to_the_plan() -> None:
    assert faults(ROOT) == []


def test_every_exception_is_needed() -> None:
    granted = {(file, name) for file, names in EXCEPTIONS.items() for name in names}
    used = {
        (".".join(here), exception)
        for path, here in _modules(ROOT)
        for name in _imports(path)
        if not _allowed(here, name)
        for exception in _excepted(here, name)
    }
    assert granted - used == set()


class TestABreachOfThePlan:
    @pytest.mark.parametrize(
        ("file", "line"),
        [
            pytest.param("rules/routing.py", "import sqlalchemy", id="rules know no database"),
            pytest.param(
                "rules/routing.py", "from tracker import clock", id="rules get the day as an argument"
            ),
            pytest.param("reference/names.py", "from tracker.models import Case", id="facts know no table"),
            pytest.param("models/cases.py", "from tracker.services import cases", id="models know no act"),
            pytest.param("models/cases.py", "import flask_security", id="sign-in is for accounts only"),
            pytest.param("storage/files.py", "import flask.globals", id="storage knows no request"),
            pytest.param("services/cases.py", "from flask import g", id="services know no request"),
            pytest.param(
                "services/cases.py", "from tracker.services import filings", id="services know leaves only"
            ),
            pytest.param("services/cases.py", "import tracker.services", id="the name of the leaf is needed"),
            pytest.param(
                "services/cases.py", "def f():\n    from tracker import web", id="a hidden import counts"
            ),
            pytest.param("services/cases.py", "from .journal import note", id="no relative imports"),
            pytest.param("web/desk/cases.py", "from tracker.models import Case", id="views know no table"),
            pytest.param(
                "web/desk/cases.py", "from tracker.db import db", id="views know only the transaction"
            ),
            pytest.param("web/desk/cases.py", "from tracker.app import create_app", id="views know no app"),
            pytest.param(
                "web/public.py", "from tracker.services import cases", id="the public sees the copy only"
            ),
            pytest.param(
                "web/public_case.py", "from tracker.services import cases", id="and every part of it"
            ),
            pytest.param(
                "services/public_site_case.py", "from tracker.models import Case", id="no private table"
            ),
            pytest.param(
                "web/public_route.py", "from tracker.services import public_site", id="the finder asks nobody"
            ),
            pytest.param(
                "web/public/pages.py", "from tracker.services import cases", id="in a package as well"
            ),
            pytest.param("web/drawings/map.py", "import flask", id="a drawing knows no request"),
            pytest.param("cli.py", "from tracker.storage import files", id="commands know no file"),
            pytest.param("cli.py", "import tracker", id="commands name what they import"),
            pytest.param(
                "cli/people.py", "from tracker.web import account", id="an exception is for one name"
            ),
            pytest.param("web/desk/errors.py", "import sqlalchemy", id="an exception is for one file"),
            pytest.param(
                "services/publication.py", "from tracker.services import public_site", id="two nouns"
            ),
            pytest.param("errors.py", "import tracker.clock", id="refusals know nothing"),
            pytest.param("extras.py", "", id="every file has a layer"),
            pytest.param("web/helpers.py", "", id="a file has a telling name"),
            pytest.param("services/common/cases.py", "", id="and so has a folder"),
            pytest.param("services/cases.py", "\n" * 401, id="a file has at most 400 lines"),
        ],
    )
    def test_is_named_once(self, tmp_path: Path, file: str, line: str) -> None:
        path = tmp_path / "tracker" / file
        path.parent.mkdir(parents=True)
        path.write_text(line)
        (fault,) = faults(tmp_path)
        assert str(Path(file).parent) in fault


class TestWhatThePlanAllows:
    @pytest.mark.parametrize(
        ("file", "line"),
        [
            pytest.param("services/cases.py", "from tracker.services.journal import note", id="a leaf"),
            pytest.param(
                "services/imports/reading.py", "from tracker.services.imports import words", id="its own"
            ),
            pytest.param("web/desk/cases.py", "from tracker.db import transaction", id="the transaction"),
            pytest.param("web/public.py", "from tracker.services import public_site", id="the public copy"),
            pytest.param(
                "web/public_case.py", "from tracker.services.public_site_owed import Owed", id="in its parts"
            ),
            pytest.param(
                "cli/serving.py", "from tracker.app import create_app", id="the command makes the app"
            ),
            pytest.param(
                "web/desk/cases.py",
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from tracker.models import Case",
                id="a name for the type checker",
            ),
        ],
    )
    def test_passes(self, tmp_path: Path, file: str, line: str) -> None:
        path = tmp_path / "tracker" / file
        path.parent.mkdir(parents=True)
        path.write_text(line)
        assert faults(tmp_path) == []
