"""Silence and reminders on PostgreSQL: the same days, the same order, and nothing recorded twice by two."""

import threading
from datetime import date

import pytest
from flask import current_app

from tests.builders import ANN, a_case, lodged
from tests.campaigns import take_in_facts
from tests.services.recording import BEN
from tests.services.test_imports_postgres import on_postgres as on_postgres
from tracker import clock
from tracker.db import db, transaction
from tracker.rules.days import Day
from tracker.rules.vocabulary import Medium
from tracker.services import (
    cases,
    chasing,
    chasing_choosing,
    chasing_sending,
    filings,
    silence,
    silence_marks,
    updates,
    work,
)
from tracker.services.updates import NewUpdate


def told(step, day, actor="nl-ap"):
    with transaction():
        new = NewUpdate(step, Day.parse(day), actor, "words")
        return updates.record_update(cases.get_case("C001").filings[:1], new, seen={}, by=ANN)


@pytest.mark.usefixtures("on_postgres")
class TestSilenceOnPostgreSQL:
    def test_is_that_of_the_logs_for_the_real_cases(self):
        take_in_facts()
        shown = work.silent_longest(200)
        assert len(shown) > 20
        for it in shown:
            log = silence.log_of(filings.get_filing(it.filing.number))
            assert it.last == (log.last.day if log.last else log.lodged), it.filing.number

    def test_counts_rough_days_and_marks_as_everywhere(self):
        with transaction():
            lodged(a_case(), "nl-ap", "at-dsb")
        told("information", "2024-09")
        update = told("information", "2026-01-02")
        with transaction():
            silence_marks.mark(update, empty=True, answers=None, by=ANN)
        found, total = chasing_choosing.candidates(since=date(2025, 1, 1))
        assert [(it.filing.number, it.last.iso) for it in found] == [
            ("C001-02", "2024-06-06"), ("C001-01", "2024-09"),
        ]  # fmt: skip
        assert total == 2


@pytest.mark.usefixtures("on_postgres")
class TestTwoWhoRecordTheSameReminders:
    def test_at_once_make_one_entry(self):
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # for the other threads
        with transaction():
            lodged(a_case(), "nl-ap", "at-dsb")
        with transaction():
            batch = chasing.write(["C001-01", "C001-02"], by=ANN)
            number = batch.number
            slots = ("reference", "provision", "due_day")
            for_all = {(language, slot): "x" for language in ("de", "en") for slot in slots}
            chasing_sending.save(batch, {}, for_all=for_all)
        ready, done = threading.Barrier(2), []

        def record(by):
            with app.app_context():
                ready.wait()
                with transaction():
                    found = chasing.get_batch(number)
                    came = chasing_sending.record(found, sent_on=clock.today(), medium=Medium.LETTER, by=by)
                done.append((came.sent, came.again))
                db.session.remove()

        people = [threading.Thread(target=record, args=(by,)) for by in (ANN, BEN)]
        for it in people:
            it.start()
        for it in people:
            it.join()
        assert sorted(done) == [(2, False), (2, True)]
        assert [it.number for it in updates.protocol(cases.get_case("C001").id)] == [1, 2]
