"""The public site on PostgreSQL: the same answers, and a withdrawn case is gone within a second."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders import CHEAP_ARGON2, a_case, lodged
from tests.publishing import clear, withdraw
from tests.reader import Reader
from tests.web.reused import DATA_SET
from tracker import config
from tracker.app import create_app, create_public_app
from tracker.db import PUBLIC, db, transaction
from tracker.rules.access import SHELL
from tracker.services import authorities, installation, publication


@pytest.fixture
def sites(tmp_path: Path, new_postgres_database: Callable[[], str], monkeypatch) -> Iterator[tuple]:
    """The desk and the public site on two databases of a server; every answer of it is too old at once."""
    clock = itertools.count(1.0, 10.0)
    monkeypatch.setattr("tracker.web.pages_kept.time.monotonic", lambda: next(clock))
    settings = config.read(
        {
            "TRACKER_HOME": str(tmp_path / "home"),
            "TRACKER_DATABASE_URL": new_postgres_database(),
            "TRACKER_PUBLIC_DATABASE_URL": new_postgres_database(),
        }
    )
    installation.prepare(settings)
    desk, public = create_app(settings, argon2=CHEAP_ARGON2), create_public_app(settings)
    public.config["PROPAGATE_EXCEPTIONS"] = True
    with desk.app_context():
        with transaction():
            authorities.sync(by=SHELL)
            lodged(a_case(title="Example: elsewhere", project="Minds"), "nl-ap", "ie-dpc")
        clear("C001")
        with transaction(PUBLIC):
            assert publication.rebuild() == 1
        assert publication.behind() == []
        yield desk, Reader(public)
        db.session.remove()
        engines = list(db.engines.values())
    with public.app_context():
        db.session.remove()
        engines += db.engines.values()
    for engine in engines:
        engine.dispose()


def test_the_public_site_gives_the_same_answers_on_postgresql(sites) -> None:
    desk, visitor = sites
    for query, found in (
        ("text=elsewhere", True),
        ("text=%25_%5C%27", False),
        ("project=minds&authority=ie-dpc&country=NL&stage=lodged&outcome=pending", True),
        ("authority=fr-cnil", False),
        ("controller=example-platforms-ireland-limited", True),
        ("article=6", True),
        ("article=7", False),
        ("text=C001-02", True),
        ("text=autoriteit+pers", True),
        ("text=%22example+elsewhere%22", True),
        ("text=%22elsewhere+example%22", False),
        ("text=foo%22+OR+*+NEAR(+%27+%7C+%26+!", False),
        ("text=example&sort=waiting&outcome=pending&country=NL", True),
        ("controller=nobody", False),
        ("year=2024", True),
        ("year=2023", False),
    ):
        assert ('href="/cases/C001"' in visitor.get(f"/cases?{query}").text) == found, query
    text = visitor.get("/cases").text
    for choice in ("Minds (1)", "DPC · Ireland (1)", "2024 (1)", "Example Platforms Ireland Limited (1)"):
        assert choice in text, choice
    for address in (
        "/",
        "/cases/C001",
        "/filings/C001-02",
        "/authorities",
        "/authorities/nl-ap",
        "/about",
        "/controllers",
        "/controllers?text=ireland",
        "/projects",
        "/projects/minds",
        "/controllers/example-platforms-ireland-limited",
    ):
        visitor.get(address)
    for address in ("/authorities/%00", "/filings/%00", "/cases/C99999999999999999999"):
        visitor.get(address, 404)
    for address in ("/cases?text=%00", "/cases?stage=%00", "/authorities?text=%00"):
        visitor.get(address, 400)
    assert len(visitor.app.extensions["pages_kept"]) > 0
    withdraw("C001")
    visitor.get("/cases/C001", 410)
    assert 'href="/cases/C001"' not in visitor.get("/cases?text=elsewhere").text
    visitor.get("/projects/minds", 404)


def test_a_withdrawn_case_is_gone_there_within_a_second(sites, monkeypatch) -> None:
    desk, visitor = sites
    now = [1_000_000.0]
    monkeypatch.setattr("tracker.web.pages_kept.time.monotonic", lambda: now[0])
    tag = visitor.get("/cases/C001").headers["ETag"]
    withdraw("C001")
    now[0] += 1.001
    visitor.get("/cases/C001", 410)
    visitor.get("/filings/C001-01", 410)
    assert visitor.call("GET", "/cases/C001", headers={"If-None-Match": tag}).status_code == 410


def test_all_that_is_given_away_is_read_on_postgresql_too(sites) -> None:
    _, visitor = sites
    for page in ("/cases", "/cases/C001", "/filings/C001-01", "/authorities/nl-ap", "/projects/minds"):
        for ending in (".json", ".csv"):
            assert "C001" in visitor.get(f"{page}{ending}").text, page
    for address in (
        "/feed.atom",
        "/feed.json",
        "/cases.atom?country=NL",
        "/filings/C001-01.atom",
        "/authorities.atom?country=NL",
        "/controllers.atom?text=ireland",
        "/projects.atom",
        "/cases/C001.ics",
        "/sitemap.xml",
    ):
        assert "C001" in visitor.get(address).text, address
    for address in ("/authorities/nl-ap.atom", "/authorities/nl-ap.ics", "/calendar.ics", "/data"):
        visitor.get(address)
    for name in DATA_SET:
        assert visitor.get(f"/data/{name}.csv").text.count("\n") > (name not in ("decisions", "hearings"))
    assert visitor.get("/data/cases.ndjson").text.count("\n") == 1
