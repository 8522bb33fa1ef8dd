"""Decisions, proceedings and hearings in files: the same on the way there and back, and what is refused."""

import copy
import json
from datetime import date, time
from typing import Any

import pytest
import yaml

from tests.builders import ANN
from tests.campaigns import (
    a_campaign,
    a_file,
    an_event,
    real_cases,
    rows,
    take_in,
    take_in_facts,
    take_in_text,
)
from tests.services.deciding import DOWN, UP, a_decision, decide, drafted, finding
from tests.services.recording import three_filings
from tracker.db import transaction
from tracker.errors import BadFile
from tracker.rules.vocabulary import Finding, ProceedingKind
from tracker.services import decisions, decisions_hearings, decisions_proceedings, exports
from tracker.services.decisions_hearings import NewHearing
from tracker.services.decisions_proceedings import NewProceeding

Data = dict[str, Any]

CASE = a_campaign(
    legal_issues={"articles": ["12", "6(1)(f)"]},
    events=[
        an_event("decision", "acme-2024-at", "acme-2024-fr", step="national_decision", outcome="won"),
        an_event("publication"),
    ],
)
PROCEEDING: Data = {
    "id": "p1",
    "kind": "authority",
    "body": "at-dsb",
    "reference": "D1",
    "opened": "2024-07",
    "opened_precision": "month",
    "filings": ["acme-2024-at", "acme-2024-fr"],
    "parties": "noyb v Acme Limited",
    "costs": "none",
    "note": "Joined.",
    "source": "https://example.org",
    "verified": True,
}
DECISION: Data = {
    "id": "d1",
    "type": "national",
    "decided_by": "at-dsb",
    "decided": "2024-06-20",
    "received": "2024-06-21",
    "published": "2024-07",
    "published_precision": "month",
    "reference": "D1",
    "ecli": "ECLI:AT:DSB:2024:X",
    "language": "de",
    "source": "https://example.org/decision",
    "summary": "It holds.",
    "events": [{"campaign": "acme-2024", "event": 1}],
    "results": {"acme-2024-at": "upheld", "acme-2024-fr": "open"},
    "findings": [{"filing": "acme-2024-at", "claim": 1, "finding": "upheld", "words": "So."}],
    "fines": [
        {"amount": "1200000.50", "currency": "EUR", "controller": "acme"},
        {"amount": 5, "currency": "SEK", "words": "Other"},
    ],
    "measures": [{"power": "d", "words": "Comply", "comply_by": "2024-12-31"}],
    "provisions": ["12"],
    "national": ["§ 24 DSG"],
    "appeal": "lodged",
    "appeal_to": "BVwG",
    "proceeding": "p1",
    "note": "N",
    "verified": False,
}
HEARING: Data = {
    "id": "h1",
    "uid": "u-1",
    "proceeding": "p1",
    "filings": ["acme-2024-at"],
    "versions": [
        {
            "court": "BVwG",
            "place": "Wien",
            "day": "2027-03-02",
            "time": "10:30",
            "zone": "Europe/Vienna",
            "what": "Hearing",
        },
        {
            "court": "BVwG",
            "day": "2027-03-03",
            "zone": "Europe/Vienna",
            "what": "Hearing",
            "cancelled": True,
            "why": "The judge is ill.",
        },
    ],
}
WHOLE = {"proceedings": [PROCEEDING], "decisions": [DECISION], "hearings": [HEARING]}


def a_text(**beside: Any) -> str:
    """Return a file with the case and what stands beside it."""
    return json.dumps({**a_file(CASE), **WHOLE, **beside})


def beside(out: Data) -> Data:
    """Return what an export says beside its campaigns."""
    return {key: value for key, value in out.items() if key not in ("campaigns", "schema_version")}


