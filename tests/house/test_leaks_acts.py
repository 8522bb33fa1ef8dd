"""What people do at the desk all day changes no public byte: only clearing and taking back do."""

import pytest

from tests.leaks import reading, store
from tests.leaks.acts import ACTS, SECRET, Desk
from tests.publishing import clear, two_cases
from tracker.db import PUBLIC, db, transaction
from tracker.services import publication


@pytest.fixture
def public(app) -> None:
    """C001 is public with one filing and one entry, without its summary; C002 is not."""
    two_cases()
    clear("C001", filings=["C001-01"], updates=[1], fields=["claims", "project"])


class TestWorkAtTheDesk:
    def test_changes_no_public_byte(self, public, settings, public_app, actor):
        desk = Desk(settings, actor("advocate"))
        before = set(store.rows(settings))
        addresses = [it for it in reading.beginnings(public_app) if not it.startswith(("/static/", "/fr/"))]
        read = reading.read(public_app, addresses)
        for name, act in ACTS.items():
            db.session.expire_all()
            with transaction():
                act(desk)
            with transaction(PUBLIC):
                publication.publish_directory()
                publication.refresh(["C001", "C002", "C003"])
            assert store.differing(before, settings) == [], f"{name} shows"
        assert reading.differing(read, reading.read(public_app, addresses)) == []
        assert all(SECRET.encode() not in content for _, content in store.files(settings))
