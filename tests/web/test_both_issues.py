"""A complaint under the GDPR and the ePrivacy rules at once: one route for each issue, kept and shown."""

from collections.abc import Callable

import pytest

from tests.reader import Reader
from tests.web.conftest import words_of
from tests.web.test_further_facts import CONTROLLERS, FIRST
from tracker.models import Case
from tracker.services import cases, filings

Desk = Callable[[str], Reader]


def issues(number: str) -> list[str]:
    """Return the issues of the routes of a filing that count."""
    return sorted(it.issue for it in filings.get_filing(number).routes)


def say(reader: Reader, **said: str) -> None:
    """Say something of the first controller."""
    typed = {f"{FIRST}{name}": value for name, value in said.items()}
    reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **typed, "do": "save"})


class TestBothIssues:
    def test_have_a_route_each_for_every_filing_and_keep_it(self, case: Case, desk: Desk):
        reader = desk("advocate")
        say(reader, issues="gdpr eprivacy")
        assert all(issues(it.number) == ["eprivacy", "gdpr"] for it in cases.get_case("C001").filings)
        say(reader, affected="FR, AT")
        assert all(issues(it.number) == ["eprivacy", "gdpr"] for it in cases.get_case("C001").filings)

    def test_are_one_again_when_somebody_says_so(self, case: Case, desk: Desk):
        reader = desk("advocate")
        say(reader, issues="gdpr eprivacy")
        say(reader, issues="gdpr")
        assert issues("C001-01") == ["gdpr"]

    def test_are_lodged_against_a_controller_that_is_named_once(self, case: Case, desk: Desk):
        reader = desk("advocate")
        say(reader, issues="gdpr eprivacy")
        lodge = {"lodged_on": "2024-06-06", "authorities": "it-garante"}
        reader.post("/desk/cases/C001/lodge", {**lodge, "do": "preview"}, status=200)
        reader.post("/desk/cases/C001/lodge", {**lodge, "do": "lodge"})
        assert issues("C001-04") == ["eprivacy", "gdpr"]
        assert len(filings.get_filing("C001-04").controllers) == 1

    @pytest.mark.parametrize("said", ["gdpr eprivacy", "eprivacy"])
    def test_are_shown_on_every_page(self, case: Case, desk: Desk, said: str):
        reader = desk("advocate")
        say(reader, issues=said)
        for address in ("/desk/filings/C001-01", "/desk/filings/C001-01/route", "/desk/cases/C001"):
            reader.get(address)
        assert "2002/58" in reader.get("/desk/filings/C001-01").text

    def test_are_told_apart_in_the_list_of_filings_and_where_they_are_explained(self, case: Case, desk: Desk):
        reader = desk("advocate")
        assert "ePrivacy" not in words_of(reader.get("/desk/cases/C001").text)
        say(reader, issues="gdpr eprivacy")
        page = words_of(reader.get("/desk/cases/C001").text)
        assert page.count("ePrivacy: no lead; CNIL · France decides") == 1
        page = reader.get("/desk/filings/C001-02/route").text
        assert ">Under the GDPR</h2>" in page and ">Under ePrivacy law</h2>" in page
