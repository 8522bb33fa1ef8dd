"""Recording a decision: one act with its entries, and everything that can be wrong with it."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import ANN
from tests.services.deciding import (
    DOWN,
    OPEN,
    PARTLY,
    UP,
    a_decision,
    claim,
    decide,
    drafted,
    entries,
    finding,
    read,
    refused,
)
from tests.services.recording import BEN, news, of, record, stands, three_filings, versions
from tracker.db import transaction
from tracker.errors import Stale
from tracker.models import Case
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.money import Money
from tracker.rules.procedure_guards import Effect, Guard, When
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Outcome, Result
from tracker.services import decisions_filings, decisions_recording, journal
from tracker.services.decisions_new import NewFinding, NewFine, NewMeasure

DUBLIN_COMPANY = 2


@pytest.fixture(autouse=True)
def case(app) -> Case:
    """C002 at three authorities, led from Dublin."""
    return three_filings()


def planned(new, *, corrects=None):
    """Return what recording it would do."""
    there = decisions_recording.before(corrects=read(corrects).it) if corrects else None
    return decisions_recording.look(decisions_filings.of_case("C002"), new, there)


class TestOneAct:
    def test_makes_the_entry_and_moves_the_filing(self):
        drafted()
        done = decide(a_decision())
        assert stands() == ("final_upheld", "2024-09-02", Outcome.WON)
        entry = done.entries[0]
        assert (entry.kind, entry.actor_slug, entry.words) == (
            "final_upheld",
            "ie-dpc",
            "It infringed Art 6(1).",
        )
        assert [it.id for it in read(done.number).entries] == [entry.id]

    def test_keeps_everything_that_it_says(self):
        drafted()
        done = decide(
            a_decision(
                received=Day.parse("2024-09-05"),
                published=Day.parse("2024-10"),
                reference="IN-1",
                ecli="ecli:ie:iehc:2024:12",
                language="en",
                source="https://example.org/decision",
                findings=(finding(Finding.UPHELD, words="No basis."),),
                fines=(
                    NewFine(Money(120_000_050, "EUR"), _company(), None),
                    NewFine(Money(5_00, "SEK"), None, "Other"),
                ),
                measures=(NewMeasure("d", "Within three months.", date(2024, 12, 2)), NewMeasure("i")),
                provisions=("Art. 6 (1) lit. f", "12"),
                national=("§ 24 DSG",),
                appeal=AppealStatus.LODGED,
                appeal_to="High Court",
                note="A note.",
            )
        )
        it = read(done.number).it
        assert (it.decided_by, it.decided_by_slug, it.derived, it.verified) == (
            "DPC · Ireland",
            "ie-dpc",
            False,
            None,
        )
        assert (it.decided.iso, it.received.iso, it.published.iso) == ("2024-09-02", "2024-09-05", "2024-10")
        assert (it.ecli, it.language, it.reference) == ("ECLI:IE:IEHC:2024:12", "en", "IN-1")
        assert [(each.finding, each.words) for each in it.findings] == [(Finding.UPHELD, "No basis.")]
        assert [
            (each.money.words, each.controller_id and each.controller.name, each.words) for each in it.fines
        ] == [
            ("EUR 1,200,000.50", "Example Platforms Ireland Limited", None),
            ("SEK 5", None, "Other"),
        ]
        assert [(each.letter, each.comply_by) for each in it.measures] == [
            ("d", date(2024, 12, 2)),
            ("i", None),
        ]
        assert (it.provisions, it.national) == (["6(1)(f)", "12"], ["§ 24 DSG"])
        assert (it.appeal, it.appeal_to) == (AppealStatus.LODGED, "High Court")
        assert done.entries[0].received_on == date(2024, 9, 5) and done.entries[0].reference == "IN-1"

    def test_is_in_the_journal_once_for_each_filing(self):
        drafted("C002-01", "C002-02")
        decide(a_decision({"C002-01": UP, "C002-02": UP}), by=BEN)
        told = [it for it in journal.history_of(of("C002-01")[0].case_id) if it.act == "decision.record"]
        assert sorted((it.subject, it.actor) for it in told) == [("C002-01", "user:2"), ("C002-02", "user:2")]

    def test_of_somebody_who_was_overtaken_stores_nothing(self):
        drafted()
        seen = versions("C002-01")
        record(news("note"))
        with pytest.raises(Stale), transaction():
            here = decisions_filings.of_case("C002")
            decisions_recording.record_decision(here, a_decision(), seen=seen, by=ANN)
        assert stands()[0] == "draft_decision"


def _company():
    return of("C002-01")[0].controllers[0].id


class TestSeveralFilings:
    def test_that_end_alike_share_one_entry(self):
        drafted("C002-01", "C002-02")
        decide(a_decision({"C002-01": UP, "C002-02": UP}))
        assert entries()[-1][1:] == ("final_upheld", ["C002-01", "C002-02"])

    def test_that_end_differently_have_an_entry_for_each_end(self):
        drafted("C002-01", "C002-02", "C002-03")
        done = decide(
            a_decision({"C002-01": UP, "C002-02": DOWN, "C002-03": PARTLY}, irregular="It was one document.")
        )
        assert [it[1:] for it in entries()[-3:]] == [
            ("final_upheld", ["C002-01"]),
            ("final_rejected", ["C002-02"]),
            ("final_split", ["C002-03"]),
        ]
        assert [stands(it)[2] for it in ("C002-01", "C002-02", "C002-03")] == [
            Outcome.WON,
            Outcome.LOST,
            Outcome.PARTLY_WON,
        ]
        assert len(read(done.number).entries) == 3

    def test_of_several_cases_have_entries_in_each(self):
        drafted()
        record(news("admissible"), "C001-01")
        record(news("investigation"), "C001-01")
        done = decide(a_decision({"C002-01": UP, "C001-01": UP}, irregular="Joined."), cases=("C002", "C001"))
        assert [it.case_id for it in read(done.number).entries] == [
            of(it)[0].case_id for it in ("C002-01", "C001-01")
        ]
        assert stands("C001-01")[0] == "final_upheld"

    def test_that_it_does_not_concern_stay_where_they_are(self):
        drafted("C002-01", "C002-02")
        decide(a_decision({"C002-01": UP}))
        assert stands("C002-02")[0] == "draft_decision"


class TestThePlan:
    def test_stores_nothing_and_says_step_and_outcome_for_each_filing(self):
        drafted("C002-01", "C002-02")
        found = planned(a_decision({"C002-01": UP, "C002-02": DOWN}, decided_by="ie-dpc"))
        assert [(it.filing.number, it.step.code, it.outcome) for it in found.lines] == [
            ("C002-01", "final_upheld", Outcome.WON),
            ("C002-02", "final_rejected", Outcome.LOST),
        ]
        assert stands()[0] == "draft_decision"

    def test_takes_the_first_step_that_the_procedure_allows(self):
        found = planned(
            a_decision(
                {"C002-01": DOWN}, type=DecisionType.NATIONAL, decided_by="at-dsb", decided="2024-07-01"
            )
        )
        assert (found.lines[0].step.code, found.irregular) == ("inadmissible", {})

    def test_takes_the_step_that_somebody_chose(self):
        new = a_decision(
            {"C002-01": DOWN},
            type=DecisionType.NATIONAL,
            decided_by="at-dsb",
            steps={"C002-01": "national_decision"},
        )
        found = planned(new)
        assert found.lines[0].step.code == "national_decision" and "C002-01" in found.irregular

    def test_has_a_mark_that_changes_with_what_it_shows(self):
        drafted("C002-01", "C002-02")
        one, same, other = (
            planned(it).mark
            for it in (
                a_decision({"C002-01": UP}),
                a_decision({"C002-01": UP}, summary="Other words."),
                a_decision({"C002-01": UP, "C002-02": UP}),
            )
        )
        assert one == same != other


class TestWhatIsOutOfOrder:
    def test_is_refused_without_a_note_and_says_where_the_filing_stands(self):
        found = refused(a_decision())
        assert found.field == "irregular"
        assert str(found).startswith("C002-01: “Final decision: complaint upheld” is not possible while")

    def test_is_recorded_with_a_note_on_the_entries_that_need_it(self):
        drafted("C002-01")
        done = decide(a_decision({"C002-01": UP, "C002-02": DOWN}, irregular="The letters never came."))
        assert [(it.kind, it.irregular) for it in done.entries] == [
            ("final_upheld", None),
            ("final_rejected", "The letters never came."),
        ]

    def test_is_not_claimed_where_all_of_it_is_in_order(self):
        drafted()
        assert refused(a_decision(irregular="Why not.")).field == "irregular"


class TestWhatCannotHaveHappened:
    @pytest.fixture(autouse=True)
    def table(self, monkeypatch) -> None:
        """By the procedure nothing is final before it was drafted, whatever anybody notes."""
        known = tables.procedure()
        undrafted = frozenset(known.stages) - {"draft_decision"}
        words = "Nothing was drafted."
        never = Guard("drafted", Effect.IMPOSSIBLE, When.ALWAYS, frozenset(), undrafted, "Art 60(3)", words)
        guards = {**known.guards, "final_upheld": [*known.guards["final_upheld"], never]}
        monkeypatch.setattr(tables, "procedure", lambda: replace(known, guards=guards))

    @pytest.mark.parametrize("note", [None, "They did it all the same."])
    def test_is_refused_with_a_note_and_without(self, note):
        drafted("C002-01")
        found = refused(a_decision({"C002-01": UP, "C002-02": UP}, irregular=note))
        assert found.field == "results" and str(found).startswith("C002-02: ")
        assert "Nothing was drafted." in str(found) and "say why" not in str(found)

    def test_is_named_in_the_plan(self):
        drafted("C002-01")
        assert planned(a_decision({"C002-01": UP, "C002-02": UP})).impossible == ["C002-02"]


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("values", "field", "says"),
        [
            ({"decided": "2027-01-01"}, "decided", "1 January 2027 has not come yet."),
            ({"decided": ""}, "decided", "Say when it was decided."),
            (
                {"received": Day.parse("2024-09-01")},
                "received",
                "cannot have been received before it was decided",
            ),
            ({"published": Day.parse("2024-08")}, "published", "cannot have been made public before"),
            ({"ecli": "EU:C:2020:559"}, "ecli", "is no ECLI"),
            ({"ecli": "ECLI:QQ:C:2024:559"}, "ecli", "No country has the letters QQ"),
            ({"ecli": "ECLI:IE:IEHC:2025:12"}, "ecli", "it says 2025, and the decision is of 2024"),
            ({"language": "xx"}, "language", "There is no language “xx”."),
            ({"source": "ftp://example.org"}, "source", "begins with https://"),
            ({"provisions": ("6(1)(z)",)}, "provisions", "6(1)"),
            ({"decided_by": "High Court"}, "decided_by", "that of an authority"),
            ({"type": DecisionType.JUDGMENT}, "decided_by", "given by a court"),
            ({"type": DecisionType.BINDING}, "decided_by", "European Data Protection Board"),
            ({"proceeding": 7}, "proceeding", "There is no proceeding 7."),
            ({"results": {}}, "results", "Say for at least one filing"),
            ({"results": {"C002-01": OPEN}}, "results:C002-01", "upholds or rejects the complaint"),
            ({"results": {"C002-01": Result.ANNULLED}}, "results:C002-01", "only a court confirms or annuls"),
            ({"results": {"C002-09": UP}}, "results:C002-09", "C002-09 is not one of these filings."),
            ({"steps": {"C002-01": "national_decision"}}, "results", "does not go with this result"),
            (
                {"measures": (NewMeasure("d", None, date(2024, 9, 1)),)},
                "measures-0-comply_by",
                "1 September 2024 lies before the day of the decision",
            ),
            ({"measures": (NewMeasure("k"),)}, "measures", "letters a to j"),
            ({"fines": (NewFine(Money(1, "EUR"), 999),)}, "fines-0-controller", "not one of the case"),
        ],
    )
    def test_is_told_beside_its_field(self, values, field, says):
        drafted()
        decided = values.pop("decided", "2024-09-02")
        results = values.pop("results", None)
        found = refused(a_decision(results, decided, **values))
        assert found.field == field and says in str(found)

    def test_is_all_told_at_once(self):
        new = a_decision(ecli="x", language="xx", received=Day.parse("2020"))
        found = decisions_recording.all_faults(decisions_filings.of_case("C002"), new)
        assert [it.field for it in found] == ["ecli", "language", "received"]

    def test_is_a_finding_on_a_claim_of_another_case(self):
        drafted()
        found = refused(
            a_decision(findings=(NewFinding("C002-01", claim("C001"), Finding.UPHELD),)),
            cases=("C002", "C001"),
        )
        assert found.field == f"findings:C002-01:{claim('C001')}"
        assert "C002-01: the claim of Art 6(1)(f) is not in its case." in str(found)

    def test_is_a_finding_on_a_filing_that_it_does_not_concern(self):
        drafted()
        found = refused(a_decision(findings=(finding(Finding.UPHELD, "C002-02"),)))
        assert found.field == f"findings:C002-02:{claim()}"
        assert "C002-02 is not one of the filings" in str(found)

    def test_are_two_findings_on_one_claim(self):
        drafted()
        twice = (finding(Finding.UPHELD), finding(Finding.REJECTED))
        assert "two findings on the claim of Art 6(1)(f)" in str(refused(a_decision(findings=twice)))


class TestASecondFinalDecision:
    def test_needs_a_note(self):
        drafted()
        decide(a_decision())
        found = refused(a_decision({"C002-01": DOWN}, "2024-10-01"))
        assert found.field == "note"
        assert "C002-01 was decided already: entry 5, on 2 September 2024." in str(found)

    def test_is_recorded_with_one(self):
        drafted()
        decide(a_decision())
        decide(a_decision({"C002-01": DOWN}, "2024-10-01", note="Reopened.", irregular="Reopened."))
        assert stands() == ("final_rejected", "2024-10-01", Outcome.LOST)

    def test_is_none_after_the_first_was_annulled(self):
        drafted()
        decide(a_decision())
        record(news("appeal", "2024-09-20", actor="us"))
        decide(
            a_decision(
                {"C002-01": Result.ANNULLED},
                "2024-11-01",
                type=DecisionType.JUDGMENT,
                decided_by="High Court",
            )
        )
        assert stands()[0] == "decision_annulled"
        decide(a_decision({"C002-01": DOWN}, "2024-12-01", irregular="Decided anew at once."))

    def test_is_none_where_each_decides_a_part(self):
        drafted()
        decide(a_decision({"C002-01": PARTLY}))
        decide(a_decision({"C002-01": PARTLY}, "2024-09-03", decided_by="at-dsb"))
