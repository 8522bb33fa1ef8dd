"""The answer of the route finder: that of the rules, without any store."""

from datetime import date

from tracker.rules import routing
from tracker.rules.vocabulary import Answer
from tracker.services import route_finder

DUBLIN = routing.Establishment("IE", ca=Answer.YES, decides=Answer.YES, implements=Answer.YES)


class TestAnAnswer:
    """No app runs here, so no store could be asked."""

    def test_is_that_of_the_rules_with_a_sentence(self):
        facts = routing.Facts(
            as_of=date(2026, 1, 5), lodged_with="at-dsb", establishments=(DUBLIN,), affected=("EEA",)
        )
        found = route_finder.find(facts)
        assert (found.route.lead, found.facts) == ("ie-dpc", facts)
        assert found.sentence.startswith("The Irish DPC leads: Ireland is the only EEA state")

    def test_leaves_open_what_the_facts_leave_open(self):
        found = route_finder.find(routing.Facts(as_of=date(2026, 1, 5)))
        assert found.route.lead is None and found.route.human
        assert found.sentence.startswith("It is not known who leads")
