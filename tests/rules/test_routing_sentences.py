from dataclasses import replace
from datetime import date

import pytest

from tests.rules.test_routing import DIRECTORY, HEAD, NO, OFFICE, UNKNOWN, YES, complaint
from tracker.rules.routing import (
    DISPUTED,
    UNDETERMINED,
    Establishment,
    Facts,
    Reason,
    RouteWarning,
    reason_words,
    route,
    sentence,
    short_sentence,
)
from tracker.rules.routing.short import _BECAUSE, _NOBODY

COUNTRIES = {
    "AT": "Austria",
    "DE": "Germany",
    "FR": "France",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "NL": "Netherlands",
}

WHOSE = {"at": "Austrian", "de": "German", "fr": "French", "gb": "British", "ie": "Irish", "nl": "Dutch"}


def said(facts: Facts) -> str:
    """Return the sentence about a route as a page would show it."""
    return sentence(
        route(facts, DIRECTORY),
        facts,
        lambda slug: f"the {WHOSE[slug[:2]]} {slug.split('-')[-1].upper()}",
        COUNTRIES.__getitem__,
    )


class TestTheSentence:
    @pytest.mark.parametrize(
        ("facts", "text"),
        [
            pytest.param(
                complaint(establishments=(HEAD,)),
                "The Irish DPC leads: Ireland is the only EEA state in which an establishment "
                "of the controller is recorded here, and people in several states are affected (Art 56(1)).",
                id="says why a single establishment leads",
            ),
            pytest.param(
                complaint(establishments=(HEAD, OFFICE)),
                "The Irish DPC leads: the controller has its central administration in the EEA in "
                "Ireland, takes the decisions on this processing there and has the power to have them "
                "carried out (Art 4(16)(a), 56(1)).",
                id="says why a main establishment leads",
            ),
            pytest.param(
                complaint(establishments=(Establishment("NL", decides=YES, implements=YES), OFFICE)),
                "The Dutch AP leads: the decisions on this processing are taken in the "
                "Netherlands, by an establishment with the power to have them carried out (Art 4(16)(a), "
                "56(1)).",
                id="does not call it the central administration where that is not known",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"),)),
                "The Irish DPC leads: Ireland is the only EEA state in which an establishment of the "
                "controller is recorded here, and people in several states are affected; whether that is "
                "enough is disputed as long as it is not shown that the decisions are taken there (Art "
                "56(1), EDPB Opinion 04/2024).",
                id="says that a lead is disputed",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE", ca=YES), OFFICE), decided_outside_eea=UNKNOWN),
                "The Irish DPC is presumed to lead: the controller's central administration in the EEA "
                "is said to be in Ireland, but whether it takes the decisions on this processing and has "
                "them carried out is not known (Art 4(16)(a), EDPB Opinion 04/2024).",
                id="calls a presumed lead presumed",
            ),
            pytest.param(
                complaint(
                    establishments=(Establishment("IE", decides=YES, implements=YES), Establishment("FR"))
                ),
                "The Irish DPC is presumed to lead: decisions on this processing are taken in Ireland, "
                "but whether they are taken elsewhere too is not known (Art 4(16)(a), EDPB Opinion "
                "04/2024).",
                id="says what is open of a second establishment",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"), OFFICE)),
                "The Irish DPC is presumed to lead: no other establishment in the EEA takes the "
                "decisions on this processing, but whether the one in Ireland does is not known (Art "
                "4(16)(a), EDPB Opinion 04/2024).",
                id="says why the only possible place is presumed",
            ),
            pytest.param(
                complaint(establishments=(HEAD,), affected=None),
                "The Irish DPC is presumed to lead: Ireland is the only EEA state in which an "
                "establishment of the controller is recorded here, but whether people in several states are "
                "affected is not known (Art 4(23)(b), 56(1)).",
                id="says that the affected states are not known",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"), Establishment("FR"))),
                "It is not known who leads: the controller is established in France and Ireland, but where "
                "the decisions on this processing are taken is not known (Art 4(16)(a), EDPB Opinion "
                "04/2024).",
                id="names nobody where nobody can be presumed",
            ),
            pytest.param(
                complaint(establishments=None),
                "It is not known who leads: in which EEA states the controller is established is not known "
                "(Art 4(16), 56(1)).",
                id="says that the establishments are not known",
            ),
            pytest.param(
                complaint(establishments=(HEAD, Establishment("FR", decides=YES, implements=YES))),
                "It is not settled who leads: more than one establishment of the controller in the EEA is "
                "said to be the main one for this processing, and authorities that disagree have it "
                "decided (Art 4(16)(a), 65(1)(b)).",
                id="says that two establishments contend",
            ),
            pytest.param(
                complaint(establishments=(Establishment("DE", ca=YES, decides=YES, implements=YES), OFFICE)),
                "An authority in Germany leads, but which one is not known: the controller has its central "
                "administration in the EEA in Germany, takes the decisions on this processing there and "
                "has the power to have them carried out (Art 4(16)(a), 56(1)).",
                id="says that the Land is missing",
            ),
            pytest.param(
                complaint(establishments=(), lodged_with="fr-cnil"),
                "No authority leads: the controller has no establishment in the EEA, so every authority "
                "acts on its own territory, and the French CNIL decides on this complaint (Art 55(1)).",
                id="says that nobody leads and who decides",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE", decides=NO), OFFICE), decided_outside_eea=YES),
                "No authority leads: the decisions on this processing are taken outside the EEA, so every "
                "authority acts on its own territory, and the Austrian DSB decides on this complaint (Art "
                "55(1), EDPB Opinion 04/2024).",
                id="says that the decisions are taken outside",
            ),
            pytest.param(
                complaint(establishments=(HEAD,), affected=("IE",)),
                "No authority leads: Ireland is the only EEA state in which an establishment of the "
                "controller is recorded here, and people in only one state are affected, and the Irish "
                "DPC decides alone (Art 55(1)).",
                id="says that it is not cross-border",
            ),
            pytest.param(
                complaint(establishments=(), targets_eea=NO),
                "No authority leads: the controller has no establishment in the EEA and does not target "
                "people there, so the GDPR does not apply (Art 3).",
                id="says that the GDPR does not apply",
            ),
        ],
    )
    def test_is_plain_and_names_the_article(self, facts, text):
        assert said(facts) == text

    @pytest.mark.parametrize(
        ("places", "text"),
        [
            (
                (Establishment("FR", ca=YES), Establishment("IE")),
                "The French CNIL leads: the processor has its central administration in the EEA in "
                "France (Art 4(16)(b), 56(1)).",
            ),
            (
                (Establishment("FR", ca=NO, main_processing=YES), Establishment("IE", ca=NO)),
                "The French CNIL leads: the processor's main processing takes place in France (Art "
                "4(16)(b), 56(1)).",
            ),
            (
                (Establishment("FR"), Establishment("IE")),
                "It is not known who leads: the processor is established in France and Ireland, but where "
                "it has its central administration in the EEA or its main processing is not known (Art "
                "4(16)(b), 56(1)).",
            ),
            (
                (Establishment("FR", ca=YES), Establishment("IE", ca=YES)),
                "It is not settled who leads: more than one establishment of the processor in the EEA is "
                "said to be the main one, and authorities that disagree have it decided (Art 4(16)(b), "
                "65(1)(b)).",
            ),
        ],
    )
    def test_speaks_of_a_processor_as_one(self, places, text):
        assert said(complaint(role="processor", establishments=places)) == text

    @pytest.mark.parametrize(
        ("places", "affected", "text"),
        [
            (
                (Establishment("DE-HH", decides=YES, implements=YES), Establishment("DE-BY")),
                ("EEA",),
                "An authority in Germany leads, but which one is not known: Germany is the only EEA state in "
                "which an establishment of the controller is recorded here, and people in several states "
                "are affected (Art 56(1)).",
            ),
            (
                (Establishment("DE-HH"), Establishment("DE-BY")),
                ("EEA",),
                "An authority in Germany leads, but which one is not known: Germany is the only EEA state in "
                "which an establishment of the controller is recorded here, and people in several states "
                "are affected; whether that is enough is disputed as long as it is not shown that the "
                "decisions are taken there (Art 56(1), EDPB Opinion 04/2024).",
            ),
            (
                (
                    Establishment("DE-HH", decides=YES, implements=YES),
                    Establishment("DE-BY", decides=YES, implements=YES),
                    OFFICE,
                ),
                ("EEA",),
                "An authority in Germany leads, but which one is not settled: the controller has more than "
                "one establishment there that may be the main one (Art 56(1), § 18(2), § 19(1) BDSG).",
            ),
            (
                (Establishment("DE-HH", ca=YES), Establishment("DE-BY")),
                ("DE-BY",),
                "No authority leads: Germany is the only EEA state in which an establishment of the "
                "controller is recorded here, and people in only one state are affected, and the German "
                "HMBBFDI is presumed to decide alone (Art 55(1)).",
            ),
        ],
    )
    def test_tells_a_doubt_between_german_authorities_from_one_between_states(self, places, affected, text):
        assert said(complaint(establishments=places, affected=affected)) == text

    def test_does_not_claim_that_the_gdpr_applies_where_that_is_not_known(self):
        assert said(complaint(establishments=(), targets_eea=UNKNOWN)) == (
            "No authority leads: the controller has no establishment in the EEA, so, if it targets people "
            "there at all, every authority acts on its own territory, and the Austrian DSB decides on "
            "this complaint (Art 55(1))."
        )

    def test_says_of_a_lead_whose_state_has_left_that_it_led(self):
        london = Establishment("GB", ca=YES, decides=YES, implements=YES)
        facts = complaint(establishments=(london,), as_of=date(2019, 7, 8))
        told = (
            "the British ICO led: the United Kingdom is the only EEA state in which an "
            "establishment of the controller is recorded here, and people in several states are affected "
            "(Art 56(1)). Since 1 January 2021 no authority of the one-stop shop leads for that reason; a "
            "person has to settle who acts now (EDPB Opinion 8/2019)."
        )
        assert said(facts) == f"On 8 July 2019 {told}"
        roughly = replace(facts, as_of=date(2019, 7, 31), as_of_earliest=date(2019, 7, 1))
        assert said(roughly) == f"When the complaint was lodged, {told}"
        assert route(facts, DIRECTORY).lead == "gb-ico" and route(facts, DIRECTORY).lead_now is None
        assert route(complaint(establishments=(HEAD,)), DIRECTORY).lead_now == "ie-dpc"

    def test_names_nobody_who_handles_it_where_only_the_lead_did_that_has_left(self):
        london = Establishment("GB", ca=YES, decides=YES, implements=YES)
        there = complaint(establishments=(london,), as_of=date(2019, 7, 8))
        ended = route(there, DIRECTORY)
        assert (ended.handling, ended.handling_now) == ("gb-ico", None)
        assert ended.lead_until == date(2020, 12, 31)
        alone = route(replace(there, affected=("GB",)), DIRECTORY)
        assert (alone.lead, alone.handling_now) == (None, "gb-ico"), "it handles that under its own law"
        assert route(complaint(establishments=(HEAD,)), DIRECTORY).handling_now == "ie-dpc"

    def test_does_not_claim_that_people_of_one_state_are_affected_where_none_is(self):
        outside = complaint(establishments=(HEAD,), affected=("CH",))
        assert "and people in no EEA state are affected" in said(outside)

    def test_does_not_claim_that_the_gdpr_applied_before_its_first_day(self):
        assert said(complaint(establishments=(HEAD,), as_of=date(2018, 5, 24))) == (
            "No authority leads: the GDPR applies only from 25 May 2018 (Art 99(2))."
        )


