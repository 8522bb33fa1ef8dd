from datetime import date

import pytest

from tracker.rules.routing import Establishment, day_of_assessment

LODGED, TODAY = date(2024, 6, 6), date(2026, 1, 1)


class TestTheDayOfAssessment:
    @pytest.mark.parametrize(
        ("places", "day"),
        [
            pytest.param([], LODGED, id="is that of lodging where nothing moved"),
            pytest.param([Establishment("IE", since=date(2025, 3, 1))], date(2025, 3, 1), id="a place began"),
            pytest.param(
                [Establishment("IE", until=date(2025, 3, 1))],
                date(2025, 3, 2),
                id="a place is there until its last day, inclusive",
            ),
            pytest.param(
                [Establishment("IE", until=date(2025, 3, 1)), Establishment("LU", since=date(2025, 9, 1))],
                date(2025, 9, 1),
                id="the last of several moves",
            ),
            pytest.param([Establishment("US", since=date(2025, 3, 1))], LODGED, id="outside the EEA"),
            pytest.param([Establishment("IE", since=TODAY)], TODAY, id="today counts"),
            pytest.param([Establishment("IE", since=date(2026, 1, 2))], LODGED, id="tomorrow does not"),
            pytest.param([Establishment("IE", since=date(2020, 1, 1))], LODGED, id="before the lodging"),
        ],
    )
    def test_is_that_of_lodging_or_of_the_last_move_since(self, places, day):
        assert day_of_assessment(places, LODGED, TODAY) == day
