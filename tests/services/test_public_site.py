"""What the public reads about a case, in words: computed from its filings on the day of reading."""

from datetime import date
from types import SimpleNamespace

import pytest

from tracker.models import PublishedFiling, PublishedUpdate
from tracker.rules.days import Day
from tracker.rules.routing import DISPUTED
from tracker.rules.vocabulary import Precision
from tracker.services.public_site_case import courses_of
from tracker.services.public_site_rows import facts_of
from tracker.services.public_site_words import (
    case_status,
    lodged_words,
    news,
    routes_of,
    row_of,
    sentence_of,
    state_of,
)

TODAY = date(2026, 11, 22)


def filing(place: int = 1, **values) -> PublishedFiling:
    """Return a public filing, lodged with the Dutch AP on 6 June 2024 and led by the Irish DPC."""
    return PublishedFiling(
        **{
            "number": f"C001-{place:02}",
            "case_number": "C001",
            "authority": "nl-ap",
            "country": "NL",
            "reference": None,
            "lodged_on": date(2024, 6, 6),
            "lodged_precision": Precision.DAY,
            "stage": "lodged",
            "since_on": date(2024, 6, 6),
            "since_precision": Precision.DAY,
            "outcome": "pending",
            "entered_by_authority": None,
            "lead": "ie-dpc",
            "lead_presumed": False,
            "lead_sentence": "The DPC leads because.",
            "lead_short": "Led by the Irish DPC, because.",
            "controllers": [],
            **values,
        }
    )


def decided(place: int, outcome: str, **values) -> PublishedFiling:
    return filing(
        place,
        stage="national_decision",
        outcome=outcome,
        since_on=date(2025, 6, 6),
        lead=None,
        **{"lead_short": "", **values},
    )


def told(*filings: PublishedFiling) -> str:
    status = case_status(filings, TODAY)
    return " ".join(it for it in (status.state.words, status.leading, *status.sentences) if it)


class TestTheStatusOfACase:
    def test_of_one_filing_is_the_sentence_of_that_filing(self):
        only = filing(stage="forwarded", since_on=date(2024, 9, 2), entered_by_authority="nl-ap")
        assert told(only) == sentence_of(only, TODAY)
        assert told(only) == (
            "With the Irish DPC, passed on by the Dutch AP no later than 2 September 2024; "
            "pending for 2 years and 5 months."
        )

    def test_says_how_long_all_are_pending_who_leads_and_why(self):
        assert told(filing(1), filing(2, authority="at-dsb", stage="forwarded"), filing(3)) == (
            "Pending for 2 years and 5 months. Led by the Irish DPC, because. "
            "Filings by stage: lodged (2), with the lead authority (1)."
        )

    def test_names_the_lead_without_a_reason_where_reasons_differ(self):
        words = told(filing(1), filing(2, lead_short="Another reason."))
        assert "All filings are led by the Irish DPC." in words

    def test_says_of_a_lead_without_a_reason_that_it_is_disputed(self):
        doubtful = {"lead_sentence": f"The DPC leads; {DISPUTED}.", "lead_short": ""}
        for others, some in ((doubtful, ""), ({}, " for some of them")):
            words = told(filing(1, **doubtful), filing(2, **others))
            assert f"All filings are led by the Irish DPC; whether it leads is disputed{some}." in words

    def test_names_no_lead_where_there_are_two(self):
        assert "led by" not in told(filing(1), filing(2, lead="fr-cnil"))

    def test_says_whether_such_a_lead_is_only_presumed(self):
        for others, how in ((True, "presumed to be led by"), (False, "led, or presumed to be led, by")):
            many = filing(1, lead_presumed=True), filing(2, lead_presumed=others, lead_short="Another.")
            assert f"All filings are {how} the Irish DPC." in told(*many)

    def test_counts_from_the_filing_that_waits_longest(self):
        words = told(filing(1, lodged_on=date(2020, 11, 22)), filing(2), decided(3, "won"))
        assert words.startswith("Pending in 2 of 3 filings for 6 years.")
        assert "Results so far: complaint upheld (1)." in words

    def test_says_only_that_it_is_pending_where_no_day_is_known(self):
        unknown = {"lodged_on": None, "lodged_precision": Precision.UNKNOWN}
        assert told(filing(1, **unknown), filing(2, **unknown)).startswith("Pending. ")

    @pytest.mark.parametrize(
        ("outcomes", "mark", "tone"),
        [
            (("won", "won"), "full", "good"),
            (("lost", "lost"), "full", "bad"),
            (("won", "lost"), "half", "mixed"),
            (("won", "partly_won"), "half", "mixed"),
            (("won", "not_recorded"), "full", "neutral"),
            (("settled", "withdrawn"), "full", "neutral"),
            (("withdrawn", "withdrawn"), "bar", "neutral"),
        ],
    )
    def test_has_a_colour_only_where_the_results_speak_clearly(self, outcomes, mark, tone):
        state = case_status([decided(place, it) for place, it in enumerate(outcomes)], TODAY).state
        assert (state.mark, state.tone) == (mark, tone)

    @pytest.mark.parametrize(
        ("outcomes", "words"),
        [
            (("won", "won"), "Decided in both filings. Results: complaint upheld (2)."),
            (
                ("won", "lost", "not_recorded"),
                "Decided in all 3 filings. "
                "Results: complaint upheld (1), complaint rejected (1), result not recorded (1).",
            ),
            (
                ("won", "settled"),
                "Both filings have a result. Results: complaint upheld (1), complaint settled (1).",
            ),
            (("withdrawn", "withdrawn"), "Withdrawn. Results: complaint withdrawn (2)."),
        ],
    )
    def test_says_of_what_was_not_decided_only_that_there_is_a_result(self, outcomes, words):
        assert told(*(decided(place, it) for place, it in enumerate(outcomes))) == words

    def test_does_not_call_ended_what_goes_on_before_a_court_or_with_measures(self):
        goes_on = [decided(place, "won") for place in range(3)]
        goes_on[0].stage, goes_on[1].stage = "appeal", "measures"
        assert told(*goes_on).endswith(
            "Still going on after the result: before a court (1), decided, measures are being carried out "
            "(1)."
        )

    def test_without_a_public_filing_says_so(self):
        assert told() == "No filing of this case is public."


