"""Where a filing stands after its updates, and the sentence that says so."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reference.tables import event_kinds, procedure
from tracker.rules.days import Day
from tracker.rules.standing import (
    Entry,
    imported_step,
    kind_label,
    says_otherwise,
    standing,
    status_sentence,
    step_sentence,
)
from tracker.rules.vocabulary import Outcome, Precision

PROCEDURE = procedure()
KINDS = event_kinds()
TODAY = date(2026, 11, 22)
NOT_KNOWN = Day(None, Precision.UNKNOWN)


def entry(step, day, number, *, outcome=None, corrected=False):
    """Return an entry as services make it: the stage follows from the step."""
    stage = PROCEDURE.steps[step].stage if step else None
    return Entry(step, stage, Day.parse(day), number, outcome, corrected)


def stand(*entries):
    """Return where a filing with these entries stands."""
    return standing(entries, PROCEDURE)


def sentence(stage, since, **named):
    """Return the status sentence of the Dutch filing of C081, but for what is named."""
    facts = {
        "outcome": Outcome.PENDING,
        "lodged": Day.parse("2024-06-06"),
        "today": TODAY,
        "lodged_with": "the Dutch AP",
        "lead": "the Irish DPC",
    } | named
    return status_sentence(stage=PROCEDURE.stages[stage], since=Day.parse(since), **facts)


class TestAFilingWithoutUpdates:
    def test_is_still_being_drafted(self):
        now = stand()
        assert (now.stage, now.since, now.outcome, now.entered_by) == (
            "drafted", NOT_KNOWN, Outcome.PENDING, None,
        )  # fmt: skip


class TestAFilingWithUpdates:
    def test_stands_where_the_last_step_led(self):
        now = stand(
            entry("lodged", "2024-06-06", 1),
            entry("submission", "2024-06-12", 2),
            entry("forwarded", "2024-09-02", 3),
            entry(None, "2024-12-17", 4),
        )
        assert now.stage == "forwarded"
        assert now.since == Day.parse("2024-09-02")
        assert now.entered_by == 3
        assert now.outcome is Outcome.PENDING
        assert now.history == ("drafted", "lodged", "forwarded")

    def test_follows_the_days_when_an_earlier_one_is_recorded_later(self):
        now = stand(
            entry("lodged", "2024-06-06", 1),
            entry("forwarded", "2024-09-02", 2),
            entry("acknowledged", "2024-06-20", 3),
        )
        assert now.stage == "forwarded"

    def test_counts_a_step_of_an_unknown_day_after_those_recorded_before_it(self):
        assert stand(entry("lodged", "2024-06-06", 1), entry("forwarded", None, 2)).stage == "forwarded"

    def test_forgets_what_was_corrected(self):
        now = stand(
            entry("lodged", "2024-06-06", 1),
            entry("withdrawn", "2024-09-02", 2, corrected=True),
            entry("forwarded", "2024-09-02", 3),
        )
        assert (now.stage, now.outcome) == ("forwarded", Outcome.PENDING)
        assert "withdrawn" not in now.history

    def test_has_stood_in_a_stage_since_it_first_entered_it(self):
        now = stand(
            entry("lodged", "2024-06-06", 1),
            entry("forwarded", "2024-09-02", 2),
            entry("forwarded", "2024-10-01", 3),
        )
        assert (now.since.iso, now.entered_by) == ("2024-09-02", 2)

    def test_finds_the_stage_of_a_step_by_itself(self):
        now = standing([Entry("lodged", None, Day.parse("2024-06-06"), 1)], PROCEDURE)
        assert now.stage == "lodged"

    def test_goes_back_when_a_stay_is_lifted(self):
        now = stand(
            entry("lodged", "2020-08-17", 1),
            entry("investigation", "2021-01-01", 2),
            entry("stayed", "2021-06-01", 3),
            entry("resumed", "2022-06-01", 4),
        )
        assert (now.stage, now.since.iso, now.entered_by) == ("investigation", "2022-06-01", 4)

    def test_is_not_asked_whether_an_imported_step_was_lawful(self):
        assert stand(entry("lodged", "2018-05-25", 1), entry("binding_decision", "2022-12-05", 2)).stage == (
            "binding_decision"
        )

    @settings(derandomize=True, max_examples=200)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from([None, *PROCEDURE.steps]),
                st.none() | st.sampled_from(["2024", "2024-03", "2024-03-05", "2023-01-01"]),
                st.booleans(),
            ),
            max_size=12,
        )
    )
    def test_stands_somewhere_whatever_is_imported_in_whatever_order(self, steps):
        entries = [
            entry(step, day, number, corrected=corrected)
            for number, (step, day, corrected) in enumerate(steps, 1)
        ]
        now = standing(entries, PROCEDURE)
        assert now == standing(entries[::-1], PROCEDURE)
        assert now.history[-1] == now.stage
        assert (PROCEDURE.stages[now.stage].mark == "open") <= (now.outcome is Outcome.PENDING)


class TestTheOutcome:
    @pytest.mark.parametrize(
        ("step", "outcome"),
        [
            ("final_upheld", Outcome.WON),
            ("final_rejected", Outcome.LOST),
            ("final_split", Outcome.PARTLY_WON),
            ("inadmissible", Outcome.LOST),
            ("settled", Outcome.SETTLED),
            ("withdrawn", Outcome.WITHDRAWN),
            ("decided", Outcome.NOT_RECORDED),
        ],
    )
    def test_follows_from_the_step(self, step, outcome):
        assert stand(entry("lodged", "2024-06-06", 1), entry(step, "2024-09-02", 2)).outcome is outcome

    def test_is_the_one_chosen_where_the_step_leaves_it_open(self):
        decided = entry("national_decision", "2024-09-02", 2, outcome=Outcome.PARTLY_WON)
        assert stand(entry("lodged", "2024-06-06", 1), decided).outcome is Outcome.PARTLY_WON

    @pytest.mark.parametrize("later", ["measures", "appeal", "closed"])
    def test_stays_after_the_decision(self, later):
        now = stand(entry("final_upheld", "2023-01-12", 1), entry(later, "2023-04-05", 2))
        assert (now.stage, now.outcome) == (later, Outcome.WON)

    def test_is_open_again_when_a_court_annuls_the_decision(self):
        before = [entry("final_rejected", "2023-01-12", 1), entry("appeal", "2023-02-01", 2)]
        annulled = entry("decision_annulled", "2024-02-01", 3)
        assert stand(*before, annulled).outcome is Outcome.PENDING
        assert stand(*before, annulled, entry("investigation", "2024-03-01", 4)).outcome is Outcome.PENDING


class TestAnImportedEvent:
    @pytest.mark.parametrize(
        ("kind", "step", "outcome"),
        [
            ("complaint_filed", "lodged", None),
            ("transfer_to_lead", "forwarded", None),
            ("draft_decision", "draft_decision", None),
            ("referral_art65", "board_dispute", None),
            ("binding_decision", "binding_decision", None),
            ("withdrawal", "withdrawn", Outcome.WITHDRAWN),
            ("dismissal", "national_decision", Outcome.LOST),
            ("compliance_report", "measures", None),
            ("formal_notice", "formal_notice", None),
            ("court_judgment", "judgment", None),
            ("controller_statement", "statement", None),
            ("never_heard_of", None, None),
        ],
    )
    def test_becomes_the_step_of_its_kind(self, kind, step, outcome):
        assert imported_step(kind, oss=True, fined=False, kinds=KINDS) == (step, outcome)

    @pytest.mark.parametrize(
        ("oss", "fined", "step", "outcome"),
        [
            (True, True, "final_upheld", Outcome.WON),
            (True, False, "decided", Outcome.NOT_RECORDED),
            (False, True, "national_decision", Outcome.NOT_RECORDED),
            (False, False, "national_decision", Outcome.NOT_RECORDED),
        ],
    )
    def test_that_is_a_decision_says_no_more_than_is_known(self, oss, fined, step, outcome):
        assert imported_step("decision", oss=oss, fined=fined, kinds=KINDS) == (step, outcome)

    def test_has_words_also_when_nobody_described_it(self):
        assert kind_label("transfer_to_lead", KINDS) == "Passed on to the lead authority"
        assert kind_label("press_conference", KINDS) == "Press conference"


class TestTheStatusSentence:
    def test_of_a_filing_that_was_passed_on(self):
        assert sentence("forwarded", "2024-09-02") == (
            "With the Irish DPC, passed on by the Dutch AP no later than 2 September 2024; "
            "pending for 2 years and 5 months."
        )

    def test_of_a_filing_that_was_only_lodged(self):
        assert sentence("lodged", "2024-06-06", lodged_with="the Austrian DSB", lead=None) == (
            "Lodged with the Austrian DSB on 6 June 2024; pending for 2 years and 5 months."
        )

    def test_of_a_filing_that_was_decided(self):
        said = sentence("final_upheld", "2023-01-12", outcome=Outcome.WON, lodged=Day.parse("2018-05-25"))
        assert said == (
            "Decided by the Irish DPC on 12 January 2023: complaint upheld; it took 4 years and 7 months."
        )

    def test_of_a_rejection_names_the_authority_lodged_with(self):
        said = sentence("final_rejected", "2025-06-06", outcome=Outcome.LOST)
        assert said == "Decided by the Dutch AP on 6 June 2025: complaint rejected; it took 1 year."

    def test_names_the_authority_that_acted_where_it_is_known(self):
        said = sentence(
            "national_decision", "2023-07-03", outcome=Outcome.NOT_RECORDED,
            lodged=Day.parse("2020-08-17"), lodged_with=None, lead=None, entered_by="the Swedish IMY",
        )  # fmt: skip
        assert said == (
            "Decided by the Swedish IMY on 3 July 2023: result not recorded; it took 2 years and 10 months."
        )

    def test_does_not_say_that_the_lead_passed_it_on_to_itself(self):
        assert "passed on by the Dutch AP" in sentence("forwarded", "2024-09-02", entered_by="the Irish DPC")
        assert "passed on by the Belgian APD" in sentence(
            "forwarded", "2024-09-02", entered_by="the Belgian APD"
        )

    def test_of_an_authority_that_is_not_known(self):
        said = sentence("lodged", "2024-06-06", lodged_with=None, lead=None)
        assert said.startswith("Lodged with an authority that is not known on 6 June 2024;")

    def test_of_a_lead_that_is_not_known(self):
        assert sentence("forwarded", "2024-09-02", lead=None).startswith(
            "With the lead authority, passed on by"
        )

    def test_keeps_days_as_they_are_known(self):
        assert sentence("forwarded", "2024-09", lodged=Day.parse("2024-06")) == (
            "With the Irish DPC, passed on by the Dutch AP no later than September 2024; "
            "pending for about 2 years and 5 months."
        )
        assert sentence("lodged", None, lodged=NOT_KNOWN) == (
            "Lodged with the Dutch AP on a day that is not known; pending."
        )

    def test_of_a_withdrawn_filing_counts_no_time(self):
        said = sentence("withdrawn", "2025-09-22", outcome=Outcome.WITHDRAWN)
        assert said == "Withdrawn on 22 September 2025."

    def test_after_the_decision_says_the_result_and_does_not_call_it_pending(self):
        said = sentence("measures", "2023-04-05", outcome=Outcome.WON)
        assert said == "Decided: complaint upheld; measures under way since 5 April 2023."

    def test_of_a_draft_counts_no_time(self):
        assert sentence("drafted", None, lodged=NOT_KNOWN) == "In preparation, not lodged yet."

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    @pytest.mark.parametrize("known", [True, False])
    def test_of_every_stage_is_one_whole_sentence(self, stage, known):
        label = "the Irish DPC" if known else None
        day = "2024-09-02" if known else None
        said = sentence(stage, day, outcome=Outcome.WON, lodged_with=label, lead=label, handling=label)
        assert said[0].isupper()
        assert said.endswith(".")
        assert not any(wrong in said for wrong in ("{", "None", "  ", " ;", " ,", ".."))


class TestTheSentenceOfAStep:
    def test_names_who_acted_and_to_whom_it_went(self):
        said = step_sentence(
            PROCEDURE.steps["forwarded"], actor="the Dutch AP", authority=None, lead="the Irish DPC"
        )
        assert said == "Passed on to the Irish DPC by the Dutch AP"

    def test_says_when_the_authority_is_not_known(self):
        said = step_sentence(PROCEDURE.steps["lodged"], actor="noyb", authority=None, lead=None)
        assert said == "Lodged with an authority that is not known by noyb"


class TestTheStatusInASource:
    @pytest.mark.parametrize(
        "status",
        [None, "", "open", "Pending", "mostly open at last count (2023-08-17)", "transmitted to the DPC"],
    )
    def test_agrees_that_a_filing_is_pending(self, status):
        assert not says_otherwise(status)

    @pytest.mark.parametrize(
        "status", ["unknown", "reprimand (date not established)", "decided", "opened a case"]
    )
    def test_says_otherwise_where_it_knows_more_or_less(self, status):
        assert says_otherwise(status)
