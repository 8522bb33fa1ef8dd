"""The public site as a process of its own: no private folder, nothing it may write to."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear
from tracker.db import PUBLIC, db, transaction

#: Every page once as the operator, so that the files of the program are loaded: they may lie in a folder that
#: only the operator enters. Then without any rights, anew.
PROGRAM = """
import os, sqlite3, sys
from tracker import config
from tracker.app import create_public_app
from tracker.db import PUBLIC, db

app = create_public_app(config.read({"TRACKER_HOME": sys.argv[1]}))
reader = app.test_client()
pages = ("/", "/cases?text=apart", "/cases/C001", "/filings/C001-01", "/authorities/nl-ap")
for address in pages:
    assert reader.get(address).status_code == 200, address
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
with app.app_context():
    db.engines[PUBLIC].dispose()
store = sys.argv[1] + "/public/public.db"
assert not os.access(store, os.W_OK) and not os.access(sys.argv[1] + "/public", os.W_OK)
assert not os.path.exists(sys.argv[1] + "/private")
app.extensions["pages_kept"].get("another state", "/")
for address in pages:
    for again in range(2):
        answer = reader.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
assert "Example: apart" in reader.get("/cases/C001").text
with app.app_context():
    assert list(db.engines) == [PUBLIC]
    for words in ("DELETE FROM published_cases", "CREATE TABLE things (word text)"):
        try:
            with db.engines[PUBLIC].begin() as connection:
                connection.exec_driver_sql(words)
        except Exception as refusal:
            assert "readonly" in str(refusal), refusal
        else:
            sys.exit("The public site could write.")
assert "SECRET_KEY" not in app.config or app.config["SECRET_KEY"] is None
print(len(app.extensions["pages_kept"]), "pages kept")
"""


@pytest.fixture
def apart(app, settings) -> Iterator[Path]:
    """A home with nothing but the public folder, which nobody may write to."""
    with transaction():
        lodged(a_case(title="Example: apart"), "nl-ap", "ie-dpc")
    clear("C001")
    db.session.remove()
    db.engines[PUBLIC].dispose()
    # Not below the folder of pytest, which only its owner may enter.
    home = Path(tempfile.mkdtemp(prefix="public-"))
    shutil.copytree(settings.public, home / "public")
    for path in (home / "public").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    (home / "public").chmod(0o555)
    home.chmod(0o555)
    yield home
    home.chmod(0o755)
    (home / "public").chmod(0o755)
    shutil.rmtree(home)


def test_the_public_site_runs_where_it_may_only_read(apart: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, apart],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == "5 pages kept\n"
    assert sorted(it.name for it in apart.iterdir()) == ["public"]
