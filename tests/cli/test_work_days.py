"""The jobs of `tracker work`: how often each is done, and what a clock that jumps makes of it."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.builders import a_case, lodged
from tests.cli.working import box as box
from tests.cli.working import desk_context
from tests.cli.working import store as store
from tests.deadlines import stored_deadline
from tests.mailserver import Mailbox
from tests.test_cli import Run
from tracker import config
from tracker.cli import work as working
from tracker.cli.work import Done, Job, Round
from tracker.db import transaction
from tracker.models import User
from tracker.rules.vocabulary import Role
from tracker.services import accounts, mail_choices


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
    """No mail twice, none left out, whatever the clock of the server does (and wherever it stands)."""

    DUE = date(2027, 3, 29)

    @pytest.fixture
    def counting(self, home: Path, box: Mailbox) -> Iterator[Callable[[str], list[str]]]:
        """A function that works at a moment and returns the ends of the subjects of what it sent."""
        with desk_context() as app:
            with transaction():
                [filing] = lodged(a_case(), "at-dsb")
                stored_deadline(filing, "OWN-COURT", due=self.DUE)
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
    assert "daily mail: 1 written; 1 of the people want it" in run("work", "--once")[1]
    assert box.recipients == ["advocate@example.org"]
    assert config.read().mail_server is not None
