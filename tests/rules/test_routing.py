"""Routing by tables: real cases (routing_vectors.yaml), situations of our own (routing_situations.yaml)."""

import json
from dataclasses import replace
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
    RouteWarning,
    route,
    warning_text,
)
from tracker.rules.routing.directory import TerminalAuthority
from tracker.rules.vocabulary import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

#: Place -> authority for private bodies. Germany has none of its own: the Länder have. Finland is left out.
BY_PLACE = dict(
    pair.split(":")
    for pair in (
        "AT:at-dsb BE:be-apd-gba DK:dk-datatilsynet FR:fr-cnil GR:gr-hdpa IE:ie-dpc IT:it-garante "
        "LT:lt-vdai LU:lu-cnpd NL:nl-ap PL:pl-uodo PT:pt-cnpd ES:es-aepd SE:se-imy IS:is-personuvernd "
        "LI:li-dss NO:no-datatilsynet GB:gb-ico CH:ch-fdpic DE-BE:de-be-blnbdi DE-BY:de-by-baylda "
        "DE-HH:de-hh-hmbbfdi DE-HE:de-he-hbdi"
    ).split()
)
DIRECTORY = Directory(
    by_place=BY_PLACE,
    public_by_place={place: slug for place, slug in BY_PLACE.items() if place.startswith("DE-")}
    | {"DE-BY": "de-by-baylfd", "ES-CT": "es-ct-apdcat", "ES-PV": "es-pv-avpd", "ES-AN": "es-an-ctpda"},
    federal={"DE": "de-bfdi"},
    union="eu-edps",
    terminal={
        "AT": TerminalAuthority("at-dsb", None, False, False, "Art 15a Dir 2002/58", "Shared."),
        "DE": TerminalAuthority(None, None, True, True, "§ 25 TDDDG", ""),
        "ES": TerminalAuthority("es-aepd", None, False, True, "LSSI", ""),
        "FR": TerminalAuthority("fr-cnil", None, False, True, "Art 82", ""),
        "IT": TerminalAuthority("it-garante", None, False, True, "Art 15a Dir 2002/58", ""),
        "SE": TerminalAuthority(None, "PTS", False, True, "Art 15a Dir 2002/58", ""),
    },
    place_of={slug: place for place, slug in BY_PLACE.items()}
    | {"de-bfdi": "DE", "de-by-baylfd": "DE-BY", "es-ct-apdcat": "ES-CT", "eu-edps": "EU"}
    | {"es-pv-avpd": "ES-PV", "es-an-ctpda": "ES-AN"},
)


def table(name: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by id."""
    return {it["id"]: it for it in yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))}


VECTORS = table("routing_vectors.yaml")
SITUATIONS = table("routing_situations.yaml")
NOW = [pytest.param(row, id=f"{key} {row['title']}") for key, row in VECTORS.items()]
OWN = [pytest.param(row, id=f"{key} {row['why']}") for key, row in SITUATIONS.items()]


def facts_of(row: dict[str, Any]) -> Facts:
    """Return the facts of a row; YAML reads days as dates, the rules read text."""
    return Facts.from_json(json.loads(json.dumps(row["facts"], default=date.isoformat)))


def check(stored: dict[str, Any], expect: dict[str, Any]) -> None:
    """Compare a route in plain values with what is expected. What the row does not mention is not tested."""
    for key, wanted in expect.items():
        match key:
            case "concerned_include":
                assert {it: stored["concerned"].get(it) for it in wanted} == wanted
            case "concerned_exclude":
                assert not set(wanted) & set(stored["concerned"])
            case "candidates_include":
                assert set(wanted) <= set(stored["candidates"])
            case "candidates":
                assert sorted(stored["candidates"]) == sorted(wanted)
            case "warnings_include":
                assert set(wanted) <= set(stored["warnings"])
            case "warnings_exclude":
                assert not set(wanted) & set(stored["warnings"])
            case _:
                assert {key: stored[key]} == {key: wanted}


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
        check(route(facts_of(row), DIRECTORY).to_json(), row["expect"])

    def test_is_left_to_a_person_only_where_the_facts_leave_it_open(self):
        routes = {key: route(facts_of(row), DIRECTORY) for key, row in VECTORS.items()}
        assert {key for key, it in routes.items() if it.human} == {"R15"}

    def test_is_left_to_a_person_as_well_where_the_lead_of_that_day_has_ended_since(self):
        found = route(facts_of(VECTORS["R19"]), DIRECTORY)
        assert (found.human, found.for_a_person, found.lead_now) == (False, True, None)


class TestASituation:
    @pytest.mark.parametrize("row", OWN)
    def test_is_routed(self, row):
        check(route(facts_of(row), DIRECTORY).to_json(), row["expect"])

    def test_occurs_for_every_answer_the_rules_can_give(self):
        routes = [route(facts_of(row), DIRECTORY) for row in SITUATIONS.values()]
        assert {it.reason for it in routes} == set(Reason)
        assert {it.procedure for it in routes} == set(Procedure)
        assert {warning for it in routes for warning in it.warnings} == set(RouteWarning) - {
            RouteWarning.W_CHANGE_PENDING  # a comparison with the run before: not for one run to say
        }


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

    def test_has_the_concerned_authorities_of_the_directory_and_the_day_that_were_asked_for(self):
        smaller = Directory(
            by_place={place: slug for place, slug in BY_PLACE.items() if place != "IT"},
            place_of=DIRECTORY.place_of,
        )
        asked = complaint(also_lodged_with=("gb-ico",))
        for _ in range(2):
            assert "it-garante" in route(asked, DIRECTORY).concerned
            assert "it-garante" not in route(asked, smaller).concerned
            assert "gb-ico" not in route(asked, DIRECTORY).concerned
            earlier = replace(asked, as_of=date(2020, 6, 6))
            assert "gb-ico" in route(earlier, DIRECTORY).concerned


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
            ({"establishments": ["IE"]}, "establishments.1"),
            ({"establishments": [{"decides": True}]}, "establishments.1"),
            ({"establishments": [{"place": "de-by"}]}, "establishments.1"),
            ({"establishments": [{"place": "IE", "decides": "yes"}]}, "establishments.1.decides"),
            ({"establishments": [{"place": "IE", "from": 2018}]}, "establishments.1.from"),
            ({"establishments": [{"place": "IE", "colour": "red"}]}, "establishments.1.colour"),
            (
                {"establishments": [{"place": "IE", "from": "2024-01-02", "to": "2024-01-01"}]},
                "establishments.1.to",
            ),
            ({"as_of_earliest": "2024-06-07"}, "as_of_earliest"),
            ({"as_of": "2024-W01-1"}, "as_of"),
            ({"targets_eea": 1}, "targets_eea"),
            ({"lead": "ie-dpc"}, "lead"),
            ({"infringement_ended": "perhaps"}, "infringement_ended"),
            ({"infringement_ended": True}, "infringement_ended"),
            ({"local_only": "Greece"}, "local_only"),
            ({"obligation_of": "EU"}, "obligation_of"),
            ({"church_art91": "yes"}, "church_art91"),
            ({"issue": "cookies"}, "issue"),
            ({"issue": "unknown"}, "issue"),
            ({"public_level": "Land"}, "public_level"),
            ({"de_telecom": 1}, "de_telecom"),
        ],
    )
    def test_are_refused_naming_the_field_when_wrong(self, change, field):
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
