"""Places as people write them: every name leads to one place, and the table holds no name for nothing."""

from tracker.reference import places
from tracker.reference.authorities import directory
from tracker.rules.territory import MEMBERSHIPS
from tracker.services.controllers import fold


class TestTheNamesOfPlaces:
    def test_lead_to_one_place_each(self):
        found: dict[str, str] = {}
        clashes = [
            (word, code) for word, code in places.words() if found.setdefault(fold(word), code) != code
        ]
        assert clashes == []

    def test_name_countries_that_there_are_and_lands_that_have_an_authority(self):
        known = {*places.countries(), *directory().by_place}
        assert [(word, code) for word, code in places.usual() if code not in known] == []

    def test_are_no_second_spelling_of_what_is_known_anyway(self):
        known = {fold(word) for word, _ in places.words()[: -len(places.usual())]}
        assert [word for word, _ in places.usual() if fold(word) in known] == []


class TestTheCountries:
    def test_begin_with_those_of_the_eea(self):
        eea = {code for it in MEMBERSHIPS if it.until is None for code in it.states}
        assert set(places.EEA) == eea == set(places.countries()[: len(eea)])

    def test_are_all_of_the_world_and_no_groups_of_them(self):
        assert {"CN", "JP", "CA", "IN", "BR", "GB", "CH", "US"} <= set(places.countries())
        assert not {"EU", "UN", "ZZ"} & set(places.countries())
