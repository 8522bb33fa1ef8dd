"""Routing, by tables: real cases (routing_vectors.yaml) and situations of our own (routing_situations.yaml)."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.errors import RuleBroken
from tracker.rules.routing import (
    Directory,
    Establishment,
    Facts,
    Procedure,
    Reason,
    Route,
    RouteWarning,
    route,
    sentence,
    warning_text,
)
from tracker.rules.vocabulary import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

#: Place -> authority for private bodies. Germany has none of its own: the Länder have. Finland is left out.
BY_PLACE = dict(
    pair.split(":")
    for pair in (
        "AT:at-dsb BE:be-apd-gba DK:dk-datatilsynet FR:fr-cnil GR:gr-hdpa IE:ie-dpc IT:it-garante LT:lt-vdai "
        "LU:lu-cnpd NL:nl-ap PL:pl-uodo PT:pt-cnpd ES:es-aepd SE:se-imy IS:is-personuvernd LI:li-dss "
        "NO:no-datatilsynet GB:gb-ico CH:ch-fdpic "
        "DE-BE:de-be-blnbdi DE-BY:de-by-baylda DE-HH:de-hh-hmbbfdi DE-HE:de-he-hbdi"
    ).split()
)
DIRECTORY = Directory(
    by_place=BY_PLACE,
    place_of={slug: place for place, slug in BY_PLACE.items()}
    | {"de-bfdi": "DE", "de-by-baylfd": "DE-BY", "es-ct-apdcat": "ES-CT", "eu-edps": "EU"},
)
COUNTRIES = {"AT": "Austria", "DE": "Germany", "FR": "France", "IE": "Ireland", "NL": "Netherlands"}


def table(name: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by id."""
    return {it["id"]: it for it in yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))}


VECTORS = table("routing_vectors.yaml")
SITUATIONS = table("routing_situations.yaml")
#: Real cases that the rules refuse to answer so far, with the fact that says so.
LATER = {
    "R04": "issue",  # ePrivacy: national law names the authority, step 5
    "R13": "subject",  # public authority: Art 55(2), step 6
}
NOW = [pytest.param(row, id=f"{key} {row['title']}") for key, row in VECTORS.items() if key not in LATER]
OWN = [pytest.param(row, id=f"{key} {row['why']}") for key, row in SITUATIONS.items()]


def facts_of(row: dict[str, Any]) -> Facts:
    """Return the facts of a row; YAML reads days as dates, the rules read text."""
    return Facts.from_json(json.loads(json.dumps(row["facts"], default=date.isoformat)))


def check(found: Route, expect: dict[str, Any]) -> None:
    """Compare a route with what is expected of it. What the row does not mention is not tested."""
    stored = found.to_json()
    for key, wanted in expect.items():
        match key:
            case "concerned_include":
                assert {it: stored["concerned"].get(it) for it in wanted} == wanted
            case "concerned_exclude":
                assert not set(wanted) & set(stored["concerned"])
            case "warnings_include":
                assert set(wanted) <= set(stored["warnings"])
            case "warnings_exclude":
                assert not set(wanted) & set(stored["warnings"])
            case _:
                assert {key: stored[key]} == {key: wanted}


def said(facts: Facts) -> str:
    """Return the sentence about a route as a page would show it."""
    return sentence(
        route(facts, DIRECTORY),
        facts,
        lambda slug: f"{slug.split('-')[-1].upper()} ({COUNTRIES[slug[:2].upper()]})",
        COUNTRIES.__getitem__,
    )


def complaint(**given: Any) -> Facts:
    """A complaint of an Austrian in Vienna, people affected all over the EEA."""
    usual: dict[str, Any] = {
        "as_of": date(2024, 6, 6),
        "lodged_with": "at-dsb",
        "complainant_residence": "AT",
        "decided_outside_eea": NO,
        "targets_eea": YES,
        "affected": ("EEA",),
    }
    return Facts(**usual | given)


HEAD = Establishment("IE", ca=YES, decides=YES, implements=YES)
OFFICE = Establishment("FR", decides=NO)


class TestARealCase:
    @pytest.mark.parametrize("row", NOW)
    def test_is_routed_as_a_lawyer_found(self, row):
        check(route(facts_of(row), DIRECTORY), row["expect"])

    @pytest.mark.parametrize(("key", "fact"), LATER.items())
    def test_of_a_kind_not_covered_yet_is_refused_naming_the_fact(self, key, fact):
        with pytest.raises(RuleBroken, match="do not cover") as refusal:
            facts_of(VECTORS[key])
        assert refusal.value.field == fact

    def test_is_left_to_a_person_only_where_the_facts_leave_it_open(self):
        asked = {
            key for key, row in VECTORS.items() if key not in LATER and route(facts_of(row), DIRECTORY).human
        }
        assert asked == {"R15"}