class TestFilingsThatAreDecidedInPart:
    """ "Decided in part" names the claims that are open, and the filings in which they are."""

    def left(self, *claims: tuple[str, ...]) -> str:
        rows = [facts_of(decided(place, "won"), it) for place, it in enumerate(claims, start=1)]
        return " ".join(it for it in case_status(rows, TODAY).sentences if it.startswith("Decided in part"))

    def test_are_not_named_where_it_is_so_in_all_of_them(self):
        assert self.left(("Art 9",), ("Art 9",)) == "Decided in part: the claim on Art 9 is open."

    def test_are_counted_where_they_are_many(self):
        assert self.left(*[("Art 9",)] * 4, ()) == (
            "Decided in part: the claim on Art 9 is open in C001-01, C001-02, C001-03, C001-04."
        )
        assert self.left(*[("Art 9",)] * 5, ()) == "Decided in part: the claim on Art 9 is open in 5 filings."

    def test_bear_the_mark_of_a_half_whatever_their_results_are(self):
        rows = [facts_of(decided(1, "won"), ("Art 9",)), facts_of(decided(2, "not_recorded"), ())]
        assert case_status(rows, TODAY).state.mark == "half"
        assert case_status([facts_of(it, ()) for it in rows], TODAY).state.mark == "full"

    def test_have_a_sentence_for_each_set_of_claims(self):
        assert self.left(("Art 9",), ("Art 5(1)(a)", "Art 13"), ("Art 9",)) == (
            "Decided in part: the claim on Art 9 is open in C001-01, C001-03. "
            "Decided in part: the claims on Art 5(1)(a), 13 are open in C001-02."
        )

    def test_have_provisions_of_several_acts_one_after_the_other(self):
        assert self.left(("Art 9", "Art 5(3) ePrivacy Directive"), ()) == (
            "Decided in part: the claims on Art 9; Art 5(3) ePrivacy Directive are open in C001-01."
        )


class TestTheCourseOfAFiling:
    def test_ends_with_the_day_of_its_decision_though_something_was_told_of_it_later(self):
        lodged, made, told = (Day(date(2023, month, 3), Precision.DAY) for month in (1, 6, 7))
        it = SimpleNamespace(number="C001-01", lodged=lodged, stage="national_decision", since=made)
        entries = [SimpleNamespace(kind="investigation", filings=["C001-01"], day=told)]
        [course] = courses_of([it], entries)
        assert course == (("lodged", lodged), ("national_decision", made))


class TestTheStageOfAFiling:
    def test_tells_the_result_where_the_stage_does_not(self):
        assert state_of(decided(1, "lost")).words == "Decided: complaint rejected"
        assert state_of(filing(stage="final_upheld", outcome="won")).words == "Complaint upheld"

    def test_that_this_program_does_not_know_is_shown_as_it_is(self):
        strange = filing(stage="sent_to_the_moon")
        assert state_of(strange).words == "sent to the moon"
        assert sentence_of(strange, TODAY) == "Sent to the moon."

    def test_does_not_doubt_a_presumed_lead_that_acted_itself(self):
        passed_on = filing(stage="forwarded", lead_presumed=True, entered_by_authority="nl-ap")
        assert "With the Irish DPC (presumed to lead), passed on by the Dutch AP" in told(passed_on)
        confirmed = filing(stage="lead_confirmed", lead_presumed=True, entered_by_authority="ie-dpc")
        assert "With the Irish DPC, which confirmed" in told(confirmed)


