"""Proceedings: what an authority, the Board or a court runs, with the filings that it joins."""

import pytest

from tests.builders import ANN
from tests.services.deciding import UP, a_decision, decide, drafted, read
from tests.services.recording import BEN, of, three_filings
from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Case
from tracker.rules.days import Day
from tracker.rules.vocabulary import ProceedingKind
from tracker.services import decisions, decisions_proceedings, journal
from tracker.services.decisions_proceedings import NewProceeding


@pytest.fixture(autouse=True)
def case(app) -> Case:
    """C002 at three authorities, and C001 beside it."""
    return three_filings()


def a_run(**values) -> NewProceeding:
    """Return an inquiry of the Irish authority into two filings."""
    new = {"kind": ProceedingKind.AUTHORITY, "body": "ie-dpc", "filings": ("C002-01", "C002-02"), **values}
    return NewProceeding(**new)


def opened(new: NewProceeding | None = None) -> int:
    """Note a proceeding and return its number."""
    with transaction():
        return decisions_proceedings.open_proceeding(new or a_run(), by=ANN).number


def amended(number: int, new: NewProceeding, seen: int = 1) -> None:
    """Change what is noted of one."""
    with transaction():
        decisions_proceedings.amend_proceeding(number, new, seen=seen, by=BEN)


def joins(number: int) -> list[str]:
    """Return the filings that it joins."""
    return [it.filing.number for it in decisions_proceedings.get_proceeding(number).filings]


class TestAProceeding:
    def test_joins_filings_of_several_cases_in_the_order_of_their_numbers(self):
        number = opened(a_run(filings=("C002-02", "C001-01")))
        assert joins(number) == ["C001-01", "C002-02"]
        for it in of("C002-02") + of("C001-01"):
            assert [each.number for each in decisions_proceedings.joining([it.id])] == [number]

    def test_keeps_what_was_said(self):
        number = opened(
            a_run(
                reference="IN-1",
                opened=Day.parse("2024-07"),
                parties="noyb v Example",
                costs="none",
                note="N",
                source="https://example.org",
            )
        )
        it = decisions_proceedings.get_proceeding(number)
        assert (it.body, it.body_slug, it.reference, it.opened.iso) == (
            "DPC · Ireland",
            "ie-dpc",
            "IN-1",
            "2024-07",
        )
        assert (it.parties, it.costs, it.note) == ("noyb v Example", "none", "N")
        assert decisions_proceedings.called(it) == "IN-1, DPC · Ireland"

    def test_follows_the_one_before_it(self):
        first = opened()
        second = opened(a_run(kind=ProceedingKind.COURT, body="High Court", follows=first))
        row = decisions_proceedings.get_proceeding(first)
        assert [it.number for it in decisions_proceedings.after(row.id)] == [second]

    def test_has_its_decisions(self):
        drafted()
        number = opened()
        done = decide(a_decision({"C002-01": UP}, proceeding=number))
        row = decisions_proceedings.get_proceeding(number)
        assert [it.it.number for it in decisions.of_proceeding(row.id)] == [done.number]
        assert read(done.number).it.proceeding.number == number

    def test_is_in_the_journal_of_every_filing(self):
        number = opened()
        told = [it for it in journal.history_of(of("C002-01")[0].case_id) if it.act == "proceeding.open"]
        assert sorted(it.subject for it in told) == ["C002-01", "C002-02"] and told[0].detail == {
            "proceeding": number
        }

    def test_that_does_not_exist_is_not_found(self):
        with pytest.raises(NotFound):
            decisions_proceedings.get_proceeding(7)


class TestAChange:
    def test_replaces_what_was_noted_and_the_filings(self):
        number = opened()
        amended(number, a_run(reference="IN-2", filings=("C002-03",)))
        assert joins(number) == ["C002-03"]
        assert decisions_proceedings.get_proceeding(number).reference == "IN-2"

    def test_of_the_filings_alone_is_another_version_too(self):
        number = opened()
        amended(number, a_run(filings=("C002-01",)))
        with pytest.raises(Stale):
            amended(number, a_run(), seen=1)


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("values", "field", "says"),
        [
            ({"filings": ()}, "filings", "Choose at least one filing."),
            ({"filings": ("C002-09",)}, "filings", "There is no filing C002-09."),
            ({"opened": Day.parse("2027")}, "opened", "2027 has not come yet."),
            ({"body": "eu-edpb"}, "body", "Choose an authority"),
            ({"kind": ProceedingKind.BOARD}, "body", "Choose the European Data Protection Board"),
            ({"kind": ProceedingKind.COURT}, "body", "name the court"),
            ({"source": "ftp://x"}, "source", "begins with https://"),
            ({"follows": 9}, "follows", "went before this one"),
        ],
    )
    def test_is_told_beside_its_field(self, values, field, says):
        with pytest.raises(RuleBroken) as refused:
            opened(a_run(**values))
        assert refused.value.field == field and says in str(refused.value)

    def test_is_a_number_that_the_same_body_has_for_another(self):
        number = opened(a_run(reference="IN-1"))
        with pytest.raises(RuleBroken, match=f"That is the number of proceeding {number} already"):
            opened(a_run(reference="IN-1"))
        opened(a_run(kind=ProceedingKind.COURT, body="High Court", reference="IN-1"))

    def test_is_a_proceeding_that_follows_from_itself(self):
        first = opened()
        second = opened(a_run(follows=first))
        with pytest.raises(RuleBroken, match="went before this one"):
            amended(first, a_run(follows=second))
