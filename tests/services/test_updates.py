"""Updates: what the procedure allows, and what follows from it."""

from collections.abc import Sequence
from datetime import date

import pytest

from tests.builders import ANN
from tests.services.recording import BEN, codes, news, of, record, refusal, stands, three_filings, versions
from tracker import clock
from tracker.db import transaction
from tracker.errors import RuleBroken
from tracker.models import Case
from tracker.reference import tables
from tracker.rules.vocabulary import Medium, Outcome, Precision
from tracker.services import filings, journal, status, updates, updates_steps
from tracker.services.updates import Letter


@pytest.fixture
def case(app) -> Case:
    """C002 at three authorities."""
    return three_filings()


class TestTheStepsOffered:
    def test_are_those_that_the_table_allows_from_the_stage(self, case):
        assert codes("C002-01") == tables.stages()["lodged"].next

    def test_change_with_the_stage(self, case):
        record(news("admissible"))
        assert codes("C002-01") == tables.stages()["admissible"].next

    def test_are_for_several_filings_those_that_all_of_them_allow(self, case):
        record(news("acknowledged"))
        assert codes("C002-01", "C002-02") == tables.stages()["acknowledged"].next
        assert "acknowledged" in codes("C002-02", "C002-03")

    def test_are_only_those_that_leave_the_stage_where_filings_have_nothing_in_common(self, case):
        record(news("inadmissible"))
        record(news("admissible"), "C002-02")
        assert codes("C002-01", "C002-02") == set()
        assert "note" in {it.code for it in updates_steps.possible_steps(of("C002-01", "C002-02"))}

    def test_are_none_for_no_filing(self, app):
        assert updates_steps.possible_steps([]) == []

    def test_stand_in_the_order_of_the_table(self, case):
        order = [it.code for it in updates_steps.possible_steps(of("C002-01"))]
        assert order == [it for it in tables.steps() if it in order]

    def test_of_the_one_stop_shop_are_missing_outside_it(self, case):
        for number in ("C001-01", "C002-01"):
            record(news("admissible"), number)
            record(news("investigation"), number)
        assert "draft_decision" in codes("C002-01")
        assert "draft_decision" not in codes("C001-01")
        assert "national_decision" in codes("C001-01")

    def test_lead_back_to_the_stage_before_a_stay(self, case):
        for step in ("admissible", "investigation", "stayed", "resumed"):
            record(news(step))
        assert stands()[0] == "investigation"


class TestAWrongStep:
    def test_is_refused_with_the_reason_and_what_is_possible(self, case):
        refused = refusal(news("draft_decision"))
        assert refused.field == "step"
        for words in (
            "C002-01",
            "Draft decision sent",
            "not possible while the filing stands at “Lodged”",
            "Withdrawn",
        ):
            assert words in str(refused)

    def test_for_one_of_several_filings_stops_all_and_names_that_one(self, case):
        record(news("acknowledged"), "C002-02")
        refused = refusal(news("acknowledged"), "C002-01", "C002-02", "C002-03")
        assert "C002-02" in str(refused) and "C002-01" not in str(refused)
        assert [stands(it)[0] for it in ("C002-01", "C002-02", "C002-03")] == [
            "lodged", "acknowledged", "lodged",
        ]  # fmt: skip

    def test_that_nobody_knows_is_repeated_in_short(self, case):
        refused = str(refusal(news("x\n" * 5_000)))
        assert refused.startswith("There is no step “x") and len(refused) < 80 and "\n" not in refused

    @pytest.mark.parametrize("step", ["no_such_step", "", "Acknowledged", "decided"])
    def test_that_the_table_does_not_offer_is_refused(self, case, step):
        assert refusal(news(step)).field == "step"

    def test_says_when_it_belongs_to_the_one_stop_shop_alone(self, case):
        record(news("admissible"), "C001-01")
        record(news("investigation"), "C001-01")
        assert "outside the one-stop shop" in str(refusal(news("draft_decision"), "C001-01"))

    def test_cannot_be_slipped_in_without_a_filing(self, case):
        with pytest.raises(RuleBroken, match="at least one filing"), transaction():
            updates.record_update([], news("note"), seen={}, by=ANN)


