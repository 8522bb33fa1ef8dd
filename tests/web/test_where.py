"""Where to lodge, as a page: per complainant, with a link that starts the lodging, and in the preview."""

import html
import re
from collections.abc import Callable

from tests.builders import ANN, DAY, DUBLIN, a_case, lodged
from tests.publishing import same_respondent
from tests.reader import Reader
from tracker.db import transaction
from tracker.reference.authorities import authorities
from tracker.services import cases, filings
from tracker.services.cases import NewComplainant, Respondent

Desk = Callable[[str], Reader]


def opened(*people: tuple[str, str | None]) -> None:
    """Open C001 for these people."""
    with transaction():
        a_case(complainants=tuple(NewComplainant(*it) for it in people))


def page_of(reader: Reader, address: str = "/desk/cases/C001/where") -> str:
    return html.unescape(reader.get(address).text)


def hrefs(page: str) -> list[str]:
    """Return the addresses of links that start the lodging with a choice."""
    return re.findall(r'href="([^"]*/lodge\?[^"]*)"', page)


class TestThePage:
    def test_names_authority_reason_ways_and_languages(self, app, desk: Desk):
        opened(("A", "BG"))
        page = page_of(desk("advocate"))
        for words in (
            "The complainant lives in Bulgaria",
            "only with a qualified electronic signature",
            "No online form is known.",
            "Bulgarian",
            "Also possible, not at a known place of Art 77(1)",
        ):
            assert words in page

    def test_explains_what_is_not_offered(self, app, desk: Desk):
        opened(("A", "CH"))
        page = page_of(desk("advocate"))
        assert "does not become a party" in page
        assert "FDPIC (EDÖB" not in page

    def test_says_that_the_case_names_no_complainant(self, app, desk: Desk):
        opened()
        assert "Art 80(2)" in page_of(desk("advocate"))

    def test_starts_the_lodging_for_all_and_says_who_is_left_out_and_why(self, app, desk: Desk):
        opened(("A", "AT"), ("B", "DE-HH"), ("C", "AT"), ("D", None))
        page = page_of(desk("advocate"))
        assert "Lodge with 2 authorities" in page
        assert "lodge for C afterwards" in page
        assert "can be named: D." in page

    def test_offers_lodging_to_those_only_who_may(self, app, desk: Desk):
        opened(("A", "AT"))
        page = page_of(desk("reader"))
        assert "The complainant lives in Austria" in page
        assert "/lodge" not in page

    def test_links_the_filing_where_the_complaint_lies_already(self, app, desk: Desk):
        opened(("A", "AT"), ("B", "FR"))
        with transaction():
            wanted = [filings.Wanted("at-dsb", "A")]
            filings.lodge_complaint(cases.get_case("C001"), wanted, lodged_on=DAY, by=ANN)
        page = page_of(desk("advocate"))
        assert 'lies there: <a href="/desk/filings/C001-01">C001-01</a>' in page
        assert "Lodge with 1 authority" in page, "for B alone"

    def test_takes_the_same_number_of_statements_for_any_number_of_people_and_filings(
        self, app, desk: Desk, statements
    ):
        reader = desk("advocate")
        counts = []
        for people, slugs in ((1, ["at-dsb"]), (30, [it.slug for it in authorities().values()][:40])):
            with transaction():
                case = a_case(
                    title=f"Example: {people}",
                    complainants=tuple(NewComplainant(f"P{it}", "AT") for it in range(people)),
                    respondents=same_respondent("C001") if counts else (Respondent(new=DUBLIN),),
                )
                lodged(case, *slugs)
            address = f"/desk/cases/{case.number}/where"
            reader.get(address)
            statements.clear()
            reader.get(address)
            counts.append(len(statements))
        assert counts[0] == counts[1]


class TestTheLinkThatStartsTheLodging:
    def test_ticks_its_authorities_and_keeps_its_complainants_in_the_preview(self, app, desk: Desk):
        opened(("A", "AT"), ("H", "AT"))
        reader = desk("advocate")
        first = hrefs(page_of(reader))[0]
        page = reader.get(first.partition("#")[0]).text
        assert re.search(r'value="at-dsb"[^>]*checked|checked[^>]*value="at-dsb"', page)
        assert "1 is ticked." in page
        assert 'name="complainant-at-dsb" value="A"' in page

    def test_leaves_out_what_is_no_authority_and_nobody_of_the_case(self, app, desk: Desk):
        opened(("A", "AT"))
        address = "/desk/cases/C001/lodge?authorities=xx-none&complainant-at-dsb=Mallory"
        page = desk("advocate").get(address).text
        assert "ticked." not in page
        assert "Mallory" not in page


class TestThePreview:
    def preview(self, desk: Desk, *slugs: str, **more: str) -> str:
        data = {"authorities": list(slugs), "lodged_on": "2024-06-06", "do": "preview", **more}
        return html.unescape(desk("advocate").post("/desk/cases/C001/lodge", data, status=200).text)

    def test_says_beside_each_authority_why_there_how_and_in_which_languages(self, app, desk: Desk):
        opened(("A", "AT"))
        page = self.preview(desk, "at-dsb")
        assert "The complainant lives in Austria (Art 77(1))" in page
        assert "Online form, e-mail or letter; German" in page

    def test_says_what_to_do_about_another_authority_once_and_marks_each(self, app, desk: Desk):
        opened(("A", "AT"))
        page = self.preview(desk, "at-dsb", "fr-cnil", "es-aepd", complainant="A")
        assert page.count("give the reason for this choice in the complaint") == 1
        assert page.count("At no known place of Art 77(1)") == 2
        assert "C001-02, C001-03: The authority" in page


class TestThePageOfAnAuthority:
    def test_says_how_it_takes_complaints_in_the_same_words_inside_and_outside(
        self, public, desk: Desk, visitor
    ):
        for page in (
            desk("advocate").get("/desk/authorities/fr-cnil").text,
            visitor.get("/authorities/fr-cnil").text,
        ):
            assert "Online form:" in page
            assert "No address for complaints by e-mail is listed." in page
