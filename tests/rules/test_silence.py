"""How silent authorities were: what is news, periods without any, words that say nothing, reminders."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reference.tables import procedure
from tracker.rules import silence as rules
from tracker.rules.days import Day
from tracker.rules.silence import Gap, Said, silence
from tracker.rules.standing import Entry
from tracker.rules.vocabulary import Outcome

PROCEDURE = procedure()
TODAY = date(2026, 11, 25)
LODGED = "2024-06-06"


def said(number, step, day, authority="nl-ap", *, ours=False, corrected=False, outcome=None, **more):
    """Return an entry of the protocol; of an authority where nothing else is said."""
    stage = PROCEDURE.steps[step].stage if step else None
    entry = Entry(step, stage, Day.parse(day), number, outcome, corrected)
    return Said(entry, None if ours else authority, ours, **more)


def lodging(day=LODGED):
    return said(1, "lodged", day, ours=True)


def reminded(number, day, to=None):
    return said(number, "reminder", day, ours=True, addressed=to)


def read(*entries, today=TODAY, least=0):
    return silence([lodging(), *entries], PROCEDURE, today, least=least)


def told(periods):
    """Return periods of silence as (after, until, least days)."""
    return [(it.after and it.after.number, it.until and it.until.number, it.time.least) for it in periods]


class TestNews:
    @pytest.mark.parametrize("step", ["forwarded", "investigation", "draft_decision"])
    def test_is_what_moves_the_stage(self, step):
        found = read(said(2, step, "2024-09-02"))
        assert (found.last.number, found.begun) == (2, Day.parse("2024-09-02"))
        assert found.time.least == (TODAY - date(2024, 9, 2)).days == 814

    def test_is_no_mere_receipt(self):
        assert read(said(2, "acknowledged", "2024-07-06")).last is None

    @pytest.mark.parametrize(
        "step", ["information", "statement", "urgency_measure", "formal_notice", "task_force", None]
    )
    def test_is_information_of_an_authority_and_what_it_does(self, step):
        assert read(said(2, step, "2024-09-02")).last.number == 2

    @pytest.mark.parametrize(
        "step", ["reminder", "submission", "file_request", "information", "appeal", "views"]
    )
    def test_is_nothing_that_we_say_ourselves(self, step):
        found = read(said(2, step, "2024-09-02", ours=True))
        assert found.last is None and found.begun == Day.parse(LODGED)

    @pytest.mark.parametrize(
        "step", ["note", "publication", "court_hearing", "controller_reply", "data_request"]
    )
    def test_is_no_note_and_nothing_that_others_than_authorities_say(self, step):
        assert read(said(2, step, "2024-09-02")).last is None

    def test_is_no_event_of_a_controller_of_which_nobody_knows_the_step(self):
        assert read(said(2, None, "2024-09-02", authority=None)).last is None

    def test_is_information_whoever_gave_it_but_a_statement_only_of_an_authority(self):
        assert read(said(2, "information", "2024-09-02", authority=None)).last.number == 2
        assert read(said(2, "statement", "2024-09-02", authority=None)).last is None

    def test_is_not_what_somebody_marked_as_saying_nothing_new(self):
        found = read(said(2, "information", "2024-09-02"), said(3, "information", "2025-02-01", empty=True))
        assert found.last.number == 2
        assert [it.number for it in found.empty] == [3]

    def test_is_what_moves_the_stage_even_where_it_is_marked(self):
        assert read(said(2, "forwarded", "2024-09-02", empty=True)).last.number == 2

    def test_is_not_what_was_corrected(self):
        found = read(
            said(2, "information", "2026-09-02", corrected=True), said(3, "information", "2024-09-02")
        )
        assert found.last.number == 3 and [it.number for it in found.news] == [3]

    def test_is_not_what_lies_before_the_lodging(self):
        assert read(said(2, "information", "2024-05-01")).news == ()

    def test_of_an_unknown_day_is_named_and_ends_no_silence(self):
        found = read(said(2, "information", ""))
        assert found.last is None and [it.number for it in found.undated] == [2]

    def test_counts_every_step_of_the_table_one_way_or_another(self):
        codes = set(PROCEDURE.steps)
        always = rules.always_news(PROCEDURE)
        assert rules.HANDLING <= codes, "a step that was renamed"
        assert {"lodged", "withdrawn", "abandoned"}.isdisjoint(always), "our own steps"
        theirs = {it for it in codes if PROCEDURE.moves(it) and PROCEDURE.steps[it].actors != ("us",)}
        assert theirs - always == {"acknowledged"}, "a mere receipt"


class TestWhoMaySayThatAnEntryHasNothingNew:
    def test_is_left_with_words_alone(self):
        empty = {code for code, step in PROCEDURE.steps.items() if rules.can_be_empty(step)}
        assert empty == {"information", "statement", "consultation", "task_force"}
        assert rules.can_be_empty(None), "an imported event may be no more than words"


class TestWhoWe:
    @pytest.mark.parametrize("actor", ["noyb", "us", "we"])
    def test_are_is_the_organisation_that_complains(self, actor):
        assert rules.is_us(actor, None, "noyb")

    def test_are_no_authority_and_nobody_else(self):
        assert not rules.is_us("noyb", "nl-ap", "noyb")
        assert not rules.is_us("Meta", None, "noyb")


class TestPeriodsOfSilence:
    def test_lie_between_one_news_and_the_next_and_go_on_today(self):
        found = read(said(2, "admissible", "2024-07-06"), said(3, "forwarded", "2024-09-02"))
        assert told(found.periods) == [(None, 2, 30), (2, 3, 58), (3, None, 814)]
        assert [it.running for it in found.periods] == [False, False, True]

    def test_are_told_where_they_are_longer_than_the_least(self):
        assert told(read(said(2, "admissible", "2024-07-06"), least=30).periods) == [(2, None, 872)]

    def test_are_not_ended_by_words_that_say_nothing_or_by_ourselves(self):
        found = read(said(2, "information", "2025-01-01", empty=True), reminded(3, "2025-02-01"))
        assert told(found.periods) == [(None, None, 902)]

    def test_end_with_the_complaint(self):
        found = read(said(2, "national_decision", "2025-06-06", outcome=Outcome.LOST))
        assert told(found.periods) == [(None, 2, 365)]
        assert not found.waiting and found.time is None

    def test_end_with_our_withdrawal_which_is_no_news(self):
        found = read(said(2, "admissible", "2024-07-06"), said(3, "withdrawn", "2025-07-06", ours=True))
        assert told(found.periods) == [(None, 2, 30), (2, None, 365)]
        assert not any(it.running for it in found.periods)

    def test_begin_again_where_a_court_sends_it_back_and_leave_out_the_time_between(self):
        found = read(
            said(2, "national_decision", "2024-09-06", outcome=Outcome.LOST),
            said(3, "appeal", "2024-10-01", ours=True),
            said(4, "decision_annulled", "2026-01-25", authority=None),
        )
        assert told(found.periods) == [(None, 2, 92), (4, None, 304)]
        assert found.waiting and found.begun == Day.parse("2026-01-25")

    def test_of_a_complaint_that_was_never_lodged_are_none(self):
        found = silence([said(1, "note", "2024-06-06")], PROCEDURE, TODAY)
        assert (found.periods, found.waiting, found.begun.value) == ((), False, None)

    def test_from_days_that_are_known_roughly_are_rough(self):
        [first, second] = read(said(2, "information", "2024-09")).periods
        assert (first.time.least, first.time.most, first.time.exact) == (87, 116, False)
        assert first.time.words == "about 3 months (87 to 116 days)"
        assert second.time.words == "about 2 years and 2 months (786 to 815 days)"

    def test_count_news_of_a_month_on_its_last_day_so_that_no_silence_is_made_too_long(self):
        found = read(said(3, "information", "2024-09-02"), said(2, "information", "2024-09"))
        assert found.last.number == 2 and found.time.least == 786

    def test_of_a_lodging_whose_day_is_not_known_have_no_length(self):
        found = silence([lodging("")], PROCEDURE, TODAY, least=0)
        assert [it.time.words for it in found.periods] == ["not known"]
        assert found.time.words == "not known"


class TestTheLengthOfAPeriod:
    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            ("2024-09-02", "2026-11-25", "2 years and 2 months (814 days)"),
            ("2024-09-02", "2024-09-03", "1 day"),
            ("2024-09-02", "2024-09-02", "no day"),
            ("2024-09", "2024-09-20", "0 to 19 days"),
            ("2024", "2026", "about 2 years (366 to 1,095 days)"),
            ("", "2026", "not known"),
            ("2026", "", "not known"),
        ],
    )
    def test_is_said_as_exactly_as_it_is_known(self, start, end, words):
        assert Gap(Day.parse(start), Day.parse(end)).words == words


class TestAReminder:
    def test_is_answered_by_the_next_word_of_that_authority(self):
        found = read(
            reminded(2, "2025-01-10", "nl-ap"),
            said(3, "note", "2025-01-20", "ie-dpc"),
            said(4, "information", "2025-03-10", "nl-ap", empty=True),
        )
        [it] = found.chased
        assert (it.answer.number, it.linked, it.sure, it.waited.least) == (4, False, True, 59)
        assert found.unanswered == ()

    def test_whose_addressee_is_not_recorded_is_answered_by_any_authority(self):
        [it] = read(reminded(2, "2025-01-10"), said(3, "information", "2025-01-20", "ie-dpc")).chased
        assert it.answer.number == 3

    def test_is_not_answered_by_a_court_or_by_us_or_by_what_came_before(self):
        found = read(
            said(2, "information", "2025-01-09"),
            reminded(3, "2025-01-10"),
            said(4, "court_hearing", "2025-02-01", authority=None),
            said(5, "submission", "2025-02-02", ours=True),
        )
        assert [it.reminder.number for it in found.unanswered] == [3]
        assert found.chased[0].waited.least == (TODAY - date(2025, 1, 10)).days

    def test_is_answered_first_by_what_a_person_says_answers_it(self):
        found = read(
            reminded(2, "2025-01-10"),
            said(3, "information", "2025-02-01"),
            said(4, "information", "2025-03-01", answers=2),
        )
        [it] = found.chased
        assert (it.answer.number, it.linked) == (4, True)

    def test_is_not_answered_by_what_a_person_says_answers_another(self):
        found = read(
            reminded(2, "2025-01-10"),
            reminded(3, "2025-02-10"),
            said(4, "information", "2025-03-01", answers=3),
        )
        assert [(it.reminder.number, it.answer and it.answer.number) for it in found.chased] == [
            (2, None),
            (3, 4),
        ]

    def test_shares_its_answer_with_an_earlier_one_where_nobody_says_otherwise(self):
        found = read(
            reminded(2, "2025-01-10"), reminded(3, "2025-02-10"), said(4, "information", "2025-03-01")
        )
        assert [it.answer.number for it in found.chased] == [4, 4]

    def test_says_where_it_is_not_sure_that_the_word_came_after_it(self):
        [it] = read(reminded(2, "2025-01-10"), said(3, "information", "2025-01")).chased
        assert (it.answer.number, it.sure) == (3, False)

    def test_that_was_corrected_is_none_and_neither_is_its_answer(self):
        gone = said(2, "reminder", "2025-01-10", ours=True, corrected=True)
        assert read(gone, said(3, "information", "2025-02-01", answers=2)).chased == ()
        [it] = read(
            reminded(2, "2025-01-10"), said(3, "information", "2025-02-01", answers=2, corrected=True)
        ).chased
        assert it.answer is None

    def test_is_not_waited_for_once_the_complaint_has_ended(self):
        found = read(reminded(2, "2025-01-10", "fr-cnil"), said(3, "withdrawn", "2025-02-01", ours=True))
        assert found.unanswered and found.chased[0].waited is None


days = st.dates(date(2024, 6, 6), TODAY).map(str) | st.dates(date(2024, 6, 6), TODAY).map(
    lambda it: str(it)[:7]
)
steps = st.sampled_from(
    ["information", "statement", "reminder", "note", "acknowledged", "forwarded", "submission", "file_access"]
)


@st.composite
def protocols(draw):
    """Return what happened to a pending complaint, in any order."""
    found = []
    for number in range(2, 2 + draw(st.integers(0, 12))):
        step = draw(steps)
        ours = "us" in PROCEDURE.steps[step].actors or draw(st.booleans())
        found.append(
            said(
                number, step, draw(days), draw(st.sampled_from(["nl-ap", "ie-dpc", None])), ours=ours,
                empty=not ours and draw(st.booleans()), corrected=draw(st.integers(0, 9)) == 0,
                answers=draw(st.integers(2, 13)) if not ours and draw(st.booleans()) else None,
            )
        )  # fmt: skip
    return found


class TestWhateverHappened:
    @given(protocols())
    def test_the_periods_fill_the_time_since_the_lodging(self, entries):
        found = read(*entries)
        assert found.waiting and found.periods[-1].running
        assert found.periods[0].time.start == Day.parse(LODGED)
        least = sum(it.time.least for it in found.periods)
        most = sum(it.time.most for it in found.periods)
        assert least <= (TODAY - date(2024, 6, 6)).days <= most

    @given(protocols())
    def test_no_order_of_recording_matters(self, entries):
        assert read(*reversed(entries)) == read(*entries)

    @given(protocols(), st.data())
    def test_a_mark_never_makes_a_silence_shorter(self, entries, data):
        open_words = [it for it in entries if not it.ours and not it.empty]
        if not open_words:
            return
        chosen = data.draw(st.sampled_from(open_words))
        marked = [Said(it.entry, it.authority, empty=True) if it is chosen else it for it in entries]
        assert read(*marked).time.least >= read(*entries).time.least

    @given(protocols(), days)
    def test_what_we_say_ourselves_breaks_no_silence(self, entries, day):
        more = [*entries, reminded(99, day)]
        assert read(*more).periods == read(*entries).periods

    @given(protocols())
    def test_each_reminder_stands_there_once_with_one_answer_at_most(self, entries):
        found = read(*entries)
        reminders = [it.number for it in entries if it.entry.step == "reminder" and not it.entry.corrected]
        assert sorted(it.reminder.number for it in found.chased) == sorted(reminders)
        for it in found.chased:
            assert it.answer is None or (not it.answer.ours and not it.answer.entry.corrected)
            assert it.answer is None or it.answer.answers in (it.reminder.number, None) or not it.linked
            assert it.answer is None or it.linked or it.answer.order > it.reminder.order

    @given(protocols())
    def test_tomorrow_the_silence_is_a_day_longer(self, entries):
        later = read(*entries, today=TODAY + timedelta(days=1))
        assert later.time.least in (read(*entries).time.least + 1, 0)
