"""The store of kept files: what is kept is whole, stays as it is, and can be told from what is not."""

import hashlib
import io
import os
import stat
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker.errors import RuleBroken, StoreFault, TooLarge
from tracker.storage.arriving import HEAD
from tracker.storage.files import Store
from tracker.storage.places import visible

LIMIT = 1 << 20
LETTER = b"Dear Sir or Madam, we are looking into the matter.\n"
NAME = hashlib.sha256(LETTER).hexdigest()
LATER = datetime.now(UTC) + timedelta(hours=2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "evidence")


def everything(store: Store) -> list[str]:
    """Return the paths of all that lies in the store, folders left out."""
    found = (it for it in store.folder.rglob("*") if it.is_symlink() or not it.is_dir())
    return sorted(it.relative_to(store.folder).as_posix() for it in found)


def keep(store: Store, content: bytes = LETTER) -> str:
    return store.keep(io.BytesIO(content), limit=LIMIT).sha256


def damage(store: Store, sha256: str) -> None:
    """Flip one bit."""
    path = store.path(sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


class Endless(io.RawIOBase):
    """Gives as many bytes as asked for, one block at a time, and remembers how many."""

    def __init__(self, length: int, breaks_at: int | None = None) -> None:
        self.given, self.length, self.breaks_at = 0, length, breaks_at

    def read(self, size: int = -1) -> bytes:
        if self.breaks_at is not None and self.given >= self.breaks_at:
            raise ConnectionResetError("the line is dead")
        count = min(size, self.length - self.given)
        self.given += count
        return self.given.to_bytes(8, "big") * (count // 8)


class TestAFileThatIsKept:
    def test_lies_under_its_own_hash_and_can_only_be_read(self, store: Store) -> None:
        kept = store.keep(io.BytesIO(LETTER), limit=LIMIT)
        assert (kept.sha256, kept.bytes, kept.head) == (NAME, len(LETTER), LETTER)
        assert everything(store) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]
        assert store.path(NAME).read_bytes() == LETTER
        assert stat.S_IMODE(store.path(NAME).stat().st_mode) == 0o440

    def test_is_given_back_as_it_came(self, store: Store) -> None:
        content = os.urandom(700_001)
        with store.open(keep(store, content)) as stream:
            assert stream.read() == content

    def test_is_one_file_however_often_it_is_kept(self, store: Store) -> None:
        assert keep(store) == keep(store) == keep(store)
        assert list(store.names()) == [NAME]
        assert everything(store) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]

    def test_may_be_as_long_as_the_limit(self, store: Store) -> None:
        assert store.keep(io.BytesIO(b"x" * 10), limit=10).bytes == 10

    def test_shows_no_more_of_its_head_than_is_looked_at(self, store: Store) -> None:
        assert len(store.keep(io.BytesIO(b"x" * (HEAD + 5)), limit=LIMIT).head) == HEAD

    def test_takes_no_memory_for_its_length(self, store: Store) -> None:
        tracemalloc.start()
        kept = store.keep(Endless(64 << 20), limit=64 << 20)
        with store.open(kept.sha256) as stream:
            while stream.read(1 << 16):
                pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert kept.bytes == 64 << 20
        assert peak < 4 << 20

    def test_is_on_the_disk_before_it_has_its_name(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        acts: list[str] = []
        flush, link = os.fsync, os.link

        def note_flush(descriptor: int) -> None:
            acts.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
            flush(descriptor)

        def note_link(*places: object, **how: object) -> None:
            acts.append("name")
            link(*places, **how)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "fsync", note_flush)
        monkeypatch.setattr(os, "link", note_link)
        keep(store)
        # The folder with the name, the one above it, and the store itself: each may be new.
        assert acts == ["file", "name", "folder", "folder", "folder"]


