"""When the public calls an authority late: only after the latest last day that can be argued."""

from datetime import date
from typing import Any

import pytest

from tracker.services.public_site_owed import dues_of, owed_in

DUE, CERTAIN = date(2024, 9, 6), date(2024, 9, 9)


def kept(**values: Any) -> dict[str, Any]:
    """Return the information on progress that the Dutch authority owes, as a publication keeps it."""
    days = {"started_on": "2024-06-06", "due_on": DUE.isoformat(), "certain_on": CERTAIN.isoformat()}
    row = {"period": "G15", "owed_by": "nl-ap", "start_number": 0, "met_on": None, "paused_on": None}
    return {**row, **days, "open": True, "reasons": [["Three months.", "Art 78(2)"]], **values}


class TestAPeriodWithTwoPossibleEnds:
    @pytest.mark.parametrize(
        ("today", "late"),
        [(DUE, False), (date(2024, 9, 7), False), (CERTAIN, False), (date(2024, 9, 10), True)],
    )
    def test_is_late_only_after_the_latest_of_them(self, today, late):
        [it] = owed_in("C081-07", [kept()], today)
        [due] = dues_of([it])
        assert (it.late, due.late) == (late, int(late))

    def test_names_the_latest_day(self):
        [it] = owed_in("C081-07", [kept()], DUE)
        assert (it.last, it.by.short, it.runs) == (CERTAIN, "AP", True)


class TestAPeriodThatIsNotWaitedFor:
    @pytest.mark.parametrize(
        "values",
        [
            pytest.param({"met_on": "2024-09-01", "open": False}, id="met"),
            pytest.param({"open": False}, id="met on a day that nobody knows, or not waited for"),
            pytest.param({"paused_on": "2024-08-01"}, id="standing still"),
        ],
    )
    def test_is_not_late(self, values):
        [it] = owed_in("C081-07", [kept(**values)], date(2026, 1, 1))
        assert not it.late and not it.runs and not dues_of([it])

    def test_met_after_its_last_day_is_met(self):
        [it] = owed_in("C081-07", [kept(met_on="2024-10-01", open=False)], date(2026, 1, 1))
        assert not it.late and "late" in it.time and it.met_on == date(2024, 10, 1)


class TestSeveralFilings:
    def test_are_one_line_for_each_period_with_the_longest_first(self):
        later = kept(due_on="2025-01-01", certain_on="2025-01-01", owed_by="fr-cnil")
        owed = [
            *owed_in("C081-03", [later], date(2025, 6, 1)),
            *owed_in("C081-07", [kept()], date(2025, 6, 1)),
        ]
        [due] = dues_of(owed)
        assert (due.late, due.total, due.since, due.by) == (2, 2, CERTAIN, None)
