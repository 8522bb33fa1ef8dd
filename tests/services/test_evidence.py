"""Evidence: exhibits with their record, named by their content, whatever they are called."""

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.builders import ANN, a_case, lodged
from tracker import clock
from tracker.config import Settings
from tracker.db import db, new_id, transaction
from tracker.errors import NotFound, RuleBroken, StoreFault, TooLarge
from tracker.models import Case, Entry, Evidence, StoredFile, Update
from tracker.services import cases, evidence, updates
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController
from tracker.services.evidence import Facts
from tracker.services.evidence_arriving import received
from tracker.storage.files import CHUNK, Store

LETTER = b"%PDF-1.7 We are looking into the matter."
ANSWER = b"We have nothing to add."
NAME = hashlib.sha256(LETTER).hexdigest()


def noise(**values: str) -> Case:
    """Open another case, against somebody else each time."""
    company = NewController(name=f"Company {new_id()}", country="AT")
    return a_case(respondents=(Respondent(new=company),), **values)


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.evidence


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    """A case with two filings, beside another one with an exhibit of its own."""
    with transaction():
        noise(title="noise")
    with transaction():
        made = a_case()
        lodged(made, "at-dsb", "fr-cnil")
    yield cases.get_case(made.number)


@pytest.fixture
def keep(folder: Path) -> Callable[..., Evidence]:
    """Keep one file in a transaction of its own."""

    def one(case: Case, content: bytes = LETTER, name: str = "letter.pdf", **facts: object) -> Evidence:
        with transaction():
            found = cases.get_case(case.number)
            return evidence.keep_evidence(
                io.BytesIO(content),
                name,
                found,
                folder=folder,
                by=ANN,
                **{"limit": 1000, **facts},  # type: ignore[arg-type]
            )

    return one


def files_in(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.rglob("*") if it.is_file())


def journal(act: str) -> list[Entry]:
    return list(db.session.scalars(sa.select(Entry).where(Entry.act == act).order_by(Entry.id)))