class TestWhatIsNotKept:
    def test_an_empty_file(self, store: Store) -> None:
        with pytest.raises(RuleBroken, match="empty") as refusal:
            keep(store, b"")
        assert refusal.value.field == "files"
        assert everything(store) == []

    @pytest.mark.parametrize(
        ("limit", "words"),
        [(10, "10 bytes"), (1 << 20, "1 MiB"), (3 << 19, "1.5 MiB")],
    )
    def test_a_file_over_the_limit_which_is_told_in_words(self, store: Store, limit: int, words: str) -> None:
        with pytest.raises(TooLarge, match=f"larger than {words}") as refusal:
            store.keep(io.BytesIO(b"x" * (limit + 1)), limit=limit)
        assert refusal.value.field == "files"
        assert everything(store) == []

    def test_a_file_far_over_the_limit_is_not_read_to_its_end(self, store: Store) -> None:
        stream = Endless(1 << 40)
        with pytest.raises(TooLarge, match="1 MiB"):
            store.keep(stream, limit=LIMIT)
        assert stream.given < 2 * LIMIT

    def test_a_file_whose_sender_went_away(self, store: Store) -> None:
        with pytest.raises(ConnectionResetError):
            store.keep(Endless(1 << 22, breaks_at=1 << 20), limit=1 << 22)
        assert everything(store) == []

    def test_a_file_for_which_the_disk_is_full(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            keep(store)
        assert everything(store) == []

    def test_a_received_file_that_was_discarded(self, store: Store) -> None:
        received = store.receive(io.BytesIO(LETTER), limit=LIMIT)
        assert list(store.names()) == []
        store.discard(received)
        store.discard(received)
        assert everything(store) == []


class TestAPart:
    def test_is_what_was_written_to_it(self, store: Store) -> None:
        part = store.begin(limit=LIMIT)
        part.write(LETTER[:10])
        part.write(LETTER[10:])
        assert store.publish(store.receive_part(part)).sha256 == NAME
        assert store.path(NAME).read_bytes() == LETTER

    def test_that_is_closed_before_its_end_leaves_nothing(self, store: Store) -> None:
        part = store.begin(limit=LIMIT)
        part.write(LETTER)
        part.close()
        assert everything(store) == []

    def test_over_the_limit_is_not_written_and_refused_at_its_end(self, store: Store) -> None:
        part = store.begin(limit=10)
        part.write(b"x" * 10)
        part.write(b"x" * 100)
        part.write(b"x" * 100)
        assert everything(store) == []
        with pytest.raises(TooLarge, match="10 bytes"):
            store.receive_part(part)

    def test_put_aside_is_hashed_again_before_it_is_believed(self, store: Store) -> None:
        received = store.receive(io.BytesIO(LETTER), limit=LIMIT)
        store.put_aside(received)
        assert store.receive_again(received.part) == received
        place = store.folder / "tmp" / received.part
        place.chmod(0o600)
        place.write_bytes(b"another letter")
        assert store.receive_again(received.part).kept.sha256 != NAME

    def test_that_two_tries_take_up_is_kept_once(self, store: Store) -> None:
        received = store.receive(io.BytesIO(LETTER), limit=LIMIT)
        again = store.receive_again(received.part)
        store.publish(received)
        with pytest.raises(RuleBroken, match="kept already, or gone"):
            store.publish(again)
        assert everything(store) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]


class TestAContentThatIsThereAlready:
    def test_is_not_believed_when_it_is_damaged_but_replaced(self, store: Store) -> None:
        keep(store)
        damage(store, NAME)
        keep(store)
        assert store.path(NAME).read_bytes() == LETTER
        assert stat.S_IMODE(store.path(NAME).stat().st_mode) == 0o440

    def test_is_not_believed_when_it_is_half(self, store: Store) -> None:
        store.path(NAME).parent.mkdir(parents=True)
        store.path(NAME).write_bytes(LETTER[:10])
        keep(store)
        assert store.path(NAME).read_bytes() == LETTER

    def test_is_not_written_again_when_it_is_sound(self, store: Store) -> None:
        keep(store)
        before = store.path(NAME).stat().st_ino
        keep(store)
        assert store.path(NAME).stat().st_ino == before

    def test_is_looked_at_again_when_another_came_first(self, store: Store) -> None:
        late = store.receive(io.BytesIO(LETTER), limit=LIMIT)
        keep(store)
        damage(store, NAME)
        store.publish(late)
        assert store.path(NAME).read_bytes() == LETTER
        assert everything(store) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]


class TestADamagedFile:
    @pytest.mark.parametrize("length", [1, 50, 262_144, 600_000])
    def test_is_never_given_out_whole(self, store: Store, length: int) -> None:
        content = os.urandom(length)
        name = keep(store, content)
        damage(store, name)
        given = b""
        with pytest.raises(StoreFault, match="damaged"), store.open(name) as stream:
            while block := stream.read(8192):
                given += block
        assert len(given) < length

    def test_that_was_cut_short_is_told(self, store: Store) -> None:
        keep(store)
        store.path(NAME).chmod(0o600)
        store.path(NAME).write_bytes(b"")
        with pytest.raises(StoreFault, match="damaged"), store.open(NAME) as stream:
            stream.read()

    def test_that_is_missing_is_told(self, store: Store) -> None:
        with pytest.raises(StoreFault, match="missing"):
            store.open(NAME)


