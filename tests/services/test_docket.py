"""The docket: ours first, what others owe by day, counted as it is listed, in a few statements."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.deadlines import forget_deadlines, stored_deadline
from tests.publishing import same_respondent
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Filing, User
from tracker.rules.days import Day
from tracker.rules.happened import Act
from tracker.rules.vocabulary import Precision, Role
from tracker.services import cases, docket, docket_lines, updates_deadlines
from tracker.services.docket import PARTS, Filter, Show
from tracker.services.updates import NewUpdate

TODAY = date(2026, 11, 25)


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def filed(app, today):
    """C001 with filings in Vienna, Paris and Dublin, C002 with one in Vienna; no deadline runs in them."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
        lodged(a_case(title="Another", respondents=same_respondent("C001")), "at-dsb")
        forget_deadlines()


def filing(number: str) -> Filing:
    return db.session.scalars(sa.select(Filing).where(Filing.number == number)).one()


def runs(number: str, period: str, due: date | None, **values: object) -> None:
    """Let a period run in a filing until that day."""
    with transaction():
        stored_deadline(filing(number), period, due=due, **values)


def listed(show: Show, own: bool | None = None, wanted: Filter = Filter(), **values: object) -> list[str]:  # noqa: B008
    """Return what a list shows, as "C001-01 G15"."""
    found = docket.find(replace(wanted, own=own), show, TODAY, **{"internal_days": 3} | values)
    return [f"{it.filing} {it.period}" for it in found]


class TestWhatWeOwe:
    def test_comes_by_the_day_to_go_by_and_what_has_no_day_first(self, filed):
        runs("C001-01", "P23", day(20), safe_on=day(2))
        runs("C001-02", "P19", day(5))
        runs("C001-03", "OWN-OTHER", None)
        runs("C002-01", "OWN-COURT", day(-1))
        runs("C002-01", "G15", day(1))
        assert listed(Show.CURRENT, True) == [
            "C001-03 OWN-OTHER",
            "C002-01 OWN-COURT",
            "C001-01 P23",
            "C001-02 P19",
        ]

    def test_begins_with_an_appeal_whose_period_somebody_has_to_look_up(self, filed):
        runs("C001-01", "AT-BVWG", day(1))
        runs("C002-01", "OWN-APPEAL", None)
        assert listed(Show.CURRENT, True) == ["C002-01 OWN-APPEAL", "C001-01 AT-BVWG"]

    def test_is_told_in_a_group_where_it_was_missed_more_than_ninety_days_ago(self, filed):
        runs("C001-01", "OWN-COURT", day(-90))
        runs("C001-02", "OWN-COURT", day(-91))
        runs("C001-03", "OWN-COURT", day(-91), paused_on=day(-95))
        assert listed(Show.CURRENT, True) == ["C001-03 OWN-COURT", "C001-01 OWN-COURT"]
        assert listed(Show.LONG_AGO, True) == ["C001-02 OWN-COURT"]

    def test_is_never_late_where_it_is_a_right_that_nobody_used(self, filed):
        runs("C001-01", "AT-BVWG", day(-400), safe_on=day(-401))
        runs("C001-02", "P23", day(-31), safe_on=day(-500))
        runs("C001-03", "P23", day(0))
        runs("C002-01", "AT-BVWG", day(-9), met_on=day(-3))
        loud = (Show.LATE, Show.MISSED_LATELY, Show.LONG_AGO)
        assert [listed(it, True) for it in loud] == [[], [], []]
        assert listed(Show.CURRENT, True) == listed(Show.NEAR, True) == ["C001-03 P23"]
        assert listed(Show.LAPSED, True) == ["C001-02 P23", "C001-01 AT-BVWG"], "the newest first"
        assert listed(Show.MISSED, True) == ["C002-01 AT-BVWG"], "used, but too late"
        found = docket.find(Filter(own=True), Show.LAPSED, TODAY, internal_days=3)
        assert {it.words for it in found} == {
            "ended 1 month ago, not used",
            "ended 1 year and 1 month ago, not used",
        }

    def test_is_told_for_thirty_days_where_it_is_a_right_that_just_ended(self, filed):
        runs("C001-01", "AT-BVWG", day(-1), safe_on=day(-40))
        runs("C001-02", "P23", day(-30))
        runs("C001-03", "P23", day(-31))
        assert listed(Show.ENDED_LATELY, True) == ["C001-01 AT-BVWG", "C001-02 P23"]
        assert sorted(listed(Show.CURRENT, True)) == ["C001-01 AT-BVWG", "C001-02 P23"]
        assert listed(Show.LAPSED, True) == ["C001-03 P23"] and listed(Show.MISSED_LATELY, True) == []
        (line,) = (it for it in docket.find(Filter(), Show.ENDED_LATELY, TODAY, internal_days=3)[:1])
        assert line.words == "ended 1 day ago, not used" and line.ended_lately

    def test_is_near_by_the_earliest_end_that_can_be_argued(self, filed):
        runs("C001-01", "P23", day(40), safe_on=day(14))
        runs("C001-02", "P23", day(40), safe_on=day(15))
        runs("C001-03", "P23", day(3), safe_on=day(-1))
        assert listed(Show.NEAR, True) == ["C001-03 P23", "C001-01 P23"]

    def test_is_over_by_the_law_alone(self, filed):
        runs("C001-01", "OWN-COURT", day(0), safe_on=day(-9))
        assert listed(Show.LATE, True) == []
        runs("C001-01", "OWN-COURT", day(-1), safe_on=day(-9), certain_on=day(5))
        assert listed(Show.LATE, True) == ["C001-01 OWN-COURT"]


