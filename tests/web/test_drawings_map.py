"""The map of Europe: who is on it, what can be hit, and what it says."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.web import pictured
from tests.web.pictured import ELEVEN, eleven_states, every_state, state
from tracker.reference.map_points import HEIGHT, WIDTH, map_points
from tracker.reference.places import EEA
from tracker.web.drawings import map

FILE = Path(__file__).resolve().parents[2] / "static" / "map.svg"
#: A phone of 360 px shows the map on this many.
PHONE = 328
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(FILE.read_text(encoding="utf-8"))  # noqa: S314 - our own file


class TestTheFile:
    def test_has_an_outline_for_every_state_that_has_a_place_on_the_map(self, drawn):
        outlines = {it.get("id"): it.get("d") for it in drawn.findall(f"{SVG}g/{SVG}path")}
        assert set(outlines) == set(map_points())
        assert all(re.fullmatch(r"(M[\d.]+ [\d.]+l[-\d. ]+z)+", it) for it in outlines.values())

    def test_has_the_frame_that_marks_are_placed_in(self, drawn):
        assert drawn.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"

    def test_brings_no_style_and_no_script(self, drawn):
        assert {it.tag for it in drawn.iter()} <= {f"{SVG}{it}" for it in ("svg", "g", "path")}
        assert not [it for it in drawn.iter() if it.get("style") or it.get("class")]

    def test_draws_cyprus_as_one(self, drawn):
        [cyprus] = [it.get("d") for it in drawn.iter() if it.get("id") == "CY"]
        assert cyprus.count("M") == 1

    @pytest.mark.parametrize("code", ["LI", "LU", "MT"])
    def test_keeps_the_form_of_the_smallest_states(self, drawn, code):
        [outline] = [it.get("d") for it in drawn.iter() if it.get("id") == code]
        assert len(re.findall(r"-?\d+(?:\.\d+)?", outline)) >= 12


class TestMarks:
    def test_stand_in_every_state_of_the_eea(self):
        assert set(map_points()) == {*EEA, "CH", "GB"}

    def test_can_be_hit_with_a_finger_on_a_phone(self):
        assert 2 * map.RADIUS * PHONE / WIDTH >= 24

    def test_touch_nowhere_though_states_are_small(self):
        points = list(map_points().values())
        close = [
            (one.code, two.code)
            for at, one in enumerate(points)
            for two in points[at + 1 :]
            if (one.mark_x - two.mark_x) ** 2 + (one.mark_y - two.mark_y) ** 2 < (2 * map.RADIUS) ** 2
        ]
        assert close == []

    def test_lie_within_the_frame(self):
        for it in map_points().values():
            assert map.RADIUS <= it.mark_x <= WIDTH - map.RADIUS
            assert map.RADIUS <= it.mark_y <= HEIGHT - map.RADIUS

    def test_cover_the_middle_of_their_state(self):
        far = [
            it.code
            for it in map_points().values()
            if (it.mark_x - it.x) ** 2 + (it.mark_y - it.y) ** 2 > (1.2 * map.RADIUS) ** 2
        ]
        assert far == []


class TestOneCase:
    def test_has_a_mark_for_each_country_in_the_order_given(self):
        drawing = map.draw(eleven_states())
        assert [it.state.code for it in drawing.marks] == [it.code for it in eleven_states()]
        assert [it.state.code for it in drawing.marks if it.leads] == ["IE"]

    def test_draws_each_way_to_the_lead_once(self):
        ways = [(it, "IE") for it in ELEVEN] * 2
        assert len(map.draw(eleven_states(), ways).lines) == 10  # Ireland to Ireland is no way

    def test_draws_no_way_to_what_is_not_on_the_map(self):
        assert map.draw([state("NL"), state("EU")], [("NL", "EU"), ("NL", "SE")]).lines == ()

    def test_keeps_what_has_no_place_on_the_map_in_the_table(self):
        drawing = map.draw([state("NL"), state("JE")])
        assert [it.code for it in drawing.elsewhere] == ["JE"]
        assert [it.code for it in drawing.states] == ["NL", "JE"]

    @pytest.mark.parametrize(("filings", "words"), [(0, ""), (1, "1"), (9_999, "9999"), (12_345, "12k")])
    def test_has_a_number_that_fits_into_its_mark(self, filings, words):
        [mark] = map.draw([state("NL", filings)]).marks
        assert mark.number == words

    def test_without_filings_is_a_map_without_marks(self):
        assert map.draw([]).marks == ()


class TestWaysThatAreOnlyExpected:
    def drawn(self):
        return map.draw(eleven_states(), [("NL", "IE")], [("NL", "IE"), ("AT", "IE"), ("BE", "IE")])

    def test_are_drawn_apart_from_those_that_were_gone(self):
        assert (len(self.drawn().lines), len(self.drawn().expected)) == (1, 2)

    def test_are_dashed_with_words_for_it(self):
        tree = pictured.read("map", self.drawn())
        dashed = [it for it in tree.iter("path") if it.get("data-expected") is not None]
        # Two ways, and the one of the legend.
        assert len(dashed) == 3 and pictured.WORDS["legend_expected"] in pictured.text(tree)

    def test_are_counted_in_the_table_where_there_are_any(self):
        states = [map.State("IE", "Ireland", 1, 11, "Ireland", None, expected=9)]
        [row] = [it for it in pictured.read("map", map.draw(states)).iter("tr")][1:]
        assert pictured.text(row) == "Ireland 1 11 9"


class TestThePage:
    def test_says_in_the_table_what_the_map_says(self):
        tree = pictured.read("map", map.draw(every_state()))
        rows = [[it.text for it in row.iter() if it.text and it.text.strip()] for row in tree.iter("tr")]
        assert rows[1:] == [[it.name, str(it.filings), str(it.leads)] for it in every_state()]

    def test_names_each_link_by_what_it_means(self):
        tree = pictured.read("map", map.draw(eleven_states()))
        links = [it for it in tree.iter("a") if it.get("class") == "place"]
        assert [it.find("title").text for it in links] == [it.said for it in eleven_states()]
        assert [it.get("href") for it in links] == [it.href for it in eleven_states()]

    def test_leads_by_keyboard_to_each_country_once(self):
        tree = pictured.read("map", map.draw(eleven_states()))
        [drawing] = [it for it in tree.iter("svg") if it.get("role") == "group"]
        reached = [it.get("href") for it in drawing.iter("a") if it.get("tabindex") != "-1"]
        assert reached == [it.href for it in eleven_states()]

    def test_shows_a_country_without_an_address_and_links_nowhere(self):
        tree = pictured.read("map", map.draw([map.State("NL", "Netherlands", 1, 0, "Netherlands: 1 filing")]))
        assert not list(tree.iter("a"))
        [place] = [it for it in tree.iter("g") if it.get("class") == "place"]
        assert (place.get("role"), place.get("aria-label")) == ("img", "Netherlands: 1 filing")
