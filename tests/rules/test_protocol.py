"""The one order of a protocol: where a correction stands, and what counts as last."""

from dataclasses import dataclass, replace

import pytest

from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.protocol import in_place, last_news
from tracker.rules.silence import BOOKKEEPING


@dataclass(frozen=True)
class Entry:
    """An entry; its key is ten times its number."""

    number: int
    day: Day
    corrects_id: int | None = None
    kind: str = "information"
    actor: str = "noyb"
    actor_slug: str | None = None

    @property
    def id(self) -> int:
        return self.number * 10


def entry(number: int, day: str | None, *, corrects: int | None = None) -> Entry:
    return Entry(number, Day.parse(day), None if corrects is None else corrects * 10)


def ordered(*entries: Entry, among: set[int] | None = None) -> list[int]:
    """Return the numbers of the entries, or of some of them, in the order of the protocol."""
    some = [it for it in entries if among is None or it.number in among]
    return [it.number for it in in_place(some, within=entries)]


class TestEntriesOfOneDay:
    def test_stand_by_their_numbers(self):
        assert ordered(entry(2, "2024-06-20"), entry(1, "2024-06-20")) == [1, 2]

    def test_leave_a_correction_the_place_of_what_it_corrects(self):
        first, second = entry(1, "2024-06-20"), entry(2, "2024-06-20")
        assert ordered(first, second, entry(3, "2024-06-20", corrects=1)) == [1, 3, 2]

    def test_leave_it_also_to_the_correction_of_a_correction(self):
        line = entry(1, "2024-06-20"), entry(3, "2024-06-21", corrects=1), entry(4, "2024-06-20", corrects=3)
        assert ordered(entry(2, "2024-06-20"), *line, among={2, 4}) == [4, 2]


class TestACorrectionOfAnotherDay:
    def test_stands_on_its_own_day(self):
        assert ordered(
            entry(1, "2024-06-20"), entry(2, "2024-06-25"), entry(3, "2024-07-01", corrects=1)
        ) == [
            1,
            2,
            3,
        ]


class TestAnEntryWithoutADay:
    def test_is_not_later_than_what_was_recorded_after_it(self):
        assert ordered(entry(1, "2024-06-20"), entry(2, None), entry(3, "2024-07-01")) == [1, 2, 3]

    def test_is_not_moved_by_what_is_not_among_the_entries(self):
        entries = entry(1, "2024-12-20"), entry(2, "2024-06"), entry(3, "2024-06-15", corrects=1)
        assert ordered(*entries, among={2, 3}) == [3, 2]


class TestTheLastNews:
    def told(self, *after: Entry) -> int | None:
        """Return the number of the last news where these came after a word of an authority on 20 June."""
        word = replace(entry(1, "2024-06-20"), actor="DSB", actor_slug="at-dsb")
        found = last_news([word, *after], within=[word, *after], ngo="noyb")
        return found and found.number

    @pytest.mark.parametrize("kind", sorted(BOOKKEEPING))
    def test_are_not_what_we_keep_for_the_file_alone(self, kind):
        assert self.told(replace(entry(2, "2024-07-01"), kind=kind)) == 1
        assert self.told(replace(entry(2, "2024-07-01"), kind=kind, actor="us")) == 1

    @pytest.mark.parametrize("kind", sorted(BOOKKEEPING))
    def test_are_what_others_say_of_a_period(self, kind):
        theirs = replace(entry(2, "2024-07-01"), kind=kind)
        assert self.told(replace(theirs, actor="DSB", actor_slug="at-dsb")) == 2
        assert self.told(replace(theirs, actor="Bundesverwaltungsgericht")) == 2

    def test_are_what_we_did_ourselves_in_the_procedure(self):
        assert self.told(replace(entry(2, "2024-07-01"), kind="views")) == 2

    def test_are_none_where_nothing_but_that_is_recorded_or_all_was_corrected(self):
        note = replace(entry(1, "2024-07-01"), kind="note")
        views = replace(entry(2, "2024-07-01"), kind="views")
        corrected = replace(entry(3, "2024-07-01", corrects=2), kind="note")
        assert last_news([note], within=[note], ngo="noyb") is None
        assert last_news([note, views, corrected], within=[note, views, corrected], ngo="noyb") is None

    def test_leave_out_every_act_on_a_deadline(self):
        acts = {code for code, step in tables.steps().items() if step.group == "deadline"}
        assert acts < BOOKKEEPING and BOOKKEEPING < set(tables.steps())
