"""Which chapters of the Procedural Regulation apply, by days and by what is known."""

from datetime import date

import pytest

from tracker.errors import RuleBroken
from tracker.rules.applicability import CHAPTERS, applicable
from tracker.rules.vocabulary import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BEFORE, ON, AFTER = date(2027, 4, 1), date(2027, 4, 2), date(2027, 4, 3)


def answers(lodged, referred=None, cross_border=YES, local=NO, **given) -> str:
    """Return one letter per chapter, from II to VI: y, n, or u for a person."""
    found = applicable(lodged, referred, cross_border, local, **given)
    assert tuple(found) == CHAPTERS
    return "".join(it.applies.value[0] for it in found.values())


def told(chapter: str, *asked, **given) -> str:
    return "; ".join(f"{it.text} [{it.basis}]" for it in applicable(*asked, **given)[chapter].reasons)


class TestAComplaint:
    @pytest.mark.parametrize(
        ("lodged", "referred", "expected"),
        [
            (BEFORE, None, "nnnnn"),
            (BEFORE, BEFORE, "nnnnn"),
            (BEFORE, ON, "nnnuu"),
            (BEFORE, AFTER, "nnnyy"),
            (date(2018, 5, 25), date(2030, 1, 1), "nnnyy"),
            (ON, None, "yuuuu"),
            (ON, ON, "yuuuu"),
            (ON, AFTER, "yuuyy"),
            (AFTER, None, "yyyyy"),
            (AFTER, AFTER, "yyyyy"),
        ],
    )
    def test_falls_under_the_chapters_by_its_lodging_and_those_on_the_board_by_its_referral(
        self, lodged, referred, expected
    ):
        assert answers(lodged, referred) == expected

    def test_that_is_not_cross_border_falls_under_none(self):
        assert answers(AFTER, AFTER, cross_border=NO) == "nnnnn"
        assert "[PR Art 1]" in told("II", AFTER, None, NO, NO)

    def test_of_which_that_is_not_known_is_for_a_person(self):
        assert answers(AFTER, cross_border=UNKNOWN) == "uuuuu"
        assert answers(BEFORE, cross_border=UNKNOWN) == "nnnnn"

    def test_of_one_state_does_not_fall_under_chapter_iii(self):
        assert answers(AFTER, local=YES) == "ynyyy"
        assert answers(AFTER, local=UNKNOWN) == "yuyyy"
        assert "[PR Art 6(5)]" in told("III", AFTER, None, YES, YES)

    @pytest.mark.parametrize("state", ["IS", "LI", "NO"])
    def test_outside_the_union_waits_for_the_joint_committee(self, state):
        assert answers(AFTER, state=state) == "uuuuu"
        assert answers(BEFORE, state=state) == "nnnnn"
        assert answers(AFTER, state="IE") == "yyyyy"

    def test_that_was_referred_before_it_was_lodged_is_refused(self):
        with pytest.raises(RuleBroken, match="lies before the lodging") as refusal:
            answers(AFTER, BEFORE)
        assert refusal.value.field == "referred"


class TestEveryAnswer:
    def test_gives_a_reason_with_its_article(self):
        for lodged in (BEFORE, ON, AFTER):
            for referred in (None, lodged, date(2028, 1, 1)):
                for cross_border in Answer:
                    for local in Answer:
                        for it in applicable(lodged, referred, cross_border, local).values():
                            assert it.reasons and all(reason.basis for reason in it.reasons)

    def test_says_what_is_doubtful_about_the_day_itself(self):
        assert told("III", ON, None, YES, NO) == (
            "Lodged on 2 April 2027 itself: this chapter is for complaints lodged after that day [PR Art 36]"
        )
