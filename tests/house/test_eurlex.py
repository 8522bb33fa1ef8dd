"""The law that a step rests on: every part of a basis leads to the official text, or to nowhere."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tracker.reference.authorities import directory
from tracker.reference.eurlex import article_url, parts
from tracker.reference.naming import readable
from tracker.rules import routing

GDPR = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
EPRIVACY = "https://eur-lex.europa.eu/eli/dir/2002/58/oj"
EUDPR = "https://eur-lex.europa.eu/eli/reg/2018/1725/oj"
PROCEDURE = "https://eur-lex.europa.eu/eli/reg/2025/2518/oj"


def links(basis: str) -> dict[str, str]:
    """Return the linked parts of a basis."""
    return {it.text: it.href for it in parts(basis) if it.href}


class TestABasis:
    @pytest.mark.parametrize(
        ("basis", "linked"),
        [
            pytest.param(
                "Art 4(16)(a), 56(1), § 19(1) BDSG",
                {"Art 4(16)(a)": f"{GDPR}#art_4", "56(1)": f"{GDPR}#art_56"},
                id="articles of the GDPR, national law not",
            ),
            pytest.param(
                "Art 56(2) to (5)", {"Art 56(2) to (5)": f"{GDPR}#art_56"}, id="a range of paragraphs"
            ),
            pytest.param("Art 6(1)(c) or (e)", {"Art 6(1)(c)": f"{GDPR}#art_6"}, id="another letter"),
            pytest.param(
                "Art 61 and 62 GDPR",
                {"Art 61": f"{GDPR}#art_61", "62": f"{GDPR}#art_62", "GDPR": GDPR},
                id="the GDPR by name",
            ),
            pytest.param(
                "Directive 2002/58 Art 5(3), 15a",
                {"Directive 2002/58": EPRIVACY, "Art 5(3)": EPRIVACY, "15a": EPRIVACY},
                id="an act before its articles",
            ),
            pytest.param(
                "Art 63 Regulation (EU) 2018/1725",
                {"Art 63": EUDPR, "Regulation (EU) 2018/1725": EUDPR},
                id="an act after its article",
            ),
            pytest.param(
                "Art 65(1)(b), Art 4(6) of Regulation (EU) 2025/2518",
                {
                    "Art 65(1)(b)": f"{GDPR}#art_65",
                    "Art 4(6)": PROCEDURE,
                    "Regulation (EU) 2025/2518": PROCEDURE,
                },
                id="each row of articles has its own act",
            ),
            pytest.param(
                "Directive 2016/680, Art 2(2)(d)",
                {
                    "Directive 2016/680": "https://eur-lex.europa.eu/eli/dir/2016/680/oj",
                    "Art 2(2)(d)": f"{GDPR}#art_2",
                },
                id="a comma parts an act from articles of another",
            ),
            pytest.param(
                "Regulation (EEC, Euratom) No 1182/71",
                {"Regulation (EEC, Euratom) No 1182/71": "https://eur-lex.europa.eu/eli/reg/1971/1182/oj"},
                id="periods",
            ),
            pytest.param(
                "C-645/19",
                {"C-645/19": "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:62019CJ0645"},
                id="a judgment",
            ),
            pytest.param(
                "Art 55(2), recital 128", {"Art 55(2)": f"{GDPR}#art_55", "recital 128": GDPR}, id="recital"
            ),
        ],
    )
    def test_leads_to_the_text_of_its_act(self, basis, linked):
        assert links(basis) == linked

    @pytest.mark.parametrize(
        "basis",
        [
            "§ 18(2), § 19(1) BDSG",
            "Art 57 LOPDGDD",
            "Art 127 of the withdrawal agreement",
            "Decision 154/2018 of the EEA Joint Committee",
            "EDPB Opinion 99/2030",
            "C-999/99",
            "Art 101",
            "Directive 95/46",
        ],
    )
    def test_leads_nowhere_where_no_address_is_certain(self, basis):
        assert links(basis) == {}

    def test_names_opinions_of_the_board_whose_page_is_known(self):
        assert "opinion-042024" in links("Art 4(16)(a), EDPB Opinion 04/2024")["EDPB Opinion 04/2024"]

    @given(
        st.text(alphabet="Art 0123456789()abc,;§-/GDPRCEU.Reg\N{EN DASH}", max_size=60) | st.text(max_size=40)
    )
    def test_is_whole_again_when_its_parts_are_put_together(self, basis):
        found = parts(basis)
        assert "".join(it.text for it in found) == basis
        assert all((it.href or "https://").startswith("https://") for it in found)

    def test_of_every_step_in_the_situations_leads_somewhere(self):
        file = Path(__file__).parents[1] / "rules" / "routing_vectors.yaml"
        for it in yaml.safe_load(file.read_text(encoding="utf-8")):
            facts = json.loads(json.dumps(it["facts"], default=str))  # YAML reads a day as one
            route = routing.route(routing.Facts.from_json(facts), directory())
            for step in route.steps:
                assert links(step.basis) or "§" in step.basis or "EDPB" in step.basis, step


def test_an_article_has_a_mark_in_the_gdpr_alone() -> None:
    assert article_url("2016/679", "56") == f"{GDPR}#art_56"
    assert article_url("2018/1725", "63") == EUDPR
    assert article_url("2016/679", "100") is None and article_url("1995/46", "1") is None


class TestATextOfTheRules:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param("GB leads in NL.", "The United Kingdom leads in the Netherlands.", id="states"),
            pytest.param(
                "in DE-BY and IE it is ie-dpc under the GDPR.",
                "In Bayern (Germany) and Ireland it is the Irish DPC under the GDPR.",
                id="a Land and an authority",
            ),
            pytest.param(
                "NO and IT (IS)", "Norway and Italy (Iceland)", id="codes that are words in small letters"
            ),
            pytest.param("No lead: it is so.", "No lead: it is so.", id="words that are codes in capitals"),
            pytest.param(
                "an SA of the EU, XX-YY, en-route", "An SA of the EU, XX-YY, en-route", id="other words"
            ),
            pytest.param("Art 4(23)(a), § 19 BDSG", "Art 4(23)(a), § 19 BDSG", id="provisions"),
            pytest.param("ePrivacy: in AT", "ePrivacy: in Austria", id="a word that begins small"),
            pytest.param("de-by-baylda.", "The German BayLDA.", id="a slug at the end of a sentence"),
        ],
    )
    def test_has_names_for_slugs_and_codes_and_for_nothing_else(self, text, said):
        assert readable(text) == said
