"""Why this lead, at the desk: answer, facts, steps with their articles, changes, and every earlier run."""

import re
from collections.abc import Callable

import html5lib
import pytest

from tests.builders import DUBLIN, a_case, lodged
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import db, transaction
from tracker.rules.further_facts import FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import cases, filings, filings_runs, routing
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment

Desk = Callable[[str], Reader]
WHY = "/desk/filings/C001-01/route"


def decided(number: str = "C001", **places: Answer) -> None:
    """Say of the first controller of a case where it decides, and route its filings again."""
    with transaction():
        respondent = cases.get_case(number).controllers[0]
        respondent.processing = Processing(decides=dict(places)).to_json()
        db.session.flush()
        routing.route_cases_against({respondent.controller_id})


class TestThePage:
    def test_answers_first_then_gives_facts_and_steps(self, case, desk: Desk):
        text = words_of(desk("reader").get(WHY).text)
        answer, facts, steps, concerned = (
            text.index(it)
            for it in (
                "The Irish DPC leads",
                "The facts used",
                "Step by step",
                "Concerned authorities by ground",
            )
        )
        assert answer < facts < steps < concerned
        assert "Who handles it DPC · Ireland" in text and "A person has to look No" in text

    def test_names_authorities_and_countries_and_no_codes(self, case, desk: Desk):
        page = desk("reader").get(WHY).text
        (main,) = re.findall(r"(?s)<main.*?</main>", page)
        words = words_of(f"<body>{main}</body>")
        assert "the Irish DPC" in words and not re.search(r"\b(ie-dpc|at-dsb|fr-cnil)\b", words)
        assert not re.search(r"\b(IE|AT|FR|LEAD_\w+|OSS_60|W_\w+)\b", words)

    def test_leads_to_the_text_of_each_article(self, case, desk: Desk):
        page = desk("reader").get(WHY).text
        for article in ("art_4", "art_55", "art_56"):
            assert f'href="https://eur-lex.europa.eu/eli/reg/2016/679/oj#{article}"' in page

    def test_says_what_is_not_known_and_where_each_fact_comes_from(self, case, desk: Desk):
        text = words_of(desk("advocate").get(WHY).text)
        assert "Complainant works in not known case C001" in text
        assert "Day of assessment 6 June 2024 filing C001-01" in text

    def test_says_of_the_people_affected_where_they_were_only_presumed(self, case, desk: Desk):
        assert "presumed from the filings" not in words_of(desk("reader").get(WHY).text)
        with transaction():
            cases.get_case("C001").controllers[0].affected_presumed = True
        text = words_of(desk("reader").get(WHY).text)
        assert re.search(r"People substantially affected in [^.]{1,60} presumed from the filings", text)

    def test_says_what_a_person_has_to_look_at(self, case, desk: Desk):
        decided(IE=Answer.UNKNOWN)
        text = words_of(desk("reader").get(WHY).text)
        assert "A person has to look Yes: it is not known whether a single establishment" in text

    def test_leads_whoever_may_correct_a_fact_to_its_place(self, case, desk: Desk):
        wanted = 'href="/desk/cases/C001/controllers"'
        assert wanted in desk("advocate").get(WHY).text
        assert wanted not in desk("reader").get(WHY).text

    def test_lists_the_concerned_authorities_by_ground(self, case, desk: Desk):
        tree = html5lib.parse(desk("reader").get(WHY).text, namespaceHTMLElements=False)
        (table,) = [it for it in tree.iter("table") if "route_concerned" in it.get("class", "")]
        rows = {
            "".join(row.find("th").itertext())[:3]: ["".join(it.itertext()) for it in row.iter("li")]
            for row in table.findall(".//tbody/tr")
        }
        assert list(rows) == ["(b)", "(c)"], "the only establishment is that of the lead"
        assert len(rows["(b)"]) == 28 and rows["(c)"] == ["DSB · Austria", "CNIL · France"]

    def test_says_of_a_warning_what_to_do(self, case, desk: Desk):
        decided(IE=Answer.UNKNOWN)
        text = words_of(desk("reader").get(WHY).text)
        assert "Warnings" in text and "What to do: Look for it in the privacy notice" in text

    def test_knows_small_letters_in_its_address(self, case, desk: Desk):
        answer = desk("reader").call("GET", "/desk/filings/c001-01/route?number=C001-02&run=5")
        assert (answer.status_code, answer.location) == (301, f"{WHY}?run=5")

    def test_needs_no_more_statements_for_many_runs(self, case, desk: Desk, statements):
        reader = desk("reader")
        decided(IE=Answer.UNKNOWN)  # and it waits to be confirmed, before and after
        reader.get(WHY)
        statements.clear()
        reader.get(WHY)
        few = len(statements)
        for answer in (Answer.NO, Answer.YES, Answer.UNKNOWN):
            decided(IE=answer)
        statements.clear()
        assert "All runs 5" in words_of(reader.get(WHY).text)
        assert len(statements) == few


