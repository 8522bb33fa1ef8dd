"""What tests share: a home of their own, an app on it, people, a client that checks every page it reads."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import CHEAP_ARGON2
from tests.reader import Reader
from tracker import config
from tracker.app import create_app, create_public_app
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.rules.access import SHELL, Actor
from tracker.rules.vocabulary import Role
from tracker.services import accounts, authorities, installation, publication
from tracker.web.account import hash_password

# No test measures time: a busy machine is no fault.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

pytest_plugins = ["tests.plugins.postgres", "tests.plugins.browser", "tests.plugins.site"]

PASSWORD = "a long enough pass phrase"


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home prepared once; each test gets a copy of it."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    settings = config.read({"TRACKER_HOME": str(home)})
    installation.prepare(settings)
    app = create_app(settings, argon2=CHEAP_ARGON2)
    with app.app_context():
        with transaction():
            authorities.sync(by=SHELL)
        with transaction(PUBLIC):
            publication.publish_directory()
        for role in Role:
            hashed = hash_password(PASSWORD)
            with transaction():
                accounts.add_user(
                    f"{role.value}@example.org",
                    name=f"The {role.value}",
                    role=role,
                    password_hash=hashed,
                    by=SHELL,
                )
        for store in (None, PUBLIC):
            db.engines[store].dispose()
    return home


@pytest.fixture(scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of the home that every test of this process gets, fresh each time."""
    return tmp_path_factory.mktemp("own") / "home"


@pytest.fixture
def settings(prepared_home: Path, own_home: Path) -> Settings:
    """Settings of a fresh home with the directory and one person per role."""
    if own_home.exists():
        shutil.rmtree(own_home)
    shutil.copytree(prepared_home, own_home)  # modes come along
    return config.read({"TRACKER_HOME": str(own_home)})


@pytest.fixture(scope="session")
def made_apps() -> dict[str, Flask]:
    """The apps of this process: making one, with its templates, takes longer than most tests."""
    return {}


@pytest.fixture
def app(settings: Settings, made_apps: dict[str, Flask]) -> Iterator[Flask]:
    """The desk on the test's home, inside an app context."""
    if "desk" not in made_apps:
        made_apps["desk"] = create_app(settings, argon2=CHEAP_ARGON2)
    app = made_apps["desk"]
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with app.app_context():
        yield app
        db.session.remove()
        for store in (None, PUBLIC):
            db.engines[store].dispose()


@pytest.fixture
def public_app(settings: Settings, made_apps: dict[str, Flask]) -> Iterator[Flask]:
    """The public site on the test's home, remembering nothing."""
    if "public" not in made_apps:
        made_apps["public"] = create_public_app(settings)
    app = made_apps["public"]
    app.config["PROPAGATE_EXCEPTIONS"] = True
    yield app
    with app.app_context():
        db.session.remove()
        db.engines[PUBLIC].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the desk that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def visitor(public_app: Flask) -> Reader:
    """A reader of the public site."""
    return Reader(public_app)


@pytest.fixture
def actor(app: Flask) -> Callable[[str], Actor]:
    """Return the actor of a role: actor("editor")."""

    def of(role: str) -> Actor:
        user = accounts.get_user(f"{role}@example.org")
        return Actor(f"user:{user.id}", user.name, user.role, user.id)

    return of


@pytest.fixture
def desk(app: Flask) -> Callable[[str], Reader]:
    """Return a reader of the desk, signed in with a role: desk("advocate")."""

    def signed_in(role: str) -> Reader:
        reader = Reader(app)
        reader.sign_in(f"{role}@example.org", PASSWORD)
        return reader

    return signed_in


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement that runs while the test looks."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    engines = [db.engines[store] for store in (None, PUBLIC)]
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", note)
