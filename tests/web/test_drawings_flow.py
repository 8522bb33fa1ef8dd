"""The flow from the authorities where filings were lodged to those that lead."""

import pytest

from tests.web import pictured
from tests.web.pictured import ELEVEN, TARGETS, sources
from tracker.web.drawings import flow


class TestElevenFilingsWithOneLead:
    def test_run_together(self):
        drawing = flow.draw(sources(ELEVEN), TARGETS)
        assert len(drawing.sources) == len(drawing.curves) == 11
        assert [(it.label, it.under) for it in drawing.targets] == [("DPC (11)", "Ireland")]

    def test_meet_in_the_middle(self):
        drawing = flow.draw(sources(ELEVEN), TARGETS)
        assert drawing.targets[0].y == (drawing.sources[0].y + drawing.sources[-1].y) / 2

    def test_have_lines_alike(self):
        assert {it.width for it in flow.draw(sources(ELEVEN), TARGETS).curves} == {flow.THIN}


class TestSeveralLeads:
    def drawn(self) -> flow.Flow:
        lodged = sources(["NL", "AT"]) + sources(["NL"], "lu", sure=False) + sources(["PL"], "?")
        return flow.draw(lodged, TARGETS)

    def test_stand_in_their_order_below_each_other(self):
        drawing = self.drawn()
        assert [it.label for it in drawing.targets] == ["DPC (2)", "CNPD", "Not known"]
        assert [it.y for it in drawing.targets] == sorted(it.y for it in drawing.targets)

    def test_have_an_authority_once_for_each_of_them(self):
        assert [it.label for it in self.drawn().sources].count("Authority NL") == 2

    def test_are_dashed_where_they_are_presumed_or_not_known(self):
        assert [it.sure for it in self.drawn().curves] == [True, True, False, False]

    def test_lie_within_the_drawing(self):
        drawing = self.drawn()
        assert all(0 < it.y < drawing.height for it in (*drawing.sources, *drawing.targets))

    def test_are_the_same_in_the_table(self):
        rows = [pictured.text(it) for it in pictured.read("flow", self.drawn()).iter("tr")][1:]
        assert rows == [
            "Authority NL · Netherlands DPC · Ireland 1",
            "Authority AT · Austria DPC · Ireland 1",
            "Authority NL · Netherlands CNPD · Luxembourg (presumed) 1",
            "Authority PL · Poland Not known 1",
        ]


class TestFilingsThatAreOnlyExpected:
    def drawn(self) -> flow.Flow:
        return flow.draw(sources(["NL"]) + sources(["NL", "AT"], expected=True), TARGETS)

    def test_have_a_line_of_their_own(self):
        assert [it.expected for it in self.drawn().curves] == [False, True, True]

    def test_are_dashed_with_words_for_it_and_named_in_the_table(self):
        tree = pictured.read("flow", self.drawn())
        dashed = [it for it in tree.iter("path") if it.get("data-expected") is not None]
        assert len(dashed) == 3 and pictured.WORDS["legend_expected"] in pictured.text(tree)
        rows = [pictured.text(it) for it in tree.iter("tr")][1:]
        assert rows[:2] == [
            "Authority NL · Netherlands DPC · Ireland 1",
            "Authority NL · Netherlands DPC · Ireland (expected) 1",
        ]


class TestFilingsOfOneAuthority:
    def test_are_counted_in_one_line_that_is_thicker(self):
        drawing = flow.draw(sources(["NL", "NL", "NL", "AT"]), TARGETS)
        assert [it.label for it in drawing.sources] == ["Authority NL (3)", "Authority AT"]
        assert [it.width for it in drawing.curves] == [flow.THICK, flow.THIN]

    def test_are_one_line_when_there_is_only_one(self):
        drawing = flow.draw(sources(["NL"]), TARGETS)
        assert (len(drawing.curves), drawing.height) == (1, flow.ROW)

    def test_and_no_filing_at_all_is_an_empty_drawing(self):
        assert flow.draw([], TARGETS).curves == ()

    def test_whose_lead_is_not_among_the_targets_are_a_mistake(self):
        with pytest.raises(KeyError):
            flow.draw(sources(["NL"], "fr"), TARGETS)

    def test_with_a_long_name_is_drawn_narrower(self):
        [node] = flow.draw([flow.Source("Commissioner (Cyprus)", "Cyprus", "ie")], TARGETS).sources
        assert (node.narrow, node.narrow_under) == (True, False)
