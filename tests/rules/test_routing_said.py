"""Why a source may name another lead than the rules: for every way in which they can differ, in words."""

from datetime import date

import pytest

from tracker.reference.authorities import directory, in_words
from tracker.reference.names import country_name
from tracker.rules.routing import Establishment, Facts, route
from tracker.rules.routing.said import Difference, difference
from tracker.rules.vocabulary import Answer

YES, NO = Answer.YES, Answer.NO
DAY = date(2024, 6, 6)
DUBLIN = Establishment("IE", ca=YES, decides=YES, implements=YES)
PARIS = Establishment("FR", decides=NO, implements=NO)
HAGUE = Establishment("NL", decides=YES, implements=YES)


def told(said: str | None, others: tuple[str, ...] = (), **facts: object) -> Difference | None:
    known = Facts(**{"as_of": DAY, "lodged_with": "at-dsb", "affected": ("EEA",), **facts})  # type: ignore[arg-type]
    answer = route(known, directory())
    return difference(said, answer, known, in_words, country_name, others=others)


class TestALeadThatASourceStates:
    @pytest.mark.parametrize("said", [None, "ie-dpc"])
    def test_is_no_difference_where_it_is_that_of_the_rules_or_none_is_stated(self, said):
        assert told(said, establishments=(DUBLIN,)) is None

    @pytest.mark.parametrize(
        ("said", "facts", "code"),
        [
            ("ie-dpc", {"establishments": None}, "establishments_unknown"),
            ("ie-dpc", {"establishments": (Establishment("IE"), Establishment("FR"))}, "decisions_unknown"),
            ("nl-ap", {"establishments": (DUBLIN,)}, "other_entity"),
            ("fr-cnil", {"establishments": (DUBLIN, PARIS)}, "other_place"),
            ("nl-ap", {"establishments": (DUBLIN, HAGUE)}, "one_of_several"),
            ("ie-dpc", {"establishments": (), "targets_eea": YES}, "no_lead"),
            (
                "ie-dpc",
                {"establishments": (Establishment("IE", ca=YES, decides=NO, implements=NO), PARIS)}
                | {"decided_outside_eea": YES},
                "no_lead",
            ),
            ("fr-cnil", {"establishments": (DUBLIN,), "affected": ("IE",)}, "no_lead"),
            ("ie-dpc", {"establishments": (DUBLIN,), "issue": "eprivacy"}, "no_lead"),
            ("gb-ico", {"establishments": (DUBLIN,)}, "outside"),
            (
                "ie-dpc",
                {"establishments": (Establishment("GB", ca=YES, decides=YES, implements=YES),)}
                | {"as_of": date(2019, 6, 6)},
                "state_left",
            ),
        ],
    )
    def test_is_explained_where_the_rules_find_another_or_none(self, said, facts, code):
        found = told(said, **facts)
        assert found is not None and found.code == code
        assert found.what.startswith(f"The source names {in_words(said)} as lead; the rules ")
        assert found.why.endswith(".") and found.words == f"{found.what} {found.why}"

    def test_may_be_that_of_another_controller(self):
        found = told("no-datatilsynet", ("no-datatilsynet",), establishments=None)
        assert found is not None and found.code == "other_controller"
        assert "leads against another controller of this filing" in found.why
