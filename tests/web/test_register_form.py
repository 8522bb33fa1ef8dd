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


class TestAParentWhoseNameTheRegisterHasTwice:
    @pytest.fixture
    def irish(self, app) -> int:
        return add(Statement("Foo Ltd", "IE"))

    @pytest.fixture
    def french(self, app) -> int:
        return add(Statement("Foo Ltd", "FR"))

    @pytest.fixture
    def key(self, irish: int, french: int) -> int:
        return add(Statement("Child GmbH", "DE", parent=french, parent_name="Foo Ltd"))

    def save(self, key: int, desk: Desk, *, status: int = 303, at: str = "", **typed: str) -> str:
        reader = desk("lawyer")
        values = {**reader.fields(f"{edit(key)}{at}"), **typed, "do": "save"}
        return reader.post(edit(key), values, status=status).text

    def test_stays_where_it_was_left_alone(self, key: int, french: int, desk: Desk):
        self.save(key, desk, note="Typed.")
        assert (said(key).note, said(key).parent) == ("Typed.", french)

    def test_is_another_one_by_its_seat(self, key: int, irish: int, desk: Desk):
        self.save(key, desk, parent="Foo Ltd (Ireland)")
        assert said(key).parent == irish

    def test_is_the_one_that_an_earlier_statement_named(self, key: int, french: int, desk: Desk):
        self.save(key, desk, parent="Foo Ltd (Ireland)")
        self.save(key, desk, at="?revision=1")
        assert said(key).parent == french

    def test_is_asked_for_with_its_seat_where_another_name_stood_there(self, irish, french, desk: Desk):
        other = add(Statement("Other GmbH", "DE"))
        assert "seats in France, Ireland" in self.save(other, desk, status=422, parent="Foo Ltd")


class TestAnEstablishmentEnteredByMistake:
    def test_has_no_other_answers_from_a_day_on(self, app, desk: Desk):
        key = add(Statement("Acme Inc.", "US"))
        reader = desk("lawyer")
        place = {"establishments-0-place": "Ireland", "do": "save"}
        reader.post(edit(key), {**reader.fields(edit(key)), **place})
        both = {"establishments-0-mistake": "y", "establishments-0-begins": "2023-01-01", "do": "save"}
        answer = reader.post(edit(key), {**reader.fields(edit(key)), **both}, status=422).text
        assert 'href="#establishments-0-begins"' in answer and "say one of the two" in answer
        assert "Ireland" in reader.get(f"/desk/controllers/{key}").text


class TestAControllerThatIsLikelyThereAlready:
    @pytest.fixture
    def key(self, app) -> int:
        return add(Statement("Meta Platforms Ireland Limited", "IE"))

    def test_is_added_only_by_who_has_read_which_one_is_meant(self, key: int, desk: Desk):
        reader, new = desk("lawyer"), "/desk/controllers/new"
        typed = {
            **reader.fields(new),
            "name": "Meta Platforms Ireland LTD",
            "country": "IE",
            "do": "save",
        }
        page = reader.post(new, typed, status=422).text
        link = f'<a href="/desk/controllers/{key}">Meta Platforms Ireland Limited (Ireland): same name</a>'
        assert link in page
        assert "Meta Platforms Ireland LTD" not in reader.get("/desk/controllers").text
        mark = re.search(r'name="sure" value="(\w+)"', page)
        assert mark
        added = reader.post(new, {**typed, "sure": mark[1]}, status=303).location
        assert link in reader.get(added).text

    def test_is_refused_at_once_where_it_has_the_same_name_and_seat(self, key: int, desk: Desk):
        reader, new = desk("lawyer"), "/desk/controllers/new"
        typed = {"name": "Meta Platforms Ireland Limited", "country": "IE", "do": "save"}
        page = reader.post(new, {**reader.fields(new), **typed}, status=422).text
        assert "is in the register already" in page and 'name="sure"' not in page

    def test_is_found_by_its_website_or_address(self, app, desk: Desk):
        address = "Merrion Road\nDublin 4, D04 X2K5"
        add(Statement("Old Name Ltd", "IE", website="https://www.example.org/", address=address))
        one = add(Statement("New Name Ltd", "IE", website="https://example.org", address=address.upper()))
        page = desk("lawyer").get(f"/desk/controllers/{one}").text
        assert "Old Name Ltd (Ireland): same website and address" in page
