"""What text is kept, what is refused, and how a message repeats it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.rules.text import clean, shown, single_line

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=[]))


class TestAnyText:
    @settings(derandomize=True, max_examples=200)
    @given(ANY_TEXT)
    def test_is_refused_or_can_be_stored_and_stays_the_same_when_cleaned_again(self, text):
        try:
            kept = clean(text, field="words")
        except RuleBroken:
            return
        kept.encode("utf-8")
        assert "\x00" not in kept
        assert clean(kept, field="words") == kept

    @settings(derandomize=True, max_examples=200)
    @given(ANY_TEXT)
    def test_can_be_shown_in_a_message_of_one_line(self, text):
        message = shown(text)
        message.encode("utf-8")
        assert message.isprintable()
        assert len(message) <= 42


class TestATextThatIsKept:
    def test_is_composed_so_that_equal_words_compare_equal(self):
        assert clean(unicodedata.normalize("NFD", "Königsberg"), field="words") == "Königsberg"

    def test_keeps_its_lines_and_tabs_but_not_the_space_around_it(self):
        assert clean("\n  first\r\nsecond\rthird\tfourth \n", field="words") == "first\nsecond\nthird\tfourth"

    def test_may_be_exactly_as_long_as_the_limit(self):
        assert clean("x" * 30 + "   ", field="words", limit=30) == "x" * 30


class TestATextThatIsRefused:
    def test_says_how_many_characters_it_has_and_how_many_are_possible(self):
        with pytest.raises(RuleBroken, match="100,000 characters; at most 20,000") as refusal:
            clean("x" * 100_000, field="summary")
        assert refusal.value.field == "summary"

    @pytest.mark.parametrize(
        "bad",
        [
            pytest.param("\x00", id="NUL"),
            pytest.param("\x1b", id="escape"),
            pytest.param("\x85", id="C1 control"),
            pytest.param("\ud800", id="lone surrogate"),
            pytest.param("\ufffe", id="no character"),
        ],
    )
    def test_names_the_character_and_its_place(self, bad):
        with pytest.raises(RuleBroken, match=rf"Character 3 .* U\+{ord(bad):04X}"):
            clean(f"ab{bad}c", field="words")

    def test_is_too_long_also_when_only_composing_makes_it_so(self):
        with pytest.raises(RuleBroken, match="at most 10"):
            clean("\u0958" * 10, field="words", limit=10)

    @pytest.mark.parametrize("between", ["\n", "\t", "\r\n", "\u2028"])
    def test_does_not_stand_on_one_line_where_it_has_to(self, between):
        with pytest.raises(RuleBroken, match="on one line"):
            single_line(f"a{between}b", field="title")


class TestWhatNobodySees:
    UNSEEN = (
        "\u200b",
        "\u2060",
        "\ufeff",
        "\u200e",
        "\u200f",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u00ad",
        "\u3164",
    )

    @pytest.mark.parametrize("letter", UNSEEN)
    def test_is_left_out(self, letter):
        """Whoever pasted it could not find it, and no two names may differ by it alone."""
        assert single_line(f" {letter}Me{letter}ta {letter}", field="title") == "Meta"
        assert clean(f"{letter}Me{letter}ta\nIreland {letter}", field="words") == "Meta\nIreland"

    def test_is_nothing_where_there_is_nothing_else(self):
        assert single_line(" \u200b\ufeff ", field="title") == ""

    @pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
    @pytest.mark.parametrize("text", ["Me{}ta", "{}Meta", "Meta{}", "می{}", "Με{}τα", "می{0}{0}خواهم"])
    def test_is_a_joiner_where_nothing_is_joined(self, joiner, text):
        assert single_line(text.format(joiner), field="name") == text.format("")

    @pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d💻"])
    def test_is_not_a_joiner_that_a_word_needs(self, text):
        assert single_line(text, field="name") == text
        assert clean(text, field="words") == text
