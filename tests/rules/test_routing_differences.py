"""What changed between two runs: named once, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reference.authorities import directory
from tracker.rules import routing
from tracker.rules.routing import Establishment, Facts
from tracker.rules.routing.differences import Changed, Differences, differences
from tracker.rules.vocabulary import Answer

DUBLIN = Establishment("IE", ca=Answer.YES, decides=Answer.YES, implements=Answer.YES)
VIENNA = Establishment("AT", decides=Answer.NO, implements=Answer.NO)
FACTS = Facts(
    as_of=date(2026, 1, 5),
    lodged_with="at-dsb",
    complainant_residence="AT",
    establishments=(DUBLIN, VIENNA),
    affected=("AT", "IE"),
)


def between(before: Facts, after: Facts) -> Differences:
    return differences(*((it, routing.route(it, directory())) for it in (before, after)))


PLACES = st.sampled_from(["IE", "AT", "DE", "DE-BY", "NO", "GB", "US"])
ANY = st.builds(
    Facts,
    as_of=st.sampled_from([date(2018, 5, 20), date(2020, 12, 31), date(2026, 1, 5)]),
    lodged_with=st.sampled_from([None, "at-dsb", "gb-ico"]),
    role=st.sampled_from(["controller", "processor", "joint_controller"]),
    issue=st.sampled_from(["gdpr", "eprivacy"]),
    subject=st.sampled_from(["private", "public_authority", "eu_institution"]),
    establishments=st.none()
    | st.lists(
        st.builds(Establishment, PLACES, st.sampled_from(Answer), st.sampled_from(Answer)), max_size=4
    ).map(tuple),
    affected=st.none() | st.lists(PLACES, max_size=3, unique=True).map(tuple) | st.just(("EEA",)),
)


class TestARunWithTheSameFacts:
    @given(ANY)
    def test_differs_in_nothing(self, facts):
        assert not between(facts, facts)

    def test_differs_in_nothing_where_only_the_order_is_another(self):
        turned = replace(FACTS, establishments=(VIENNA, DUBLIN), affected=("IE", "AT"))
        assert not between(FACTS, turned)


class TestAChangedEstablishment:
    def test_is_named_by_its_place_and_by_what_changed(self):
        unsure = replace(DUBLIN, decides=Answer.UNKNOWN)
        found = between(FACTS, replace(FACTS, establishments=(unsure, VIENNA)))
        assert found.facts == (Changed("establishment_decides", True, "unknown", "IE"),)

    def test_that_came_or_went_is_named_as_such(self):
        found = between(FACTS, replace(FACTS, establishments=(DUBLIN, Establishment("FR"))))
        assert [(it.what, it.place, it.before is None) for it in found.facts] == [
            ("establishment", "AT", False),
            ("establishment", "FR", True),
        ]

    def test_is_told_from_another_in_the_same_place(self):
        second = replace(DUBLIN, decides=Answer.NO, implements=Answer.NO, ca=Answer.NO)
        before = replace(FACTS, establishments=(DUBLIN, second))
        after = replace(FACTS, establishments=(replace(second, ca=Answer.UNKNOWN), DUBLIN))
        assert between(before, after).facts == (Changed("establishment_ca", False, "unknown", "IE"),)

    def test_changes_the_result_and_the_steps_that_answer_otherwise(self):
        moved = (
            replace(DUBLIN, decides=Answer.NO),
            replace(VIENNA, decides=Answer.YES, implements=Answer.YES),
        )
        found = between(FACTS, replace(FACTS, establishments=moved))
        result = {it.what: (it.before, it.after) for it in found.result if it.what != "concerned"}
        assert result["lead"] == ("ie-dpc", "at-dsb") and result["lead_place"] == ("IE", "AT")
        assert result["reason"] == ("LEAD_MAIN_ESTABLISHMENT_CA", "LEAD_MAIN_ESTABLISHMENT_DECISIONS")
        concerned = [(it.before, it.after) for it in found.result if it.what == "concerned"]
        assert ({"at-dsb": ["a", "b", "c"]}, None) in concerned and (
            None,
            {"ie-dpc": ["a", "b"]},
        ) in concerned
        assert "Main establishment" in [it.name for it in found.steps]
        assert "Cross-border processing" not in [it.name for it in found.steps]

    @pytest.mark.parametrize("known", [None, ()])
    def test_is_one_fact_where_none_was_known(self, known):
        found = between(replace(FACTS, establishments=known), FACTS)
        assert {it.what for it in found.facts} <= {"establishments", "establishment"}
        assert "Establishments" in [it.name for it in found.steps if it.after is None]


class TestAWarning:
    def test_that_came_or_went_is_part_of_the_result(self):
        found = between(FACTS, replace(FACTS, art27_rep="DE-BE"))
        assert Changed("warning", None, "W_REP_NOT_ESTABLISHMENT") in found.result
        assert found.facts == (Changed("art27_rep", None, "DE-BE"),)


@given(ANY, ANY)
def test_no_two_runs_keep_anything_from_being_compared(before, after):
    found = between(before, after)
    assert bool(found) == bool(found.facts or found.steps or found.result)
