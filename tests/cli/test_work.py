"""`tracker work`: what is due is done, once, also when workers die, meet each other, or the clock jumps."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from tests.builders import a_case, lodged
from tests.deadlines import stored_deadline
from tests.mailserver import Mailbox, free_port, mailbox, scripted
from tests.storage import KINDS
from tests.test_cli import Run
from tracker import config
from tracker.cli import context
from tracker.cli import work as working
from tracker.cli.work import Done, Job, Round
from tracker.db import db, transaction
from tracker.models import Outgoing, User
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts, jobs, mail_choices, outbox, outbox_smtp

SITE = "https://desk.example.org"


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of the private store: the home is on SQLite or on PostgreSQL."""
    if request.param == "postgresql":
        new = request.getfixturevalue("new_postgres_database")
        monkeypatch.setenv("TRACKER_DATABASE_URL", new())
        monkeypatch.setenv("TRACKER_PUBLIC_DATABASE_URL", new())
        subprocess.run([sys.executable, "-m", "tracker.cli", "init"], check=True, capture_output=True)
        with desk_context(), transaction():
            values = {"name": "L", "role": Role.LAWYER, "password_hash": "x"}
            accounts.add_user("lawyer@example.org", by=SHELL, **values)  # type: ignore[arg-type]
    return str(request.param)


