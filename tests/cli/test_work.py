"""`tracker work`: what is due is done, once, also when workers die, meet each other, or the clock jumps."""

import os
import signal
import sqlite3
import threading
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import a_case, lodged
from tests.cli.working import box as box
from tests.cli.working import desk_context, due_again, has_run, lead_to, rows, until, worker, write
from tests.cli.working import store as store
from tests.deadlines import stored_deadline
from tests.mailserver import Mailbox, free_port, mailbox, scripted
from tests.test_cli import Run
from tracker.cli import work as working
from tracker.cli.work import Round
from tracker.db import db, transaction
from tracker.rules.vocabulary import Role
from tracker.services import accounts, outbox_smtp

ALL = "TRACKER_SMTP_URL, TRACKER_MAIL_FROM and TRACKER_DESK_URL"


class TestWorkingOnce:
    def test_sends_what_is_due_and_says_a_line_for_each_job(self, run: Run, box: Mailbox) -> None:
        sent = write(3)
        status, out, err = run("work", "--once")
        assert (status, err) == (0, "")
        assert [it.split(":")[0] for it in out.splitlines()] == [it.name for it in working.JOBS]
        assert out.splitlines()[-1] == "mail: 3 sent"
        assert box.ids == sent
        assert run("work", "--once")[1].endswith("mail: nothing to send\n") and len(box.received) == 3

    def test_is_no_daemon(self, run: Run) -> None:
        status, _, err = run("work", "--once", "--every", "5")
        assert status == 2 and "--once or --every" in err

    @pytest.mark.parametrize("every", ["0", "3601", "soon"])
    def test_or_again_takes_a_sensible_number_of_seconds(self, run: Run, every: str) -> None:
        assert run("work", "--every", every)[0] == 2


