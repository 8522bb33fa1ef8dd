"""The rarer facts of one processing: the ordinary case, what is said instead, what cannot be."""

from datetime import date

import pytest

from tracker.errors import RuleBroken
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.further_facts import ORDINARY, FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.routing import Facts
from tracker.rules.vocabulary import Answer, Precision

TODAY = date(2026, 11, 22)
EVERYTHING = FurtherFacts(
    issues=("gdpr", "eprivacy"),
    subject="public_authority",
    public_level="land",
    obligation_of="DE-BY",
    media_art85=Answer.YES,
    church_art91=Answer.UNKNOWN,
    role="joint_controller",
    local_only="AT",
    infringement_ended=date(2024, 2, 29),
    de_telecom=Answer.YES,
)


class TestWhatNobodySaid:
    def test_is_the_ordinary_case_and_leaves_no_trace(self):
        assert ORDINARY.to_json() == {} and Processing().to_json() is None
        assert FurtherFacts.from_json({}) == FurtherFacts() == ORDINARY

    @pytest.mark.parametrize(
        "name", "subject public_level obligation_of media_art85 role local_only infringement_ended".split()
    )
    def test_is_what_the_rules_of_routing_take_for_it_too(self, name: str):
        assert getattr(ORDINARY, name) == getattr(Facts(TODAY), name)


class TestWhatWasSaid:
    def test_comes_back_as_it_went_in(self):
        for said in (
            EVERYTHING,
            FurtherFacts(infringement_may_have_ended=True),
            FurtherFacts(role="processor"),
        ):
            assert FurtherFacts.from_json(said.to_json()) == said
            about = Processing({"IE": Answer.NO}, targets_eea=Answer.YES, further=said)
            assert Processing.from_json(about.to_json()) == about

    def test_keeps_not_known_apart_from_no(self):
        said = FurtherFacts(media_art85=Answer.UNKNOWN)
        assert said.to_json() == {"media_art85": "unknown"} and said != ORDINARY

    def test_names_each_issue_once_in_one_order(self):
        assert FurtherFacts(issues=("eprivacy", "gdpr", "eprivacy")).issues == ("gdpr", "eprivacy")


class TestWhatDoesNotExist:
    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"subject": "king"}, "subject"),
            ({"role": "owner"}, "role"),
            ({"public_level": "village"}, "public_level"),
            ({"issues": ["tax"]}, "issues"),
            ({"issues": []}, "issues"),
            ({"local_only": "UK"}, "local_only"),
            ({"obligation_of": "Atlantis"}, "obligation_of"),
            ({"infringement_ended": "2024-02-30"}, "infringement_ended"),
            ({"infringement_ended": "2024-02"}, "infringement_ended"),
        ],
    )
    def test_is_refused_and_named(self, said, field):
        with pytest.raises(RuleBroken) as refused:
            FurtherFacts.from_json(said)
        assert refused.value.field == field and str(refused.value).endswith(".")


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("values", "field", "words"),
        [
            ({"public_level": "land"}, "public_level", "only of a public authority"),
            ({"obligation_of": "AT"}, "obligation_of", "only of a public authority"),
            ({"local_only": "US"}, "local_only", "not in the EEA"),
            ({"infringement_ended": date(2026, 11, 23)}, "infringement_ended", "has not come yet"),
            ({"infringement_ended": date(2024, 2, 29)}, "infringement_ended", "before the facts of the case"),
        ],
    )
    def test_is_refused_and_named(self, values, field, words):
        with pytest.raises(RuleBroken, match=words) as refused:
            FurtherFacts(**values).check(Day(date(2024, 3, 1), Precision.MONTH), TODAY)
        assert refused.value.field == field

    def test_is_not_what_may_be(self):
        EVERYTHING.check(UNKNOWN_DAY, TODAY)
        FurtherFacts(infringement_ended=TODAY).check(Day(TODAY, Precision.DAY), TODAY)
        FurtherFacts(local_only="GB", subject="private_6_1_c_e", obligation_of="AT").check(UNKNOWN_DAY, TODAY)