class TestAnExhibit:
    def test_has_the_next_number_of_its_case_and_its_record(
        self, case: Case, keep: Callable[..., Evidence]
    ) -> None:
        other = db.session.scalars(sa.select(Case).where(Case.title == "noise")).one()
        keep(other)
        keep(case)
        keep(
            case,
            ANSWER,
            title="  The answer ",
            source="https://example.org/a",
            obtained_on=date(2024, 9, 2),
            obtained_how="by post\nand e-mail",
            obtained_by="Ann",
        )
        it = evidence.get_exhibit(case.number, 2)
        assert [e.exhibit for e in evidence.exhibits(case.id)] == [1, 2]
        assert (it.title, it.source, it.obtained_on) == (
            "The answer",
            "https://example.org/a",
            date(2024, 9, 2),
        )
        assert (it.obtained_how, it.obtained_by, it.kept_by) == ("by post\nand e-mail", "Ann", ANN.key)
        assert (it.stored.bytes, it.stored.media_type) == (len(ANSWER), "text/plain")
        assert it.sha256 == hashlib.sha256(ANSWER).hexdigest()

    def test_without_a_title_is_called_after_its_file(
        self, case: Case, keep: Callable[..., Evidence]
    ) -> None:
        assert keep(case, name="a\u202efdp.exe").title == "a\\u202efdp.exe"

    def test_is_a_line_in_the_journal_by_number_and_hash_and_not_by_name(
        self, case: Case, keep: Callable[..., Evidence]
    ) -> None:
        keep(case, name="canary-of-a-person.pdf", title="canary title", source="canary source")
        keep(case, ANSWER, filing=case.filings[0])
        first, second = journal("evidence.keep")
        assert (first.subject, first.actor, first.case_id) == (case.number, ANN.key, case.id)
        assert first.detail == {"exhibit": 1, "sha256": NAME}
        assert second.subject == case.filings[0].number
        assert "canary" not in str(first.detail)

    def test_that_does_not_exist_is_refused(self, case: Case, keep: Callable[..., Evidence]) -> None:
        keep(case)
        for number, exhibit in ((case.number, 2), ("C999", 1), (case.number, 10**17)):
            with pytest.raises(NotFound):
                evidence.get_exhibit(number, exhibit)

    def test_of_a_filing_is_listed_there_and_so_is_that_of_its_entries(
        self, case: Case, keep: Callable[..., Evidence]
    ) -> None:
        at_dsb, at_cnil = case.filings
        entry = updates.protocol(case.id)[0]
        keep(case, b"whole case")
        keep(case, b"one filing", filing=at_dsb)
        keep(case, b"both filings", update=entry)
        keep(case, b"one filing, by its entry", filing=at_cnil, update=entry)
        assert [it.exhibit for it in evidence.exhibits(case.id)] == [1, 2, 3, 4]
        assert [it.exhibit for it in evidence.exhibits(case.id, filing_id=at_dsb.id)] == [2, 3]
        assert [it.exhibit for it in evidence.exhibits(case.id, filing_id=at_cnil.id)] == [3, 4]

    def test_is_not_kept_with_a_filing_or_an_entry_of_another_case(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        with transaction():
            other = noise()
            filing = lodged(other, "ie-dpc")[0]
        entry = db.session.scalars(sa.select(Update).where(Update.case_id == other.id)).one()
        for place in ({"filing": filing}, {"update": entry}):
            with pytest.raises(RuleBroken, match=case.number):
                keep(case, **place)
        assert files_in(folder) == []

    def test_loads_in_as_many_statements_as_any_number_of_them(
        self, case: Case, keep: Callable[..., Evidence], statements: list[str]
    ) -> None:
        counts, case_id = [], case.id
        for content in (b"1", b"2", b"3"):
            keep(case, content)
            statements.clear()
            assert all(it.stored.bytes for it in evidence.exhibits(case_id))
            counts.append(len(statements))
        assert counts == [1, 1, 1]


class TestTheSameContentTwice:
    def test_is_one_file_and_two_exhibits(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        keep(case, name="a.pdf")
        keep(case, name="A.pdf")
        assert files_in(folder) == [NAME]
        assert [it.original_name for it in evidence.exhibits(case.id)] == ["a.pdf", "A.pdf"]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 1

    def test_is_so_within_one_act_and_over_cases(
        self, case: Case, folder: Path, keep: Callable[..., Evidence]
    ) -> None:
        files: list[tuple[io.BytesIO, str]] = [(io.BytesIO(LETTER), "a"), (io.BytesIO(LETTER), "b")]
        with transaction():
            kept = evidence.keep_all(files, case, folder=folder, limit=1000, by=ANN)
            assert [it.exhibit for it in kept] == [1, 2]
        keep(db.session.scalars(sa.select(Case).where(Case.title == "noise")).one())
        assert files_in(folder) == [NAME]


class TestManyFilesInOneAct:
    def test_are_numbered_in_their_order(self, case: Case, folder: Path) -> None:
        files = [(io.BytesIO(f"file {n}".encode()), f"{n}.txt") for n in range(30)]
        with transaction():
            evidence.keep_all(files, case, facts=Facts(source="the post"), folder=folder, limit=1000, by=ANN)
        kept = evidence.exhibits(case.id)
        assert [(it.exhibit, it.original_name) for it in kept] == [(n + 1, f"{n}.txt") for n in range(30)]
        assert {it.source for it in kept} == {"the post"}
        assert len(journal("evidence.keep")) == 30

    def test_take_as_many_statements_as_one(self, case: Case, folder: Path, statements: list[str]) -> None:
        counts = []
        for length in (1, 20):
            files = [(io.BytesIO(f"{length} {n}".encode()), "x") for n in range(length)]
            statements.clear()
            with transaction():
                evidence.keep_all(files, case, folder=folder, limit=1000, by=ANN)
            counts.append(len(statements))
        assert counts[0] == counts[1]

    def test_leave_nothing_when_one_of_them_is_refused(self, case: Case, folder: Path) -> None:
        files = [(io.BytesIO(LETTER), "good.pdf"), (io.BytesIO(b""), "empty\u202e.pdf")]
        with pytest.raises(RuleBroken, match=r"^empty\\u202e.pdf: The file is empty"), transaction():
            evidence.keep_all(files, case, folder=folder, limit=1000, by=ANN)
        files = [(io.BytesIO(LETTER), "good.pdf"), (io.BytesIO(b"x" * 1001), "large.bin")]
        with pytest.raises(TooLarge, match="^large.bin: The file is larger than 1,000 bytes"), transaction():
            evidence.keep_all(files, case, folder=folder, limit=1000, by=ANN)
        assert files_in(folder) == []
        assert evidence.exhibits(case.id) == [] and journal("evidence.keep") == []

    def test_may_be_none(self, case: Case, folder: Path) -> None:
        with transaction():
            assert evidence.keep_all([], case, folder=folder, limit=1000, by=ANN) == []

    def test_come_in_without_holding_up_the_office(self, app: Flask, case: Case, folder: Path) -> None:
        written: list[str] = []

        def others() -> None:
            with app.app_context():
                with transaction():
                    db.session.add(
                        StoredFile(sha256="0" * 64, bytes=1, media_type="x", stored_at=clock.now())
                    )
                written.append("others")

        class Slow(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                thread = threading.Thread(target=others)
                thread.start()
                thread.join(30)
                self.read = super().read  # type: ignore[method-assign]
                return super().read(size)

        with received([(Slow(LETTER), "slow.pdf")], folder=folder, limit=1000) as arrivals:
            written.append("received")
            with transaction():
                evidence.keep_arrived(arrivals.files, case, folder=folder, by=ANN)
        assert written == ["others", "received"]
        assert [it.exhibit for it in evidence.exhibits(case.id)] == [1]

    def test_are_gone_when_the_act_refuses_them_before_they_got_a_name(
        self, case: Case, folder: Path
    ) -> None:
        with (
            pytest.raises(RuleBroken, match="too late"),
            received([(io.BytesIO(LETTER), "a")], folder=folder, limit=1000),
        ):
            raise RuleBroken("too late")
        assert files_in(folder) == []


class TestARecord:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", "x" * 301),
            ("title", "two\nlines"),
            ("source", "a\0b"),
            ("obtained_by", "\ud800"),
            ("obtained_how", "x" * 2001),
            ("obtained_on", date(1989, 12, 31)),
            ("obtained_on", clock.today() + timedelta(days=1)),
        ],
    )
    def test_that_cannot_be_right_is_refused_by_field(self, field: str, value: object) -> None:
        with pytest.raises(RuleBroken) as refusal:
            evidence.checked(Facts(**{field: value}))  # type: ignore[arg-type]
        assert refusal.value.field == field

    def test_that_cannot_be_right_is_refused_before_a_byte_is_kept(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        with pytest.raises(RuleBroken):
            keep(case, title="two\nlines")
        assert files_in(folder) == []

    def test_may_be_of_today(self, case: Case, keep: Callable[..., Evidence]) -> None:
        assert keep(case, obtained_on=clock.today()).obtained_on == clock.today()

    def test_that_says_nothing_holds_nothing(self, case: Case, keep: Callable[..., Evidence]) -> None:
        it = keep(case, source="  ", obtained_how="\n", obtained_by="")
        assert (it.source, it.obtained_how, it.obtained_by, it.obtained_on) == (None, None, None, None)

    def test_of_a_note_about_a_page_says_so(self, case: Case, keep: Callable[..., Evidence]) -> None:
        assert keep(case, source_note=True).source_note is True
        assert keep(case, ANSWER).source_note is False


class TestHandingOut:
    def test_gives_the_bytes_and_writes_down_who_looked(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        keep(case, name="../../letter.pdf")
        with transaction():
            opened = evidence.open_evidence(case.number, 1, folder=folder, by=ANN)
            with opened.stream as stream:
                assert stream.read() == LETTER
            assert (opened.bytes, opened.download_name) == (len(LETTER), "_.._letter.pdf")
            assert opened.exhibit.original_name == "../../letter.pdf"
        (line,) = journal("evidence.open")
        assert (line.subject, line.actor, line.case_id) == (case.number, ANN.key, case.id)
        assert line.detail == {"exhibit": 1, "sha256": NAME}

    def test_refuses_bytes_that_are_damaged_before_the_first_one_is_sent(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        keep(case)
        path = Store(folder).path(NAME)
        path.chmod(0o600)
        path.write_bytes(LETTER.replace(b"looking", b"lookinG"))
        with pytest.raises(StoreFault, match="damaged"), transaction():
            evidence.open_evidence(case.number, 1, folder=folder, by=ANN)
        assert journal("evidence.open") == []

    def test_breaks_off_when_a_large_file_is_damaged_further_down(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        kept = keep(case, b"x" * 3 * CHUNK, limit=3 * CHUNK)
        path = Store(folder).path(kept.sha256)
        path.chmod(0o600)
        path.write_bytes(b"x" * 2 * CHUNK + b"y" * CHUNK)
        with transaction():
            opened = evidence.open_evidence(case.number, kept.exhibit, folder=folder, by=ANN)
        with pytest.raises(StoreFault, match="damaged"), opened.stream as stream:
            stream.read()

    def test_is_not_written_down_when_only_the_headers_are_asked_for(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        keep(case)
        with transaction():
            evidence.open_evidence(case.number, 1, folder=folder, by=None).stream.close()
        assert journal("evidence.open") == []

    def test_writes_nothing_down_when_there_was_nothing_to_see(
        self, case: Case, keep: Callable[..., Evidence], folder: Path
    ) -> None:
        keep(case)
        Store(folder).path(NAME).unlink()
        with pytest.raises(StoreFault, match="missing"), transaction():
            evidence.open_evidence(case.number, 1, folder=folder, by=ANN)
        assert journal("evidence.open") == []

    def test_warns_of_a_name_that_claims_something_else(
        self, case: Case, keep: Callable[..., Evidence]
    ) -> None:
        keep(case, b"<script>", "letter.pdf")
        keep(case)
        first, second = (evidence.warning_about(it) for it in evidence.exhibits(case.id))
        assert first == "The name ends in .pdf, but by its content this is a web page."
        assert second is None
