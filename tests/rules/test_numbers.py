"""Numbers of cases and filings: given in order, read as typed, refused with a reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.rules.numbers import (
    case_of,
    is_case_number,
    is_filing_number,
    next_case,
    next_filings,
    read_case,
    read_filing,
)

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=[]))


class TestACaseNumber:
    @pytest.mark.parametrize("typed", ["C081", "c81", " C-081 ", "C 81", "C0081"])
    def test_is_understood_as_people_type_it(self, typed):
        assert read_case(typed) == "C081"

    @pytest.mark.parametrize(
        "typed", ["", "81", "C", "C000", "C081-07", "C1234567", "C" + "1" * 20, "C٣٣٣", "C081\x00", "D081"]
    )
    def test_is_refused_with_what_was_typed_when_it_is_none(self, typed):
        with pytest.raises(RuleBroken, match="is not a case number: write it as C081") as refusal:
            read_case(typed)
        assert refusal.value.field == "number"

    @pytest.mark.parametrize("canonical", ["C001", "C081", "C999", "C1000", "C999999"])
    def test_in_an_address_has_one_form(self, canonical):
        assert is_case_number(canonical)
        assert not is_case_number(canonical.lower())
        assert not is_case_number(canonical.replace("C", "C0"))

    @pytest.mark.parametrize(
        "other",
        [
            "C81",
            "C000",
            "C1234567",
            "C081\n",
            "C081-01",
            pytest.param("C" + "1" * 100_000, id="100,000 digits"),
        ],
    )
    def test_in_an_address_is_nothing_else(self, other):
        assert not is_case_number(other)


class TestAFilingNumber:
    @pytest.mark.parametrize("typed", ["C081-07", "c81-7", " C-081-07", "C081/7", "C081 - 7"])
    def test_is_understood_as_people_type_it(self, typed):
        assert read_filing(typed) == "C081-07"

    @pytest.mark.parametrize("typed", ["C081", "C081-00", "C081-", "C081-1234567", "C081-07-01"])
    def test_is_refused_when_it_is_none(self, typed):
        with pytest.raises(RuleBroken, match="is not a filing number"):
            read_filing(typed)

    def test_has_more_digits_only_when_it_needs_them(self):
        assert is_filing_number("C081-07")
        assert is_filing_number("C037-10028")
        assert not is_filing_number("C081-7")
        assert not is_filing_number("C081-007")
        assert not is_filing_number("C081-00")

    def test_names_its_case(self):
        assert case_of("C081-07") == "C081"


class TestNumbersGivenByTheProgram:
    def test_start_at_one(self):
        assert next_case(None) == "C001"
        assert next_filings("C001", [], 2) == ["C001-01", "C001-02"]

    def test_go_on_above_the_highest_case(self):
        assert next_case("C081") == "C082"
        assert next_case("C999") == "C1000"

    def test_end_where_six_digits_end(self):
        with pytest.raises(RuleBroken, match="No case number is left"):
            next_case("C999999")

    def test_fill_the_gaps_of_a_case_first(self):
        taken = ["C081-07", "C081-01", "C081-03"]
        assert next_filings("C081", taken, 5) == ["C081-02", "C081-04", "C081-05", "C081-06", "C081-08"]

    def test_grow_by_a_digit_after_ninety_nine(self):
        taken = next_filings("C081", [], 99)
        assert taken[-1] == "C081-99"
        assert next_filings("C081", taken, 1) == ["C081-100"]

    @settings(derandomize=True, max_examples=200)
    @given(st.sets(st.integers(1, 300)), st.integers(0, 40))
    def test_never_repeat_one_in_use(self, used, count):
        taken = {f"C081-{number:02}" for number in used}
        given_out = next_filings("C081", taken, count)
        assert len(set(given_out)) == count
        assert taken.isdisjoint(given_out)
        assert all(is_filing_number(number) for number in given_out)


class TestAnyText:
    @settings(derandomize=True, max_examples=200)
    @given(ANY_TEXT | st.from_regex(r"[Cc][ -]?[0-9]+([-/][0-9]+)?", fullmatch=True))
    def test_is_a_number_in_its_one_form_or_refused(self, text):
        for read, is_one in ((read_case, is_case_number), (read_filing, is_filing_number)):
            try:
                number = read(text)
            except RuleBroken:
                assert not is_one(text)
            else:
                assert is_one(number)
                assert read(number) == number
