"""Situations that were written from the law before anybody compared them with the rules."""

import pytest

from tests.rules.test_routing import check, facts_of, table
from tracker.reference.authorities import directory
from tracker.rules.routing import route

SITUATIONS = [
    pytest.param(row, id=f"{key} {row['why']}") for key, row in table("routing_from_the_law.yaml").items()
]


class TestASituationFromTheLaw:
    @pytest.mark.parametrize("row", SITUATIONS)
    def test_is_routed_as_its_author_expected(self, row):
        check(route(facts_of(row), directory()).to_json(), row["expect"])
