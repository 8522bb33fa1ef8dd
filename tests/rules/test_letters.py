"""Letters from templates: slots filled, gaps kept, braces that mean nothing refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.rules.letters import Part, fill, slots_in

SLOTS = ("authority", "due_day", "number")


class TestALetter:
    def test_has_its_slots_filled(self):
        found = fill("Dear {authority}, on { due_day }.", {"authority": "DSB", "due_day": "6 June 2024"})
        assert found.text == "Dear DSB, on 6 June 2024."
        assert found.missing == ()

    def test_keeps_a_gap_where_nothing_is_known(self):
        found = fill("By {due_day}, {number}, {due_day}", {"number": "1", "due_day": None})
        assert found.text == "By [due day], 1, [due day]"
        assert found.missing == ("due_day",)
        assert found.parts[1] == Part("due_day", gap=True)

    @pytest.mark.parametrize("value", ["", "  ", None])
    def test_takes_an_empty_value_for_none(self, value):
        assert fill("{number}", {"number": value}).missing == ("number",)

    def test_reads_no_slot_in_what_the_records_say(self):
        found = fill("{number} {authority}", {"number": "{authority}", "authority": "DSB"})
        assert found.text == "(authority) DSB" and found.missing == ()


class TestWordsInSquareBrackets:
    def test_are_said_where_every_slot_in_them_is_known(self):
        found = fill("About it[, your number {number}].", {"number": "D1"})
        assert (found.text, found.left_out) == ("About it, your number D1.", ())

    def test_are_left_out_where_one_is_not(self):
        found = fill("About it[, your number {number} of {due_day}].", {"number": "D1"})
        assert (found.text, found.left_out, found.missing) == ("About it.", ("due_day",), ())

    def test_take_their_line_with_them_and_one_of_two_empty_lines(self):
        text = "Dear all,\n\n[It ended on {due_day}.]\n\n[Number: {number}]\nYours"
        assert fill(text, {}).text == "Dear all,\n\nYours"
        assert fill(text, {"number": "1"}).text == "Dear all,\n\nNumber: 1\nYours"

    def test_keep_the_empty_lines_that_the_template_has(self):
        assert fill("a\n\n\nb[ {number}]\n\nc", {}).text == "a\n\n\nb\n\nc"

    def test_without_a_slot_are_words_like_others(self):
        assert fill("[sic] {number} [{number}", {"number": "1"}).text == "[sic] 1 [1"


class TestATemplate:
    def test_names_its_slots_once_each(self):
        assert slots_in("{number} {due_day}\n{number}", SLOTS, field="body") == ["number", "due_day"]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("{name}", r"There is no slot “name”. Possible are {authority}, {due_day}, {number}."),
            ("{}", "There is no slot “”"),
            ("a\n{number", "Line 2 has a brace without its counterpart"),
            ("}", "Line 1"),
            ("{{number}}", "Line 1"),
        ],
    )
    def test_is_refused_with_a_slot_or_brace_that_means_nothing(self, text, words):
        with pytest.raises(RuleBroken, match=words.replace("{", r"\{").replace("}", r"\}")) as refused:
            slots_in(text, SLOTS, field="body")
        assert refused.value.field == "body"


class TestWhateverStandsInIt:
    words = st.text(st.characters(exclude_characters="{}"), max_size=20)

    @given(st.lists(words | st.sampled_from([f"{{{it}}}" for it in SLOTS]), max_size=9), words)
    def test_nothing_is_lost_and_no_brace_is_left(self, pieces, value):
        template = "".join(pieces)
        found = fill(template, dict.fromkeys(SLOTS, value))
        assert set(found.missing) <= set(slots_in(template, SLOTS, field="body"))
        assert not {"{", "}"} & set(found.text)
        assert "".join(it.words for it in found.parts if not it.gap).count(value.strip() or "\0") >= (
            sum(template.count(f"{{{it}}}") for it in SLOTS) if value.strip() else 0
        )
