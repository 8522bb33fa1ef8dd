"""What is wrong with a decision that is typed at the desk: told in its row, with nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.reader import Reader
from tests.web.test_decisions import NEW, drafted, preview, recorded, stands, typed
from tracker.rules.vocabulary import Outcome

Desk = Callable[[str], Reader]


def wrong(reader: Reader, address: str = NEW, **values: Any) -> Callable[[str], str]:
    """Send a decision that is refused; return what the page says beside a field, by the id of the field."""
    page = reader.post(address, typed(reader, address, **values), status=422).text

    def beside(field: str) -> str:
        return page.partition(f'id="{field}-error"')[2].partition("</p>")[0]

    return beside


class TestAnException:
    def test_that_says_only_a_finding_is_not_lost_in_silence(self, case, desk: Desk):
        drafted()
        beside = wrong(desk("advocate"), **{"differing-1-finding": "rejected"})
        assert "Choose the filing of which this is said" in beside("differing-1-filing")

    def test_that_says_a_claim_twice_is_marked_itself(self, case, desk: Desk):
        drafted()
        one = {"filing": "C001-01", "claim": str(case.claims[0].id)}
        each = {f"differing-{row}-{name}": value for row in (0, 1) for name, value in one.items()}
        found = {"differing-0-finding": "upheld", "differing-1-finding": "rejected"}
        beside = wrong(desk("advocate"), **each, **found)
        assert "two findings on the claim" in beside("differing-1-claim")
        assert not beside("differing-0-claim")

    def test_on_a_filing_without_a_result_says_what_to_do(self, case, desk: Desk):
        drafted()
        row = {"filing": "C001-02", "claim": str(case.claims[0].id), "finding": "upheld"}
        beside = wrong(desk("advocate"), **{f"differing-0-{name}": value for name, value in row.items()})
        assert "give it a result above, or empty the row" in beside("differing-0-claim")


class TestAResult:
    @pytest.mark.parametrize(
        ("result", "words"), [("open", "upholds or rejects"), ("annulled", "only a court confirms or annuls")]
    )
    def test_that_does_not_go_with_the_type_is_marked_at_its_filing(self, case, desk: Desk, result, words):
        drafted()
        beside = wrong(desk("advocate"), **{"results-1-result": result})
        assert words in beside("results-1-result") and not beside("results-0-result")


class TestAFine:
    def test_of_nothing_is_none(self, case, desk: Desk):
        drafted()
        beside = wrong(desk("advocate"), **{"fines-0-amount": "0", "fines-0-currency": "EUR"})
        assert "A fine of nothing is none" in beside("fines-0-amount")


class TestTwoPeople:
    def test_who_correct_one_decision_are_told_before_the_second_reads_a_plan(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        address = f"/desk/decisions/{recorded(reader)}/correct"
        late = {**reader.fields(address), "summary": "What the second one typed.", "do": "preview"}
        recorded(reader, address, ecli="ECLI:IE:X:2024:1")
        page = reader.post(address, late, form=NEW, status=422).text
        assert "was corrected already, by decision" in page and "What the second one typed." in page
        assert 'id="plan"' not in page


class TestAJudgmentThatAnnuls:
    def test_says_that_the_filing_is_pending_again_before_and_after(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        first = recorded(reader)
        judgment = {
            "type": "judgment",
            "decided_by": "High Court",
            "decided": "2024-10-02",
            "results-0-result": "annulled",
        }
        page, form = preview(reader, **judgment)
        assert "pending" in page.split('id="plan"')[1].split("</table>")[0]
        shown = reader.get(
            reader.post(NEW, {**form, "irregular": "Meta appealed.", "do": "record"}).location
        ).text
        assert "pending" in shown.split('id="filings"')[1].split("</table>")[0]
        assert stands()[1] is Outcome.PENDING
        assert (
            "Later, before a court: High Court, 2 October 2024" in reader.get(f"/desk/decisions/{first}").text
        )
