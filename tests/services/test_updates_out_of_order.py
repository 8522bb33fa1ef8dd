"""Steps out of order: recorded with a note that says why, told wherever the file is read, never public."""

from datetime import date

import pytest

from tests.builders import ANN
from tests.campaigns import a_campaign, an_event, take_in
from tests.services.recording import codes, news, of, record, refusal, stands, three_filings
from tracker import clock
from tracker.db import transaction
from tracker.models import Case
from tracker.reference import tables
from tracker.rules.procedure import Fault
from tracker.rules.vocabulary import Outcome
from tracker.services import cases, filings, procedure, publication, updates, updates_steps

WHY = "The DPC told us by telephone; the letters in between never came."


@pytest.fixture
def case(app) -> Case:
    """C002 at three authorities, led from Dublin; C001 is handled in Austria alone."""
    return three_filings()


def irregular(number: str = "C002-01") -> list[tuple[int, int | None, Fault]]:
    """Return what is out of order in a filing: entry, the one it does not follow from, in which way."""
    filing = filings.get_filing(number)
    return [(it.number, it.after, it.fault) for it in procedure.walks_of([filing])[filing.id].irregularities]


class TestAStepOutOfOrder:
    def test_is_refused_without_a_note_and_says_where_to_write_it(self, case):
        refused = refusal(news("draft_decision", actor="ie-dpc"))
        assert refused.field == "step"
        assert str(refused).endswith(
            "If it happened all the same, say so under “Why it is recorded all the same”."
        )

    def test_is_recorded_with_one_and_moves_the_filing(self, case):
        number = record(news("draft_decision", actor="ie-dpc", irregular=WHY))
        assert updates.get_update(case.id, number).irregular == WHY
        assert stands() == ("draft_decision", "2024-06-20", Outcome.PENDING)
        assert irregular() == [(2, 1, Fault.GAP)]

    def test_is_asked_of_each_of_several_filings(self, case):
        record(news("acknowledged"), "C002-02")
        refused = refusal(news("acknowledged"), "C002-01", "C002-02")
        assert "C002-02" in str(refused) and "C002-01" not in str(refused)
        record(news("acknowledged", irregular="They wrote twice."), "C002-01", "C002-02")
        assert irregular("C002-01") == []
        assert irregular("C002-02") == [(3, 2, Fault.ORDER)]

    def test_lets_what_follows_from_it_follow_without_a_note(self, case):
        record(news("draft_decision", actor="ie-dpc", irregular=WHY))
        record(news("objection", "2024-06-21", actor="fr-cnil"))
        assert irregular() == [(2, 1, Fault.GAP)]

    def test_outside_the_one_stop_shop_is_recorded_when_an_authority_did_it_all_the_same(self, case):
        for step in ("admissible", "investigation"):
            record(news(step), "C001-01")
        record(news("draft_decision", irregular="The DSB treats it as cross-border."), "C001-01")
        assert [it[2] for it in irregular("C001-01")] == [Fault.GUARD]

    def test_is_a_second_final_decision(self, case):
        for step in ("admissible", "investigation", "draft_decision"):
            record(news(step))
        record(news("final_rejected", "2024-07-01"))
        assert "not possible" in str(refusal(news("final_upheld", "2024-08-01", actor="ie-dpc")))
        second = news("final_upheld", "2024-08-01", actor="ie-dpc", irregular="Both were served on us.")
        number = record(second)
        assert stands()[2] is Outcome.WON
        assert irregular() == [(number, number - 1, Fault.ORDER)]

    def test_may_come_from_a_day_before_what_it_follows(self, case):
        record(news("forwarded", "2024-09-02"))
        record(news("lead_confirmed", "2024-07-01", actor="ie-dpc", irregular="The letter bears this date."))
        assert [it[0] for it in irregular()] == [3, 2], "neither follows from what stands before it"


class TestADecisionByTheWrongAuthority:
    @pytest.fixture
    def case(self, case):
        for step in ("admissible", "investigation", "draft_decision"):
            record(news(step))
        return case

    @pytest.mark.parametrize(
        ("step", "actor"),
        [("final_rejected", "ie-dpc"), ("final_upheld", "at-dsb"), ("final_upheld", "fr-cnil")],
    )
    def test_is_refused_without_a_note_and_names_whose_it_is(self, case, step, actor):
        refused = refusal(news(step, actor=actor))
        assert refused.field == "step" and "It is for the " in str(refused)
        number = record(news(step, actor=actor, irregular="So says the letter."))
        assert irregular() == [(number, number - 1, Fault.AUTHORITY)]

    def test_is_none_where_the_right_one_adopted_it(self, case):
        record(news("final_rejected", actor="at-dsb"))
        assert irregular() == []

    def test_raises_no_doubt_besides_once_it_has_its_note(self, case):
        number = record(news("final_rejected", actor="ie-dpc", irregular="So says the letter."))
        assert updates_steps.doubt_about(of("C002-01"), updates.get_update(case.id, number)) is None