class TestALetterThatIsFoundLate:
    @pytest.fixture
    def case(self, case):
        record(news("forwarded", "2024-09-02"))
        return case

    def test_is_recorded_in_its_place_and_moves_nothing_else(self, case):
        record(news("acknowledged", "2024-07-01"))
        assert stands() == ("forwarded", "2024-09-02", Outcome.PENDING)
        assert updates_steps.doubt_about(of("C002-01"), updates.get_update(case.id, 3)) is None

    def test_is_offered_apart_from_what_is_possible_now(self, case):
        offer = updates_steps.offer(of("C002-01"))
        assert {it.code for it in offer.now if it.stage} == tables.stages()["forwarded"].next
        assert {it.code for it in offer.another_day} == tables.stages()["lodged"].next - {"withdrawn"}

    def test_is_offered_for_several_filings_where_all_of_them_may_have_it(self, case):
        offer = updates_steps.offer(of("C002-01", "C002-02"))
        assert "acknowledged" in {it.code for it in offer.another_day}
        assert "lead_confirmed" not in {it.code for it in [*offer.now, *offer.another_day]}

    def test_is_not_offered_before_the_lodging(self, case):
        offer = updates_steps.offer(of("C002-01"))
        assert not {"lodged", "abandoned"} & {it.code for it in offer.another_day}

    def test_is_refused_after_the_step_that_it_comes_before(self, case):
        refused = refusal(news("acknowledged", "2024-09-03"))
        assert refused.field == "step"
        assert "not possible while the filing stands at “With the lead authority”" in str(refused)

    def test_whose_day_lies_before_what_it_needs_is_refused_with_stage_day_and_both_entries(self, case):
        refused = refusal(news("lead_confirmed", "2024-07-01"))
        assert refused.field == "step"
        for words in (
            "“Lead confirmed” is not possible on 1 July 2024, when the filing stood at “Lodged”",
            "possible then were “Receipt confirmed”",
            "What comes after that day is entry 2, “Passed on to the lead authority”, on 2 September 2024.",
        ):
            assert words in str(refused)

    def test_that_the_later_entries_do_not_follow_from_is_kept_with_a_doubt(self, case):
        number = record(news("inadmissible", "2024-07-01"))
        doubt = updates_steps.doubt_about(of("C002-01"), updates.get_update(case.id, number))
        assert doubt == (
            "By the procedure, entry 2, “Passed on to the lead authority”, on 2 September 2024 cannot follow "
            "entry 3, “Refused as inadmissible”, on 1 July 2024, on C002-01. If one of the days is wrong, "
            "correct that entry."
        )

    def test_may_change_its_words_without_a_doubt(self, case):
        number = record(news("inadmissible", "2024-07-01"))
        again = record(news("inadmissible", "2024-07-01", words="Better."), corrects=number)
        assert updates_steps.doubt_about(of("C002-01"), updates.get_update(case.id, again)) is None

    def test_known_to_the_month_stands_after_what_was_recorded_of_that_month(self, case):
        record(news("lead_confirmed", "2024-09"))
        assert stands()[0] == "lead_confirmed"