class TestWhatOthersOwe:
    def test_is_late_from_the_day_after_the_latest_end_that_can_be_argued(self, filed):
        runs("C001-01", "G15", day(-1))
        runs("C001-02", "G15", day(-30), certain_on=day(0))
        runs("C001-03", "G15", day(0))
        assert listed(Show.LATE, False) == ["C001-01 G15"]
        assert listed(Show.RUNNING, False) == ["C001-02 G15", "C001-03 G15"]

    def test_stands_by_the_day_of_the_law_the_longest_late_first(self, filed):
        for number, offset in (("C001-01", -5), ("C001-02", -500), ("C001-03", -50)):
            runs(number, "G15", day(offset))
        assert listed(Show.LATE, False) == ["C001-02 G15", "C001-03 G15", "C001-01 G15"]

    def test_is_named_where_it_stands_still_or_has_no_end(self, filed):
        runs("C001-01", "G15", day(-5), paused_on=day(-20))
        runs("C001-02", "G4", None)
        assert listed(Show.PAUSED, False) == ["C001-01 G15"] and listed(Show.UNKNOWN, False) == ["C001-02 G4"]
        assert listed(Show.LATE, False) == []

    def test_makes_nobody_late_where_it_is_a_right(self, filed):
        runs("C001-01", "G5", day(-5))
        assert listed(Show.LATE, False) == [] and listed(Show.LAPSED, False) == ["C001-01 G5"]

    def test_leaves_the_docket_once_it_was_done_waived_or_is_gone(self, filed):
        runs("C001-01", "G15", day(-5), met_on=day(-1))
        runs("C001-02", "G15", day(-5), waived="waived by entry 3")
        runs("C001-03", "G15", day(-5), gone=True)
        assert listed(Show.OPEN) == []
        runs("C002-01", "G15", day(-5), met_on=day(-5))
        assert listed(Show.MISSED) == ["C001-01 G15"] and listed(Show.WAIVED) == ["C001-02 G15"]
        assert listed(Show.MET) == ["C002-01 G15"], "on its last day it is in time"

    def test_is_met_and_never_missed_where_only_a_later_step_shows_that_it_was_done(self, filed):
        runs("C001-01", "P2", day(-40), met_number=3, open=False)
        assert listed(Show.MET) == ["C001-01 P2"]
        assert listed(Show.OPEN) == listed(Show.MISSED) == listed(Show.WAIVED) == []