class TestTheShortSentence:
    @pytest.mark.parametrize(
        ("facts", "text"),
        [
            pytest.param(
                complaint(establishments=(HEAD,)),
                "Led by the DPC, because the organisation complained about is recorded as established only "
                "in Ireland (Art 56(1)).",
                id="single establishment",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"),)),
                "Led by the DPC, because the organisation complained about is recorded as established only "
                "in Ireland; whether that is enough is disputed (Art 56(1)).",
                id="a single establishment of which it is disputed",
            ),
            pytest.param(
                complaint(establishments=(Establishment("NL", decides=YES, implements=YES), OFFICE)),
                "Led by the AP, because the organisation complained about decides in the Netherlands on how "
                "data are used (Art 4(16)(a), 56(1)).",
                id="decisions",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE", ca=YES), OFFICE), decided_outside_eea=UNKNOWN),
                "Presumed to be led by the DPC: who decides is not known.",
                id="presumed",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"), Establishment("FR"))),
                "Who leads is not known.",
                id="nobody can be presumed",
            ),
            pytest.param(
                complaint(establishments=None), "Who leads is not known.", id="no establishment is known"
            ),
            pytest.param(
                complaint(establishments=(HEAD, Establishment("FR", decides=YES, implements=YES))),
                "Who leads is not settled.",
                id="two contend",
            ),
            pytest.param(
                complaint(establishments=(Establishment("DE", ca=YES, decides=YES, implements=YES), OFFICE)),
                "Led by an authority in Germany; which one is not known.",
                id="the Land is missing",
            ),
            pytest.param(
                complaint(establishments=(), lodged_with="fr-cnil"),
                "No authority leads: each acts on its own territory (Art 55(1)).",
                id="nobody leads",
            ),
            pytest.param(
                complaint(establishments=(HEAD,), affected=("IE",)),
                "No authority leads: only one country is affected (Art 55(1)).",
                id="not cross-border",
            ),
        ],
    )
    def test_says_who_leads_in_one_line_of_plain_words(self, facts, text):
        said = short_sentence(
            route(facts, DIRECTORY),
            facts,
            lambda slug: f"the {slug.split('-')[-1].upper()}",
            COUNTRIES.__getitem__,
        )
        assert said == text

    @pytest.mark.parametrize("reason", list(Reason))
    def test_has_words_for_every_reason(self, reason):
        assert reason in UNDETERMINED or reason in _BECAUSE or reason in _NOBODY

    def test_speaks_of_several_of_whom_the_same_is_so(self):
        facts = complaint(establishments=(HEAD, OFFICE))
        found = route(facts, DIRECTORY)
        assert short_sentence(found, facts, lambda _: "the DPC", COUNTRIES.__getitem__, several=True) == (
            "Led by the DPC, because the organisations complained about have their head offices for the "
            "EEA in Ireland and decide there (Art 4(16)(a), 56(1))."
        )

    @pytest.mark.parametrize(
        ("place", "day"), [("GB", date(2019, 7, 8)), ("DE", date(2024, 6, 6)), ("IE", date(2024, 6, 6))]
    )
    def test_never_drops_that_a_lead_is_disputed(self, place, day):
        facts = complaint(establishments=(Establishment(place),), as_of=day, affected=("AT", "FR"))
        found = route(facts, DIRECTORY)
        assert RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS in found.warnings
        assert DISPUTED in short_sentence(found, facts, lambda _: "the lead", COUNTRIES.__getitem__)

    def test_says_of_a_lead_whose_state_has_left_until_when_it_led(self):
        london = Establishment("GB", ca=YES, decides=YES, implements=YES)
        facts = complaint(establishments=(london,), as_of=date(2019, 7, 8))
        said = short_sentence(route(facts, DIRECTORY), facts, lambda _: "the ICO", COUNTRIES.__getitem__)
        assert said == (
            "Led by the ICO until 31 December 2020; who acts now is not settled (EDPB Opinion 8/2019)."
        )


class TestTheReasonInAFewWords:
    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"establishments": (HEAD,)}, "single state of establishment (Art 56(1))"),
            (
                {"establishments": (HEAD,), "affected": None},
                "not known whether people in several states are affected",
            ),
            ({"establishments": None}, "establishments in the EEA not known"),
            (
                {"establishments": (Establishment("GB"),), "establishments_complete": False},
                "establishments in the EEA not known",
            ),
            (
                {"establishments": (Establishment("DE-HH"), Establishment("DE-BY"))},
                "single state of establishment (Art 56(1))",
            ),
            (
                {"establishments": (Establishment("IE"), Establishment("FR"))},
                "main establishment not known",
            ),
        ],
    )
    def test_says_what_is_open_and_nothing_else(self, given, words):
        facts = complaint(**given)
        assert reason_words(route(facts, DIRECTORY), facts) == words