class TestALinkInTheStore:
    def test_in_the_place_of_a_file_is_not_followed(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "outside").write_bytes(LETTER)
        store.path(NAME).parent.mkdir(parents=True)
        store.path(NAME).symlink_to(tmp_path / "outside")
        with pytest.raises(StoreFault, match="link"):
            store.open(NAME)
        assert list(store.names()) == []

    def test_in_the_place_of_a_file_is_replaced_by_the_file(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "outside").write_bytes(b"something else")
        store.path(NAME).parent.mkdir(parents=True)
        store.path(NAME).symlink_to(tmp_path / "outside")
        keep(store)
        assert not store.path(NAME).is_symlink() and store.path(NAME).read_bytes() == LETTER
        assert (tmp_path / "outside").read_bytes() == b"something else"

    @pytest.mark.parametrize("place", [NAME[:2], f"{NAME[:2]}/{NAME[2:4]}", "tmp"])
    def test_in_the_place_of_a_folder_keeps_nothing_outside(
        self, store: Store, tmp_path: Path, place: str
    ) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        (store.folder / place).parent.mkdir(parents=True)
        (store.folder / place).symlink_to(outside)
        with pytest.raises(StoreFault, match="link"):
            keep(store)
        assert list(outside.iterdir()) == []

    def test_is_named_among_what_does_not_belong_here(self, store: Store, tmp_path: Path) -> None:
        keep(store)
        (store.folder / "ff").symlink_to(tmp_path)
        assert [it.path for it in store.strangers(older_than=LATER)] == ["ff"]


class TestAPathThatIsNoName:
    @pytest.mark.parametrize(
        "name", ["", "../../etc/passwd", NAME.upper(), NAME[:-1], f"{NAME}\n", f"{NAME}/x"]
    )
    def test_is_refused(self, store: Store, name: str) -> None:
        with pytest.raises(StoreFault, match="not the name"):
            store.open(name)

    def test_of_a_pipe_makes_nobody_wait(self, store: Store) -> None:
        store.path(NAME).parent.mkdir(parents=True)
        os.mkfifo(store.path(NAME))
        with pytest.raises(StoreFault, match="no ordinary file"):
            store.open(NAME)


class TestWhatDoesNotBelongHere:
    def test_is_told_by_path_in_order_and_what_belongs_is_not(self, store: Store) -> None:
        keep(store)
        (store.folder / "ab").mkdir(exist_ok=True)
        (store.folder / "ab" / NAME).write_bytes(LETTER)
        (store.folder / "README").write_bytes(b"x")
        (store.folder / "a\u202eb\n").write_bytes(b"x")
        told = [it.path for it in store.strangers(older_than=LATER)]
        assert told == ["README", "a\\u202eb\\u000a", f"ab/{NAME}"]
        assert list(store.names()) == [NAME]

    def test_is_nothing_in_a_store_that_was_never_used(self, store: Store) -> None:
        assert list(store.names()) == list(store.strangers(older_than=LATER)) == []
        assert store.remove_leftovers(older_than=LATER) == 0


class TestATemporaryFile:
    def test_is_left_alone_while_it_is_young_and_removed_when_it_is_old(self, store: Store) -> None:
        keep(store)
        received = store.receive(io.BytesIO(b"under way"), limit=LIMIT)
        earlier = datetime.now(UTC) - timedelta(hours=1)
        assert list(store.strangers(older_than=earlier)) == []
        assert store.remove_leftovers(older_than=earlier) == 0
        assert [it.path for it in store.strangers(older_than=LATER)] == [f"tmp/{received.part}"]
        assert store.remove_leftovers(older_than=LATER) == 1
        assert everything(store) == [f"{NAME[:2]}/{NAME[2:4]}/{NAME}"]


class TestANameMadeVisible:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            pytest.param("Bescheid über 2024.pdf", "Bescheid über 2024.pdf", id="ordinary"),
            pytest.param("a\u202egpj.exe", "a\\u202egpj.exe", id="written backwards"),
            pytest.param("a\r\nb\0", "a\\u000d\\u000ab\\u0000", id="control characters"),
            pytest.param("\udcff", "\\udcff", id="half of a pair"),
            pytest.param("9.41\u202fAM", "9.41 AM", id="a narrow space"),
            pytest.param("\U000e0041", "\\U000e0041", id="an invisible tag"),
        ],
    )
    def test_hides_nothing(self, name: str, shown: str) -> None:
        assert visible(name) == shown
