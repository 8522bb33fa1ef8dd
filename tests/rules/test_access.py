"""Who may do what: closed unless named, and nobody may do alone what two have to do."""

import dataclasses

import pytest

from tracker.rules.access import ACTS, OPEN, PUBLIC_FIELDS, SHELL, Actor, may
from tracker.rules.vocabulary import Role

R, A, L, E, ADMIN = Role.READER, Role.ADVOCATE, Role.LAWYER, Role.EDITOR, Role.ADMIN

#: The table as the office agreed on it, role by role: what each may do besides what everybody may.
AGREED = {
    R: "case.read filing.read evidence.read publication.read controller.read docket.read decision.read",
    A: "case.read filing.read evidence.read publication.read controller.read "
    "case.open case.amend case.translate filing.lodge update.record evidence.keep publication.propose "
    "controller.amend controller.import route.confirm news.mark reminder.send chronology.make "
    "docket.read deadline.record filing.assign decision.read decision.record",
    L: "case.read filing.read evidence.read publication.read controller.read "
    "case.open case.amend case.translate filing.lodge update.record evidence.keep publication.propose "
    "controller.amend controller.import route.confirm route.override news.mark reminder.send "
    "reminder.template chronology.make docket.read deadline.record filing.assign people.hand_over "
    "decision.read decision.record",
    E: "case.read filing.read evidence.read publication.read controller.read "
    "case.translate publication.propose publication.clear publication.withdraw docket.read decision.read",
    ADMIN: "people.manage people.hand_over",
}
EVERYBODY = {"desk.start", "account.own", "authority.read"}


def somebody(role: Role | None) -> Actor:
    """Return a person in a role."""
    return Actor("user:7", "Somebody", role, 7)


class TestTheTableOfActs:
    @pytest.mark.parametrize("role", Role)
    def test_gives_each_role_what_was_agreed_and_nothing_else(self, role):
        allowed = {act for act in ACTS if may(somebody(role), act)}
        assert allowed == EVERYBODY | set(AGREED[role].split())

    def test_leaves_no_act_that_nobody_may_do(self):
        assert all(ACTS.values())

    def test_shows_the_admin_no_case(self):
        content = ("case.", "filing.", "controller.", "update.", "evidence.", "publication.", "import.")
        assert [act for act in ACTS if act.startswith(content) and may(somebody(ADMIN), act)] == []

    def test_lets_nobody_clear_who_writes_and_nobody_write_who_clears(self):
        writing = {"case.open", "case.amend", "filing.lodge", "update.record", "evidence.keep"}
        for role in Role:
            clears = may(somebody(role), "publication.clear")
            assert not (clears and any(may(somebody(role), act) for act in writing)), role

    def test_lets_the_reader_change_nothing(self):
        changing = {act for act in ACTS if not act.endswith((".read", ".start", ".own"))}
        assert not any(may(somebody(R), act) for act in changing)

    def test_gives_nobody_but_the_admin_the_people(self):
        assert ACTS["people.manage"] == {ADMIN}

    def test_cannot_be_changed_by_whoever_reads_it(self):
        for roles in ACTS.values():
            assert isinstance(roles, frozenset)


class TestWhoIsRefused:
    @pytest.mark.parametrize("act", ["case.delete", "", "case", "CASE.READ", "case.read ", "*", "open.case"])
    @pytest.mark.parametrize("actor", [SHELL, *map(somebody, Role)], ids=lambda it: it.key + str(it.role))
    def test_for_an_act_that_is_not_in_the_table_is_everybody(self, act, actor):
        assert not may(actor, act)

    @pytest.mark.parametrize("act", ACTS)
    def test_without_an_account_or_a_role_is_everybody(self, act):
        assert not may(None, act)
        assert not may(somebody(None), act)

    def test_by_what_needs_no_account_is_nobody(self):
        assert may(None, OPEN) and may(somebody(None), OPEN) and may(somebody(R), OPEN)


class TestTheCommandLine:
    def test_may_do_every_act(self):
        assert all(may(SHELL, act) for act in ACTS)

    def test_cannot_be_pretended_by_an_account(self):
        for name in ("shell", "command line"):
            assert not may(Actor("user:7", name, None, 7), "case.read")
        assert not may(dataclasses.replace(SHELL, user_id=7), "case.read")

    def test_is_no_person(self):
        assert (SHELL.key, SHELL.role, SHELL.user_id) == ("shell", None, None)


class TestTheFieldsThatMayBecomePublic:
    @pytest.mark.parametrize(
        "inside",
        "complainant complainants pseudonym residence workplace infringement_place processing note "
        "internal_ref evidence recorded_by opened_by sender legal_note lead_said handling_said "
        "status_said".split(),
    )
    def test_never_name_what_stays_inside(self, inside):
        assert all(inside not in fields for fields in PUBLIC_FIELDS.values())

    def test_are_named_for_each_kind_of_thing(self):
        of_a_decision = {"decision", "result", "finding", "fine", "measure"}
        assert set(PUBLIC_FIELDS) == {
            "case",
            "filing",
            "update",
            "deadline",
            "hearing",
            "text",
            *of_a_decision,
        }