class TestWhatFollowsFromAnUpdate:
    def test_is_the_stage_and_the_day_since_when(self, case):
        number = record(news("acknowledged", "2024-06-20"))
        assert stands() == ("acknowledged", "2024-06-20", Outcome.PENDING)
        assert (number, filings.get_filing("C002-01").entered_by) == (2, 2)

    def test_touches_no_other_filing(self, case):
        before = versions("C002-02", "C002-03")
        record(news("acknowledged"))
        assert versions("C002-02", "C002-03") == before
        assert stands("C002-02") == stands("C002-03") == ("lodged", "2024-06-06", Outcome.PENDING)

    def test_is_nothing_where_the_step_leaves_the_stage(self, case):
        record(news("information"))
        assert stands() == ("lodged", "2024-06-06", Outcome.PENDING)

    @pytest.mark.parametrize(
        ("steps", "outcome", "ends"),
        [
            ("inadmissible", None, Outcome.LOST),
            ("withdrawn", None, Outcome.WITHDRAWN),
            ("admissible investigation settled", None, Outcome.SETTLED),
            ("admissible investigation draft_decision final_upheld", None, Outcome.WON),
            ("admissible investigation draft_decision final_rejected", None, Outcome.LOST),
            ("inadmissible lodged", None, Outcome.PENDING),
        ],
    )
    def test_is_the_outcome(self, case, steps, outcome, ends):
        *before, last = steps.split()
        for step in before:
            record(news(step))
        record(news(last, outcome=outcome, actor="ie-dpc" if last == "final_upheld" else "at-dsb"))
        assert stands()[2] is ends

    def test_is_the_outcome_that_was_chosen_for_a_decision_outside_the_one_stop_shop(self, case):
        for step in ("admissible", "investigation"):
            record(news(step), "C001-01")
        record(news("national_decision", outcome=Outcome.PARTLY_WON), "C001-01")
        assert stands("C001-01")[2] is Outcome.PARTLY_WON

    def test_counts_by_day_and_not_by_when_it_was_recorded(self, case):
        record(news("admissible", "2024-08-01"))
        record(news("forwarded", "2024-07-01"))
        assert stands() == ("admissible", "2024-08-01", Outcome.PENDING)

    def test_is_read_aloud_with_who_did_it(self, case):
        record(news("acknowledged"))
        record(news("forwarded", "2024-09-02"))
        told = status.described(filings.get_filing("C002-01"), status.actors(case.id))
        assert told.sentence.startswith(
            "With the Irish DPC, passed on by the Austrian DSB no later than 2 September 2024; pending for "
        )
        assert (told.stage, told.mark, told.leads) == ("Passed on to the lead authority", "open", ("ie-dpc",))

    def test_is_a_line_in_the_journal_for_each_filing(self, case):
        number = record(news("acknowledged"), "C002-01", "C002-02", by=BEN)
        for subject in ("C002-01", "C002-02"):
            line = journal.about(subject)[0]
            assert (line.act, line.actor, line.detail) == (
                "update.record", "user:2", {"update": number, "step": "acknowledged"},
            )  # fmt: skip

    def test_can_be_one_thing_for_several_filings(self, case):
        number = record(news("acknowledged", actor="The authorities"), "C002-01", "C002-03")
        entry = updates.get_update(case.id, number)
        assert [it.filing.number for it in entry.filings] == ["C002-01", "C002-03"]
        assert [stands(it)[0] for it in ("C002-01", "C002-02", "C002-03")] == [
            "acknowledged", "lodged", "acknowledged",
        ]  # fmt: skip

    def test_keeps_what_was_typed(self, case):
        letter = Letter(Medium.LETTER, "Dr. Weiß, DSB", date(2024, 6, 18), date(2024, 6, 20), "de")
        new = news(
            "acknowledged",
            words="Für die Akte: <b>ok</b>",
            public_words="Receipt confirmed.",
            letter=letter,
            source="https://noyb.eu/",
        )
        kept = updates.get_update(case.id, record(new))
        assert (kept.words, kept.public_words) == (new.words, new.public_words)
        assert Letter(kept.medium, kept.sender, kept.sent_on, kept.received_on, kept.language) == letter
        assert (kept.actor, kept.actor_slug, kept.source) == ("DSB · Austria", "at-dsb", new.source)
        assert kept.recorded_by == "user:1"

    def test_keeps_an_actor_who_is_no_authority_as_words(self, case):
        kept = updates.get_update(case.id, record(news("submission", actor="Example Platforms")))
        assert (kept.actor, kept.actor_slug) == ("Example Platforms", None)


class TestADecision:
    @pytest.fixture
    def case(self, case):
        for number in ("C001-01", "C002-01"):
            record(news("admissible"), number)
            record(news("investigation"), number)
        return case

    @pytest.mark.parametrize("outcome", [None, Outcome.PENDING, Outcome.WITHDRAWN])
    def test_of_a_national_authority_needs_an_outcome(self, case, outcome):
        refused = refusal(news("national_decision", outcome=outcome), "C001-01")
        assert refused.field == "outcome" and "choose how it was decided" in str(refused)

    def test_may_say_that_the_outcome_is_not_recorded(self, case):
        record(news("national_decision", outcome=Outcome.NOT_RECORDED), "C001-01")
        assert stands("C001-01")[2] is Outcome.NOT_RECORDED

    @pytest.mark.parametrize("step", ["draft_decision", "information", "withdrawn"])
    def test_of_any_other_kind_takes_no_choice(self, case, step):
        assert refusal(news(step, outcome=Outcome.WON)).field == "outcome"