class TestASituation:
    @pytest.mark.parametrize("row", OWN)
    def test_is_routed(self, row):
        check(route(facts_of(row), DIRECTORY), row["expect"])

    def test_occurs_for_every_answer_the_rules_can_give(self):
        routes = [route(facts_of(row), DIRECTORY) for row in SITUATIONS.values()]
        assert {it.reason for it in routes} == set(Reason)
        assert {it.procedure for it in routes} == set(Procedure)
        assert {warning for it in routes for warning in it.warnings} == set(RouteWarning)


class TestACaseLodgedWithSeveralAuthorities:
    def test_has_one_lead_and_one_reason_in_every_filing(self):
        vector = VECTORS["R16"]["facts"]
        slugs = [vector["lodged_with"], *vector["also_lodged_with"]]
        routes = [
            route(
                facts_of(
                    {
                        "facts": vector
                        | {"lodged_with": slug, "also_lodged_with": [it for it in slugs if it != slug]}
                    }
                ),
                DIRECTORY,
            )
            for slug in slugs
        ]
        assert len(routes) == 9
        assert {(it.lead, it.reason) for it in routes} == {("ie-dpc", Reason.LEAD_MAIN_ESTABLISHMENT_CA)}
        assert [it.receiving for it in routes] == slugs


class TestTheSentence:
    @pytest.mark.parametrize(
        ("facts", "text"),
        [
            pytest.param(
                complaint(establishments=(HEAD,)),
                "The DPC (Ireland) leads: Ireland is the only EEA state in which the controller is established, "
                "and people in several states are affected (Art 56(1)).",
                id="says why a single establishment leads",
            ),
            pytest.param(
                complaint(establishments=(HEAD, OFFICE)),
                "The DPC (Ireland) leads: the controller has its central administration in the EEA in Ireland, "
                "takes the decisions on this processing there and has the power to have them carried out "
                "(Art 4(16)(a), 56(1)).",
                id="says why a main establishment leads",
            ),
            pytest.param(
                complaint(establishments=(Establishment("NL", decides=YES, implements=YES), OFFICE)),
                "The AP (Netherlands) leads: the decisions on this processing are taken in the Netherlands, by an "
                "establishment with the power to have them carried out (Art 4(16)(a), 56(1)).",
                id="does not call it the central administration where that is not known",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"),)),
                "The DPC (Ireland) leads: Ireland is the only EEA state in which the controller is established, "
                "and people in several states are affected; whether that is enough is disputed as long as it is "
                "not shown that the decisions are taken there (Art 56(1), EDPB Opinion 04/2024).",
                id="says that a lead is disputed",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE", ca=YES), OFFICE), decided_outside_eea=UNKNOWN),
                "The DPC (Ireland) is presumed to lead: the controller's central administration in the EEA is "
                "said to be in Ireland, but whether it takes the decisions on this processing is not known "
                "(Art 4(16)(a), EDPB Opinion 04/2024).",
                id="calls a presumed lead presumed",
            ),
            pytest.param(
                complaint(
                    establishments=(Establishment("IE", decides=YES, implements=YES), Establishment("FR"))
                ),
                "The DPC (Ireland) is presumed to lead: decisions on this processing are taken in Ireland, but "
                "whether they are taken elsewhere too is not known (Art 4(16)(a), EDPB Opinion 04/2024).",
                id="says what is open of a second establishment",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"), OFFICE)),
                "The DPC (Ireland) is presumed to lead: no other establishment in the EEA takes the decisions on "
                "this processing, but whether the one in Ireland does is not known "
                "(Art 4(16)(a), EDPB Opinion 04/2024).",
                id="says why the only possible place is presumed",
            ),
            pytest.param(
                complaint(establishments=(HEAD,), affected=None),
                "The DPC (Ireland) is presumed to lead: Ireland is the only EEA state in which the controller is "
                "established, but whether people in several states are affected is not known "
                "(Art 4(23)(b), 56(1)).",
                id="says that the affected states are not known",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE"), Establishment("FR"))),
                "It is not known who leads: the controller is established in France and Ireland, but where the "
                "decisions on this processing are taken is not known (Art 4(16)(a), EDPB Opinion 04/2024).",
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
                "It is not settled who leads: more than one establishment of the controller in the EEA is said to "
                "be the main one for this processing, and authorities that disagree have it decided "
                "(Art 4(16)(a), 65(1)(b)).",
                id="says that two establishments contend",
            ),
            pytest.param(
                complaint(establishments=(Establishment("DE", ca=YES, decides=YES, implements=YES), OFFICE)),
                "An authority in Germany leads, but which one is not known: the controller has its central "
                "administration in the EEA in Germany, takes the decisions on this processing there and has the "
                "power to have them carried out (Art 4(16)(a), 56(1)).",
                id="says that the Land is missing",
            ),
            pytest.param(
                complaint(establishments=(), lodged_with="fr-cnil"),
                "No authority leads: the controller has no establishment in the EEA, so every authority acts on "
                "its own territory, and the CNIL (France) decides on this complaint (Art 55(1)).",
                id="says that nobody leads and who decides",
            ),
            pytest.param(
                complaint(establishments=(Establishment("IE", decides=NO), OFFICE), decided_outside_eea=YES),
                "No authority leads: the decisions on this processing are taken outside the EEA, so every "
                "authority acts on its own territory, and the DSB (Austria) decides on this complaint "
                "(Art 55(1), EDPB Opinion 04/2024).",
                id="says that the decisions are taken outside",
            ),
            pytest.param(
                complaint(establishments=(HEAD,), affected=("IE",)),
                "No authority leads: the controller is established in Ireland only and people in no second state "
                "are affected, and the DPC (Ireland) decides alone (Art 55(1)).",
                id="says that it is not cross-border",
            ),
            pytest.param(
                complaint(establishments=(), targets_eea=NO),
                "No authority leads: the controller has no establishment in the EEA and does not target people "
                "there, so the GDPR does not apply (Art 3).",
                id="says that the GDPR does not apply",
            ),
        ],
    )
    def test_is_plain_and_names_the_article(self, facts, text):
        assert said(facts) == text

    def test_speaks_of_a_processor_as_one(self):
        facts = complaint(role="processor", establishments=(Establishment("FR", ca=YES), Establishment("IE")))
        assert said(facts) == (
            "The CNIL (France) leads: the processor has its central administration in the EEA in France "
            "(Art 4(16)(b), 56(1))."
        )


