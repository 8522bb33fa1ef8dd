"""The table of periods: each of the law, with its basis, read with every cell checked."""

import pytest

from tracker.errors import BadFile, RuleBroken
from tracker.reference import tables
from tracker.reference.periods import COLUMNS, FILE, periods, periods_from
from tracker.reference.tables import Row
from tracker.rules.lengths import Length
from tracker.rules.periods import Kind, Regime, Start, Sure, extended, named

#: State -> how many periods of its own law.
NATIONAL = {
    "AT": 5, "ES": 7, "FR": 3, "IE": 2, "DE": 3, "IT": 2, "BE": 1, "NL": 2, "SE": 2, "LU": 1, "NO": 1,
    "PL": 1,
}  # fmt: skip


def row(**cells: str) -> Row:
    """Return a line of the table: that of G15, with other cells."""
    (line,) = [it for it in tables.rows(FILE, COLUMNS) if it["id"] == "G15"]
    return Row(FILE, 2, {**line, **cells})


class TestTheTable:
    @pytest.mark.parametrize("number", range(1, 18))
    def test_has_every_period_of_the_gdpr(self, number):
        assert f"G{number}" in periods()

    @pytest.mark.parametrize("number", range(1, 34))
    def test_has_every_period_of_the_procedural_regulation(self, number):
        it = periods()[f"P{number}"]
        assert (it.regime, "Reg 2025/2518" in it.basis) == (Regime.PROCEDURAL, True)

    @pytest.mark.parametrize(("state", "many"), NATIONAL.items())
    def test_has_those_of_the_states(self, state, many):
        assert sum(it.state == state for it in periods().values()) == many

    @pytest.mark.parametrize("it", periods().values(), ids=lambda it: it.id)
    def test_says_of_each_on_what_it_rests_and_what_follows_from_a_missed_one_of_ours(self, it):
        assert it.basis and it.source and it.label
        assert it.effect or not it.own or it.id.startswith("OWN-")

    @pytest.mark.parametrize("it", periods().values(), ids=lambda it: it.id)
    def test_fixes_no_end_without_saying_how_long(self, it):
        if it.length is None:
            assert it.start.ends or "fixes" in it.note or "Begun by hand" in it.note or it.id == "G4"

    def test_has_the_periods_that_run_from_the_end_of_another(self):
        assert {it.id for it in periods().values() if "P4" in it.start.ends} == {"P5", "P6"}

    @pytest.mark.parametrize(
        ("period", "length", "extension"),
        [
            ("G1", "+1m", "+2m"),
            ("G5", "+4w", None),
            ("G10", "+1m", "+1m"),
            ("G17", "72h", None),
            ("P15", "+15m", "+12m"),
            ("P16", "-4w", None),
            ("P18", "+12m", "+2m"),
            ("IE-APPEAL", "28d inclusive", None),
            ("AT-BVWG", "+4w", None),
        ],
    )
    def test_gives_the_lengths_of_the_law(self, period, length, extension):
        it = periods()[period]
        assert (it.length.code, it.extension and it.extension.code) == (length, extension)

    @pytest.mark.parametrize("period", ["P19", "P22", "P23", "P25"])
    def test_gives_the_span_within_which_an_authority_fixes_the_day(self, period):
        assert periods()[period].length_words == "3 weeks to 6 weeks"

    def test_calls_contested_what_is_owed_on_one_reading_only(self):
        assert periods()["G15-AGAIN"].sure is Sure.CONTESTED and not periods()["G15"].contested


class TestALine:
    @pytest.mark.parametrize(
        ("field", "cell", "told"),
        [
            ("id", "g 15", "must be as G1"),
            ("starts", "lodgement", "no such step"),
            ("starts", "end:G99", "no such period"),
            ("regime", "law", "not one of the words"),
            ("state", "AT", "a national period, and no other"),
            ("chapter", "II", "of Reg 2025/2518, and no other"),
            ("length", "3 months", "is no length"),
            ("met", "information telegram", "unknown: telegram"),
            ("only", "weather", "unknown: weather"),
            ("way", "moon", "not one of the words"),
            ("owes", "everybody", "is none of"),
            ("place", "Dublin", "is none of"),
            ("basis", "", "must not be empty"),
        ],
    )
    def test_that_says_what_cannot_be_is_refused_with_its_field(self, field, cell, told):
        with pytest.raises(BadFile) as refusal:
            periods_from([row(**{field: cell})], tables.steps())
        assert f": {field}: " in refusal.value.faults[0]
        assert told in refusal.value.faults[0]


class TestTheStart:
    def test_may_be_lodging_steps_or_the_end_of_other_periods(self):
        assert Start.parse("lodged") == Start(lodging=True)
        assert Start.parse("forwarded admissible").steps == {"forwarded", "admissible"}
        assert Start.parse("end:G5,G6") == Start(ends=("G5", "G6"))
        assert Start.parse("end:G10+") == Start(ends=("G10",), extended=True)
        assert Start.parse("").by_hand


class TestAnExtension:
    def test_is_counted_with_the_whole_length(self):
        assert extended(periods()["P15"], Length.parse("+6m")).code == "+21m"

    def test_that_is_too_long_is_refused(self):
        with pytest.raises(RuleBroken, match="12 months more at most"):
            extended(periods()["P15"], Length.parse("+13m"))

    def test_that_the_law_does_not_know_is_refused(self):
        with pytest.raises(RuleBroken, match="allows no extension"):
            extended(periods()["G15"], Length.parse("+1m"))


class TestAPeriod:
    def test_that_does_not_exist_is_named_in_the_refusal(self):
        with pytest.raises(RuleBroken, match="There is no period"):
            named(periods(), "G99")

    def test_that_is_a_right_makes_nobody_late_whosever_it_is(self):
        assert periods()["G5"].lapses and periods()["P23"].lapses
        assert periods()["G13"].kind is Kind.VALIDITY
        assert not periods()["G15"].lapses
        assert not periods()["OWN-REMEDY"].lapses
