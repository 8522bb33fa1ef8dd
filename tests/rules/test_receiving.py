"""Where a complaint may be lodged: the places of Art 77(1) in their order, and what is said beside them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_routing import DIRECTORY
from tests.rules.test_routing_properties import DAYS, SLUGS, answers, facts_in_scope, places, thorough
from tracker.rules.routing import Establishment, Facts, RouteWarning, route
from tracker.rules.routing.facts import ISSUES, PUBLIC_LEVELS, SUBJECTS
from tracker.rules.routing.receiving import (
    PASSES_ON,
    Ground,
    Receiving,
    Standing,
    may_receive,
    standing_of,
)
from tracker.rules.territory import is_eea, state_of
from tracker.rules.vocabulary import Answer

LIVES, WORKS, HARM = Ground
YES = Answer.YES
TODAY = date(2024, 6, 6)
DE_BAVARIA = Establishment("DE-BY")
DUBLIN = Establishment("IE", ca=YES, decides=YES, implements=YES)


def facts(residence=None, workplace=None, infringement=None, **more) -> Facts:
    """Return facts of a complaint against a company that decides in Dublin."""
    return Facts(
        **{
            "as_of": TODAY,
            "complainant_residence": residence,
            "complainant_workplace": workplace,
            "infringement_place": infringement,
            "establishments": (DUBLIN,),
            "affected": ("EEA",),
            **more,
        }
    )


def answer(*places: str | None, **more) -> tuple[Receiving, ...]:
    return may_receive(facts(*places, **more), DIRECTORY)


def named(found: tuple[Receiving, ...]) -> list[tuple[str | None, tuple[Ground, ...]]]:
    return [(it.slug, it.grounds) for it in found if it.standing is Standing.PLACE]


class TestSomebodyWhoLivesWorksAndWasHarmedInTheEea:
    def test_may_lodge_at_each_of_the_places_in_the_order_of_the_article(self):
        assert named(answer("AT", "FR", "IT")) == [
            ("at-dsb", (LIVES,)),
            ("fr-cnil", (WORKS,)),
            ("it-garante", (HARM,)),
        ]

    def test_finds_one_authority_once_with_all_its_grounds(self):
        assert named(answer("AT", "FR", "AT")) == [("at-dsb", (LIVES, HARM)), ("fr-cnil", (WORKS,))]

    def test_finds_a_region_under_the_authority_of_its_state(self):
        (first, *_) = answer("FR-75", "FR")
        assert (first.slug, first.places) == ("fr-cnil", ("FR-75", "FR"))

    def test_is_told_of_the_lead_as_one_more_possibility_after_the_places(self):
        last = answer("AT")[-1]
        assert (last.slug, last.standing, last.grounds) == ("ie-dpc", Standing.LEAD, ())
        assert "not at a known place of Art 77(1)" in last.notes[0]

    def test_is_told_once_of_a_lead_that_stands_at_a_place(self):
        (only,) = answer("IE")
        assert (only.slug, only.standing, only.leads) == ("ie-dpc", Standing.PLACE, True)


class TestPlacesThatAreNotKnown:
    def test_give_no_answer_at_a_place(self):
        assert named(answer()) == []

    def test_do_not_hide_those_that_are(self):
        assert named(answer(None, "FR")) == [("fr-cnil", (WORKS,))]


class TestGermany:
    def test_has_one_authority_where_the_land_is_known_which_passes_the_complaint_on(self):
        first = answer("DE-HH")[0]
        assert first.slug == "de-hh-hmbbfdi"
        assert first.notes == (PASSES_ON,)
        assert "§ 19(2) BDSG" in first.basis

    def test_has_only_candidates_where_it_is_not(self):
        first = answer("DE")[0]
        assert first.slug is None
        assert first.candidates == ("de-be-blnbdi", "de-by-baylda", "de-he-hbdi", "de-hh-hmbbfdi")
        assert "Record the Land" in first.notes[0]

    def test_has_nothing_to_pass_on_where_the_land_authority_leads(self):
        hamburg = Establishment("DE-HH", ca=YES, decides=YES, implements=YES)
        (only,) = answer("DE-HH", establishments=(hamburg,))
        assert only.leads
        assert PASSES_ON not in only.notes

    def test_names_a_lead_in_another_land_without_calling_it_outside_article_77(self):
        hamburg = Establishment("DE-HH", ca=YES, decides=YES, implements=YES)
        lead = answer("DE-BY", establishments=(hamburg,))[-1]
        assert (lead.slug, lead.standing) == ("de-hh-hmbbfdi", Standing.LEAD)
        assert "not at a known place" not in lead.notes[0]

    @pytest.mark.parametrize(
        ("more", "slugs"),
        [
            pytest.param({}, ("de-by-baylda",), id="a company in Bavaria"),
            pytest.param({"public_level": "land"}, ("de-by-baylfd",), id="a public body of Bavaria"),
            pytest.param({"public_level": "federal"}, ("de-bfdi",), id="a federal body"),
            pytest.param({"public_level": None}, ("de-bfdi", "de-by-baylfd"), id="a public body, which"),
            pytest.param({"de_telecom": YES, "subject": "private"}, ("de-bfdi",), id="telecommunications"),
            pytest.param(
                {"de_telecom": Answer.UNKNOWN, "subject": "private"},
                ("de-bfdi", "de-by-baylda"),
                id="perhaps telecommunications",
            ),
            pytest.param(
                {"establishments": None, "public_level": "land"},
                ("de-by-baylda", "de-by-baylfd"),
                id="a public body of an unknown state",
            ),
        ],
    )
    def test_tells_bodies_apart_and_leaves_open_what_the_facts_do(self, more, slugs):
        subject = "public_authority" if more else "private"
        here = {"subject": subject, "establishments": (Establishment("DE-BY"),), **more}
        assert answer("DE-BY", **here)[0].authorities == slugs

    def test_leaves_out_authorities_for_companies_where_a_land_has_a_public_one(self):
        body = {"subject": "public_authority", "public_level": "land", "establishments": (DE_BAVARIA,)}
        slugs = answer("DE", **body)[0].authorities
        assert "de-by-baylfd" in slugs
        assert "de-by-baylda" not in slugs


class TestTheRegionsOfSpain:
    @pytest.mark.parametrize(
        ("place", "level", "slugs"),
        [
            ("ES-CT", "region", ("es-ct-apdcat",)),
            ("ES-CT", "federal", ("es-aepd",)),
            ("ES-CT", None, ("es-aepd", "es-ct-apdcat")),
            ("ES-MD", "region", ("es-aepd",)),
            ("ES", "region", ("es-aepd", "es-an-ctpda", "es-ct-apdcat", "es-pv-avpd")),
        ],
    )
    def test_receive_against_their_own_public_sector_only(self, place, level, slugs):
        spanish = (Establishment("ES-CT"),)
        body = {"subject": "public_authority", "public_level": level, "establishments": spanish}
        assert answer(place, **body)[0].authorities == slugs
        assert answer(place)[0].slug == "es-aepd", "a company is not theirs"


class TestPlacesOutsideTheEea:
    @pytest.mark.parametrize(
        ("place", "words", "basis"),
        [
            ("GB", "law of the United Kingdom", "UK GDPR"),
            ("CH", "does not become a party", "Swiss"),
            ("US", "law of the place", "Art 3"),
        ],
    )
    def test_are_explained_and_not_offered(self, place, words, basis):
        last = answer(place)[-1]
        assert (last.standing, last.authorities, last.grounds) == (Standing.NOT_OFFERED, (), (LIVES,))
        assert words in last.notes[0]
        assert basis in last.basis
        assert "Art 3" in last.notes[1], "who lives there may still complain in the EEA"

    def test_come_after_what_is_offered(self):
        assert [it.standing for it in answer("GB", "FR")] == [
            Standing.PLACE,
            Standing.LEAD,
            Standing.NOT_OFFERED,
        ]

    def test_count_as_inside_while_the_state_took_part(self):
        assert named(answer("GB", as_of=date(2020, 12, 31)))[0][0] == "gb-ico"
        assert named(answer("NO", as_of=date(2018, 7, 19))) == []


class TestBodiesThatTheGdprTreatsApart:
    def test_leave_the_institutions_to_the_edps_wherever_somebody_lives(self):
        (only,) = answer("AT", subject="eu_institution")
        assert (only.slug, only.standing) == ("eu-edps", Standing.INSTITUTION)
        assert "2018/1725" in only.basis

    @pytest.mark.parametrize(("subject", "basis"), [("court_judicial", "Art 55(3)"), ("led", "2016/680")])
    def test_have_no_authority_under_the_gdpr(self, subject, basis):
        (only,) = answer("AT", subject=subject)
        assert only.standing is Standing.NOT_OFFERED
        assert basis in only.basis

    def test_get_a_note_where_the_complaint_is_about_cookies_and_no_lead(self):
        (only,) = answer("AT", issue="eprivacy")
        assert "ePrivacy" in only.notes[-1]
        assert "Here that is PTS." in answer("SE", issue="eprivacy")[0].notes[-1]


class TestAnAuthorityThatSomebodyChose:
    def chosen(self, slug: str, *where: str | None, **more):
        told = facts(*where, **more)
        return standing_of(slug, told, DIRECTORY, may_receive(told, DIRECTORY))

    def test_stands_at_the_places_in_its_state(self):
        it = self.chosen("at-dsb", "AT", "FR", "AT")
        assert (it.grounds, it.outside) == ((LIVES, HARM), False)

    def test_is_outside_where_no_place_is_in_its_state_also_if_it_leads(self):
        assert self.chosen("fr-cnil", "AT").outside
        lead = self.chosen("ie-dpc", "AT")
        assert (lead.outside, lead.leads) == (True, True)

    def test_is_not_called_outside_while_the_residence_is_not_known(self):
        assert not self.chosen("fr-cnil", None, "AT").outside

    def test_of_another_land_is_in_the_state_and_the_right_one_is_named(self):
        it = self.chosen("de-hh-hmbbfdi", "DE-BY")
        assert (it.grounds, it.outside, it.others) == ((LIVES,), False, ("de-by-baylda",))

    def test_outside_the_eea_is_outside_wherever_somebody_lives(self):
        it = self.chosen("gb-ico", "GB")
        assert (it.grounds, it.outside) == ((), True)

    def test_for_the_institutions_is_right_against_one_of_them(self):
        assert not self.chosen("eu-edps", "AT", subject="eu_institution").outside
        assert self.chosen("eu-edps", "AT").outside


any_facts = st.builds(
    lambda base, *values: replace(
        base,
        **dict(zip(("subject", "issue", "public_level", "de_telecom"), values, strict=True)),
    ),
    facts_in_scope,
    st.sampled_from(SUBJECTS),
    st.sampled_from(ISSUES),
    st.none() | st.sampled_from(PUBLIC_LEVELS),
    answers,
)


class TestWhateverTheFacts:
    @thorough
    @given(any_facts)
    def test_no_authority_is_offered_twice_and_the_places_keep_their_order(self, facts):
        found = may_receive(facts, DIRECTORY)
        slugs = [it.slug for it in found if it.slug]
        assert len(slugs) == len(set(slugs))
        kinds = [list(Standing).index(it.standing) for it in found]
        assert kinds == sorted(kinds)
        first = [list(Ground).index(it.grounds[0]) for it in found if it.standing is Standing.PLACE]
        assert first == sorted(set(first))

    @thorough
    @given(any_facts)
    def test_every_entry_has_a_basis_and_says_for_which_place(self, facts):
        told = dict(zip(Ground, facts.places_77(), strict=True))
        for it in may_receive(facts, DIRECTORY):
            assert it.basis
            assert [told[ground] for ground in it.grounds] == list(it.places)
            assert bool(it.grounds) == bool(it.standing is Standing.PLACE or it.places)
            assert it.standing is Standing.NOT_OFFERED or it.authorities

    @thorough
    @given(any_facts)
    def test_nobody_outside_the_eea_on_that_day_is_offered_under_the_gdpr(self, facts):
        for it in may_receive(facts, DIRECTORY):
            if it.standing is not Standing.INSTITUTION:
                seats = [state_of(DIRECTORY.place_of[slug]) for slug in it.authorities]
                assert all(is_eea(seat, facts.as_of) for seat in seats)

    @thorough
    @given(any_facts)
    def test_a_place_that_becomes_unknown_takes_its_answer_away_and_adds_none(self, facts):
        fields = ("complainant_residence", "complainant_workplace", "infringement_place")
        for ground, field in zip(Ground, fields, strict=True):
            less = may_receive(replace(facts, **{field: None}), DIRECTORY, leads=())
            offered = {it.authorities for it in may_receive(facts, DIRECTORY, leads=()) if it.authorities}
            assert {it.authorities for it in less if it.authorities} <= offered
            assert all(ground not in it.grounds for it in less)

    @thorough
    @given(any_facts, st.sampled_from(SLUGS))
    def test_a_choice_is_warned_of_exactly_when_the_route_warns(self, facts, slug):
        facts = replace(facts, lodged_with=slug, subject="private", issue="gdpr")
        it = standing_of(slug, facts, DIRECTORY, may_receive(facts, DIRECTORY))
        warned = RouteWarning.W_LODGED_OUTSIDE_77 in route(facts, DIRECTORY).warnings
        if DIRECTORY.takes_part(slug, facts.as_of):
            assert it.outside == warned

    @thorough
    @given(any_facts)
    def test_the_first_place_against_a_company_is_what_the_route_proposes(self, facts):
        facts = replace(facts, subject="private", lodged_with=None)
        first = may_receive(facts, DIRECTORY)[:1]
        if first and first[0].standing is Standing.PLACE and first[0].slug:
            assert first[0].slug == route(facts, DIRECTORY).receiving

    @thorough
    @given(st.builds(Facts, as_of=DAYS, complainant_residence=places))
    def test_an_authority_that_is_offered_at_a_place_is_never_warned_of(self, facts):
        found = may_receive(facts, DIRECTORY)
        for it in found:
            for slug in it.authorities:
                if it.standing is Standing.PLACE:
                    chosen = standing_of(slug, facts, DIRECTORY, found)
                    assert not chosen.outside
                    assert not chosen.others
