"""What tests of the public site share: a store with something public in it, made once and copied."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import html5lib
import pytest
from flask import Flask

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told, withdraw
from tracker import clock
from tracker.db import PUBLIC, db, transaction
from tracker.services import cases

TODAY = date(2026, 11, 22)
Start = Callable[[str, Callable[[], None]], None]


def words_of(text: str) -> str:
    """Return the words of a page, in single spaces."""
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return " ".join("".join(tree.find(".//body").itertext()).split())


@pytest.fixture
def on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 22 November 2026."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture(scope="session")
def pictures() -> dict[str, Path]:
    """Homes as fixtures left them, by name."""
    return {}


@pytest.fixture
def starting_from(
    app: Flask, own_home: Path, pictures: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Start:
    """Return a function that does something to the home once, and copies what came of it ever after."""

    def close() -> None:
        db.session.remove()
        for store in (None, PUBLIC):
            db.engines[store].dispose()

    def start(name: str, make: Callable[[], None]) -> None:
        if name in pictures:
            close()
            shutil.rmtree(own_home)
            shutil.copytree(pictures[name], own_home)
        else:
            make()
            close()
            pictures[name] = tmp_path_factory.mktemp("picture") / name
            shutil.copytree(own_home, pictures[name])

    return start


@pytest.fixture
def public(on_a_day: None, starting_from: Start) -> None:
    """C001 public (three filings, one passed on), C002 not public, C003 withdrawn."""
    starting_from("public", make_public)


@pytest.fixture
def reused(on_a_day: None, starting_from: Start) -> None:
    """The same with hearings, a title in German and one more entry."""
    from tests.web.reused import make_reused  # it needs what stands here

    starting_from("reused", make_reused)


@pytest.fixture
def hostile(on_a_day: None, starting_from: Start) -> None:
    """The same with texts that would break any form that does not take care."""
    from tests.web.reused import make_hostile

    starting_from("hostile", make_hostile)


def make_public() -> None:
    with transaction():
        made = a_case(title="Example: AI from posts", summary="Posts were used.", project="Artificial minds")
        lodged(made, "nl-ap", "at-dsb", "ie-dpc")
        told("C001-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="It is here.", reference="z-77")
        told("C001-01", "forwarded", date(2024, 9, 2), "nl-ap", public="It went to Dublin.")
        lodged(a_case(title="Example: secret", respondents=same_respondent("C001")), "fr-cnil")
        lodged(a_case(title="Example: withdrawn", respondents=same_respondent("C001")), "fr-cnil")
    clear("C001", filings=["C001-01", "C001-02", "C001-03"], references=["C001-01"], updates=[1, 2, 3])
    clear("C003")
    withdraw("C003")


@pytest.fixture
def case(app):
    """C001, lodged in Austria, France and Ireland."""
    with transaction():
        made = a_case()
        lodged(made, "at-dsb", "fr-cnil", "ie-dpc")
    return cases.get_case(made.number)
