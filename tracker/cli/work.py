"""`tracker work`: what has to be done although nobody sits at the desk. A small daemon, or once from cron."""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from time import sleep

import click
from sqlalchemy.exc import OperationalError

from tracker import clock
from tracker.cli.context import desk_context
from tracker.config import Settings
from tracker.db import PUBLIC, transaction
from tracker.errors import CopyBehind, TrackerError
from tracker.rules.access import SHELL
from tracker.services import deadlines, jobs, mail_daily, outbox, outbox_smtp, publication

log = logging.getLogger("tracker")

#: When the jobs of a day begin, in UTC: mail of the morning, in no part of Europe in the night.
MORNING = time(4)
#: How often it is tried to note that a message was sent; each try waits for some seconds by itself.
STUBBORN = 60


@dataclass(frozen=True, slots=True)
class Round:
    """What a job is told: the settings, and whether the program was asked to end meanwhile."""

    settings: Settings
    stopped: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Done:
    """What a job says when it has ended: one line, and whether something failed or nothing was to be done."""

    words: str
    wrong: bool = False
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done in every round, or once a day. It opens its own transactions."""

    name: str
    run: Callable[[Round], Done]
    daily: bool = False
    #: It writes mail, so it waits until mail is set up: letters written before would link to nowhere.
    writes: bool = False


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def send_mail(it: Round) -> Done:
    """Send what is due, one message after another, until none is, or the server cannot be reached."""
    server, lacks = it.settings.mail_server, it.settings.mail_lacks_words
    if server is None or lacks:
        with transaction(write=False):
            waiting, _ = outbox.counts()
        kept = f"; {_counted(waiting, 'message')} kept" if waiting else ""
        # A server without a sender, or without an address for links, is a mistake; no server is a choice.
        return Done(f"off, {lacks} not set{kept}", wrong=server is not None)
    sent, put_off, last = 0, 0, ""
    while not it.stopped():
        with transaction():
            letter = outbox.claim()
        if letter is None:
            break
        answer = outbox_smtp.send(server, letter, sender=it.settings.mail_from)
        _settle(letter, answer)
        if answer.error is None:
            sent += 1
            continue
        put_off, last = put_off + 1, answer.error
        if answer.everything:
            break
    with transaction(write=False):
        waiting, given_up = outbox.counts()
    parts = [f"{sent:,} sent"] if sent else []
    parts += [f"{put_off:,} not sent ({last})"] if put_off else []
    parts += [f"{waiting:,} waiting"] if waiting else []
    parts += [f"{given_up:,} given up: see Mail under People at the desk"] if given_up else []
    return Done(", ".join(parts) or "nothing to send", wrong=bool(put_off), idle=not parts)


def _settle(letter: outbox.Letter, answer: outbox.Answer) -> None:
    """Note what came of a try, also where somebody holds the store for long: else it would be sent twice."""
    for left in reversed(range(STUBBORN)):
        try:
            with transaction():
                outbox.settle(letter, answer)
            return
        except OperationalError:
            if not left:
                raise
            sleep(1)


def write_daily(it: Round) -> Done:
    """Write the mail of the day for everybody who wants it, each in a transaction of its own."""
    today, written = clock.today(), 0
    with transaction(write=False):
        people = mail_daily.people_to_tell(days=it.settings.warn_days)
    for user_id, choices in people:
        if it.stopped():
            break
        with transaction():
            message = mail_daily.tell(user_id, choices, today=today, site=it.settings.desk_url)
        written += message is not None
    return Done(f"{written:,} written; {len(people):,} of the people want it")


def redate(it: Round) -> Done:
    """Compute anew what older rules, periods or calendars computed, some filings in each transaction."""
    done = deadlines.Computed()
    while not it.stopped():
        with transaction(write=False):
            ids = deadlines.outdated(deadlines.AT_ONCE)
        if not ids:
            break
        with transaction():
            done += deadlines.redate(ids, by=SHELL)
    changed = done.new + done.moved + done.gone
    return Done(f"{done.new:,} new, {done.moved:,} with another day, {done.gone:,} gone", idle=not changed)


def end_embargoes(it: Round) -> Done:
    """Let what is cleared become public when its time has come, and copy what the public store lacks."""
    due = []
    with transaction(write=False):
        waits = publication.is_due()
    if waits:
        with transaction():
            due = publication.end_due()
    try:
        with publication.copying(f"{', '.join(due)}: the embargo has ended." if due else ""):
            with transaction(write=False):
                lagging = publication.behind()
            if lagging:
                with transaction(PUBLIC):
                    publication.refresh(lagging)
    except CopyBehind as fault:
        return Done(str(fault).strip(), wrong=True)
    copied = f"{', '.join(due)} became public" if due else ""
    others = len(set(lagging) - set(due))
    parts = [copied] if copied else []
    parts += [f"{others:,} public {'copy' if others == 1 else 'copies'} brought up to date"] if others else []
    return Done("; ".join(parts) or "nothing is due", idle=not parts)


def tidy(it: Round) -> Done:
    """Delete what nobody needs any more: old mail that was sent, marks of what was told long ago."""
    with transaction():
        mail_daily.forget_marks(clock.today())
        deleted = outbox.forget()
    return Done(f"{_counted(deleted, 'old message')} deleted", idle=not deleted)


#: In this order in every round. Whoever adds a job adds a line here: it has a name of its own, and must be
#: safe to be begun again after a crash.
JOBS: tuple[Job, ...] = (
    # Before the mail of the day, which tells of days.
    Job("deadlines", redate),
    Job("publication", end_embargoes),
    Job("daily mail", write_daily, daily=True, writes=True),
    Job("tidying", tidy, daily=True),
    Job("mail", send_mail),
)


def work(it: Round, *, told: dict[str, str] | None = None) -> bool:
    """Do every job that has its time, and print a line for each; return whether all went well.

    With `told`, the last line of each job, as the daemon has it: the jobs of a day wait for the morning, and
    a line is printed only where a job has something new to say.
    """
    well, now = True, clock.now()
    for job in JOBS:
        if it.stopped():
            break
        if job.daily and told is not None and now.time() < MORNING:
            continue
        try:
            done = _do(job, it, now.date())
        except OperationalError as fault:
            done = Done(f"the store cannot be used: {fault.orig}", wrong=True)
        well = well and not done.wrong
        if told is None or (done.words != told.get(job.name) and not done.idle):
            click.echo(f"{job.name}: {done.words}")
        if told is not None:
            told[job.name] = done.words
    return well


def _do(job: Job, it: Round, day: date) -> Done:
    """Do one job, unless it is done for the day or somebody is at it, and note how it ended.

    One that writes mail is left for later where mail is not set up: nothing is marked as told, so the first
    mail tells what is due on the day on which it is.
    """
    if job.writes and it.settings.mail_lacks:
        return Done("none is written before mail is set up", idle=True)
    if job.daily:
        with transaction():
            reason = jobs.begin(job.name, day=day)
        if reason:
            return Done(reason, idle=True)
    try:
        done = job.run(it)
    except OperationalError:
        raise
    except Exception as fault:  # one job that fails does not keep the others from their work
        log.exception("job %s", job.name)
        done = Done(
            f"failed: {fault if isinstance(fault, TrackerError) else type(fault).__name__}", wrong=True
        )
        with transaction():
            jobs.fail(job.name, done.words)
        return done
    with transaction():
        # A job that was told to end early is not done.
        jobs.end(job.name, done.words, day=day if job.daily and not it.stopped() else None)
    return done


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set: what is being done is ended, and nothing new begun."""
    stop = threading.Event()
    before = {it: signal.signal(it, lambda *_: stop.set()) for it in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for it, handler in before.items():
            signal.signal(it, handler)


@click.command("work")
@click.option(
    "--once", is_flag=True, help="Do what is due and end, as from cron; exit status 1 where a job failed."
)
@click.option("--every", type=click.IntRange(1, 3600), help="Seconds between two rounds (default: 60).")
def work_command(once: bool, every: int | None) -> None:
    """Send mail, tell people of deadlines, and do what else is due, again and again until stopped.

    Several workers do not get into each other's way.
    """
    if once and every is not None:
        raise click.UsageError("Say --once or --every.")
    with desk_context() as app, _stopping() as stop:
        it = Round(app.config["TRACKER"], stop.is_set)
        if once:
            if not work(it):
                sys.exit(1)
            return
        told: dict[str, str] = {}
        click.echo(f"Working every {_counted(every or 60, 'second')}.")
        while not stop.is_set():
            work(it, told=told)
            sys.stdout.flush()
            stop.wait(every or 60)
        click.echo("Stopped.")
