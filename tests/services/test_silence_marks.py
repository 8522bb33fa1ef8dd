"""What people say of entries: that one has nothing new, or which reminder it answers."""

import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.services.recording import BEN
from tests.services.test_silence import case as case
from tests.services.test_silence import log, marked, told
from tests.services.test_silence import today as today
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Entry, EntryMark, Update, UpdateFiling
from tracker.services import cases, silence_marks


class TestAnEntryWithNothingNew:
    def test_breaks_no_silence_and_is_listed(self, case):
        told("information", "2024-09-02")
        told("information", "2026-01-02")
        marked(3, empty=True)
        it = log()
        assert it.last.number == 2 and it.time.least == 814
        assert [(word.number, word.marked_by) for word in it.empty] == [(3, (ANN.key,))]

    def test_was_never_edited(self, case):
        told("information", "2024-09-02")
        before = db.session.execute(sa.select(Update.__table__)).all()
        marked(2, empty=True)
        assert db.session.execute(sa.select(Update.__table__)).all() == before

    def test_is_said_in_the_journal_and_once(self, case):
        told("information", "2024-09-02")
        marked(2, empty=True)
        marked(2, empty=True, by=BEN)
        lines = db.session.scalars(sa.select(Entry).where(Entry.act == "news.mark")).all()
        assert [(it.subject, it.actor, it.detail["update"]) for it in lines] == [("C001", ANN.key, 2)]
        assert db.session.scalar(sa.select(EntryMark.made_by)) == ANN.key

    def test_can_be_taken_back_and_who_said_so_is_kept(self, case):
        told("information", "2024-09-02")
        marked(2, empty=True)
        marked(2, by=BEN)
        assert log().last.number == 2 and log().empty == ()
        [it] = db.session.scalars(sa.select(EntryMark)).all()
        assert (it.made_by, it.ended_by) == (ANN.key, BEN.key) and it.ended_at is not None

    @pytest.mark.parametrize(
        ("step", "actor", "words"),
        [
            ("acknowledged", "nl-ap", "“Receipt confirmed” is news or none by what it is"),
            ("note", "nl-ap", "is news or none"),
            ("information", "noyb", "It is our own"),
        ],
    )
    def test_is_none_that_moves_something_or_is_ours(self, case, step, actor, words):
        told(step, "2024-09-02", actor)
        with pytest.raises(RuleBroken, match=words) as refused:
            marked(2, empty=True)
        assert refused.value.field == "empty"

    def test_is_none_that_names_no_filing(self, case):
        number = told("information", "2024-09-02")
        with transaction():
            db.session.execute(sa.delete(UpdateFiling).where(UpdateFiling.step == "information"))
        with pytest.raises(RuleBroken, match="names no filing, so it breaks no silence"):
            marked(number, empty=True)

    def test_is_none_by_the_step_that_an_imported_event_is(self, case):
        number = told("information", "2024-09-02")
        with transaction():
            entry = db.session.scalars(sa.select(Update).where(Update.number == number)).one()
            entry.kind = "progress_report"
        marked(number, empty=True)
        told("information", "2024-09-03", corrects=number)
        assert [it.number for it in log().empty] == [3], "another name of the same step"
        with transaction():
            entry = db.session.scalars(sa.select(Update).where(Update.number == 3)).one()
            entry.kind = "transfer_to_lead"
            db.session.execute(
                sa.update(UpdateFiling).where(UpdateFiling.update_id == entry.id).values(step="forwarded")
            )
        with pytest.raises(RuleBroken, match="“Passed on to the lead authority” is news or none"):
            marked(3, empty=True)

    def test_stays_one_when_its_words_are_corrected(self, case):
        told("information", "2024-09-02")
        marked(2, empty=True)
        told("information", "2024-09-03", corrects=2)
        assert [(it.number, it.marked_by) for it in log().empty] == [(3, (ANN.key,))]
        with pytest.raises(RuleBroken, match="Entry 2 was corrected"):
            marked(2)
        marked(3)
        assert log().empty == () and log().last.number == 3

    def test_is_none_any_more_when_it_is_corrected_into_something_else(self, case):
        told("information", "2024-09-02")
        marked(2, empty=True)
        told("admissible", "2024-09-02", corrects=2)
        assert log().empty == () and log().last.number == 3


class TestAnAnswer:
    def test_is_that_of_the_reminder_that_a_person_names(self, case):
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-02-01")
        told("information", "2025-03-01")
        marked(4, answers=2)
        [it] = log().chased
        assert (it.answer.number, it.linked, it.new) == (4, True, True)

    def test_can_say_nothing_new(self, case):
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-03-01")
        marked(3, answers=2, empty=True)
        [it] = log().chased
        assert (it.answer.number, it.linked, it.new) == (3, True, False)

    def test_keeps_its_reminder_when_either_is_corrected(self, case):
        told("reminder", "2025-01-10", "noyb")
        told("reminder", "2025-02-10", "noyb")
        told("information", "2025-03-01")
        marked(4, answers=2)
        told("reminder", "2025-01-11", "noyb", corrects=2)
        told("information", "2025-03-02", corrects=4)
        assert [(it.reminder.number, it.answer and it.answer.number) for it in log().chased] == [
            (5, 6),
            (3, None),
        ]
        assert silence_marks.marks_of([cases.get_case("C001").id]).popitem()[1].answers == 2

    def test_can_be_given_to_another_reminder(self, case):
        told("reminder", "2025-01-10", "noyb")
        told("reminder", "2025-02-10", "noyb")
        told("information", "2025-03-01")
        marked(4, answers=2)
        marked(4, answers=3)
        assert [(it.reminder.number, it.answer and it.answer.number) for it in log().chased] == [
            (2, None),
            (3, 4),
        ]

    @pytest.mark.parametrize(
        ("number", "answers", "words"),
        [
            (3, 9, "Entry 9 is no reminder"),
            (3, 1, "Entry 1 is no reminder"),
            (4, 2, "lies before the reminder"),
            (5, 2, "reminded of other filings"),
            (2, 2, "is our own"),
        ],
    )
    def test_is_refused_that_cannot_be_one(self, case, number, answers, words):
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-02-01")
        told("information", "2025-01-09")
        told("information", "2025-02-01", "at-dsb", "C001-02")
        with pytest.raises(RuleBroken, match=words) as refused:
            marked(number, answers=answers)
        assert refused.value.field == "answers"

    def test_is_offered_every_reminder_of_its_filings_that_stands(self, case):
        told("reminder", "2025-01-10", "noyb")
        told("reminder", "2025-01-11", "noyb", corrects=2)
        told("reminder", "2025-02-10", "noyb", "C001-02")
        [first, second, _] = cases.get_case("C001").filings
        assert [it.number for it in silence_marks.reminders_for([first])] == [3]
        assert [it.number for it in silence_marks.reminders_for([first, second])] == [4, 3]
        assert silence_marks.reminders_for([]) == []
