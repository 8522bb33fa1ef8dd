"""The whole program on PostgreSQL: the same pages, the same acts, the same refusals."""

import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from tests.builders import CHEAP_ARGON2, DAY, a_case, lodged
from tests.conftest import PASSWORD
from tests.reader import Reader
from tracker import clock, config
from tracker.app import create_app, create_public_app
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import (
    accounts,
    authorities,
    cases,
    demonstration,
    docket,
    filings,
    installation,
    publication,
)
from tracker.services.docket import Filter, Show
from tracker.web.account import hash_password


@pytest.fixture
def postgres_settings(new_postgres_database: Callable[[], str], tmp_path: Path) -> Settings:
    """Settings of a home whose two stores are two databases of a PostgreSQL server."""
    return config.read(
        {
            "TRACKER_HOME": str(tmp_path / "home"),
            "TRACKER_DATABASE_URL": new_postgres_database(),
            "TRACKER_PUBLIC_DATABASE_URL": new_postgres_database(),
        }
    )


@pytest.fixture
def postgres_app(postgres_settings: Settings) -> Iterator[Flask]:
    """The desk on PostgreSQL with the demo's cases, the verified parts public, one advocate."""
    installation.prepare(postgres_settings)
    app = create_app(postgres_settings, argon2=CHEAP_ARGON2)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with app.app_context():
        with transaction():
            authorities.sync(by=SHELL)
            hashed = hash_password(PASSWORD)
            accounts.add_user(
                "advocate@example.org", name="Ann", role=Role.ADVOCATE, password_hash=hashed, by=SHELL
            )
        with transaction():
            numbers = demonstration.import_cases(by=SHELL)
        with transaction():
            demonstration.clear_verified(numbers, proposed_by=SHELL, cleared_by=SHELL)
        with transaction(PUBLIC):
            publication.publish_directory()
            publication.refresh(numbers)
        yield app
        db.session.remove()
        for store in (None, PUBLIC):
            db.engines[store].dispose()


class TestTheDesk:
    def test_shows_its_pages_and_takes_its_forms(self, postgres_app: Flask):
        reader = Reader(postgres_app)
        reader.sign_in("advocate@example.org", PASSWORD)
        for address in (
            "/desk/",
            "/desk/cases?text=meta&outcome=pending&country=FR",
            "/desk/cases/C083",
            "/desk/cases?lead=changed",
            "/desk/routes",
            "/desk/cases/C081/routes",
            "/desk/filings/C081-07/route",
            "/desk/filings/C081-07",
            "/desk/authorities/ie-dpc",
            "/desk/cases/C081/publication",
            "/desk/account",
            "/desk/docket",
            *(f"/desk/docket?person=me-or-nobody&authority=ie-dpc&state={it.value}" for it in Show),
            "/desk/today/answer",
            "/desk/today/classify?whose=everybody",
            "/desk/filings/C081-03/deadlines/FR-IMPLICIT",
            "/desk/filings/C081-07/deadlines/G15-AGAIN/8",
            "/desk/assign?case=C081",
            "/desk/decisions?text=IN-18&authority=ie-dpc&kind=final&year=2022",
            "/desk/decisions.csv",
            "/desk/decisions/12",
            "/desk/cases/C082/findings",
            "/desk/proceedings/1",
            "/desk/hearings",
        ):
            reader.get(address)
        reader.post("/desk/assign", {"filings": "C081-07", "person": "nobody"}, form="/desk/assign?case=C081")
        late = reader.get("/desk/docket?state=late").text
        assert late.count("late by") == min(50, docket.count(Filter(), Show.LATE, clock.today()))
        made = reader.post("/desk/account/calendar", {"do": "make"}, form="/desk/account", status=200).text
        address = made.partition("http://localhost")[2].partition('"')[0]
        assert reader.get(address).text.startswith("BEGIN:VCALENDAR")
        data = {"authorities": ["se-imy", "fi-tsv"], "lodged_on": "2024-06-06", "do": "lodge"}
        reader.post("/desk/cases/C081/lodge", data)
        reader.post("/desk/cases/C081/evidence/new", {"files": (BytesIO(b"a letter"), "letter.txt")})
        page = reader.get("/desk/cases/C081").text
        assert "C081-13" in page and "letter.txt" in page


class TestThePublicSite:
    def test_shows_its_pages_and_forgets_at_once(self, postgres_app: Flask, postgres_settings: Settings):
        site = create_public_app(postgres_settings)
        site.config["PROPAGATE_EXCEPTIONS"] = True
        visitor = Reader(site)
        for address in ("/", "/cases", "/cases?text=meta&country=FR", "/cases/C081", "/filings/C081-07"):
            visitor.get(address)
        visitor.get("/authorities/ie-dpc")
        with site.app_context():
            db.session.remove()
            db.engines[PUBLIC].dispose()


class TestTwoPeopleAtOnce:
    def test_never_give_the_same_number_twice(self, postgres_app: Flask):
        with transaction():
            number = a_case().number
        slugs = ["at-dsb", "fr-cnil", "es-aepd", "it-garante", "be-apd-gba", "se-imy"]
        faults: list[BaseException] = []

        def lodge(slug: str) -> None:
            try:
                with postgres_app.app_context(), transaction():
                    lodged(cases.get_case(number), slug)
            except BaseException as fault:  # a thread must not lose it
                faults.append(fault)

        threads = [threading.Thread(target=lodge, args=(slug,)) for slug in slugs]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        assert faults == []
        db.session.rollback()
        made = [it.number for it in cases.get_case(number).filings]
        assert made == [f"{number}-{place:02}" for place in range(1, 7)]

    def test_are_refused_the_same_filing(self, postgres_app: Flask):
        with transaction():
            case = a_case()
            lodged(case, "at-dsb")
        with pytest.raises(filings.AlreadyFiled), transaction():
            filings.lodge_complaint(
                cases.get_case(case.number), [filings.Wanted("at-dsb")], lodged_on=DAY, by=SHELL
            )
