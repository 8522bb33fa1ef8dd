"""What the page of a deadline tells of its earlier days."""

import re
from datetime import date

from tests.web.test_deadlines import WHY, Desk, deadline, happened, main
from tests.web.test_deadlines import filed as filed
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Deadline, DeadlineChange

APPEAL = "/desk/filings/C001-01/deadlines/AT-BVWG/2"
IMPLICIT = "/desk/filings/C001-02/deadlines/FR-IMPLICIT"


def change(row: Deadline, **days: tuple[int, int]) -> None:
    """Write into the history of a deadline days of November 2026 before and after."""
    kept = {
        f"{name}_{side}": date(2026, 11, day)
        for name, both in days.items()
        for side, day in zip(("before", "after"), both, strict=True)
    }
    with transaction():
        db.session.add(
            DeadlineChange(deadline_id=row.id, at=clock.now(), actor="shell", why="by hand", **kept)
        )


def cells(page: str) -> list[str]:
    """Return the days before and after, each with its lines."""
    table = page.split('<caption class="visually_hidden">Earlier days</caption>')[1]
    found = re.findall(r'data-label="(?:Before|After)"[^>]*>(.*?)</td>', table, re.DOTALL)
    return [it.replace("<br>", "\n") for it in found]


class TestADayThatMoved:
    def test_stands_there_alone_where_people_go_by_the_legal_last_day(self, filed, desk: Desk):
        happened("inadmissible", "2026-10-30", "C001-01")
        happened("inadmissible", "2026-11-02", "C001-01", corrects=2)
        page = desk("reader").get(APPEAL).text
        assert "Earlier days 1" in main(page)
        assert cells(page) == ["Friday 27 November 2026", "Monday 30 November 2026"]

    def test_stands_beside_the_legal_last_day_where_people_go_by_another_one(self, filed, desk: Desk):
        change(deadline("FR-IMPLICIT", "C001-02"), due=(3, 10), safe=(2, 9), certain=(3, 10))
        assert cells(desk("reader").get(IMPLICIT).text) == [
            "Legal last day: Tuesday 3 November 2026\nTo go by: Monday 2 November 2026",
            "Legal last day: Tuesday 10 November 2026\nTo go by: Monday 9 November 2026",
        ]

    def test_stands_alone_where_the_legal_last_day_stayed(self, filed, desk: Desk):
        change(deadline(), due=(3, 3), safe=(3, 3), certain=(3, 10))
        assert cells(desk("reader").get(WHY).text) == [
            "Late for certain after: Tuesday 3 November 2026",
            "Late for certain after: Tuesday 10 November 2026",
        ]

    def test_is_the_start_where_no_end_is_known_by_it(self, filed, desk: Desk):
        change(deadline(), started=(3, 10))
        assert cells(desk("reader").get(WHY).text) == [
            "Runs from: Tuesday 3 November 2026",
            "Runs from: Tuesday 10 November 2026",
        ]

    def test_of_which_the_legal_one_alone_was_kept_is_that(self, filed, desk: Desk):
        change(deadline(), due=(3, 10))
        assert cells(desk("reader").get(WHY).text) == ["Tuesday 3 November 2026", "Tuesday 10 November 2026"]
