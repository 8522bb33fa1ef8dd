"""The figures as anybody reads them: as a page and as a table."""

import csv
import io
import threading

import html5lib
import pytest
from werkzeug.serving import make_server

from tests.figures import Public, invented, put
from tests.plugins.browser import axe
from tests.reader import Reader
from tests.web.conftest import TODAY, words_of
from tests.web.test_public import statements_for
from tracker.cli.setup import Handler
from tracker.web.public_figures import COLUMNS

CONFIRMED = (("acknowledged", "2024-01-11"),)


@pytest.fixture
def some(app, on_a_day):
    """Eight authorities with many filings, and one with too few."""
    put(invented(200, until=TODAY), each=2)
    put([Public(CONFIRMED, authority="pl-uodo")] * 2, first=900)


def lines(visitor: Reader) -> list[dict[str, str]]:
    """Return the table for readers, checked for its columns."""
    answer = visitor.get("/figures.csv")
    assert answer.mimetype == "text/csv"
    found = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(found[0]) == COLUMNS
    return found


class TestThePageOfFigures:
    def test_says_how_long_half_waited_with_limits_and_number(self, app, on_a_day, visitor: Reader):
        put([Public(CONFIRMED)] * 6 + [Public()] * 4)
        text = words_of(visitor.get("/figures").text)
        assert (
            "Half of the filings reached it within 10 days (with 95% confidence: at least 10 days)." in text
        )
        assert "10 filings of 10 cases: 6 reached it, 4 still waiting, 0 ended otherwise." in text
        assert "Counted until 22 November 2026" in text

    def test_says_how_long_nobody_had_it(self, app, on_a_day, visitor: Reader):
        put([Public(lodged="2025-11-22")] * 6)
        text = words_of(visitor.get("/figures").text)
        assert "Fewer than half of the filings reached it within 1 year" in text
        assert "not within 1 year" in text

    def test_names_no_figure_of_few(self, app, on_a_day, visitor: Reader):
        put([Public(CONFIRMED)] * 4)
        page = visitor.get("/figures").text
        assert "fewer than 5 filings (4)" in words_of(page) and "10 days" not in words_of(page)
        assert '<figure class="curve"' not in page and "No authority has 5 public filings" in words_of(page)

    def test_says_so_where_nothing_is_public(self, app, visitor: Reader):
        assert "no filings" in words_of(visitor.get("/figures").text)

    def test_says_what_is_left_out(self, app, on_a_day, visitor: Reader):
        put([Public(CONFIRMED)] * 5 + [Public(outcome="not_known"), Public(lodged="2024")])
        assert "result not known: 1 day not known: 1" in words_of(visitor.get("/figures").text)

    def test_has_a_row_for_each_authority_by_country(self, some, visitor: Reader):
        tree = html5lib.parse(visitor.get("/figures").text, namespaceHTMLElements=False)
        table = next(it for it in tree.iter("table") if "figures_table" in it.get("class", ""))
        names = ["".join(it.itertext()).strip() for it in table.findall(".//tbody/tr/th")]
        countries = [it.split(" · ")[1] for it in names]
        assert len(countries) == 8 and countries == sorted(countries)
        assert "1 more authority has a role" in words_of(visitor.get("/figures").text)

    def test_has_the_countries_in_the_order_of_its_language(self, some, visitor: Reader):
        tree = html5lib.parse(visitor.get("/de/figures").text, namespaceHTMLElements=False)
        table = next(it for it in tree.iter("table") if "figures_table" in it.get("class", ""))
        names = ["".join(it.itertext()).split(" · ")[1].strip() for it in table.findall(".//tbody/tr/th")]
        assert names[:2] == ["Frankreich", "Irland"] and names == sorted(names)

    def test_leads_from_each_measure_to_its_definition(self, some, visitor: Reader):
        tree = html5lib.parse(visitor.get("/figures").text, namespaceHTMLElements=False)
        ids = {it.get("id") for it in tree.iter()}
        links = [it.get("href") for it in tree.iter("a") if it.get("href", "").startswith("#definitions")]
        assert len(links) >= 5 and {it[1:] for it in links} <= ids

    def test_has_the_same_shares_in_the_picture_and_in_the_table_beside(self, some, visitor: Reader):
        tree = html5lib.parse(visitor.get("/figures").text, namespaceHTMLElements=False)
        curves = [it for it in tree.iter("figure") if it.get("class") == "curve"]
        pictures = [it for curve in curves for it in curve.iter() if it.get("aria-describedby")]
        ids = {it.get("id") for it in tree.iter("table")}
        assert len(pictures) == 4 and {it.get("aria-describedby") for it in pictures} <= ids
        assert all(it.get("role") == "img" and it.get("aria-label") for it in pictures)

    def test_needs_as_many_statements_for_much_as_for_little(
        self, app, on_a_day, public_app, visitor: Reader
    ):
        put(invented(10, until=TODAY), each=2)
        few = statements_for(public_app, visitor, "/figures", "/figures.csv")
        put(invented(1_000, until=TODAY), each=2, first=100)
        assert statements_for(public_app, visitor, "/figures", "/figures.csv") == few

    def test_is_small_for_much(self, app, on_a_day, visitor: Reader):
        put(invented(1_000, until=TODAY), each=2)
        assert len(visitor.get("/figures").data) < 90_000


class TestTheTableForReaders:
    def test_has_a_line_for_each_measure_of_all_and_of_each_authority(self, some, visitor: Reader):
        found = lines(visitor)
        assert len(found) == 4 * (1 + 8)
        assert [it["authority"] for it in found[:5]] == ["", "", "", "", "at-dsb"]

    def test_has_whole_days_and_nothing_where_nothing_is_told(self, app, on_a_day, visitor: Reader):
        put([Public(CONFIRMED)] * 6 + [Public(lead=None)] * 4)
        first, transfer, *_ = lines(visitor)
        assert (first["median_days"], first["median_earliest"], first["median_latest"]) == ("10", "10", "")
        assert (first["filings"], first["ended"], first["waiting"], first["stopped"]) == ("10", "6", "4", "0")
        assert (transfer["filings"], transfer["left_out_nobody_known"]) == ("6", "4")

    def test_says_why_there_is_no_figure(self, app, on_a_day, visitor: Reader):
        put([Public(CONFIRMED)] * 4)
        first, *_ = lines(visitor)
        assert (first["no_figure"], first["filings"], first["ended"]) == ("too_few", "4", "")


@pytest.fixture
def alone(public_app):
    """The public site by itself: the desk would take from it what nobody has cleared."""
    server = make_server("127.0.0.1", 0, public_app, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class TestTheFiguresInABrowser:
    @pytest.mark.parametrize("window", [{"width": 1280}, {"width": 360, "dark": True}], ids=["wide", "phone"])
    def test_shut_nobody_out(self, some, alone, open_page, window):
        page = open_page(alone, **window)
        page.goto("/figures")
        assert [f"{it}" for it in axe(page)] == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    def test_have_each_number_of_the_axis_beside_its_line(self, some, alone, open_page):
        page = open_page(alone)
        page.goto("/figures")
        frame = page.locator(".curve [data-part=frame]").first
        lines = frame.locator("svg [data-part=lines]").bounding_box()
        hundred, nought = (frame.locator("li").nth(it).bounding_box() for it in (0, 4))
        # The lines are as thick as their edges stand out.
        assert abs(hundred["y"] - lines["y"]) <= 2
        assert abs(nought["y"] - lines["y"] - lines["height"]) <= 2
