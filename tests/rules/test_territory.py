from datetime import date

import pytest

from tracker.rules.territory import eea_states, is_eea, other_law, state_of

EU27 = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()


class TestTheSetOfStates:
    @pytest.mark.parametrize(
        ("country", "on", "takes_part"),
        [
            pytest.param("IE", date(2018, 5, 24), False, id="nobody before the first day of the GDPR"),
            pytest.param("IE", date(2018, 5, 25), True, id="Ireland from the first day"),
            pytest.param("NO", date(2018, 7, 19), False, id="Norway not before the Joint Committee decision"),
            pytest.param("NO", date(2018, 7, 20), True, id="Norway from the day of the decision"),
            pytest.param("IS", date(2018, 7, 20), True, id="Iceland as well"),
            pytest.param("LI", date(2018, 7, 20), True, id="Liechtenstein as well"),
            pytest.param("GB", date(2018, 5, 25), True, id="the United Kingdom from the first day"),
            pytest.param(
                "GB", date(2020, 12, 31), True, id="the United Kingdom on the last day of transition"
            ),
            pytest.param("GB", date(2021, 1, 1), False, id="the United Kingdom no longer on the day after"),
            pytest.param("CH", date(2026, 1, 1), False, id="Switzerland never"),
            pytest.param("US", date(2019, 1, 1), False, id="a third country never"),
            pytest.param("EU", date(2019, 1, 1), False, id="what is no state never"),
        ],
    )
    def test_holds_who_takes_part_on_the_day(self, country, on, takes_part):
        assert is_eea(country, on) is takes_part
        assert (country in eea_states(on)) is takes_part

    def test_has_the_27_member_states_alone_at_no_time_since_2018(self):
        assert eea_states(date(2018, 6, 1)) == {*EU27, "GB"}
        assert eea_states(date(2019, 6, 1)) == {*EU27, "GB", "IS", "LI", "NO"}
        assert eea_states(date(2021, 6, 1)) == {*EU27, "IS", "LI", "NO"}


class TestAnAuthority:
    @pytest.mark.parametrize(
        ("country", "on", "words"),
        [
            ("GB", date(2020, 12, 31), None),
            ("GB", date(2021, 1, 1), "ICO after 31 December 2020"),
            ("CH", date(2019, 1, 1), "Swiss Federal Act"),
            ("EU", date(2024, 6, 6), "Regulation (EU) 2018/1725"),
            ("JE", date(2024, 6, 6), "law of the place"),
            ("NO", date(2018, 7, 19), "law of the place"),
            ("NO", date(2018, 7, 20), None),
            ("IE", date(2024, 6, 6), None),
            ("IE", date(2018, 5, 24), None),
        ],
    )
    def test_acts_under_another_law_where_and_as_long_as_the_gdpr_does_not_apply(self, country, on, words):
        said = other_law(country, on)
        assert words in said if words else said is None


class TestAPlace:
    @pytest.mark.parametrize(("place", "state"), [("DE-BY", "DE"), ("IE", "IE"), ("ES-CT", "ES")])
    def test_lies_in_a_state(self, place, state):
        assert state_of(place) == state