def faults(**beside: Any) -> list[str]:
    """Return what is wrong with a file; nothing of it was taken in."""
    before = rows()
    with pytest.raises(BadFile) as refused:
        take_in_text(a_text(**beside), "f.json")
    assert rows() == before
    return [it.removeprefix("f.json: ") for it in refused.value.faults]


class TestAWholeFile:
    def test_comes_out_as_it_went_in(self, app):
        report = take_in_text(a_text(), "f.json")
        assert (report.proceedings, report.decisions, report.hearings) == (1, 1, 1)
        assert beside(exports.export_cases()) == WHOLE

    def test_changes_nothing_when_it_comes_again(self, app):
        take_in_text(a_text(), "f.json")
        before = rows()
        report = take_in_text(a_text(), "f.json")
        assert rows() == before
        assert (report.proceedings, report.decisions, report.hearings) == (0, 0, 0)

    def test_is_the_same_in_another_home(self, app, elsewhere):
        take_in_text(a_text(), "f.json")
        out = exports.export_cases()
        with elsewhere():
            take_in_text(exports.as_text(out, "o.yaml"), "o.yaml")
            assert exports.export_cases() == out

    def test_makes_no_record_of_an_event_of_which_it_says_more_itself(self, app):
        take_in_text(a_text(), "f.json")
        assert [(it.it.key, it.it.number, it.corrects) for it in decisions.find()[0]] == [("d1", 1, None)]

    def test_that_says_something_else_than_what_is_here_is_refused(self, app):
        take_in_text(a_text(), "f.json")
        other = copy.deepcopy(DECISION) | {"reference": "D2", "fines": []}
        assert faults(decisions=[other]) == [
            "d1: fines: differs from what is here: 'EUR 1,200,000.50 (Acme Limited), SEK 5 (Other)'",
            "d1: reference: differs from what is here: 'D1'",
        ]


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"ecli": "EU:C:1"}, "d1: ecli: “EU:C:1” is no ECLI"),
            ({"language": "xx"}, "d1: language: there is no language 'xx'"),
            ({"type": "binding"}, "d1: decided_by: A binding decision is one of the European"),
            ({"decided": "2030-01-01"}, "d1: decided: "),
            ({"received": "2024-06-01"}, "d1: received: lies before the day of the decision (20 June 2024)"),
            ({"events": []}, "d1: events: name the event through which it came in"),
            ({"events": [{"campaign": "x", "event": 1}]}, "this file has no campaign 'x'"),
            ({"events": [{"campaign": "acme-2024", "event": 9}]}, "'acme-2024' has 2 events"),
            (
                {"results": {"acme-2024-at": "partly"}},
                "acme-2024-at: is 'partly', but the event says 'upheld'",
            ),
            ({"results": {"acme-2024-at": "annulled"}}, "only a judgment confirms or annuls a decision"),
            ({"results": {"nobody": "upheld"}}, "this file has no filing 'nobody'"),
            ({"events": [{"campaign": "acme-2024", "event": 2}]}, "none of its events concerns this filing"),
            (
                {"findings": [{"filing": "acme-2024-at", "claim": 3, "finding": "upheld"}]},
                "its case has 2 claims",
            ),
            ({"findings": DECISION["findings"] * 2}, "stands here twice"),
            ({"results": {"acme-2024-fr": "upheld"}}, "is none of the filings that it has results for"),
            ({"fines": [{"amount": 5, "currency": "EUX"}]}, "“EUX” is no currency of ISO 4217"),
            ({"fines": [{"amount": "5.123", "currency": "EUR"}]}, "an amount in EUR has 2 decimals"),
            (
                {"fines": [{"amount": 5, "currency": "EUR", "controller": "x"}]},
                "its campaigns have no controller 'x'",
            ),
            ({"measures": [{"power": "k"}]}, "a letter of Art 58(2), from a to j"),
            (
                {"measures": [{"power": "d", "comply_by": "2024-06-01"}]},
                "lies before the day of the decision",
            ),
            ({"provisions": ["6(1)(z)"]}, "d1: provisions"),
            ({"proceeding": "p9"}, "there is no proceeding 'p9'"),
            ({"corrects": "d9"}, "there is no decision 'd9' before this one"),
        ],
    )
    def test_with_a_decision_is_told_with_its_place(self, app, change, says):
        told = faults(decisions=[copy.deepcopy(DECISION) | change])
        assert any(says in it for it in told), told

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"kind": "court"}, "p1: kind: does not fit the body"),
            ({"opened": "2030", "opened_precision": "year"}, "p1: opened: "),
            ({"filings": ["nobody"]}, "this file has no filing 'nobody'"),
            ({"follows": "p9"}, "there is no proceeding 'p9' before this one"),
        ],
    )
    def test_with_a_proceeding(self, app, change, says):
        told = faults(proceedings=[PROCEEDING | change])
        assert any(says in it for it in told), told

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"zone": "Europe/Atlantis"}, "h1, version 1: zone: there is no clock 'Europe/Atlantis'"),
            ({"day": "2027-03-28", "time": "02:30"}, "It is never 02:30 on that day in Vienna"),
            ({"day": None}, "a hearing needs its day"),
            ({"day": "2027-03"}, "is not a full day"),
        ],
    )
    def test_with_a_hearing(self, app, change, says):
        version = {"court": "BVwG", "day": "2027-03-02", "zone": "Europe/Vienna", "what": "Hearing"} | change
        told = faults(hearings=[HEARING | {"versions": [version]}])
        assert any(says.partition(": ")[2] in it for it in told), told

    def test_is_an_id_that_stands_there_twice(self, app):
        assert faults(hearings=[HEARING, HEARING])[0].endswith("stands here twice")


