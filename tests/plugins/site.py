"""Both sites served over real HTTP by a thread, on an empty home or on the demo."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests import publishing
from tests.builders import CHEAP_ARGON2
from tracker import config
from tracker.app import both, create_app
from tracker.cli import demonstration, setup
from tracker.cli.setup import Handler
from tracker.config import Settings
from tracker.db import PUBLIC, db

#: The case that was public in `public_demo`, and no longer is.
WITHDRAWN = "C085"


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve both sites of a home and give their address."""
    server = make_server(
        "127.0.0.1", 0, both(settings, argon2=CHEAP_ARGON2), threaded=True, request_handler=Handler
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A home filled as `tracker demo` fills it, and the passwords of its accounts."""
    home = tmp_path_factory.mktemp("demo") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_HOME", str(home))
        settings = config.read()
        setup.prepare(settings)
        passwords = dict(demonstration.fill(settings).passwords)
    return home, passwords


@pytest.fixture
def demo(demo_home: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Both sites on a copy of the demo: their address, and role -> password."""
    home = tmp_path / "home"
    shutil.copytree(demo_home[0], home)
    with served(config.read({"TRACKER_HOME": str(home)})) as address:
        yield address, {email.split("@")[0]: password for email, password in demo_home[1].items()}


@pytest.fixture(scope="session")
def public_demo(
    demo_home: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The sites of the demo after a case was withdrawn, for tests that only read: their address."""
    home = tmp_path_factory.mktemp("read") / "home"
    shutil.copytree(demo_home[0], home)
    settings = config.read({"TRACKER_HOME": str(home)})
    with create_app(settings, argon2=CHEAP_ARGON2).app_context():
        publishing.withdraw(WITHDRAWN)
        for store in (None, PUBLIC):
            db.engines[store].dispose()
    with served(settings) as address:
        yield address


@pytest.fixture
def signed_in(demo: tuple[str, dict[str, str]], open_page: Callable[..., object]) -> Callable[..., object]:
    """A function that opens a window and signs in with a role of the demo."""
    address, passwords = demo

    def sign_in(role: str, **window: object) -> object:
        page = open_page(address, **window)
        page.goto("/desk/sign-in")  # type: ignore[attr-defined]
        page.get_by_label("E-mail address").fill(f"{role}@demo.example")  # type: ignore[attr-defined]
        page.get_by_label("Password").fill(passwords[role])  # type: ignore[attr-defined]
        page.get_by_role("button", name="Sign in").click()  # type: ignore[attr-defined]
        return page

    return sign_in
