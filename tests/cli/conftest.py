"""A prepared home, and `tracker` run on it as in the tests of the whole command line."""

from functools import partial

import pytest

from tests.builders import CHEAP_ARGON2
from tests.test_cli import home as home
from tests.test_cli import run as run
from tracker.app import create_app
from tracker.cli import context


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords cheaply."""
    monkeypatch.setattr(context, "create_app", partial(create_app, argon2=CHEAP_ARGON2))
