"""Who sees to filings: named, handed over in one act, never left to somebody who cannot act."""

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.publishing import same_respondent
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken
from tracker.models import Entry, Filing, User
from tracker.services import accounts, filings_assigning


@pytest.fixture
def filed(app):
    """C001 with three filings, C002 with one; nobody sees to them."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
        lodged(a_case(title="Another", respondents=same_respondent("C001")), "at-dsb")


def key(role: str) -> int:
    return accounts.get_user(f"{role}@example.org").id


def give(role: str | None, *numbers: str, by=ANN) -> list[str]:
    with transaction():
        return filings_assigning.assign(numbers, key(role) if role else None, by=by)


def who() -> dict[str, str | None]:
    """Return who sees to each filing."""
    rows = db.session.execute(sa.select(Filing.number, User.name).outerjoin(User).order_by(Filing.number))
    return {number: name for number, name in rows}


def journal(act: str) -> list[tuple[str, dict[str, object]]]:
    rows = db.session.scalars(sa.select(Entry).where(Entry.act == act).order_by(Entry.id))
    return [(it.subject, it.detail) for it in rows]


class TestNamingSomebody:
    def test_holds_for_all_chosen_filings_and_is_noted_on_each(self, filed):
        assert give("lawyer", "C001-02", "C001-01") == ["C001-01", "C001-02"]
        assert who() == {
            "C001-01": "The lawyer", "C001-02": "The lawyer", "C001-03": None, "C002-01": None,
        }  # fmt: skip
        assert journal("filing.assign") == [
            (it, {"to": f"user:{key('lawyer')}"}) for it in ("C001-01", "C001-02")
        ]

    def test_says_from_whom_it_was_taken_and_notes_nothing_that_stays_as_it_is(self, filed):
        give("lawyer", "C001-01")
        assert give("advocate", "C001-01") == ["C001-01"] and give("advocate", "C001-01") == []
        assert journal("filing.assign")[-1][1] == {
            "to": f"user:{key('advocate')}", "from": f"user:{key('lawyer')}",
        }  # fmt: skip
        assert len(journal("filing.assign")) == 2

    def test_can_be_taken_back(self, filed):
        give("lawyer", "C001-01")
        give(None, "C001-01")
        assert who()["C001-01"] is None

    def test_disturbs_nobody_who_writes_an_update(self, filed):
        before = db.session.scalars(sa.select(Filing.version).order_by(Filing.number)).all()
        give("lawyer", "C001-01", "C001-02")
        assert db.session.scalars(sa.select(Filing.version).order_by(Filing.number)).all() == before

    @pytest.mark.parametrize("role", ["reader", "editor", "admin"])
    def test_is_refused_for_who_cannot_record_anything(self, filed, role: str):
        with pytest.raises(RuleBroken, match="cannot record") as refused:
            give(role, "C001-01")
        assert refused.value.field == "person" and who()["C001-01"] is None

    def test_is_refused_for_who_was_disabled(self, filed, actor):
        with transaction():
            accounts.set_active(accounts.get_user("lawyer@example.org"), False, by=actor("admin"))
        with pytest.raises(RuleBroken, match="cannot record"):
            give("lawyer", "C001-01")

    def test_is_refused_without_a_filing_or_for_one_that_is_not_there(self, filed):
        for numbers in ((), ("C001-01", "C009-01")):
            with pytest.raises(RuleBroken) as refused:
                give("lawyer", *numbers)
            assert refused.value.field == "filings"
        assert set(who().values()) == {None}

    def test_costs_the_same_for_one_and_for_many(self, filed, statements):
        def cost(*numbers: str) -> int:
            db.session.rollback()
            statements.clear()
            give("lawyer", *numbers)
            return len(statements)

        assert cost("C001-01") == cost("C001-02", "C001-03", "C002-01")


class TestWhoLodges:
    def test_sees_to_the_filing_at_first(self, app, actor):
        with transaction():
            lodged(a_case(), "at-dsb", by=actor("advocate"))
        assert who() == {"C001-01": "The advocate"}

    def test_at_the_terminal_does_not(self, app):
        with transaction():
            lodged(a_case(), "at-dsb", by=ANN)
        assert who() == {"C001-01": None}, "Ann has no account here"


class TestHandingOver:
    @pytest.fixture
    def held(self, filed):
        give("lawyer", "C001-01", "C001-03", "C002-01")
        with transaction():
            db.session.execute(sa.update(Filing).where(Filing.number == "C001-03").values(outcome="won"))

    def hand(self, to: int | None, seen: int = 3, leaver: str = "lawyer", by=ANN) -> int:
        with transaction():
            return filings_assigning.hand_over(key(leaver), to, seen=seen, by=by)

    def test_is_shown_first_case_by_case(self, held):
        found = [(it.case, it.filings, it.open) for it in filings_assigning.held_by(key("lawyer"))]
        # A period runs still in the one that was decided, so it is open too.
        assert found == [("C001", 2, 2), ("C002", 1, 1)]

    def test_takes_everything_and_notes_it_on_each_filing_and_once_for_all(self, held):
        assert self.hand(key("advocate")) == 3
        assert list(who().values()) == ["The advocate", None, "The advocate", "The advocate"]
        assert journal("people.hand_over") == [
            (f"user:{key('lawyer')}", {"to": f"user:{key('advocate')}", "filings": 3})
        ]
        assert [subject for subject, _ in journal("filing.assign")][-3:] == ["C001-01", "C001-03", "C002-01"]

    @pytest.mark.parametrize(
        ("to", "words"), [("lawyer", "somebody else"), ("reader", "cannot record"), (None, "Choose who")]
    )
    def test_is_refused_to_the_same_person_to_who_cannot_act_and_to_nobody(self, held, to, words):
        with pytest.raises(RuleBroken, match=words) as refused:
            self.hand(key(to) if to else None)
        assert refused.value.field == "to"

    def test_is_refused_where_there_are_more_than_the_preview_showed(self, held):
        give("lawyer", "C001-02")
        with pytest.raises(RuleBroken, match="4 filings, not 3"):
            self.hand(key("advocate"))

    def test_is_refused_where_there_is_nothing(self, filed):
        with pytest.raises(RuleBroken, match="nothing to hand over"):
            self.hand(key("advocate"), seen=0)

    def test_is_refused_for_somebody_who_does_not_exist(self, filed):
        with pytest.raises(NotFound), transaction():
            filings_assigning.hand_over(7, key("advocate"), seen=0, by=ANN)


class TestAFilingOfSomebodyWhoLeft:
    def test_is_named_as_long_as_it_is_open(self, filed, actor):
        give("lawyer", "C001-01", "C002-01")
        assert filings_assigning.orphaned() == []
        with transaction():
            accounts.set_active(accounts.get_user("lawyer@example.org"), False, by=actor("admin"))
        [it] = filings_assigning.orphaned()
        assert (it.name, it.active, it.filings) == ("The lawyer", False, 2)

    def test_is_named_too_where_another_role_records_nothing(self, filed, actor):
        give("advocate", "C001-01")
        with transaction():
            user = accounts.get_user("advocate@example.org")
            accounts.set_role(user, type(user.role).EDITOR, by=actor("admin"))
        [it] = filings_assigning.orphaned()
        assert (it.name, it.active, it.filings) == ("The advocate", True, 1)
