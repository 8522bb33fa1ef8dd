"""Time bars: where they begin and end, and what is drawn of what is not known."""

from datetime import date, timedelta

import pytest

from tests.web import pictured
from tests.web.pictured import TODAY, WORDS, span
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.web.drawings import bars
from tracker.web.drawings.bars import DAYS, Span, Stretch

LODGED = date(2024, 6, 6)


def ends(row: bars.Row) -> tuple[float, float]:
    """Return where the bar of a row begins and ends."""
    return row.parts[0].x, round(row.parts[-1].x + row.parts[-1].width, 2)


class TestAPendingFiling:
    def test_reaches_to_today(self):
        drawing = bars.draw([Span("C081-01", LODGED)], TODAY)
        assert ends(drawing.rows[0])[1] == drawing.rows[0].end == drawing.today == DAYS

    def test_begins_on_the_day_of_lodging(self):
        drawing = bars.draw([Span("C081-01", LODGED)], TODAY)
        first = date(2024, 6, 1)
        assert ends(drawing.rows[0])[0] == round(DAYS * 5 / (TODAY - first).days, 2)

    def test_that_was_lodged_today_is_still_drawn(self):
        drawing = bars.draw([Span("C081-01", TODAY)], TODAY)
        assert len(drawing.rows[0].parts) == 1


class TestAFilingThatEnded:
    def test_ends_on_that_day(self):
        halfway = LODGED + (TODAY - LODGED) / 2
        drawing = bars.draw([Span("C081-01", LODGED, end=halfway), Span("C081-02", LODGED)], TODAY)
        one, other = drawing.rows
        assert one.end == pytest.approx((other.parts[0].x + other.end) / 2, abs=0.1)
        assert ends(one)[1] == one.end

    def test_before_it_began_does_not_run_backwards(self):
        drawing = bars.draw([Span("C081-01", LODGED, end=LODGED - timedelta(days=400))], TODAY)
        assert all(it.width >= 0 for it in drawing.rows[0].parts)

    def test_after_today_stays_in_the_drawing(self):
        drawing = bars.draw([Span("C081-01", LODGED, end=TODAY + timedelta(days=90))], TODAY)
        assert drawing.rows[0].end == DAYS
        assert drawing.today < DAYS


class TestStages:
    def test_follow_each_other_without_a_gap(self):
        row = bars.draw([span(0)], TODAY).rows[0]
        assert [it.kind for it in row.parts] == ["in_progress", "action_needed", "in_progress"]
        for one, other in zip(row.parts, row.parts[1:], strict=False):
            assert one.x + one.width == pytest.approx(other.x, abs=0.02)

    def test_that_were_left_on_their_first_day_take_no_room(self):
        stretches = (
            Stretch(LODGED, "in_progress", "Lodged"),
            Stretch(LODGED, "in_progress", "Receipt confirmed"),
        )
        [row] = bars.draw([Span("C081-01", LODGED, stretches)], TODAY).rows
        assert [it.words for it in row.parts] == ["Receipt confirmed"]

    def test_that_come_before_lodging_or_after_the_end_stay_within_the_bar(self):
        stretches = (
            Stretch(LODGED - timedelta(days=60), "in_progress", "Drafted"),
            Stretch(TODAY + timedelta(days=60), "complete", "Upheld"),
        )
        [row] = bars.draw([Span("C081-01", LODGED, stretches, end=TODAY)], TODAY).rows
        assert ends(row) == (bars.draw([Span("C081-01", LODGED)], TODAY).rows[0].parts[0].x, row.end)

    def test_that_come_after_the_end_do_not_lengthen_the_bar(self):
        stretches = (Stretch(LODGED, "in_progress", "Lodged"), Stretch(TODAY, "complete", "Closed"))
        [row] = bars.draw([Span("C081-01", LODGED, stretches, end=date(2025, 1, 1))], TODAY).rows
        assert ends(row)[1] == row.end
        assert all(it.width >= 0 for it in row.parts)


class TestADayThatIsNotKnown:
    def test_has_a_row_without_a_bar_that_says_so(self):
        drawing = bars.draw([Span("C081-01", None), Span("C081-02", LODGED)], TODAY)
        assert drawing.rows[0].parts == ()
        tree = pictured.read("bars", drawing)
        texts = [it.text for it in tree.iter("text")]
        assert texts.count(WORDS["unknown"]) == 1

    def test_moves_no_other_bar(self):
        one = bars.draw([Span("C081-01", LODGED)], TODAY)
        two = bars.draw([Span("C081-01", LODGED), Span("C081-02", None)], TODAY)
        assert one.rows[0] == two.rows[0]

    def test_alone_is_drawn_too(self):
        assert bars.draw([Span("C081-01", None)], TODAY).rows[0].parts == ()
        assert bars.draw([], TODAY).rows == ()

    def test_of_which_the_month_is_known_is_drawn_as_not_sharp_and_told_as_it_is(self):
        june = Day(LODGED, Precision.MONTH)
        drawing = bars.draw([Span("C081-01", june.value, vague=True, since=june)], TODAY)
        assert [it.vague for it in drawing.rows[0].parts] == [True]
        assert "June 2024" in pictured.text(pictured.read("bars", drawing))


class TestTheAxis:
    def test_names_the_years(self):
        named = [it.name for it in bars.draw([Span("C081-01", LODGED)], TODAY).years]
        assert named == ["2024", "2025", "2026"]

    @pytest.mark.parametrize("years", [0, 1, 2, 5, 9, 17, 30])
    def test_names_some_year_and_never_two_so_close_that_they_touch_on_a_phone(self, years):
        drawing = bars.draw([Span("C081-01", TODAY - timedelta(days=365 * years))], TODAY)
        named = [it.x for it in drawing.years if it.name]
        assert named
        assert all(b - a >= 11 for a, b in zip(named, named[1:], strict=False))
        assert all(it <= 90 for it in named)


class TestManyFilings:
    @pytest.mark.parametrize("number", [1, 11, 60])
    def test_have_a_row_each_and_room_for_all(self, number):
        drawing = bars.draw([span(it, 300 + it) for it in range(number)], TODAY)
        assert len(drawing.rows) == number
        assert drawing.height == bars.AXIS + number * bars.ROW
        assert drawing.rows[-1].y + bars.TOP + bars.BAR < drawing.height

    def test_with_long_names_are_cut_in_the_drawing_and_whole_in_the_table(self):
        label = "C081-01 Commissioner (Cyprus) · Cyprus, and more than a line of a phone holds"
        drawing = bars.draw([Span(label, LODGED)], TODAY)
        assert len(drawing.rows[0].label) <= bars.LONGEST
        tree = pictured.read("bars", drawing)
        assert [it.text for it in tree.iter("th") if it.get("scope") == "row"] == [label]

    def test_stand_in_the_table_with_the_same_days(self):
        tree = pictured.read("bars", bars.draw([span(it) for it in range(4)], TODAY))
        rows = [pictured.text(it) for it in tree.iter("tr")][1:]
        assert len(rows) == 4
        assert rows[0].endswith("pending Accepted")
        assert "26 May 2026" in rows[3] and rows[3].endswith("Upheld")
        assert all("5 June 2024" in it for it in rows)
