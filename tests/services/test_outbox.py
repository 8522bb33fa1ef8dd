"""The outbox: a row in the transaction of what it tells, taken by one, tried again, never lost."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.services.test_outbox_smtp import INJECTIONS
from tracker import clock
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Entry, MailMark, Outgoing, User
from tracker.rules.access import SHELL
from tracker.services import accounts, outbox
from tracker.services.outbox import LEASE, PATIENCE, PAUSES, Answer, Letter

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SITE = "https://desk.example.org"
SENT = Answer()
LATER = Answer("the message was refused (450)")
NEVER = Answer("the recipient was refused (550)", again=False)
AWAY = Answer("the server cannot be reached: it hung up", everything=True)


@pytest.fixture(autouse=True)
def noon(app, monkeypatch) -> None:
    """It is noon."""
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def later(monkeypatch):
    """Return a function that puts the clock forward from noon."""
    return lambda span: monkeypatch.setattr(clock, "now", lambda: NOON + span)


def ann() -> User:
    return accounts.get_user("advocate@example.org")


def write(key: str = "a", **values: str) -> Outgoing:
    """Write a message in a transaction of its own."""
    texts = {"subject": "2 deadlines: 2 of ours due today", "body": "C081-07", **values}
    with transaction():
        found = outbox.write(ann(), kind="daily", key=key, site=SITE, **texts)
        assert found is not None
    return found


def claim() -> Letter | None:
    with transaction():
        return outbox.claim()


def settle(letter: Letter | None, answer: Answer) -> Outgoing:
    """Note what came of a try, and return the row."""
    assert letter is not None
    with transaction():
        outbox.settle(letter, answer)
    return db.session.get_one(Outgoing, letter.key)


class TestAMessage:
    def test_is_there_only_if_what_it_tells_is(self):
        with pytest.raises(ZeroDivisionError), transaction():
            outbox.write(ann(), kind="daily", key="a", subject="s", body="b", site=SITE)
            raise ZeroDivisionError
        assert db.session.scalars(sa.select(Outgoing)).all() == []

    def test_goes_to_the_address_as_it_is_now(self):
        assert write().address == "advocate@example.org"

    def test_has_an_id_of_this_site_that_stays(self):
        it = write()
        assert it.message_id.endswith("@desk.example.org>") and it.message_id.startswith("<")
        first = claim()
        settle(first, AWAY)
        assert first is not None and first.message_id == it.message_id

    def test_has_an_id_of_its_own(self):
        assert write("a").message_id != write("b").message_id

    def test_is_written_once(self):
        write("daily/1/2026-11-25")
        with transaction():
            again = outbox.write(ann(), kind="daily", key="daily/1/2026-11-25", **TEXTS)
        assert again is None and outbox.counts() == (1, 0)

    @pytest.mark.parametrize("subject", INJECTIONS)
    def test_with_more_than_a_line_as_its_subject_is_refused(self, subject: str):
        with pytest.raises(RuleBroken):
            write(subject=subject)


TEXTS = {"subject": "s", "body": "b", "site": SITE}


class TestTakingAMessage:
    def test_leaves_it_to_whoever_took_it(self):
        write()
        assert claim() is not None and claim() is None

    def test_takes_the_one_that_has_waited_longest(self, later):
        write("first")
        later(timedelta(seconds=1))
        write("second")
        first, second = claim(), claim()
        assert first and second and first.key < second.key

    def test_comes_to_others_when_whoever_took_it_never_said_how_it_ended(self, later):
        it = write()
        taken = claim()
        later(LEASE - timedelta(seconds=1))
        assert claim() is None
        later(LEASE)
        again = claim()
        assert taken and again and again.message_id == taken.message_id == it.message_id
        assert again.attempt == 2

    def test_of_which_none_is_due_gives_none(self):
        assert claim() is None


class TestATryThatSucceeded:
    def test_ends_it(self, later):
        write()
        it = settle(claim(), SENT)
        assert (it.sent_at, it.next_try_at, it.last_error) == (NOON, None, None)
        later(timedelta(days=400))
        assert claim() is None

    def test_counts_also_when_somebody_else_tried_meanwhile(self, later):
        write()
        slow = claim()
        later(LEASE)
        quick = claim()
        settle(quick, LATER)
        assert settle(slow, SENT).sent_at == NOON + LEASE


class TestATryThatFailed:
    def test_is_followed_by_others_after_growing_pauses(self, monkeypatch):
        write()
        now, waited = NOON, []
        for _ in range(len(PAUSES) + 2):
            it = settle(claim(), AWAY)
            assert it.next_try_at is not None
            waited.append((it.next_try_at - now) // timedelta(minutes=1))
            now = it.next_try_at
            monkeypatch.setattr(clock, "now", lambda now=now: now)
        assert waited == [*PAUSES, PAUSES[-1], PAUSES[-1]] and waited == sorted(waited)

    def test_says_why(self):
        write()
        it = settle(claim(), LATER)
        assert (it.last_error, it.tries, it.given_up_at) == (LATER.error, 1, None)

    def test_for_good_ends_it(self, later):
        write()
        it = settle(claim(), NEVER)
        assert (it.given_up_at, it.next_try_at, it.sent_at) == (NOON, None, None)
        later(timedelta(days=400))
        assert claim() is None

    def test_again_and_again_ends_it_after_five_days(self, later):
        write()
        later(PATIENCE - timedelta(minutes=1))
        assert settle(claim(), LATER).given_up_at is None
        later(PATIENCE + timedelta(days=1))
        assert settle(claim(), LATER).given_up_at is not None

    def test_because_the_server_is_away_ends_nothing_however_long(self, later):
        write()
        later(timedelta(days=30))
        it = settle(claim(), AWAY)
        assert it.given_up_at is None and it.next_try_at is not None

    def test_changes_nothing_when_somebody_else_has_taken_it(self, later):
        write()
        slow = claim()
        later(LEASE)
        claim()
        it = settle(slow, NEVER)
        assert it.given_up_at is None and it.last_error is None

    def test_changes_nothing_of_what_was_sent(self, later):
        write()
        slow = claim()
        later(LEASE)
        settle(claim(), SENT)
        assert settle(slow, NEVER).sent_at is not None


class TestWhatWasGivenUp:
    def test_is_tried_again_when_somebody_says_so(self):
        write()
        settle(claim(), NEVER)
        with transaction():
            assert outbox.try_again(by=SHELL) == 1
        assert settle(claim(), SENT).sent_at == NOON
        [entry] = db.session.scalars(sa.select(Entry).where(Entry.act == "mail.again")).all()
        assert entry.detail == {"messages": 1}

    def test_is_the_only_thing_that_is(self):
        write("sent")
        settle(claim(), SENT)
        write("waiting")
        with transaction():
            assert outbox.try_again(by=SHELL) == 0
        assert db.session.scalars(sa.select(Entry).where(Entry.act == "mail.again")).all() == []


class TestAnOldMessage:
    def test_is_forgotten_after_three_months(self, later):
        write("sent")
        settle(claim(), SENT)
        later(timedelta(days=91))
        with transaction():
            assert outbox.forget() == 1

    @pytest.mark.parametrize("answer", [None, AWAY])
    def test_that_still_waits_is_kept(self, later, answer):
        write()
        if answer:
            settle(claim(), answer)
        later(timedelta(days=400))
        with transaction():
            assert outbox.forget() == 0

    def test_that_says_how_far_somebody_was_told_is_kept(self, later):
        it = write()
        settle(claim(), SENT)
        with transaction():
            mark = {"subject": "deadline:1", "day": NOON.date(), "step": 14}
            db.session.add(MailMark(user_id=ann().id, message_id=it.id, **mark))
        later(timedelta(days=91))
        with transaction():
            assert outbox.forget() == 0


class TestTheStandingOfTheOutbox:
    def test_says_what_waits_what_failed_and_what_was_sent(self, statements):
        for key, answer in (("sent", SENT), ("gone", NEVER), ("later", LATER)):
            write(key)
            settle(claim(), answer)
        write("fresh")
        del statements[:]
        found = outbox.standing()
        assert [it.key for it in found.next] == ["later", "fresh"], "what failed comes first"
        assert [it.key for it in found.given_up] == ["gone"] and [it.key for it in found.sent] == ["sent"]
        assert found.waiting == 2 and found.sent[0].recipient.name == "The advocate"
        assert len(statements) == 4

    def test_names_the_last_message_to_a_person(self):
        assert outbox.last_to(ann().id) is None
        first, second = write("first"), write("second")
        assert outbox.last_to(ann().id).key == "second"  # type: ignore[union-attr]
        with transaction():
            outbox.replace([db.session.get_one(Outgoing, second.id)])
        assert outbox.last_to(ann().id).id == first.id  # type: ignore[union-attr]