class TestAWarning:
    @pytest.mark.parametrize("code", RouteWarning)
    def test_says_what_is_wrong_and_what_to_do(self, code):
        what, to_do = warning_text(code)
        assert what != to_do and what.endswith(".") and to_do.endswith(".")
        assert warning_text(code.value) == (what, to_do)


class TestFactsFromOutside:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"as_of": None}, "as_of"),
            ({"as_of": "31 June 2024"}, "as_of"),
            ({"role": "bystander"}, "role"),
            ({"complainant_residence": False}, "complainant_residence"),
            ({"complainant_residence": "UK"}, "complainant_residence"),
            ({"affected": ["EL"]}, "affected"),
            ({"affected": ["ireland"]}, "affected"),
            ({"affected": "Ireland"}, "affected"),
            ({"affected": [False]}, "affected"),
            ({"establishments": "IE"}, "establishments"),
            ({"establishments": ["IE"]}, "establishments"),
            ({"establishments": [{"decides": True}]}, "establishments"),
            ({"establishments": [{"place": "de-by"}]}, "establishments"),
            ({"establishments": [{"place": "IE", "decides": "yes"}]}, "decides"),
            ({"establishments": [{"place": "IE", "from": 2018}]}, "from"),
            ({"establishments": [{"place": "IE", "colour": "red"}]}, "colour"),
            ({"targets_eea": 1}, "targets_eea"),
            ({"lead": "ie-dpc"}, "lead"),
            ({"infringement_ended": "2024-02-14"}, "infringement_ended"),
            ({"local_only": "IE"}, "local_only"),
            ({"church_art91": True}, "church_art91"),
        ],
    )
    def test_are_refused_naming_the_field_when_wrong_or_not_covered(self, change, field):
        with pytest.raises(RuleBroken) as refusal:
            Facts.from_json(complaint(establishments=(HEAD,)).to_json() | change)
        assert refusal.value.field == field

    def test_that_are_no_record_are_refused(self):
        with pytest.raises(RuleBroken):
            Facts.from_json(["as_of"])

    def test_that_are_missing_are_not_known(self):
        facts = Facts.from_json({"as_of": "2024-06-06", "establishments": [{"place": "IE"}]})
        assert facts.affected is None
        assert (facts.targets_eea, facts.decided_outside_eea) == (UNKNOWN, UNKNOWN)
        assert facts.establishments == (Establishment("IE", UNKNOWN, UNKNOWN, UNKNOWN),)
        assert Facts.from_json({"as_of": "2024-06-06", "establishments": []}).establishments == ()
        assert Facts.from_json({"as_of": "2024-06-06"}).establishments is None