class TestTheNews:
    @pytest.mark.parametrize(
        ("slug", "within", "opening"),
        [("ie-dpc", "the Irish DPC", "The Irish DPC"), (None, "noyb", "noyb")],
    )
    def test_begin_with_the_actor_as_it_writes_itself(self, slug, within, opening):
        said = {"label": "Lodged", "actor": "noyb", "actor_slug": slug, "words": ""}
        line = news(PublishedUpdate(number=1, happened_precision=Precision.UNKNOWN, **said))
        assert (line.actor, line.opening) == (within, opening)


class TestTheLodging:
    @pytest.mark.parametrize(
        ("filings", "words"),
        [
            ([filing()], "lodged on 6 June 2024 with the Dutch AP"),
            ([filing(authority=None)], "lodged on 6 June 2024 with an authority that is not known"),
            ([filing(), filing(2, authority="at-dsb")], "lodged on 6 June 2024 with 2 authorities"),
            pytest.param(
                [filing(), filing(2, authority=None)],
                "lodged on 6 June 2024 with 2 authorities",
                id="one unknown",
            ),
            pytest.param(
                [filing(1, authority=None), filing(2, authority=None)],
                "lodged on 6 June 2024 in 2 filings",
                id="two unknown, which may be the same",
            ),
            pytest.param(
                [filing(1), filing(2)], "lodged on 6 June 2024 in 2 filings", id="two with the same"
            ),
            pytest.param(
                [filing(1), filing(2, authority="at-dsb", lodged_on=date(2023, 1, 1))],
                "first lodged on 1 January 2023 with 2 authorities",
                id="on several days",
            ),
            pytest.param(
                [filing(lodged_on=date(2024, 6, 1), lodged_precision=Precision.MONTH)],
                "lodged in June 2024 with the Dutch AP",
                id="in a month",
            ),
            pytest.param(
                [filing(lodged_on=None, lodged_precision=Precision.UNKNOWN)],
                "lodged with the Dutch AP",
                id="on a day nobody knows",
            ),
        ],
    )
    def test_is_told_as_exactly_as_it_is_known(self, filings, words):
        assert lodged_words(filings) == words


class TestTheDrawnRoute:
    def drawn(self, *filings: PublishedFiling) -> list[tuple[str | None, str, int]]:
        found = routes_of([(it, row_of(it, (), TODAY)) for it in filings])
        return [(it.lead.slug if it.lead else None, it.sentence, len(it.filings)) for it in found]

    def test_has_one_line_for_filings_that_go_the_same_way(self):
        assert self.drawn(filing(1), filing(2, authority="at-dsb"), decided(3, "won", lead_sentence="")) == [
            ("ie-dpc", "The DPC leads because.", 2),
            (None, "", 1),
        ]

    def test_keeps_reasons_apart_while_they_are_few(self):
        assert len(self.drawn(*(filing(place, lead_sentence=f"{place}") for place in range(4)))) == 4

    def test_keeps_apart_where_the_lead_is_certain_and_where_it_is_presumed(self):
        many = [filing(place, lead_sentence=f"{place}") for place in range(8)]
        assert self.drawn(*many, filing(9, lead_presumed=True, lead_sentence="Perhaps.")) == [
            ("ie-dpc", "", 8),
            ("ie-dpc", "Perhaps.", 1),
        ]

    def test_leaves_reasons_to_the_filings_when_they_are_many(self):
        many = [filing(place, lead_sentence=f"{place}") for place in range(8)]
        assert self.drawn(*many, filing(9, lead="fr-cnil", lead_sentence="Paris.")) == [
            ("ie-dpc", "", 8),
            ("fr-cnil", "Paris.", 1),
        ]


class TestAFilingOfWhichNobodyKnowsTheResult:
    def test_is_not_called_pending(self):
        unclear = filing(outcome="not_known")
        assert state_of(unclear).words == "Lodged, result not known"
        assert row_of(unclear, (), TODAY).pending is None
        assert sentence_of(unclear, TODAY) == "No result is recorded here. The last entry is of 6 June 2024."

    def test_is_counted_for_itself(self):
        words = told(filing(1), filing(2, outcome="not_known"), decided(3, "won"))
        assert words.startswith("Pending in 1 of 3 filings for 2 years and 5 months.")
        assert "Result not known in 1: none is recorded here." in words

    def test_leaves_no_case_pending_alone(self):
        assert told(filing(1, outcome="not_known"), filing(2, outcome="not_known")).startswith(
            "No result is recorded here."
        )
        assert told(filing(1, outcome="not_known"), decided(2, "won")).startswith(
            "1 of 2 filings has a result"
        )


class TestTheWordsOfTheNews:
    @pytest.mark.parametrize(
        ("words", "first"),
        [
            ("It went to Dublin. The rest is silence.", "It went to Dublin."),
            ("See Art. 5 and Meta Inc. Both are named.", "See Art. 5 and Meta Inc. Both are named."),
            ("One line\nAnother", "One line"),
            ("", ""),
        ],
    )
    def test_are_the_first_sentence_that_was_cleared(self, words, first):
        said = {"label": "Lodged", "actor": "noyb", "actor_slug": None, "words": words}
        assert news(PublishedUpdate(number=1, happened_precision=Precision.UNKNOWN, **said)).words == first