class TestWithoutAMailServer:
    def test_everything_is_kept_and_said_to_be(self, run: Run, home: Path) -> None:
        write(2)
        status, out, _ = run("work", "--once")
        assert status == 0 and f"mail: off, {ALL} are not set; 2 messages kept" in out
        assert [it.next_try_at is not None for it in rows()] == [True, True]

    def test_nothing_is_said_of_what_is_not_there(self, run: Run, home: Path) -> None:
        assert f"mail: off, {ALL} are not set\n" in run("work", "--once")[1]

    def test_no_mail_of_a_day_is_written_and_none_is_lost(
        self, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with desk_context(), transaction():
            [filing] = lodged(a_case(), "at-dsb")
            stored_deadline(filing, "OWN-COURT", due=datetime.now(UTC).date())
        for _ in range(2):
            assert "daily mail: none is written before mail is set up" in run("work", "--once")[1]
        assert rows() == []
        with mailbox() as box:
            lead_to(box.port, monkeypatch)
            run("work", "--once")
            assert len(box.received) == 2 and all("due today" in it["Subject"] for it in box.mails)
            assert all("https://desk.example.org/desk/filings/" in it.get_content() for it in box.mails)


class TestAMailServerWithoutASenderOrAnAddressOfTheDesk:
    @pytest.fixture(autouse=True)
    def half(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRACKER_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")

    def test_is_told_with_all_that_lacks_and_fails(self, run: Run) -> None:
        status, out, _ = run("work", "--once")
        assert status == 1 and "mail: off, TRACKER_MAIL_FROM and TRACKER_DESK_URL are not set\n" in out

    def test_keeps_no_other_job_and_no_other_command_from_work(self, run: Run) -> None:
        assert "deadlines: 0 new" in run("work", "--once")[1]
        assert run("verify")[0] == 0


class TestAMailServerThatIsAway:
    def test_is_asked_once_a_round_and_loses_nothing(
        self, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent, port = write(20), free_port()
        lead_to(port, monkeypatch)
        status, out, _ = run("work", "--once")
        assert status == 1
        assert "mail: 1 not sent (the server cannot be reached: Connection refused), 20 waiting\n" in out
        due_again()
        with mailbox() as box:
            lead_to(box.port, monkeypatch)
            assert run("work", "--once")[0] == 0
            assert sorted(box.ids) == sorted(sent)

    def test_in_the_middle_of_it_loses_nothing_and_repeats_nothing_else(
        self, run: Run, box: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent = write(10)
        box.on_mail = None
        box.on_data = lambda content: None if len(box.received) < 4 else "421 4.3.2 shutting down"
        assert run("work", "--once")[0] == 1
        box.on_data = lambda content: None
        due_again()
        assert run("work", "--once")[0] == 0
        assert sorted(box.ids) == sorted(sent)

    def test_or_silent_holds_up_nobody_at_the_desk(
        self, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write()
        monkeypatch.setattr(outbox_smtp, "SILENCE", 20)
        with scripted("220 localhost", None) as port:
            lead_to(port, monkeypatch)
            with worker("--once"):
                until(lambda: rows()[0].tries == 1)
                with closing(sqlite3.connect(home / "private/private.db", timeout=1)) as other:
                    other.execute("BEGIN IMMEDIATE")
                    other.execute("UPDATE users SET name = 'X'")
                    other.rollback()


class TestAMailServerThatRefuses:
    def test_one_message_takes_the_others(self, run: Run, box: Mailbox) -> None:
        sent = write(5)
        box.on_data = lambda content: "550 5.7.1 spam" if b"Message 2" in content else None
        status, out, _ = run("work", "--once")
        assert status == 1 and out.splitlines()[-1] == (
            "mail: 4 sent, 1 not sent (the message was refused (550 5.7.1)), "
            "1 given up: see Mail under People at the desk"
        )
        assert box.ids == [it for at, it in enumerate(sent) if at != 2]
        status, out, _ = run("work", "--once")
        assert status == 0 and out.endswith("mail: 1 given up: see Mail under People at the desk\n")

    def test_for_now_is_asked_again_later(self, run: Run, box: Mailbox) -> None:
        sent = write(30)
        seen: list[bytes] = []

        def third(content: bytes) -> str | None:
            seen.append(content)
            return "451 4.7.1 greylisted" if len(seen) % 3 == 0 else None

        box.on_data = third
        for _ in range(6):
            run("work", "--once")
            due_again()
        assert sorted(box.ids) == sorted(sent), "each arrived, and none twice"
        assert all(it.sent_at is not None for it in rows())


class TestACrashBetweenSendingAndNoting:
    def test_repeats_one_message_with_the_same_id_and_loses_none(self, store: str, box: Mailbox) -> None:
        sent, processes = write(5), []

        def fatal(content: bytes) -> str | None:
            if b"Message 2" in content and processes:
                os.kill(processes.pop().pid, signal.SIGKILL)
            return None

        box.on_data = fatal
        with worker("--once") as process:
            processes.append(process)
            process.wait(60)
        assert box.ids == sent[:3], "the third was taken, and nobody noted it"
        assert [it.sent_at is not None for it in rows()] == [True, True, False, False, False]
        self.work()
        assert box.ids == [*sent[:3], *sent[3:]], "left alone until its time has come"
        due_again()
        self.work()
        assert box.ids == [*sent, sent[2]]
        assert all(it.sent_at is not None for it in rows())

    def work(self) -> None:
        with worker("--once") as process:
            assert process.wait(60) == 0


class TestAStoreThatSomebodyHolds:
    def test_while_a_message_is_sent_does_not_make_it_go_out_twice(
        self, home: Path, box: Mailbox, capsys: pytest.CaptureFixture[str]
    ) -> None:
        sent, release = write(), threading.Event()

        def hold(content: bytes) -> None:
            taken = threading.Event()

            def keep() -> None:
                with closing(sqlite3.connect(home / "private/private.db")) as other:
                    other.execute("BEGIN IMMEDIATE")
                    taken.set()
                    release.wait(1.5)
                    other.rollback()

            threading.Thread(target=keep).start()
            assert taken.wait(10)

        box.on_data = hold  # type: ignore[assignment]
        with desk_context() as app:
            with db.engines[None].connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout = 50")
            assert working.work(Round(app.config["TRACKER"], lambda: False))
        assert "mail: 1 sent\n" in capsys.readouterr().out
        due_again()
        assert box.ids == sent and rows()[0].sent_at is not None


class TestTwoWorkers:
    def test_never_send_the_same_message(self, store: str, box: Mailbox) -> None:
        sent = write(24)
        with ExitStack() as stack:
            workers = [stack.enter_context(worker("--once")) for _ in range(3)]
            for it in workers:
                out, err = it.communicate(timeout=120)
                assert it.returncode == 0, err + out
        assert sorted(box.ids) == sorted(sent)
        assert {it.tries for it in rows()} == {1}

    def test_write_one_daily_mail_and_do_the_job_of_a_day_once(self, store: str, box: Mailbox) -> None:
        self.due_today()
        with ExitStack() as stack:
            workers = [stack.enter_context(worker("--once")) for _ in range(3)]
            said = [it.communicate(timeout=120)[0] for it in workers]
        assert len(box.received) == 1
        did = [it for text in said for it in text.splitlines() if it.startswith("daily mail: 1 written")]
        assert len(did) == 1, said

    def due_today(self) -> None:
        with desk_context():
            with transaction():
                [filing] = lodged(a_case(), "at-dsb")
                stored_deadline(filing, "AT-BVWG", due=datetime.now(UTC).date(), own=True)
                for it in accounts.people():
                    if it.role is not Role.LAWYER:
                        it.active = False


class TestTheDaemon:
    def test_sends_what_comes_up_and_ends_when_it_is_told_to(self, box: Mailbox) -> None:
        with worker("--every", "1") as process:
            assert process.stdout is not None
            until(has_run)
            sent = write(2)
            until(lambda: len(box.received) == 2)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert out.startswith("Working every 1 second.\n") and out.endswith("mail: 2 sent\nStopped.\n")
        assert box.ids == sent

    def test_ends_as_well_by_the_keyboard(self, box: Mailbox) -> None:
        with worker("--every", "60") as process:
            until(has_run)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        assert process.returncode == 0 and out.endswith("Stopped.\n") and err == ""

    def test_finishes_the_message_that_it_has_begun(self, box: Mailbox) -> None:
        sent, processes = write(30), []

        def stop(content: bytes) -> str | None:
            if processes:
                processes.pop().send_signal(signal.SIGTERM)
                time.sleep(0.2)
            return None

        box.on_data = stop
        with worker("--every", "60") as process:
            processes.append(process)
            process.communicate(timeout=60)
        assert process.returncode == 0 and 1 <= len(box.ids) < len(sent)
        noted = [it.message_id for it in rows() if it.sent_at is not None]
        assert noted == box.ids
        assert {it.tries for it in rows() if it.sent_at is None} == {0}

    def test_says_nothing_new_only_once(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        told: dict[str, str] = {}
        with desk_context() as app:
            it = Round(app.config["TRACKER"], lambda: False)
            for _ in range(3):
                working.work(it, told=told)
        assert capsys.readouterr().out.count("mail: off") == 1

    def test_goes_on_where_a_store_is_held_by_somebody(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with desk_context() as app, closing(sqlite3.connect(home / "private/private.db")) as other:
            with db.engines[None].connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout = 50")
            other.execute("BEGIN IMMEDIATE")
            it = Round(app.config["TRACKER"], lambda: False)
            assert not working.work(it)
            other.rollback()
            assert working.work(it)
        assert "the store cannot be used: database is locked" in capsys.readouterr().out
