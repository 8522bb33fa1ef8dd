"""The form of a controller of the register: what is refused stands beside the row that was typed."""

import re
from collections.abc import Callable

import pytest

from tests.builders import ANN
from tests.reader import Reader
from tracker.db import transaction
from tracker.services import controllers_amending as amending
from tracker.services.controllers_amending import Said
from tracker.services.controllers_statement import Representative, Statement

Desk = Callable[[str], Reader]


def said(key: int) -> Statement:
    """Return what the register says."""
    return amending.said_of(amending.get_register(key))


def add(statement: Statement) -> int:
    """Add a controller to the register and return its key."""
    with transaction():
        return amending.add_to_register(Said(statement), by=ANN).id


def edit(key: int) -> str:
    """Return the address of its form."""
    return f"/desk/controllers/{key}/edit"


class TestARepresentativeThatIsTakenOut:
    @pytest.fixture
    def key(self, app) -> int:
        return add(Statement("Acme Inc.", "US", representatives=(Representative("IE"), Representative("FR"))))

    def test_does_not_move_a_refusal_to_another_one(self, key: int, desk: Desk):
        reader = desk("lawyer")
        typed = {
            **reader.fields(edit(key)),
            "representatives-0-out": "y",
            "representatives-1-since": "2024-02-01",
            "representatives-1-until": "2024-01-01",
            "do": "save",
        }
        answer = reader.post(edit(key), typed, status=422).text
        assert set(re.findall(r'href="#(representatives[^"]*)"', answer)) == {"representatives-1-until"}

    def test_is_gone_and_the_others_stay(self, key: int, desk: Desk):
        reader = desk("lawyer")
        reader.post(edit(key), {**reader.fields(edit(key)), "representatives-0-out": "y", "do": "save"})
        assert [it.place for it in said(key).representatives] == ["FR"]