@pytest.fixture
def box(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A real mail server, to which the settings lead."""
    with mailbox() as it:
        lead_to(it.port, monkeypatch)
        yield it


@contextmanager
def desk_context() -> Iterator[Flask]:
    """Give the desk on the home as a command has it, and leave no connection open."""
    with context.desk_context() as app:
        yield app
        db.session.remove()
        for it in db.engines.values():
            it.dispose()


def lead_to(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "tracker@example.org")
    monkeypatch.setenv("TRACKER_DESK_URL", SITE)


def write(number: int = 1) -> list[str]:
    """Write so many messages and return their Message-IDs."""
    with desk_context(), transaction():
        user = accounts.get_user("lawyer@example.org")
        made = [
            outbox.write(user, kind="test", key=f"test/{it}", subject=f"Message {it}", body="b", site=SITE)
            for it in range(number)
        ]
        return [it.message_id for it in made if it is not None]


def rows() -> list[Outgoing]:
    with desk_context():
        return list(db.session.scalars(sa.select(Outgoing).order_by(Outgoing.id)))


def due_again() -> None:
    """Let the time come for everything that waits."""
    with desk_context(), transaction():
        past = datetime.now(UTC) - timedelta(minutes=1)
        db.session.execute(
            sa.update(Outgoing).where(Outgoing.next_try_at.is_not(None)).values(next_try_at=past)
        )


@contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run `tracker work` as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tracker.cli", "work", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


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
        assert status == 0 and "mail: off, TRACKER_SMTP_URL is not set; 2 messages kept" in out
        assert [it.next_try_at is not None for it in rows()] == [True, True]

    def test_nothing_is_said_of_what_is_not_there(self, run: Run, home: Path) -> None:
        assert "mail: off, TRACKER_SMTP_URL is not set\n" in run("work", "--once")[1]


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

    def test_write_one_reminder_and_do_the_job_of_a_day_once(self, store: str, box: Mailbox) -> None:
        self.due_today()
        with ExitStack() as stack:
            workers = [stack.enter_context(worker("--once")) for _ in range(3)]
            said = [it.communicate(timeout=120)[0] for it in workers]
        assert len(box.received) == 1
        did = [it for text in said for it in text.splitlines() if it.startswith("reminders: 1 written")]
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


def has_run() -> bool:
    with desk_context():
        return any(it.name == "mail" for it in jobs.standing())


class TestAJob:
    @pytest.fixture
    def only(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
        """Return a function that makes a job the only one, and returns when it ran."""

        def make(run: Callable[[Round], Done], **values: Any) -> None:
            monkeypatch.setattr(working, "JOBS", (Job("calendars", run, **values),))

        return make  # type: ignore[return-value]

    def round(self, *, told: dict[str, str] | None = None, stopped: bool = False) -> bool:
        with desk_context() as app:
            return working.work(Round(app.config["TRACKER"], lambda: stopped), told=told)

    def test_that_others_add_is_done_with_the_rest(self, only: Any, run: Run) -> None:
        only(lambda it: Done("3 calendars read"))
        assert run("work", "--once") == (0, "calendars: 3 calendars read\n", "")

    def test_that_fails_is_said_and_keeps_nobody_else_from_work(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(working, "JOBS", (Job("broken", lambda it: 1 / 0), *working.JOBS))  # type: ignore[arg-type,return-value]
        assert not self.round()
        assert capsys.readouterr().out.splitlines()[0] == "broken: failed: ZeroDivisionError"

    def test_of_every_day_is_done_once_a_day(self, only: Any) -> None:
        ran = []
        only(lambda it: ran.append(1) or Done("done"), daily=True)
        for moment in ("2026-11-25 06:00", "2026-11-25 18:00", "2026-11-25 23:59", "2026-11-26 00:00"):
            with time_machine.travel(f"{moment}+00:00", tick=False):
                self.round()
        assert len(ran) == 2

    def test_of_every_day_that_failed_is_tried_again_after_a_while(self, only: Any) -> None:
        ran = []
        only(lambda it: Done(str(1 // (len(ran) > 1 or ran.append(1) or 0))), daily=True)
        for minute in (0, 5, 10, 15, 20, 30):
            with time_machine.travel(f"2026-11-25 06:{minute:02}+00:00", tick=False):
                self.round()
        assert len(ran) == 2

    def test_of_every_day_whose_worker_died_is_begun_again_by_another_one(self, only: Any) -> None:
        ran: list[int] = []

        def die(it: Round) -> Done:
            ran.append(1)
            raise KeyboardInterrupt

        only(die, daily=True)
        for minute, expected in ((0, 1), (59, 1), (60, 2)):
            at = datetime(2026, 11, 25, 6, tzinfo=UTC) + timedelta(minutes=minute)
            with time_machine.travel(at, tick=False):
                try:
                    self.round()
                except KeyboardInterrupt:
                    pass
            assert len(ran) == expected

    def test_that_was_told_to_end_early_is_not_done(self, only: Any) -> None:
        ran: list[int] = []
        only(lambda it: ran.append(1) or Done("half of it"), daily=True)
        with desk_context() as app:
            asked = iter([False, True])
            working.work(Round(app.config["TRACKER"], lambda: next(asked)))
        self.round()
        assert len(ran) == 2

    def test_of_every_day_waits_for_the_morning_in_a_daemon_and_not_from_cron(self, only: Any) -> None:
        ran = []
        only(lambda it: ran.append(1) or Done("done"), daily=True)
        for moment, told, expected in (
            ("2026-11-25 03:59", {}, 0),
            ("2026-11-25 04:00", {}, 1),
            ("2026-11-26 00:30", None, 2),
        ):
            with time_machine.travel(f"{moment}+00:00", tick=False):
                self.round(told=told)
            assert len(ran) == expected


class TestAClockThatJumps:
    """No reminder twice, none left out, whatever the clock of the server does (and wherever it stands)."""

    DUE = date(2027, 3, 29)

    @pytest.fixture
    def counting(self, home: Path, box: Mailbox) -> Iterator[Callable[[str], list[str]]]:
        """A function that works at a moment and returns the ends of the subjects of what it sent."""
        with desk_context() as app:
            with transaction():
                [filing] = lodged(a_case(), "at-dsb")
                stored_deadline(filing, "AT-BVWG", due=self.DUE, own=True)
                for it in accounts.people():
                    it.active = it.role is Role.LAWYER

            def at(moment: str) -> list[str]:
                before = len(box.received)
                with time_machine.travel(moment, tick=False):
                    working.work(Round(app.config["TRACKER"], lambda: False))
                return [re.sub(r".*of ours ", "", str(it["Subject"])) for it in box.mails[before:]]

            yield at

    @pytest.fixture(params=["UTC", "Europe/Vienna", "Pacific/Auckland"])
    def zone(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
        monkeypatch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
        monkeypatch.undo()
        time.tzset()

    def test_at_the_change_of_summer_time_tells_each_step_once(
        self, zone: str, counting: Callable[[str], list[str]]
    ) -> None:
        told = {}
        moment = datetime(2027, 3, 26, tzinfo=UTC)
        while moment < datetime(2027, 4, 1, tzinfo=UTC):
            for subject in counting(moment.isoformat()):
                told.setdefault(moment.date().isoformat(), []).append(subject)
            moment += timedelta(hours=1)
        assert told == {
            "2027-03-26": ["within 3 days"],
            "2027-03-28": ["within 1 day"],
            "2027-03-29": ["due today"],
            "2027-03-30": ["over"],
        }

    @pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=30)])
    def test_back_tells_nothing_twice(self, counting: Callable[[str], list[str]], back: timedelta) -> None:
        there = datetime(2027, 3, 26, 0, 30, tzinfo=UTC)
        assert counting(there.isoformat()) == ["within 3 days"]
        assert counting((there - back).isoformat()) == []
        assert counting((there + timedelta(hours=1)).isoformat()) == []
        assert counting((there + timedelta(days=3)).isoformat()) == ["due today"]

    def test_forward_leaves_nothing_out(self, counting: Callable[[str], list[str]]) -> None:
        assert counting("2027-03-15T06:00:00+00:00") == ["within 14 days"]
        assert counting("2027-03-28T06:00:00+00:00") == ["within 1 day"]


def test_choices_of_people_decide_who_gets_mail(home: Path, box: Mailbox, run: Run) -> None:
    with desk_context():
        with transaction():
            [filing] = lodged(a_case(), "at-dsb")
            stored_deadline(filing, "AT-BVWG", due=datetime.now(UTC).date(), own=True)
            lawyer: User = accounts.get_user("lawyer@example.org")
            mail_choices.choose(lawyer, mail_choices.Choices(mail=False))
    assert "reminders: 1 written; 1 of the people want mail" in run("work", "--once")[1]
    assert box.recipients == ["advocate@example.org"]
    assert config.read().mail_server is not None
