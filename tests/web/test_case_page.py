"""The head of a case: what its filings have in common, said once."""

from types import SimpleNamespace

import pytest

from tracker.rules.days import Day
from tracker.rules.routing import Procedure, Reason, plain
from tracker.rules.vocabulary import Outcome
from tracker.web.desk.case_page import case_status, readable

PENDING, WON, LOST = Outcome.PENDING, Outcome.WON, Outcome.LOST


def status(*outcomes: Outcome) -> str:
    """Return the head of a case whose filings have these outcomes."""
    filings = [SimpleNamespace(outcome=it, lodged_on=Day.parse("2024-06-06").value) for it in outcomes]
    told = [SimpleNamespace(sentence="Lodged; pending for a year.", mark="open") for _ in outcomes]
    said = case_status(SimpleNamespace(filings=filings), told)
    return f"{said['words']} {said['sentence']}".strip().partition(" First lodged on 6 June 2024")[0]


class TestTheHeadOfACase:
    @pytest.mark.parametrize(
        ("outcomes", "words"),
        [
            ((), "Not lodged anywhere yet."),
            ((PENDING,), "Lodged; pending for a year."),
            ((PENDING, PENDING), "Pending. 2 filings."),
            ((PENDING, WON, PENDING, LOST), "2 of 4 filings are pending. The others: 1 won, 1 lost."),
            ((WON, LOST, WON), "Ended. 3 filings: 2 won, 1 lost."),
        ],
    )
    def test_says_how_many_are_pending_and_how_the_others_ended_each_once(self, outcomes, words):
        assert status(*outcomes) == words


class TestTheCodesOfARoute:
    @pytest.mark.parametrize("code", [*Procedure, *Reason, "4(23)(a)", "4(23)(b)", "none", None])
    def test_have_plain_words(self, code):
        assert plain(code) and "_" not in plain(code)

    def test_are_names_in_the_steps(self):
        assert readable("In DE-BY and IE it is ie-dpc under the GDPR.") == (
            "In Germany (DE-BY) and Ireland it is DPC (Ireland) under the GDPR."
        )
