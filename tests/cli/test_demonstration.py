"""`tracker demo` on homes that are not empty, and on ports that are not free."""

import json
import socket
from pathlib import Path

import pytest

from tests.test_cli import FACTS, Run
from tracker.cli import demonstration as command
from tracker.cli.context import desk_context
from tracker.cli.demonstration import ANOTHER
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.services import cases, cases_list, demonstration, evidence, publication
from tracker.services.reading import read


def campaign(key: str) -> dict[str, object]:
    """Return one of the packaged cases as data."""
    return next(it for it in read(FACTS, FACTS.name).data["campaigns"] if it["id"] == key)


def taken_in(run: Run, folder: Path, **case: object) -> None:
    """Import a file with this one case."""
    file = folder / "other.json"
    file.write_text(json.dumps({"schema_version": 1, "campaigns": [case]}))
    status, _, err = run("import", str(file))
    assert status == 0, err


def standing() -> dict[str, tuple[bool, bool]]:
    """Return of every case of the demo whether it has source notes, and whether it is public."""
    found = {}
    with desk_context():
        for number in (it.number for it in cases_list.find_cases("", page=1, size=50)[0]):
            case = cases.get_case(number)
            noted = any(it.source_note for it in evidence.exhibits(case.id))
            found[number] = (noted, publication.status_of(case.id).public is not None)
    return found


def printed(text: str) -> dict[str, str]:
    """Return what stands beside each account of the demo."""
    return dict(line.split(maxsplit=1) for line in text.splitlines() if "@demo.example" in line)


class TestAHomeInWhichAnotherCaseHasANumberOfTheDemo:
    def test_is_left_as_it_was(self, run: Run, home: Path, tmp_path: Path):
        other = campaign("pinterest-2024") | {"id": "something-else", "internal_ref": "C081"}
        taken_in(run, tmp_path, **other)
        status, out, err = run("demo")
        assert (status, out) == (1, "") and "C081" in err
        assert "@demo.example" not in run("user", "list")[1]
        assert run("cases")[1].count("\n") == 1
        assert not (home / "private/secrets" / command.ACCOUNTS).exists()


class TestAHomeThatHasOneOfTheCasesAlready:
    def test_gets_the_others_and_is_told_what_was_left(self, run: Run, tmp_path: Path):
        taken_in(run, tmp_path, **campaign("meta-ai-training-2024"))
        status, out, _ = run("demo")
        assert status == 0 and "Left as they were: C081." in out
        found = standing()
        assert len(found) == 7 and found.pop("C081") == (False, False)
        assert all(noted for noted, _ in found.values()) and any(public for _, public in found.values())

    def test_is_shown_a_case_that_is_public(self, run: Run, tmp_path: Path, monkeypatch):
        taken_in(run, tmp_path, **campaign("meta-ai-training-2024"))
        told: list[str] = []

        def serve(*_: object, **how: object) -> None:
            told.extend(how["told"])

        monkeypatch.setattr(command, "run", serve)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        run("demo", "--serve", "--port", str(port))
        [line] = [it for it in told if "First case" in it]
        assert standing()[line.rsplit("/", 1)[1]][1]


class TestAFirstStartThatIsBrokenOff:
    def test_leaves_nothing_and_the_next_one_does_it_all(self, run: Run, monkeypatch):
        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(demonstration, "clear_verified", stop)
            assert run("demo")[0] == 130
        assert run("cases")[1] == "" and "@demo.example" not in run("user", "list")[1]
        assert run("demo")[0] == 0
        assert all(noted for noted, _ in standing().values())

    def test_is_completed_where_only_the_cases_had_come(self, run: Run):
        with desk_context(), transaction():
            demonstration.import_cases(by=SHELL)
        assert {*standing().values()} == {(False, False)}
        assert run("demo")[0] == 0
        after = standing()
        assert len(after) == 7 and after["C081"] == (True, True)
        assert run("demo")[0] == 0
        assert standing() == after


class TestAPassword:
    def test_that_was_changed_is_not_printed(self, run: Run):
        first = run("demo")[1]
        run("user", "password", "reader@demo.example", "--password", "a long enough pass phrase")
        run("user", "disable", "lawyer@demo.example")
        lines, before = printed(run("demo")[1]), printed(first)
        assert lines.pop("reader@demo.example") == ANOTHER
        assert lines.pop("lawyer@demo.example") == "disabled"
        assert lines.items() < before.items() and len(lines) == 3

    def test_that_did_not_come_back_with_a_restored_home_is_not_made_up(self, run: Run, home: Path):
        run("demo")
        file = home / "private/secrets" / command.ACCOUNTS
        file.unlink()
        assert run("demo")[1].count(ANOTHER) == 5
        assert not file.exists()


class TestAPortThatIsTaken:
    @pytest.fixture
    def port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            yield taken.getsockname()[1]

    def test_is_said_in_one_line_before_anything_is_written(self, run: Run, home: Path, port: int):
        before = {it: it.stat().st_mtime_ns for it in home.rglob("*")}
        status, out, err = run("demo", "--serve", "--port", str(port))
        assert (status, out) == (1, "")
        assert err == f"tracker: port {port} is taken: make demo PORT={port + 1}\n"
        assert {it: it.stat().st_mtime_ns for it in home.rglob("*")} == before

    def test_is_said_by_serve_with_what_to_type(self, run: Run, port: int):
        status, out, err = run("serve", "--port", str(port))
        assert (status, out) == (1, "")
        assert err == f"tracker: port {port} is taken: tracker serve --port {port + 1}\n"


class TestAHostThatNobodyKnows:
    def test_is_said_in_one_line(self, run: Run, monkeypatch):
        def nobody(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", nobody)
        status, out, err = run("serve", "--host", "nosuchhost")
        assert (status, out) == (1, "")
        assert err == "tracker: there is no host nosuchhost: name this machine, for example 127.0.0.1\n"
