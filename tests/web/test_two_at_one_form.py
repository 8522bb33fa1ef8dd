"""Two people change a case at once: what one of them left alone is never taken back by saving."""

import json
from collections.abc import Callable

import pytest

from tests.reader import Reader
from tracker.db import transaction
from tracker.models import Case, Claim
from tracker.rules.vocabulary import Answer
from tracker.services import cases
from tracker.web.forms import merging

Desk = Callable[[str], Reader]
AMEND = "/desk/cases/C001/amend"
CONTROLLERS = "/desk/cases/C001/controllers"
DUBLIN = "respondents-0-establishments-0-"


def told() -> tuple[object, ...]:
    """Return what the case says of itself."""
    it = cases.get_case("C001")
    claims = [(each.provision, each.conduct, each.measure) for each in it.claims]
    return (
        it.title,
        it.summary,
        it.facts.iso,
        claims,
        [(one.pseudonym, one.residence) for one in it.complainants],
    )


class TestSavingAfterSomebodyElse:
    def test_keeps_what_the_other_changed_and_this_one_left_alone(self, case: Case, desk: Desk):
        reader = desk("advocate")
        shown = {**reader.fields(AMEND), "do": "save"}
        theirs = {
            "summary": "Theirs.",
            "facts": "2024-05",
            "claims-0-conduct": "Theirs too.",
            "claims-1-provision": "13",
            "complainants-0-residence": "DE-BY",
        }
        reader.post(AMEND, {**shown, **theirs})
        mine = {**shown, "title": "Mine", "complainants-1-pseudonym": "Bea", "claims-1-provision": "14"}
        page = reader.post(AMEND, mine, status=409).text
        reader.post(AMEND, {**reader.filled(page), "do": "save"})
        assert told() == (
            "Mine",
            "Theirs.",
            "2024-05",
            [("6(1)(f)", "Theirs too.", None), ("13", None, None), ("14", None, None)],
            [("A", "DE-BY"), ("Bea", "FR")],
        )

    def test_shows_both_where_both_changed_one_thing_and_keeps_this_one_in_the_form(
        self, case: Case, desk: Desk
    ):
        reader = desk("advocate")
        shown = {**reader.fields(AMEND), "do": "save"}
        reader.post(AMEND, {**shown, "title": "Theirs"})
        page = reader.post(AMEND, {**shown, "title": "Mine"}, status=409)
        assert "Theirs" in page.text and reader.filled(page.text)["title"] == "Mine"

    def test_does_not_bring_back_what_the_other_took_out(self, case: Case, desk: Desk):
        reader = desk("advocate")
        reader.post(AMEND, {**reader.fields(AMEND), "claims-1-provision": "13", "do": "save"})
        shown = {**reader.fields(AMEND), "do": "save"}
        reader.post(AMEND, {**shown, "claims-1-out": "y"})
        page = reader.post(AMEND, {**shown, "title": "Mine"}, status=409).text
        reader.post(AMEND, {**reader.filled(page), "do": "save"})
        assert told()[3] == [("6(1)(f)", None, None)] and told()[0] == "Mine"

    def test_keeps_as_a_new_one_what_was_changed_here_and_taken_out_there(self, case: Case, desk: Desk):
        reader = desk("advocate")
        reader.post(AMEND, {**reader.fields(AMEND), "claims-1-provision": "13", "do": "save"})
        shown = {**reader.fields(AMEND), "do": "save"}
        reader.post(AMEND, {**shown, "claims-1-out": "y"})
        page = reader.post(AMEND, {**shown, "claims-1-conduct": "Said here."}, status=409).text
        reader.post(AMEND, {**reader.filled(page), "do": "save"})
        assert told()[3][1] == ("13", "Said here.", None)

    @pytest.mark.parametrize("before", ["", "x", "[]", "[" * 100_000, '{"claims": 7, "title": {}}'])
    def test_keeps_what_was_typed_where_nobody_knows_what_was_shown(self, case: Case, desk: Desk, before):
        reader = desk("advocate")
        shown = {**reader.fields(AMEND), "do": "save"}
        reader.post(AMEND, {**shown, "title": "Theirs"})
        page = reader.post(AMEND, {**shown, "title": "Mine", "before": before}, status=409).text
        assert reader.filled(page)["title"] == "Mine"

    def test_keeps_what_the_other_said_of_the_controllers(self, case: Case, desk: Desk):
        reader = desk("advocate")
        shown = {**reader.fields(CONTROLLERS), "do": "save"}
        theirs = {
            "respondents-0-affected": "FR",
            f"{DUBLIN}since": "2011-01-01",
            "respondents-0-establishments-1-place": "NL",
        }
        reader.post(CONTROLLERS, {**shown, **theirs})
        mine = {
            f"{DUBLIN}decides": "no",
            "respondents-0-decided_outside_eea": "yes",
            "respondents-0-establishments-1-place": "Spain",
        }
        page = reader.post(CONTROLLERS, {**shown, **mine}, status=409).text
        reader.post(CONTROLLERS, {**reader.filled(page), "do": "save"})
        [it] = cases.get_case("C001").controllers
        assert it.affected == ["FR"] and it.processing["decided_outside_eea"] == "yes"
        assert it.processing["decides"] == {"IE": "no"}
        found = {each.place: each for each in it.controller.establishments}
        assert sorted(found) == ["ES", "IE", "NL"]
        assert found["IE"].since.year == 2011 and found["IE"].central is Answer.YES


class TestALargeCase:
    @pytest.fixture
    def many(self, case: Case) -> None:
        """A case with more claims than the form takes, from a file."""
        with transaction():
            cases.get_case("C001").claims += [Claim(position=it, provision="12") for it in range(1, 61)]

    def test_can_be_changed_as_it_stands(self, many: None, desk: Desk):
        reader = desk("advocate")
        reader.post(AMEND, {**reader.fields(AMEND), "title": "Large", "do": "save"})
        assert told()[0] == "Large" and len(told()[3]) == 61

    def test_has_no_room_for_more(self, many: None, desk: Desk):
        reader = desk("advocate")
        sent = reader.fields(AMEND)
        page = reader.post(AMEND, {**sent, "do": "more-claims"}, status=200).text
        assert "There is no room for more: at most 60 claims are possible." in page
        page = reader.post(AMEND, {**sent, "claims-61-provision": "13", "do": "save"}, status=422).text
        assert "At most 60 claims are possible, not 62" in page


class TestWhatTheFormShowed:
    def test_is_read_back_as_it_was_written(self):
        shown = {"title": "é “x”", "claims": [{"key": 7, "conduct": None}]}
        assert merging.read(merging.written(shown)) == {
            "title": "é “x”",
            "claims": [{"key": 7, "conduct": ""}],
        }
        assert merging.read(json.dumps([1])) == {}
