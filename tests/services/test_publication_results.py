"""What is worked out when a cleared case is copied: open claims, and since when a filing is decided."""

from typing import Any

import pytest

from tracker.services.publication_results import with_results


def day(on: str | None) -> dict[str, str | None]:
    return {"on": on, "precision": "day" if on else "unknown"}


def decision(kind: str | None = "final", on: str | None = "2023-06-30", **findings: str) -> dict[str, Any]:
    """Return a decision on C1-01 that entry 2 tells of, with findings on claims by place ("c0")."""
    return {
        "type": kind,
        "decided": day(on),
        "filings": [{"number": "C1-01", "result": "upheld"}],
        "findings": [
            {"filing": "C1-01", "claim": int(name[1:]), "finding": it} for name, it in findings.items()
        ],
        "entries": [2],
        "appeal": "none_known",
        "decided_by_slug": "se-imy",
    }


def content(*decisions: dict[str, Any], outcome: str = "won", since: str = "2023-07-03") -> dict[str, Any]:
    """Return a cleared case with two claims and a filing that stands since the day of entry 2."""
    return {
        "case": {"claims": [{"provision": "6"}, {"provision": "9"}]},
        "filings": [
            {
                "number": "C1-01",
                "outcome": outcome,
                "since": day(since),
                "stage": "final_upheld",
                "entered_by_authority": "se-imy",
                "lead": "se-imy",
                "lead_presumed": True,
                "lead_sentence": "Presumed.",
            }
        ],
        "updates": [
            {"number": 1, "day": day("2020-08-17"), "filings": ["C1-01"]},
            {"number": 2, "day": day("2023-07-03"), "filings": ["C1-01"]},
        ],
        "decisions": list(decisions),
    }


def left(of: dict[str, Any]) -> list[list[str]]:
    return [it["open"] for it in with_results(of)["case"]["claims"]]


def since(of: dict[str, Any]) -> str:
    return with_results(of)["filings"][0]["since"]["on"]


class TestAClaimOfADecidedFiling:
    def test_is_open_where_the_board_left_it_and_the_final_decision_says_nothing(self):
        assert left(content(decision("binding", c0="upheld", c1="not_examined"), decision(c0="upheld"))) == [
            [],
            ["C1-01"],
        ]

    def test_is_settled_by_no_draft(self):
        assert left(content(decision("binding", c1="not_examined"), decision("draft", c1="upheld"))) == [
            [],
            ["C1-01"],
        ]

    @pytest.mark.parametrize("outcome", ["pending", "lost", "withdrawn", "not_known"])
    def test_is_not_called_open_where_the_filing_waits_or_has_nothing_left(self, outcome):
        assert left(content(decision(c1="not_examined"), outcome=outcome)) == [[], []]


class TestAFiling:
    def test_is_decided_since_the_day_of_the_decision_and_not_since_it_was_announced(self):
        assert since(content(decision())) == "2023-06-30"

    def test_keeps_its_day_where_that_of_the_decision_is_not_known(self):
        assert since(content(decision(on=None))) == "2023-07-03"

    def test_keeps_the_day_of_what_came_after_the_decision(self):
        assert since(content(decision(), since="2023-09-01")) == "2023-09-01"

    @pytest.mark.parametrize("kind", ["draft", "revised", "binding"])
    def test_takes_no_day_of_a_decision_that_ends_nothing(self, kind):
        assert since(content(decision(kind))) == "2023-07-03"

    def test_that_waits_again_keeps_its_day(self):
        assert since(content(decision(), outcome="pending")) == "2023-07-03"


class TestADecisionThatACourtAnnulled:
    def test_leaves_the_filing_pending_also_where_no_entry_tells_of_the_judgment(self):
        [it] = with_results(content({**decision(), "appeal": "annulled"}))["filings"]
        assert (it["stage"], it["outcome"], it["since"]["on"]) == ("decision_annulled", "pending", None)

    def test_does_so_where_it_is_annulled_for_this_filing_alone(self):
        gone = decision() | {"filings": [{"number": "C1-01", "result": "annulled"}]}
        assert with_results(content(gone))["filings"][0]["outcome"] == "pending"

    def test_does_not_where_another_decision_came_after_it(self):
        [it] = with_results(content({**decision(), "appeal": "annulled"}, decision()))["filings"]
        assert (it["stage"], it["outcome"]) == ("final_upheld", "won")

    @pytest.mark.parametrize("stage", ["final_upheld", "measures", "appeal"])
    def test_does_so_wherever_the_filing_stands_since_the_decision(self, stage):
        case = content({**decision(), "appeal": "annulled"})
        case["filings"][0]["stage"] = stage
        assert with_results(case)["filings"][0]["outcome"] == "pending"

    def test_is_so_too_where_the_judgment_has_a_record_of_its_own(self):
        case = content({**decision(), "appeal": "annulled"}, decision("judgment", "2024-05-01"))
        assert with_results(case)["filings"][0]["outcome"] == "pending"

    @pytest.mark.parametrize("appeal", ["none_known", "open", "lodged", "confirmed", "final"])
    def test_is_none_that_was_only_appealed_against(self, appeal):
        assert with_results(content({**decision(), "appeal": appeal}))["filings"][0]["outcome"] == "won"


class TestAPresumedLead:
    def sentence(self, **values):
        [it] = with_results(content(decision() | values))["filings"]
        assert it["lead_presumed"], "it stays presumed until somebody records that it leads"
        return it["lead_sentence"]

    def test_has_its_final_decision_speak_for_it(self):
        assert self.sentence() == (
            "Presumed. That the Swedish IMY gave the final decision speaks for it (Art 60(7))."
        )

    def test_has_nothing_from_the_decision_of_another_authority_or_of_another_kind(self):
        assert (
            self.sentence(decided_by_slug="no-datatilsynet") == self.sentence(type="national") == "Presumed."
        )

    def test_has_nothing_from_a_rejection_which_the_authority_lodged_with_adopts(self):
        assert self.sentence(filings=[{"number": "C1-01", "result": "rejected"}]) == "Presumed."

    def test_has_it_in_a_paragraph_of_its_own_where_each_controller_has_one(self):
        of = content(decision())
        of["filings"][0]["lead_sentence"] = "One: why.\n\nOther: why."
        [it] = with_results(of)["filings"]
        assert it["lead_sentence"].split("\n\n")[2].startswith("That the Swedish IMY gave")
