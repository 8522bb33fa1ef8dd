"""The words of a route on a page: every fact and every code has some, and thirty authorities take one row."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from tracker.reference.authorities import directory
from tracker.rules import routing
from tracker.rules.routing import Establishment, Facts, Procedure, Reason
from tracker.rules.routing.differences import differences
from tracker.rules.routing.facts import FACT_KEYS, ISSUES, PUBLIC_LEVELS, ROLES, SUBJECTS
from tracker.rules.vocabulary import Answer
from tracker.services import route_finder
from tracker.web import route_words
from tracker.web.route_shown import Shown, shown

FACTS = Facts(
    as_of=date(2026, 1, 5),
    lodged_with="at-dsb",
    establishments=(Establishment("IE", ca=Answer.YES, decides=Answer.YES, implements=Answer.YES),),
    affected=("EEA",),
)


def of(facts: Facts) -> Shown:
    found = route_finder.find(facts)
    return shown(facts, found.route, found.sentence, lambda slug: f"/{slug}")


def compared(before: Facts, after: Facts) -> dict[str, list[dict[str, str]]]:
    runs = [(it, routing.route(it, directory())) for it in (before, after)]
    return route_words.difference_rows(differences(runs[0], runs[1]))


class TestAFact:
    def test_has_words_whichever_it_is(self):
        assert set(FACT_KEYS) == set(route_words.FACTS)

    def test_has_words_for_each_of_its_values(self):
        assert set(ROLES) == set(route_words.ROLES) and set(SUBJECTS) == set(route_words.SUBJECTS)
        assert set(ISSUES) == set(route_words.ISSUES) and set(PUBLIC_LEVELS) == set(route_words.LEVELS)

    def test_that_is_not_known_is_said_to_be_so_and_never_no(self):
        told = {it.label: it for it in of(Facts(as_of=date(2026, 1, 5))).facts}
        for key in ("complainant_residence", "decided_outside_eea", "targets_eea", "affected"):
            it = told[route_words.FACTS[key]]
            assert (it.value, it.known) == ("not known", False)
        assert of(replace(FACTS, establishments=None)).no_places == "not known"
        assert of(replace(FACTS, establishments=())).no_places == "none in the EEA"

    def test_that_is_nearly_always_the_same_is_said_only_where_it_is_not(self):
        usual = {it.label for it in of(FACTS).facts}
        media = {it.label for it in of(replace(FACTS, media_art85=Answer.UNKNOWN)).facts}
        assert media - usual == {"Media, for journalism (Art 85)"}


class TestACode:
    @pytest.mark.parametrize("code", [*Procedure, *Reason])
    def test_never_comes_to_the_page(self, code):
        for key in ("procedure", "reason"):
            if isinstance(code, Procedure) == (key == "procedure"):
                assert "_" not in route_words._of_the_result(key, code.value)

    @pytest.mark.parametrize("file", ["routing_vectors.yaml", "routing_situations.yaml"])
    def test_of_a_situation_never_comes_to_the_page(self, file):
        for it in yaml.safe_load((Path(__file__).parents[1] / "rules" / file).read_text("utf-8")):
            page = of(Facts.from_json(json.loads(json.dumps(it["facts"], default=str))))
            texts = [page.sentence, page.certainty, *(each.value for each in page.facts)]
            texts += [each.text for each in page.steps] + [each.why for each in page.candidates]
            texts += [value for _, value in page.answer if isinstance(value, str)]
            for text in texts:
                assert "_" not in text, (it["id"], text)
                assert not any(slug in text.split() for slug in directory().place_of), (it["id"], text)


class TestHowSureAnAnswerIs:
    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            pytest.param(FACTS, "Certain on these facts.", id="all known"),
            pytest.param(replace(FACTS, affected=None), "Presumed.", id="a lead that may change"),
            pytest.param(replace(FACTS, establishments=None), "Open.", id="no lead named"),
            pytest.param(
                replace(FACTS, establishments=(Establishment("IE", decides=Answer.NO),)),
                "Disputed.",
                id="a single establishment that decides nothing",
            ),
            pytest.param(replace(FACTS, church_art91=Answer.YES), "A person has to look.", id="a church"),
            pytest.param(replace(FACTS, subject="court_judicial"), "Certain on these facts.", id="a court"),
        ],
    )
    def test_is_said_first(self, facts, words):
        assert of(facts).certainty == words


class TestWhatChanged:
    def test_for_thirty_authorities_in_the_same_way_takes_one_row(self):
        rows = compared(FACTS, replace(FACTS, affected=("AT", "FR")))["result"]
        (gone,) = [it for it in rows if it["label"].startswith("Concerned: ")]
        assert gone["label"] == "Concerned: 26 authorities" and gone["left"] == "people affected"
        assert gone["right"].startswith("not concerned: ") and "AP · Netherlands" in gone["right"]

    def test_is_told_in_words_on_both_sides(self):
        moved = (replace(FACTS.establishments[0], decides=Answer.NO), Establishment("NL", decides=Answer.YES))
        rows = compared(FACTS, replace(FACTS, establishments=moved, complainant_residence="DE-BY"))
        assert ("Ireland: decides", "yes", "no") in [
            (it["label"], it["left"], it["right"]) for it in rows["facts"]
        ]
        told = {it["label"]: (it["left"], it["right"]) for it in rows["facts"]}
        assert told["Complainant lives in"] == ("not known", "Germany, Bayern")
        assert told["Establishment in Netherlands"][0] == "none there"
        texts = [side for group in rows.values() for it in group for side in (it["left"], it["right"])]
        assert not any("_" in it or "None" in it for it in texts), texts

    def test_about_a_step_that_was_not_asked_says_so(self):
        rows = compared(FACTS, replace(FACTS, establishments=None))["steps"]
        assert "not asked" in {it["right"] for it in rows} and "not asked" in {it["left"] for it in rows}