class TestAContestedLead:
    @pytest.fixture
    def contested(self, app):
        twofold = NewController(
            name="Twofold Example SE",
            establishments=(NewEstablishment("IE", central=Answer.YES), NewEstablishment("NL")),
        )
        said = Processing(decides={"IE": Answer.YES, "NL": Answer.YES})
        respondents = (
            Respondent(new=twofold, affected=("EEA",), processing=said),
            Respondent(new=NewController(name="Unknown Example Inc")),
        )
        with transaction():
            lodged(a_case(respondents=respondents), "at-dsb")

    def test_says_so_and_why_each_candidate_is_one(self, contested, desk: Desk):
        text = words_of(desk("lawyer").get(WHY).text)
        assert "Open. It is not settled who leads" in text and "Who leads not known" in text
        assert "DPC · Ireland An establishment in Ireland (head office: yes, decides: yes" in text
        assert (
            "AP · Netherlands An establishment in Netherlands (head office: not known, decides: yes" in text
        )

    def test_has_a_part_for_each_controller_with_a_table_of_contents(self, contested, desk: Desk):
        page = desk("lawyer").get(WHY).text
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        (contents,) = [it for it in tree.iter("nav") if it.get("class") == "contents"]
        links = {"".join(it.itertext()).strip(): it.get("href") for it in contents.iter("a")}
        assert list(links) == ["Twofold Example SE", "Unknown Example Inc"]
        ids = {it.get("id") for it in tree.iter()}
        assert all(href.removeprefix("#") in ids for href in links.values())
        assert "Establishments: not known." in words_of(page)


class TestARunAfterAFactChanged:
    @pytest.fixture
    def changed(self, app):
        two = NewController(
            name=DUBLIN.name, establishments=(*(DUBLIN.establishments or ()), NewEstablishment("NL"))
        )
        said = Processing(decides={"IE": Answer.YES, "NL": Answer.NO})
        with transaction():
            lodged(a_case(respondents=(Respondent(new=two, affected=("EEA",), processing=said),)), "at-dsb")
        decided(IE=Answer.NO, NL=Answer.YES)

    def test_says_what_changed_in_result_facts_and_steps(self, changed, desk: Desk):
        text = words_of(desk("lawyer").get(WHY).text)
        assert "The Dutch AP leads" in text and "Changes since the run before" in text
        assert "Lead DPC · Ireland AP · Netherlands" in text
        assert "Ireland: decides yes no" in text
        assert "Main establishment The decisions on this processing are taken in Ireland" in text

    def test_stands_beside_the_older_one_which_can_still_be_read(self, changed, desk: Desk):
        reader = desk("reader")
        page = reader.get(WHY).text
        assert "All runs 2" in words_of(page)
        (older,) = set(re.findall(r'href="(/desk/filings/C001-01/route\?run=\d+)"', page))
        text = words_of(reader.get(older).text)
        assert "This is an earlier run" in text and "The Irish DPC leads" in text
        assert "What holds now" in text and "Changes since the run before" not in text

    @pytest.mark.parametrize("run", ["1", "0", "-1", "x", "9" * 30, "", "½"])
    def test_is_found_by_its_own_key_alone(self, changed, desk: Desk, run):
        desk("reader").get(f"{WHY}?run={run}", 404)

    def test_is_none_of_another_filing(self, changed, desk: Desk):
        with transaction():
            lodged(cases.get_case("C001"), "fr-cnil")
        (other,) = filings_runs.runs_of(filings.get_filing("C001-02"))
        desk("reader").get(f"{WHY}?run={other.runs[0].id}", 404)


class TestAnIssueThatIsNotAskedAnyMore:
    def test_is_shown_as_ended(self, case, desk: Desk):
        with transaction():
            respondent = cases.get_case("C001").controllers[0]
            respondent.processing = Processing(further=FurtherFacts(issues=("eprivacy",))).to_json()
            db.session.flush()
            routing.route_cases_against({respondent.controller_id})
        text = words_of(desk("reader").get(WHY).text)
        assert text.count("the complaint is not about this issue now") == 1
        assert text.index("holds now") < text.index("the complaint is not about this issue now")


class TestTheSameInShort:
    def test_stands_on_the_page_of_the_filing_with_the_way_to_all_of_it(self, case, desk: Desk):
        page = desk("reader").get("/desk/filings/C001-01").text
        assert "The Irish DPC leads" in page and f'href="{WHY}"' in page

    def test_is_a_link_beside_each_filing_of_a_case(self, case, desk: Desk):
        page = desk("reader").get("/desk/cases/C001").text
        for number in ("C001-01", "C001-02", "C001-03"):
            assert f'<a class="why" href="/desk/filings/{number}/route">' in page

    def test_gives_the_reason_on_the_line_where_filings_differ(self, case, desk: Desk):
        page = desk("reader").get("/desk/cases/C001").text
        assert 'data-part="reason"' not in page, "what is the same for all is said once"
        with transaction():
            filing = filings.get_filing("C001-01")
            run = next(it for it in filing.routes if it.current)
            run.result = {**run.result, "reason": "UNDETERMINED_PRESUMED_CA", "cross_border": None}
        assert 'data-part="reason"' in desk("reader").get("/desk/cases/C001").text

    def test_is_folded_under_its_sentence_in_the_preview_of_a_lodging(self, case, desk: Desk):
        data = {"authorities": ["es-aepd", "it-garante"], "lodged_on": "2024-06-06", "do": "preview"}
        page = desk("advocate").post("/desk/cases/C001/lodge", data, status=200).text
        assert page.count("Step by step, with the articles, as for C001-04") == 1
        assert "The authority for private bodies in Ireland is the Irish DPC" in page