class TestADay:
    def test_may_be_known_to_the_month_and_stays_so(self, case):
        record(news("acknowledged", "2024-07"))
        filing = filings.get_filing("C002-01")
        assert (filing.since_precision, filing.since.words) == (Precision.MONTH, "July 2024")

    def test_may_be_the_month_of_lodging(self, case):
        record(news("acknowledged", "2024-06"))
        assert stands()[0] == "acknowledged"

    def test_may_be_this_month(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 7, 15))
        record(news("acknowledged", "2024-07"))
        assert stands()[:2] == ("acknowledged", "2024-07")

    @pytest.mark.parametrize("day", ["2024-07-16", "2024-08", "2025"])
    def test_may_not_lie_in_the_future(self, case, monkeypatch, day):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 7, 15))
        refused = refusal(news("acknowledged", day))
        assert refused.field == "day" and "has not come yet" in str(refused)

    def test_is_named_as_exactly_as_it_was_typed(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 7, 15))
        assert str(refusal(news("acknowledged", "2024-12"))) == "December 2024 has not come yet."

    @pytest.mark.parametrize("day", ["2024-06-05", "2024-05", "2023"])
    def test_may_not_lie_before_the_lodging(self, case, day):
        refused = refusal(news("information", day), "C002-01", "C002-02")
        assert refused.field == "day"
        assert "before C002-01 was lodged (6 June 2024)" in str(refused)

    @pytest.mark.parametrize("field", ["sent_on", "received_on"])
    def test_of_a_letter_may_not_lie_in_the_future(self, case, monkeypatch, field):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 7, 15))
        new = news("acknowledged", letter=Letter(**{field: date(2024, 7, 16)}))
        assert refusal(new).field == field

    def test_of_arrival_may_not_lie_before_that_of_sending(self, case):
        letter = Letter(Medium.LETTER, sent_on=date(2024, 6, 20), received_on=date(2024, 6, 19))
        assert refusal(news("acknowledged", letter=letter)).field == "received_on"

    def test_may_be_unknown(self, case):
        record(news("information", ""))
        assert updates.protocol(case.id)[-1].day.words == "day not known"


class TestANumberOfAnAuthority:
    def kept(self, number: str = "C002-01") -> Sequence[tuple[str, str]]:
        """Return the numbers under which others keep a filing."""
        return [(it.owner, it.value) for it in filings.get_filing(number).references]

    @pytest.mark.parametrize(
        ("actor", "owner"),
        [("at-dsb", "authority"), ("ie-dpc", "lead_authority"), ("fr-cnil", "fr_cnil"), ("eu-edpb", "edpb")],
    )
    def test_is_kept_under_the_role_of_who_gave_it(self, case, actor, owner):
        record(news("information", actor=actor, reference="D155.027"))
        assert self.kept() == [(owner, "D155.027")]

    def test_is_kept_once(self, case):
        for words in ("First letter.", "Second letter."):
            record(news("information", reference="D155.027", words=words))
        record(news("information", actor="ie-dpc", reference="IN-24-1"))
        record(news("information", reference="D155.028"))
        assert self.kept() == [
            ("authority", "D155.027"), ("lead_authority", "IN-24-1"), ("authority", "D155.028"),
        ]  # fmt: skip

    def test_is_kept_for_each_filing_under_its_own_role(self, case):
        record(news("information", actor="fr-cnil", reference="24-100"), "C002-01", "C002-02")
        assert (self.kept("C002-01"), self.kept("C002-02")) == (
            [("fr_cnil", "24-100")], [("authority", "24-100")],
        )  # fmt: skip

    def test_stays_with_the_entry_where_nobody_knows_the_owner(self, case):
        number = record(news("submission", actor="A court", reference="1 Ob 1/24"))
        assert self.kept() == []
        assert updates.get_update(case.id, number).reference == "1 Ob 1/24"
