"""What holds for the periods of any filing, whatever happened to it and in whatever order."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.deadlines import PLACES
from tracker.reference.calendars import calendar_of
from tracker.reference.periods import periods
from tracker.reference.tables import steps
from tracker.rules.days import Day
from tracker.rules.happened import Act, Course, Happened, Saying
from tracker.rules.lengths import Length
from tracker.rules.running import running
from tracker.rules.vocabulary import Answer, Outcome, Precision

FIRST = date(2024, 1, 1)
STEPS = sorted(steps())
ACTORS = [None, *sorted(PLACES)]
EXAMPLES = settings(max_examples=150, derandomize=True, deadline=None)

precise = st.integers(0, 2500).map(lambda days: Day(FIRST + timedelta(days=days), Precision.DAY))
rough = st.tuples(precise, st.sampled_from([Precision.MONTH, Precision.YEAR])).map(
    lambda it: Day(it[0].value, it[1])
)
days = st.one_of(precise, precise, precise, rough, st.just(Day(None, Precision.UNKNOWN)))


@st.composite
def entries(draw: st.DrawFn) -> list[Happened]:
    """Give some entries in any order of steps, each with whatever it may say of a period."""
    told = [Happened(1, 1, "lodged", draw(days))]
    for number in range(2, 2 + draw(st.integers(0, 8))):
        saying = None
        if draw(st.booleans()):
            act, period = draw(st.sampled_from(list(Act))), draw(st.sampled_from(list(periods())))
            until = draw(st.one_of(st.none(), precise.map(lambda it: it.value)))
            more = draw(st.one_of(st.none(), st.just(Length.parse("+1m")), st.just(Length.parse("+2w"))))
            saying = Saying(act, period, draw(st.integers(0, number)), until, more)
        step = draw(st.sampled_from(STEPS))
        it = Happened(
            number,
            number,
            step,
            draw(days),
            draw(st.one_of(st.none(), precise.map(lambda it: it.value))),
            draw(st.sampled_from(ACTORS)),
            draw(st.one_of(st.none(), st.sampled_from(list(Outcome)))),
            saying,
        )
        told.append(it)
    return told


@st.composite
def courses(draw: st.DrawFn) -> Course:
    told = draw(entries())
    with_ = draw(st.sampled_from(["at-dsb", "fr-cnil", "ie-dpc", "nl-ap"]))
    lead = draw(st.sampled_from([None, "ie-dpc", "fr-cnil"]))
    return Course(
        lodged=told[0].day,
        lodged_with=with_,
        country=PLACES[with_],
        lead=lead,
        handling=None,
        concerned=tuple(draw(st.lists(st.sampled_from(["at-dsb", "fr-cnil", "nl-ap"]), unique=True))),
        oss=lead is not None,
        local=False,
        cross_border=Answer.YES,
        entries=tuple(told),
        places=PLACES,
    )


def run(course: Course, applies: Answer = Answer.YES):
    return running(course, periods(), calendar_of, lambda chapter: applies)


class TestWhateverHappened:
    @EXAMPLES
    @given(courses())
    def test_everything_that_runs_ends_in_an_order_that_makes_sense(self, course):
        for it in run(course):
            end = it.end
            known = [end.due is None, end.safe is None, end.certain is None]
            assert len(set(known)) == 1, it
            if end.due and end.safe and end.certain:
                assert end.safe <= end.due <= end.certain, it

    @EXAMPLES
    @given(courses())
    def test_what_runs_is_told_apart_by_period_and_start(self, course):
        found = [(it.period.id, it.start_number) for it in run(course)]
        assert len(found) == len(set(found))

    @EXAMPLES
    @given(courses())
    def test_every_end_that_is_not_known_says_why(self, course):
        for it in run(course):
            assert it.end.due is not None or it.end.uncertain, it

    @EXAMPLES
    @given(courses())
    def test_every_end_that_is_known_says_how_it_was_counted(self, course):
        for it in run(course):
            assert it.end.due is None or it.end.reasons, it

    @EXAMPLES
    @given(courses())
    def test_nothing_of_the_new_regulation_runs_where_it_does_not_apply(self, course):
        assert not [it for it in run(course, Answer.NO) if it.period.chapter]

    @EXAMPLES
    @given(courses())
    def test_where_nobody_knows_whether_it_applies_only_our_own_periods_run_and_say_so(self, course):
        for it in run(course, Answer.UNKNOWN):
            if it.period.chapter:
                assert it.period.own
                assert "a person has to decide" in " ".join(it.end.uncertain)

    @EXAMPLES
    @given(courses())
    def test_periods_of_the_one_stop_shop_run_inside_it_only(self, course):
        assert course.oss or not [it for it in run(course) if "oss" in it.period.only]

    @EXAMPLES
    @given(courses())
    def test_the_same_facts_have_the_same_answer(self, course):
        assert run(course) == run(course)

    @EXAMPLES
    @given(courses(), st.integers(1, 9))
    def test_a_note_at_the_end_changes_nothing(self, course, number):
        last = len(course.entries) + number
        note = Happened(last, last, "note", Day(date(2035, 1, 1), Precision.DAY))
        assert run(replace(course, entries=(*course.entries, note))) == run(course)
