"""The seven real cases on PostgreSQL: the same content as on SQLite, and changes found again."""

import pytest

from tests.builders import CHEAP_ARGON2
from tests.campaigns import filing_of, real_cases, refused, take_in, take_in_facts
from tracker import config
from tracker.app import create_app
from tracker.db import PUBLIC, db, transaction
from tracker.rules.access import SHELL
from tracker.services import authorities, exports, installation


@pytest.fixture
def on_postgres(new_postgres_database, tmp_path):
    """An app context on a home whose stores are PostgreSQL databases, with the directory."""
    names = {
        "TRACKER_HOME": str(tmp_path / "postgres"),
        "TRACKER_DATABASE_URL": new_postgres_database(),
        "TRACKER_PUBLIC_DATABASE_URL": new_postgres_database(),
    }
    settings = config.read(names)
    installation.prepare(settings)
    app = create_app(settings, argon2=CHEAP_ARGON2)
    with app.app_context():
        with transaction():
            authorities.sync(by=SHELL)
        yield
        db.session.remove()
        for store in (None, PUBLIC):
            db.engines[store].dispose()


@pytest.mark.usefixtures("on_postgres")
class TestTheSevenRealCasesOnPostgreSQL:
    def test_come_out_as_they_went_in(self):
        assert take_in_facts().filings == 52
        assert exports.export_cases() == real_cases()
        assert take_in_facts().numbers == ()

    def test_get_what_is_new_and_refuse_what_differs(self):
        take_in_facts()
        bereal = real_cases()["campaigns"][5]
        event = {**bereal["events"][1], "kind": "dismissal", "date": "2025-02-01", "actor": "fr-cnil"}
        assert take_in({**bereal, "events": [*bereal["events"], event]}).updates == 1
        assert filing_of("bereal-fr").stage == "national_decision"
        text = exports.as_text({"schema_version": 1, "campaigns": [{**bereal, "title": "New"}]}, "f.yaml")
        (line,) = refused(text)
        assert line.startswith("file.yaml: bereal-2024: title: differs from what is here")