class TestFilters:
    @pytest.fixture
    def four(self, filed, actor):
        for number in ("C001-01", "C001-02", "C001-03", "C002-01"):
            runs(number, "G15", day(-5))
        runs("C001-02", "G3", day(-5), owes_slug="ie-dpc")
        with transaction():
            filing("C001-01").responsible_id = actor("lawyer").user_id
            filing("C002-01").responsible_id = actor("reader").user_id

    def test_find_the_filings_of_a_person(self, four, actor):
        assert listed(Show.OPEN, wanted=Filter(person=actor("lawyer").user_id)) == ["C001-01 G15"]

    def test_find_what_nobody_sees_to_who_could_act(self, four):
        assert listed(Show.OPEN, wanted=Filter(nobody=True)) == [
            "C001-02 G15", "C001-02 G3", "C001-03 G15", "C002-01 G15",
        ]  # fmt: skip

    def test_find_both_together(self, four, actor):
        wanted = Filter(person=actor("lawyer").user_id, nobody=True)
        assert len(listed(Show.OPEN, wanted=wanted)) == 5

    def test_find_those_of_somebody_who_was_disabled_among_them(self, four, actor):
        with transaction():
            db.session.execute(sa.update(User).where(User.role == Role.LAWYER).values(active=False))
        assert "C001-01 G15" in listed(Show.OPEN, wanted=Filter(nobody=True))

    def test_find_a_case_a_period_and_what_an_authority_received_or_owes(self, four):
        assert listed(Show.OPEN, wanted=Filter(case="C002")) == ["C002-01 G15"]
        assert listed(Show.OPEN, wanted=Filter(period="G3")) == ["C001-02 G3"]
        assert listed(Show.OPEN, wanted=Filter(authority="ie-dpc")) == ["C001-02 G3", "C001-03 G15"]


class TestTheCounts:
    @pytest.fixture
    def everything(self, filed, actor):
        """Every way in which a deadline can stand, on both sides."""
        offsets = (-400, -91, -90, -1, 0, 1, 14, 15, 200, None)
        stands: list[dict[str, object]] = [
            {}, {"paused_on": day(-3)}, {"met_on": day(-2)}, {"waived": "so"}, {"gone": True},
        ]  # fmt: skip
        doubts = (0, 6)
        numbers = ("C001-01", "C001-02", "C001-03", "C002-01")
        with transaction():
            for place, (offset, how, doubt) in enumerate(product(offsets, stands, doubts)):
                due = None if offset is None else day(offset)
                spread = timedelta(days=doubt)
                values = how | ({"safe_on": due - spread, "certain_on": due + spread} if due else {})
                for period in ("G15", "OWN-COURT", "P23", "G5"):
                    stored_deadline(filing(numbers[place % 4]), period, due=due, start_number=place, **values)
            filing("C001-02").responsible_id = actor("lawyer").user_id

    FILTERS = (
        Filter(),
        Filter(case="C001"),
        Filter(authority="at-dsb"),
        Filter(nobody=True),
        Filter(period="P23"),
    )

    def test_equal_the_lists_page_by_page(self, everything):
        for wanted, own, show in product(self.FILTERS, (True, False, None), Show):
            found: list[str] = []
            page = 1
            while lines := listed(show, own, wanted, size=40, page=page):
                found += lines
                page += 1
            assert docket.count(replace(wanted, own=own), show, TODAY) == len(found), (wanted, own, show)

    def test_of_the_parts_hold_every_open_deadline_once(self, everything):
        for wanted in self.FILTERS:
            counts = docket.count_open(wanted, TODAY)
            assert sum(counts[part] for part in PARTS) == docket.count(wanted, Show.OPEN, TODAY) > 0
            for own, show in counts:
                assert counts[own, show] == docket.count(replace(wanted, own=own), show, TODAY), show

    def test_say_of_each_line_what_the_rules_say(self, everything):
        for own, show, check in (
            (None, Show.LATE, lambda it: it.is_late),
            (None, Show.MET, lambda it: it.state.value == "met"),
            (None, Show.PAUSED, lambda it: it.state.value == "paused"),
            (None, Show.LAPSED, lambda it: it.lapsed),
            (None, Show.RUNNING, lambda it: it.state.value == "running" and it.ends.due),
            (None, Show.UNKNOWN, lambda it: it.words == "end not known"),
            (None, Show.WAIVED, lambda it: it.words == "waived"),
            (None, Show.MISSED, lambda it: it.state.value == "missed"),
        ):
            found = docket.find(Filter(own=own), show, TODAY, internal_days=3, size=1000)
            assert found and all(check(it) for it in found), show


