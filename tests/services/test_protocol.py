"""The protocol and the journal: their order, their cost, and where a filing stands by them."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.services.recording import news, of, record, stands, three_filings
from tracker import clock
from tracker.db import db, transaction
from tracker.errors import NotFound
from tracker.models import Case, Entry, Update
from tracker.rules.vocabulary import Outcome
from tracker.services import filings, journal, standing, status, updates, updates_lines, updates_steps


@pytest.fixture
def case(app) -> Case:
    """C002 at three authorities."""
    return three_filings()


class TestTheProtocol:
    def test_runs_by_day_then_by_number_with_an_unknown_day_after_what_was_recorded_before_it(self, case):
        record(news("information", "2024-08-01", words="c"))
        record(news("information", "", words="e"))
        record(news("information", "2024-07-01", words="b"))
        record(news("information", "2024-08-01", words="d"))
        lodging, *told = updates.protocol(case.id)
        assert lodging.kind == "lodged"
        assert [it.words for it in told] == ["b", "c", "e", "d"]

    def test_of_a_filing_has_its_own_entries_and_counts_those_of_the_case_as_a_whole(self, case):
        record(news("information", words="mine"), "C002-01")
        record(news("information", words="not mine"), "C002-02")
        record(news("information", words="of both"), "C002-01", "C002-02")
        with transaction():
            whole = updates.get_update(case.id, 2)
            values = {it.key: getattr(whole, it.key) for it in sa.inspect(Update).column_attrs}
            db.session.add(Update(**values | {"id": whole.id + 1, "number": 99, "words": "of the case"}))
        lines = updates_lines.lines_of(updates.protocol(case.id))
        told = updates_lines.of_filing(lines, of("C002-01")[0].id)
        assert [it.entry.words for it in told[1:]] == ["mine", "of both"]
        assert updates_lines.of_the_whole(lines) == 1

    def test_has_nothing_of_another_case(self, case):
        record(news("information", words="elsewhere"), "C001-01")
        assert [it.kind for it in updates.protocol(case.id)] == ["lodged"]

    def test_numbers_its_entries_within_the_case(self, case):
        assert [record(news("note")), record(news("note"), "C001-01"), record(news("note"))] == [2, 2, 3]

    def test_does_not_have_an_entry_that_nobody_made(self, case):
        with pytest.raises(NotFound):
            updates.get_update(case.id, 2)


class TestTheCostOfUpdates:
    def test_does_not_grow_with_the_protocol(self, case, statements):
        key = case.id

        def cost(act: Callable[[], object]) -> int:
            db.session.expunge_all()
            statements.clear()
            act()
            return len(statements)

        def costs() -> tuple[int, ...]:
            return (
                cost(lambda: [link.filing.number for it in updates.protocol(key) for link in it.filings]),
                cost(lambda: record(news("note"), "C002-01", "C002-03")),
                cost(lambda: updates_steps.possible_steps(of("C002-01"))),
            )

        few = costs()
        for _ in range(10):
            last = record(news("note"), "C002-01", "C002-03")
        assert costs() == few
        assert few[0] <= 3

        record(news("note"), corrects=last)
        corrected = costs()
        for number in (last + 2, last + 3, last + 4):
            record(news("note"), corrects=number)
        assert costs() == corrected

    def test_grows_with_the_number_of_filings_by_the_row_of_each_and_no_more(self, case, statements):
        counts = []
        # The first news ends no period that an earlier one began: from the second on each costs the same.
        record(news("information", reference="X"), "C002-01", "C002-02", "C002-03")
        for numbers in (("C002-01",), ("C002-01", "C002-02", "C002-03")):
            with transaction():
                here = of(*numbers)
                statements.clear()
                updates.record_update(here, news("information", reference="X"), seen={}, by=ANN)
                db.session.flush()
                counts.append(len([it for it in statements if not it.startswith("UPDATE filings")]))
        assert counts[0] == counts[1]


class TestWhereAFilingStands:
    def test_is_written_down_by_nobody_for_no_filings(self, app, statements):
        statements.clear()
        standing.recompute([])
        assert statements == []

    def test_is_its_lodging_also_where_the_protocol_does_not_tell_of_it(self, case):
        with transaction():
            db.session.execute(sa.update(Update).values(kind="note"))
            filing = of("C002-01")[0]
            filing.stage = "drafted"
            db.session.execute(sa.text("UPDATE update_filings SET step = NULL"))
            standing.recompute([filing])
        assert stands() == ("lodged", "2024-06-06", Outcome.PENDING)

    def test_reads_any_number_of_filings(self, case, monkeypatch):
        monkeypatch.setattr(standing, "IDS_AT_ONCE", 2)
        wrong = record(news("acknowledged"), "C002-01", "C002-02", "C002-03")
        record(news("defect_notice"), "C002-01", "C002-02", "C002-03", corrects=wrong)
        assert {stands(f"C002-0{it}")[0] for it in (1, 2, 3)} == {"defect_notice"}

    def test_is_told_with_the_difference_to_what_the_source_says(self, case):
        with transaction():
            of("C002-01")[0].lead_said = "fr-cnil"
            of("C002-02")[0].lead_said = "ie-dpc"
        [other] = status.explained(filings.get_filing("C002-01"))
        assert other.difference and other.difference.startswith(
            "The source names the French CNIL as lead; the rules say the Irish DPC. "
        )
        [same] = status.explained(filings.get_filing("C002-02"))
        assert same.difference is None

    def test_does_not_claim_a_lead_that_the_rules_do_not_name(self, case):
        with transaction():
            of("C001-01")[0].lead_said = "at-dsb"
        [told] = status.explained(filings.get_filing("C001-01"))
        assert told.difference and "the rules name none from the facts we have" in told.difference

    def test_is_told_also_where_no_route_was_run(self, case):
        with transaction():
            db.session.execute(sa.text("UPDATE routes SET current = 0"))
        told = status.described(filings.get_filing("C002-01"), {})
        assert told.routes == () and told.leads == () and told.sentence.startswith("Lodged with")

    def test_is_pending_for_longer_every_day(self, case, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 6, 16))
        told = status.described(filings.get_filing("C002-01"), {})
        assert told.sentence.endswith("pending for 10 days.")
        monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 22))
        told = status.described(filings.get_filing("C002-01"), {})
        assert told.sentence.endswith("pending for 2 years and 5 months.")


class TestTheJournal:
    def test_is_newest_first_and_of_one_case_only(self, case):
        record(news("note"), "C001-01")
        record(news("note"))
        lines = journal.history_of(case.id)
        assert [it.id for it in lines] == sorted((it.id for it in lines), reverse=True)
        assert {it.case_id for it in lines} == {case.id} and lines[0].act == "update.record"
        assert len(journal.history_of(case.id, limit=2)) == 2

    def test_never_changes(self, case):
        for change in (sa.update(Entry).values(act="x"), sa.delete(Entry)):
            with pytest.raises(sa.exc.DBAPIError), transaction():
                db.session.execute(change)