class TestAnActionForInaction:
    def test_is_premature_before_the_three_months_of_art_78_are_over(self, case):
        refused = refusal(news("inaction_action", "2024-09-06", actor="noyb"))
        assert "is late from 7 September 2024 on: an action before that day is premature" in str(refused)
        number = record(news("inaction_action", "2024-09-06", actor="noyb", irregular="Filed a day early."))
        assert irregular() == [(number, 1, Fault.GUARD)]

    def test_is_lawful_from_then_on_and_leaves_the_stage(self, case):
        record(news("inaction_action", "2024-09-09", actor="noyb"))
        assert stands()[0] == "lodged" and irregular() == []


class TestADecisionOfALeadThatWasConfirmed:
    def test_is_in_order_whatever_the_rules_find(self, case):
        for step in ("forwarded", "lead_confirmed"):
            record(news(step, actor="fr-cnil"))
        for step in ("investigation", "draft_decision", "final_upheld"):
            record(news(step, actor="fr-cnil"))
        assert irregular() == []


class TestWhatCannotHaveHappened:
    @pytest.mark.parametrize("step", ["lodged", "abandoned", "resumed", "decided"])
    def test_is_refused_with_a_note_too(self, case, step):
        refused = refusal(news(step, irregular=WHY))
        assert refused.field == "step" and "Why it is recorded" not in str(refused)

    def test_is_what_lies_in_the_future_or_before_the_lodging(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 7, 15))
        assert refusal(news("draft_decision", "2024-07-16", irregular=WHY)).field == "day"
        assert refusal(news("draft_decision", "2024-06-05", irregular=WHY)).field == "day"


class TestANoteWhereAllIsInOrder:
    def test_is_refused_so_that_nobody_looks_for_a_fault(self, case):
        refused = refusal(news("acknowledged", irregular=WHY))
        assert refused.field == "irregular" and "is in order there" in str(refused)


class TestACorrectionOfAStepOutOfOrder:
    @pytest.fixture
    def entry(self, case) -> int:
        return record(news("draft_decision", actor="ie-dpc", irregular=WHY))

    def test_keeps_its_note(self, case, entry):
        again = news("draft_decision", actor="ie-dpc", words="Better.", irregular=WHY)
        assert updates.get_update(case.id, record(again, corrects=entry)).irregular == WHY

    def test_does_not_lose_the_note_while_it_needs_one(self, case, entry):
        refused = refusal(news("draft_decision", actor="ie-dpc", words="Better."), corrects=entry)
        assert refused.field == "step"

    def test_by_a_step_in_order_needs_none_any_more(self, case, entry):
        record(news("acknowledged"), corrects=entry)
        assert irregular() == []

    def test_of_an_imported_entry_may_add_one(self, app):
        passed_on = an_event("transfer_to_lead", "acme-2024-at", date="2024-08-01")
        events = [an_event("withdrawal", "acme-2024-at"), passed_on]
        take_in(a_campaign(internal_ref="C081", events=events))
        (number,) = [it.number for it in cases.get_case("C081").filings if it.key == "acme-2024-at"]
        assert irregular(number) == [(2, 1, Fault.ORDER)]
        again = news("forwarded", "2024-08-01", irregular="They had not seen that it was withdrawn.")
        with transaction():
            here = [it for it in cases.get_case("C081").filings if it.number == number]
            entry = updates.record_update(here, again, seen={}, by=ANN, corrects=2)
        assert entry.irregular == again.irregular


class TestTheOffer:
    def test_names_last_what_needs_a_note(self, case):
        offer = updates_steps.offer(of("C002-01"))
        listed = {it.code for it in offer.out_of_order}
        assert {"draft_decision", "national_decision", "closed"} <= listed
        assert listed.isdisjoint({it.code for it in (*offer.now, *offer.another_day)})
        assert listed.isdisjoint({"lodged", "abandoned", "resumed", "decided"})

    def test_is_all_of_the_table_but_what_cannot_be_or_has_a_form_of_its_own(self, case):
        offer = updates_steps.offer(of("C002-01"))
        listed = {it.code for it in (*offer.now, *offer.another_day, *offer.out_of_order)}
        apart = {it.code for it in tables.steps().values() if it.group == "deadline"}
        assert listed | apart | {"lodged", "abandoned", "resumed", "decided"} == set(tables.steps())

    def test_still_offers_as_lawful_what_it_did(self, case):
        assert codes("C002-01") == tables.stages()["lodged"].next


class TestTheNote:
    def test_is_never_public_by_itself(self, case):
        record(news("draft_decision", actor="ie-dpc", irregular=WHY, public_words="A draft was sent."))
        whole = cases.get_case("C002")
        with transaction():
            proposed = publication.propose(whole, publication.default_content(whole), note="", by=ANN)
        assert "A draft was sent." in str(proposed.content)
        assert WHY not in str(proposed.content) and "irregular" not in str(proposed.content)