class TestTheCost:
    def parts(self) -> None:
        docket.count_open(Filter(), TODAY)
        for own, show in PARTS:
            docket.find(Filter(own=own), show, TODAY, internal_days=3)

    def test_does_not_grow_with_filings_and_deadlines(self, filed, statements):
        runs("C001-01", "G15", day(-5))
        runs("C001-01", "OWN-OTHER", day(5))
        statements.clear()
        self.parts()
        few = len(statements)
        with transaction():
            lodged(
                a_case(title="More", respondents=same_respondent("C001")),
                "de-be-blnbdi",
                "es-aepd",
                "it-garante",
            )
        for number in ("C001-02", "C001-03", "C002-01"):
            runs(number, "G15", day(-7))
            runs(number, "OWN-OTHER", day(9))
        statements.clear()
        self.parts()
        assert len(statements) == few <= 11

    @pytest.mark.parametrize(
        ("own", "show"),
        [
            *((True, it) for it in (Show.CURRENT, Show.NEAR, Show.LONG_AGO, Show.LAPSED)),
            *((False, it) for it in (Show.LATE, Show.RUNNING, Show.UNKNOWN)),
        ],
    )
    def test_is_that_of_the_index_by_day(self, filed, statements, own: bool, show: Show):
        with transaction():
            db.session.execute(sa.text("ANALYZE"))
        statements.clear()
        docket.find(Filter(own=own), show, TODAY, internal_days=3)
        asked = next(it for it in statements if "FROM deadlines" in it)
        connection = db.session.connection()
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {asked}", tuple("1" for _ in range(asked.count("?")))
        )
        assert any("ix_deadlines_docket (open=? AND own=?" in row[3] for row in plan)


class TestALine:
    def test_says_by_which_working_day_we_want_to_be_ready(self, filed):
        runs("C001-01", "P23", date(2026, 12, 28))
        [it] = docket.find(Filter(), Show.OPEN, TODAY, internal_days=3)
        assert it.internal_on == date(2026, 12, 22), "25 and 26 December are holidays in Vienna"
        [it] = docket.find(Filter(), Show.OPEN, TODAY, internal_days=0)
        assert it.internal_on is None

    def test_has_no_internal_day_where_it_is_over_stands_still_or_is_not_ours(self, filed):
        runs("C001-01", "P23", day(-2))
        runs("C001-02", "P23", day(20), paused_on=day(-1))
        runs("C001-03", "G15", day(20))
        assert {it.internal_on for it in docket.find(Filter(), Show.OPEN, TODAY, internal_days=3)} == {None}

    def test_says_of_one_begun_by_hand_what_the_entry_says(self, filed, actor):
        with transaction():
            [one] = [it for it in cases.get_case("C001").filings if it.number == "C001-01"]
            act = updates_deadlines.NewAct(Act.BEGIN, "OWN-OTHER", None, day(9))
            entry = NewUpdate("", Day(TODAY, Precision.DAY), "noyb", "Costs are to be paid in advance.")
            updates_deadlines.record([one], act, entry, seen={}, by=actor("lawyer"))
        it = next(it for it in docket.find(Filter(), Show.OPEN, TODAY, internal_days=3) if it.own)
        assert (it.label, it.said) == ("Costs are to be paid in advance.", None) and it.ends.due == day(9)


class TestTheDeadlinesOfFilings:
    def test_come_ours_first_then_by_day_and_what_is_done_last_in_one_statement(self, filed, statements):
        runs("C001-01", "G15", day(-9))
        runs("C001-01", "P23", day(30))
        runs("C001-01", "G3", day(-60), met_on=day(-61))
        runs("C001-01", "P3", day(-10))
        runs("C001-02", "G15", day(-10), gone=True)
        ids = [filing(number).id for number in ("C001-01", "C001-02")]
        statements.clear()
        found = docket_lines.of_filings(ids, TODAY, internal_days=3)
        assert len(statements) == 1
        assert [it.period for it in found[ids[0]]] == ["P23", "P3", "G15", "G3"] and found[ids[1]] == []

    def test_are_none_for_none(self, app):
        assert docket_lines.of_filings([], TODAY, internal_days=3) == {}
