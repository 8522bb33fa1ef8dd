"""Copies of frozen values: like dataclasses.replace(), only quicker."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from tracker.rules.routing import Facts
from tracker.rules.variants import variant


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: int = 2


class TestAVariant:
    def test_has_the_changed_fields_and_all_others_as_they_were(self):
        pair = Pair(1)
        assert variant(pair, left=3) == Pair(3, 2)
        assert pair == Pair(1, 2)

    def test_of_facts_is_what_replace_makes(self):
        facts = Facts(as_of=date(2024, 6, 6), complainant_residence="AT")
        changed = {"lodged_with": "at-dsb", "also_lodged_with": ("fr-cnil",)}
        assert variant(facts, **changed) == replace(facts, **changed)
        assert hash(variant(facts, **changed)) == hash(replace(facts, **changed))

    def test_with_a_field_that_does_not_exist_is_refused(self):
        with pytest.raises(AttributeError):
            variant(Pair(1), middle=3)
