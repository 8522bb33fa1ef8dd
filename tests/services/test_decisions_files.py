"""Decisions in files: made of events by themselves, said in full, and the same on the way there and back."""

import json

from tests.campaigns import (
    a_campaign,
    a_file,
    an_event,
    rows,
    take_in_text,
)
from tracker.services import exports


def file_of(*campaigns, **beside):
    return json.dumps({**a_file(*campaigns), **beside})


def decided(*filings, **said):
    return an_event("decision", *filings, **{"outcome": "won", "step": "national_decision", **said})


class TestAll:
    def test_it(self, app, elsewhere):
        c = a_campaign(
            legal_issues={"articles": ["12", "6(1)(f)"]}, events=[decided("acme-2024-at", "acme-2024-fr")]
        )
        text = file_of(
            c,
            proceedings=[
                {
                    "id": "p1",
                    "kind": "authority",
                    "body": "at-dsb",
                    "reference": "D1",
                    "filings": ["acme-2024-at", "acme-2024-fr"],
                }
            ],
            decisions=[
                {
                    "id": "d1",
                    "type": "national",
                    "decided_by": "at-dsb",
                    "decided": "2024-06-20",
                    "published": "2024-07",
                    "published_precision": "month",
                    "ecli": "ECLI:AT:DSB:2024:X",
                    "language": "de",
                    "events": [{"campaign": "acme-2024", "event": 1}],
                    "results": {"acme-2024-at": "upheld", "acme-2024-fr": "partly"},
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
            ],
            hearings=[
                {
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
                            "why": "ill",
                        },
                    ],
                }
            ],
        )
        report = take_in_text(text, "f.json")
        print(report)
        out = exports.export_cases()
        assert {k: v for k, v in out.items() if k != "campaigns"} == {
            k: v for k, v in json.loads(text).items() if k != "campaigns"
        }
        before = rows()
        report = take_in_text(text, "f.json")
        assert rows() == before
        with elsewhere():
            take_in_text(exports.as_text(out, "o.yaml"), "o.yaml")
            assert exports.export_cases() == out
