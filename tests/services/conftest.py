"""What tests of services share."""

import shutil
from contextlib import contextmanager

import pytest

from tests.builders import CHEAP_ARGON2
from tracker import config
from tracker.app import create_app
from tracker.db import PUBLIC, db


@pytest.fixture
def elsewhere(prepared_home, tmp_path):
    """Give a context with an app on another home: a new one each time, with the directory only."""
    made = []

    @contextmanager
    def context():
        made.append(tmp_path / f"elsewhere-{len(made)}")
        shutil.copytree(prepared_home, made[-1])
        app = create_app(config.read({"TRACKER_HOME": str(made[-1])}), argon2=CHEAP_ARGON2)
        with app.app_context():
            yield
            db.session.remove()
            for store in (None, PUBLIC):
                db.engines[store].dispose()

    return context
