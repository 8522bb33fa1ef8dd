"""Reminders in bulk, as people write, fill and send them at the desk."""

from datetime import date

import pytest

from tests.builders import ANN, a_case, lodged
from tests.publishing import same_respondent
from tracker import clock
from tracker.db import transaction
from tracker.rules.days import Day
from tracker.rules.vocabulary import Medium
from tracker.services import cases, chasing, chasing_sending, filings, silence, updates
from tracker.services.chasing_sending import Said
from tracker.services.updates import NewUpdate

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is 25 November 2026."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def case(app):
    """C001, lodged in Austria, France and Ireland; C002, lodged in Greece."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
        lodged(a_case(title="Another", respondents=same_respondent("C001")), "gr-hdpa")


ALL = ("C001-01", "C001-02", "C001-03", "C002-01")


def written(*numbers, by=ANN):
    """Write reminders and return the number of the batch."""
    with transaction():
        return chasing.write(numbers or ALL, by=by).number


def letters(number, **values):
    return {it.row.filing.number: it for it in chasing.letters_of(chasing.get_batch(number), **values)}


def filled(number, **values):
    """Fill every gap of a batch."""
    with transaction():
        batch = chasing.get_batch(number)
        said = {
            it.row.id: Said(it.row.language, filled={slot: "some words" for slot in it.missing}, **values)
            for it in chasing.letters_of(batch)
        }
        chasing_sending.save(batch, said)


def say(number, filing, **values):
    """Say something of the letter for one filing."""
    with transaction():
        batch = chasing.get_batch(number)
        it = letters(number)[filing]
        chasing_sending.save(batch, {it.row.id: Said(**({"language": it.row.language} | values))})


def sent(number, on=TODAY, medium=Medium.LETTER, by=ANN, **values):
    """Record a batch as sent."""
    with transaction():
        return chasing_sending.record(chasing.get_batch(number), sent_on=on, medium=medium, by=by, **values)


def reminders(number):
    """Return the entries that tell of a reminder of a filing."""
    return [it.reminder for it in silence.log_of(filings.get_filing(number)).chased]


def told(number, step, day, actor):
    with transaction():
        [filing] = [it for it in cases.get_case(number[:4]).filings if it.number == number]
        return updates.record_update(
            [filing], NewUpdate(step, Day.parse(day), actor, "words"), seen={}, by=ANN
        ).number
