"""`tracker init`: what it makes, for whom it is open, and that it never touches what is there."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.storage import KINDS, new_address
from tracker import config
from tracker.config import Settings
from tracker.errors import RuleBroken
from tracker.services import installation
from tracker.storage import schema


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return config.read({"TRACKER_HOME": str(tmp_path / "home")})


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(home: Path) -> dict[str, str]:
    """Return the permissions of everything under a home, the home included, by path."""
    found = {it.relative_to(home).as_posix(): it for it in [home, *home.rglob("*")]}
    return {path: f"{stat.S_IMODE(it.stat().st_mode):o}" for path, it in sorted(found.items())}


def state(home: Path) -> dict[str, tuple[int, object]]:
    """Return what must not change, by path: permissions; of a file, when it was written and its content."""
    return {
        str(it): (it.stat().st_mode, it.is_file() and (it.stat().st_mtime_ns, it.read_bytes()))
        for it in [home, *home.rglob("*")]
    }


class TestAnEmptyPlace:
    def test_gets_folders_a_key_and_two_stores_that_are_open_to_whom_they_should_be(
        self, settings: Settings, umask: int
    ) -> None:
        done = installation.prepare(settings)
        assert modes(settings.home) == {
            ".": "755",
            "private": "700",
            "private/evidence": "700",
            "private/private.db": "600",
            "private/secrets": "700",
            "private/secrets/session.key": "600",
            "public": "755",
            "public/files": "755",
            "public/public.db": "644",
        }
        assert {it.relative_to(settings.home).as_posix() for it in done.made} == set(modes(settings.home))
        assert done.upgraded == schema.STORES

    def test_may_lie_in_folders_that_do_not_exist_yet(self, tmp_path: Path) -> None:
        settings = config.read({"TRACKER_HOME": str(tmp_path / "a" / "b" / "home")})
        before = os.umask(0o077)
        try:
            installation.prepare(settings)
        finally:
            os.umask(before)
        assert [stat.S_IMODE((tmp_path / it).stat().st_mode) for it in ("a", "a/b")] == [0o755, 0o755]

    def test_gets_a_key_that_the_desk_accepts_and_no_other_place_has(self, tmp_path: Path) -> None:
        keys = set()
        for name in ("one", "two"):
            settings = config.read({"TRACKER_HOME": str(tmp_path / name)})
            installation.prepare_folders(settings)
            keys.add(config.session_key(settings))
        assert len(keys) == 2
        assert all(len(bytes.fromhex(it)) == 32 for it in keys)


class TestAHomeThatIsThere:
    def test_stays_as_it_is(self, settings: Settings) -> None:
        installation.prepare(settings)
        before = state(settings.home)
        done = installation.prepare(settings)
        assert (done.made, done.upgraded) == ((), ())
        assert state(settings.home) == before

    def test_gets_back_what_it_lost_and_keeps_the_rest(self, settings: Settings) -> None:
        installation.prepare(settings)
        key = config.session_key(settings)
        (settings.public / "public.db").unlink()
        settings.evidence.rmdir()
        done = installation.prepare(settings)
        assert set(done.made) == {settings.evidence, settings.public / "public.db"}
        assert done.upgraded == ("public",)
        assert config.session_key(settings) == key

    def test_keeps_even_a_key_that_is_no_good(self, settings: Settings) -> None:
        """The desk refuses it and says so: throwing keys away is for people."""
        installation.prepare_folders(settings)
        settings.key_file.write_text("")
        assert installation.prepare_folders(settings) == ()
        assert settings.key_file.read_text() == ""

    def test_keeps_the_key_of_whoever_was_faster(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link = os.link

        def too_late(source: Path, target: Path) -> None:
            target.write_text("theirs")
            link(source, target)

        monkeypatch.setattr(os, "link", too_late)
        installation.prepare_folders(settings)
        assert settings.key_file.read_text() == "theirs"
        assert list(settings.secrets.iterdir()) == [settings.key_file]


class TestAPlaceThatIsNotOurs:
    @pytest.mark.parametrize("name", ["private", "private/secrets", "public", "public/files"])
    def test_is_refused_and_left_as_it_is(self, settings: Settings, name: str) -> None:
        stranger = settings.home / name
        stranger.parent.mkdir(parents=True)
        stranger.write_text("mine")
        before = state(settings.home)
        with pytest.raises(RuleBroken, match=f"home/{name} is in the way: a folder has to stand there"):
            installation.prepare(settings)
        assert state(settings.home) == before

    def test_is_refused_where_the_home_itself_is_a_file(self, settings: Settings) -> None:
        settings.home.write_text("mine")
        with pytest.raises(RuleBroken, match="home is in the way"):
            installation.prepare(settings)

    def test_is_refused_where_a_link_leads_nowhere(self, settings: Settings) -> None:
        settings.home.mkdir()
        settings.private.symlink_to(settings.home / "gone")
        with pytest.raises(RuleBroken, match="private is in the way"):
            installation.prepare(settings)

    def test_is_refused_below_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine")
        settings = config.read({"TRACKER_HOME": str(tmp_path / "file" / "home")})
        with pytest.raises(RuleBroken, match="cannot be made"):
            installation.prepare(settings)

    def test_is_refused_where_a_store_is_something_else(self, settings: Settings) -> None:
        installation.prepare_folders(settings)
        (settings.private / "private.db").write_text("a letter, and by no means a database" * 30)
        with pytest.raises(RuleBroken, match="The private store cannot be prepared: file is not a database."):
            installation.prepare(settings)


class TestStoresElsewhere:
    @pytest.mark.parametrize("kind", KINDS)
    def test_are_brought_up_to_date_where_they_are(
        self, request: pytest.FixtureRequest, tmp_path: Path, kind: str
    ) -> None:
        addresses = {store: new_address(request, kind, store) for store in schema.STORES}
        settings = config.read(
            {
                "TRACKER_HOME": str(tmp_path / "home"),
                "TRACKER_DATABASE_URL": addresses["private"],
                "TRACKER_PUBLIC_DATABASE_URL": addresses["public"],
            }
        )
        assert installation.prepare(settings).upgraded == schema.STORES
        for store, address in addresses.items():
            engine = sa.create_engine(address)
            assert not schema.behind(engine, store)
            engine.dispose()
        assert not list(settings.home.rglob("*.db"))

    def test_that_nobody_answers_for_are_named(self, tmp_path: Path) -> None:
        settings = config.read(
            {
                "TRACKER_HOME": str(tmp_path / "home"),
                "TRACKER_DATABASE_URL": f"postgresql://somebody:secret@/x?host={tmp_path}",
            }
        )
        with pytest.raises(RuleBroken, match="The private store cannot be prepared: ") as refused:
            installation.prepare(settings)
        assert "secret" not in str(refused.value)
        assert "\n" not in str(refused.value)