class TestAnExport:
    def test_leaves_out_what_the_import_would_read_from_the_events_again(self, app):
        take_in(a_campaign(events=[an_event("dismissal", "acme-2024-at")]))
        assert "decisions" not in exports.export_cases()

    def test_has_what_the_desk_recorded_and_is_the_same_in_another_home(self, app, elsewhere):
        three_filings()
        drafted("C002-01", "C002-02")
        both = {"C002-01": UP, "C002-02": DOWN}
        first = decide(a_decision(both, irregular="In one letter.")).number
        decide(a_decision(both, findings=(finding(Finding.UPHELD),), reference="IN-1"), corrects=first)
        with transaction():
            run = NewProceeding(ProceedingKind.COURT, "High Court", ("C002-01", "C001-01"))
            number = decisions_proceedings.open_proceeding(run, by=ANN).number
            held = NewHearing(
                "High Court", date(2027, 3, 2), "Europe/Dublin", "Hearing", at=time(10), proceeding=number
            )
            decisions_hearings.set_hearing(held, by=ANN)
        out = exports.export_cases()
        assert [it["id"] for it in out["decisions"]][-1] == f"decision-{first + 1}"
        assert out["decisions"][-1]["corrects"] == f"decision-{first}"
        with elsewhere():
            take_in_text(exports.as_text(out, "o.yaml"), "o.yaml")
            assert exports.export_cases() == out

    def test_of_one_case_has_only_what_is_wholly_of_it(self, app):
        take_in_facts()
        out = exports.export_cases(["C087"])
        assert [it["id"] for it in out["decisions"]] == ["cjeu-c-252-21"]
        assert "proceedings" not in out and "hearings" not in out


class TestTheRealDecisions:
    def test_name_their_source_and_say_whether_it_was_checked(self):
        for it in real_cases()["decisions"]:
            assert it["source"].startswith("https://") and it["verified"] in (True, False), it["id"]

    def test_say_what_their_events_say(self, app):
        data = real_cases()
        data["decisions"][0]["results"] = {"fc-google": "rejected"}
        with pytest.raises(BadFile, match="is 'rejected', but the event says 'upheld'"):
            take_in_text(yaml.safe_dump(data), "f.yaml")
