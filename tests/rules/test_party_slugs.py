"""What stands in the address of a company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.party_slugs import LONGEST, party_slug


class TestTheAddressOfAName:
    @pytest.mark.parametrize(
        ("folded", "slug"),
        [("meta platforms ireland limited", "meta-platforms-ireland-limited"), ("x", "x"), ("3m", "3m")],
    )
    def test_is_its_words(self, folded, slug):
        assert party_slug(folded) == slug

    @pytest.mark.parametrize(
        "names",
        [("c++", "c#", "c"), ("meta-platforms", "meta platforms"), ("a.b. ltd", "ab ltd"), ("", "…", "表")],
    )
    def test_is_not_that_of_a_name_that_differs_by_its_signs(self, names):
        assert len({party_slug(it) for it in names}) == len(names)

    def test_is_not_empty_where_the_name_has_no_letter_of_the_alphabet(self):
        assert party_slug("表").startswith("x--")

    def test_is_short_and_tells_long_names_apart(self):
        long = "a very long name of a company " * 5
        one, other = party_slug(long + "limited"), party_slug(long + "gmbh")
        assert one != other and max(len(one), len(other)) <= LONGEST

    @given(st.text(max_size=200))
    def test_has_nothing_but_letters_digits_and_hyphens_and_is_the_same_each_time(self, name):
        slug = party_slug(name)
        assert slug == party_slug(name) and 0 < len(slug) <= LONGEST
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert not slug.startswith("-") and not slug.endswith("-")
