"""What people said of entries goes elsewhere with them, without who said it, and counts as it did here."""

import pytest
import sqlalchemy as sa

from tests.campaigns import a_campaign, a_filing, an_event, take_in, take_in_text
from tests.services.recording import BEN
from tests.services.test_export_deadlines import faults
from tests.services.test_silence import case as case
from tests.services.test_silence import log, marked, told
from tests.services.test_silence import today as today
from tracker.db import db
from tracker.models import EntryMark, Update
from tracker.rules.access import SHELL
from tracker.services import deadlines, exports, filings


def marked_here():
    """Mark a report on progress, an answer to a reminder with its correction, and take a mark back."""
    told("information", "2024-09-02")
    told("reminder", "2025-01-10", "noyb")
    told("statement", "2025-01-20")
    told("information", "2025-02-20")
    marked(2, empty=True)
    marked(4, answers=3, empty=True, by=BEN)
    marked(5, empty=True)
    marked(5, empty=False)
    told("statement", "2025-01-21", corrects=4)


def silence():
    """Return what the silence log and the periods of the first filing are, save who said so."""
    it = log()
    words = [(word.number, word.day, word.words) for word in it.empty]
    answered = [(one.reminder.number, one.answer and one.answer.number) for one in it.chased]
    owed = deadlines.of_filing(filings.get_filing("C001-01"))
    return it.last, it.time, words, answered, [(row.period, row.due_on, row.met_on) for row in owed]


class TestWhatPeopleSaidOfEntries:
    def test_is_elsewhere_as_it_was_here(self, case, elsewhere):
        marked_here()
        data, here = exports.export_cases(), silence()
        said = [(it.get("nothing_new"), it.get("answers")) for it in data["campaigns"][0]["events"]]
        assert said == [(None, None), (True, None), (None, None), (True, 3), (None, None), (True, 3)]
        assert BEN.key not in str(data)
        text = exports.as_text(data, "out.yaml")
        with elsewhere():
            take_in_text(text)
            assert silence() == here
            assert {it.made_by for it in db.session.scalars(sa.select(EntryMark))} == {SHELL.key}
            assert exports.export_cases() == data
            assert take_in_text(text).numbers == ()

    def test_is_elsewhere_also_where_a_correction_lies_before_the_reminder(self, case, elsewhere):
        told("reminder", "2025-01-10", "noyb")
        told("statement", "2025-01-20")
        marked(3, answers=2)
        told("statement", "2025-01-05", corrects=3)
        data = exports.export_cases()
        assert [it.get("answers") for it in data["campaigns"][0]["events"]] == [None, None, 2, 2]
        with elsewhere():
            take_in(*data["campaigns"])
            assert exports.export_cases() == data

    def test_is_known_again_and_left_alone_by_a_file_that_is_silent(self, case):
        marked_here()
        data = exports.export_cases()
        assert take_in(*data["campaigns"]).numbers == ()
        for event in data["campaigns"][0]["events"]:
            event.pop("nothing_new", None), event.pop("answers", None)
        assert take_in(*data["campaigns"]).numbers == ()
        assert len(list(db.session.scalars(sa.select(EntryMark)))) == 6

    def test_is_named_where_the_file_says_otherwise(self, case):
        marked_here()
        campaign = exports.export_cases()["campaigns"][0]
        campaign["events"][4]["nothing_new"] = True
        assert faults(campaign) == [
            "c001, event 5: nothing_new: differs from what is here (is entry 5 of the case here): nothing"
        ]


class TestAnEventThatPeopleSaidSomethingOf:
    def campaign(self, **said):
        return a_campaign(
            filings=[a_filing("f1"), a_filing("f2", "fr-cnil")],
            events=[
                an_event("reminder", "f1", date="2024-08-01", actor="noyb"),
                an_event("information", "f1", date="2024-08-10", **said),
            ],
        )

    def test_is_known_again_where_its_entries_have_other_numbers(self, app):
        campaign = self.campaign(answers=1)
        take_in({**campaign, "events": []})
        told("acknowledged", "2024-06-07", "at-dsb")
        assert take_in(campaign).updates == 2
        assert take_in(campaign).numbers == ()
        [mark] = db.session.scalars(sa.select(EntryMark))
        assert db.session.get(Update, mark.answers_id).number == 2

    def test_that_it_has_nothing_new_informs_of_nothing(self, app):
        take_in(self.campaign(nothing_new=True))
        assert deadlines.get("C001-01", "G15").met_on is None

    def test_that_it_has_something_new_is_news(self, app):
        take_in(self.campaign(nothing_new=False))
        assert deadlines.get("C001-01", "G15").met_on is not None

    @pytest.mark.parametrize(
        ("event", "line"),
        [
            ({"answers": 2}, "answers: must be the place of another event, from 1 to 2"),
            ({"answers": 3}, "answers: must be the place of another event, from 1 to 2"),
            ({"answers": 0}, "answers: must be the place of a reminder in the list, counted from 1"),
            ({"answers": 1, "filings": ["f2"]}, "answers: event 1 reminded of other filings"),
            ({"answers": 1, "date": "2024-07-31"}, "answers: event 1 is later than this one: 1 August 2024"),
            (
                {"answers": 1, "actor": "noyb"},
                "answers: is said of what others tell us: this event is our own",
            ),
            (
                {"nothing_new": True, "kind": "acknowledged"},
                "nothing_new: can be said of a report on progress or a statement only: this is no such event",
            ),
            ({"nothing_new": "yes"}, "nothing_new: must be true, false or null, not text"),
        ],
    )
    def test_badly_is_refused(self, app, event, line):
        campaign = self.campaign()
        campaign["events"][1] |= event
        assert faults(campaign) == [f"acme-2024, event 2: {line}"]

    def test_that_it_answers_what_is_no_reminder_is_refused(self, app):
        campaign = self.campaign(answers=1)
        campaign["events"][0]["kind"] = "note"
        assert faults(campaign) == ["acme-2024, event 2: answers: event 1 is no reminder"]
