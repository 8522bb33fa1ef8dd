"""A changed answer waits for a person, an ended filing keeps its route, an override stands by the rules."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DAY, a_case, lodged
from tests.services.recording import news, record
from tracker.db import db, transaction
from tracker.errors import RuleBroken, Stale
from tracker.models import Entry, Establishment, Filing, Route
from tracker.rules import routing as rules
from tracker.rules.access import SHELL
from tracker.rules.further_facts import FurtherFacts
from tracker.rules.leading import Ground
from tracker.rules.processing import Processing
from tracker.rules.routing import RouteWarning, warning_text
from tracker.services import (
    cases,
    filings,
    routing,
    routing_anew,
    routing_changes,
    routing_overrides,
    routing_standing,
    status,
)

PENDING = warning_text(RouteWarning.W_CHANGE_PENDING)


@pytest.fixture
def case(app):
    """C001 against a company in Dublin, lodged in Austria, France and Ireland."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
    return cases.get_case("C001")


def move(place: str) -> None:
    """The company is established in another state, and the filings are routed again."""
    with transaction():
        db.session.execute(sa.update(Establishment).values(place=place))
        found = cases.get_case("C001")
        found.controllers[0].processing = {"decides": {place: "yes"}}
        db.session.flush()
        routing.route_cases_against({found.controllers[0].controller_id})


def end(number: str) -> None:
    with transaction():
        db.session.execute(sa.update(Filing).where(Filing.number == number).values(stage="closed"))


def told(number: str = "C001-01") -> status.Explained:
    filing = filings.get_filing(number)
    [it] = status.explained(filing, routing_standing.acts_of([filing]))
    return it


def runs(number: str = "C001-01") -> list[Route]:
    query = sa.select(Route).join(Filing, Filing.id == Route.filing_id).where(Filing.number == number)
    return list(db.session.scalars(query.order_by(Route.id)))


def waiting() -> list[str]:
    return [it.filing.number for it in routing_changes.waiting(numbers=["C001"])]


def confirm(*numbers: str, note: str | None = None) -> None:
    with transaction():
        seen = [it.id for number in numbers for it in runs(number)]
        routing_changes.confirm(cases.get_case("C001"), numbers, seen=seen, note=note, by=ANN)


def acts() -> list[tuple[str, str]]:
    return [(it.act, it.subject) for it in db.session.scalars(sa.select(Entry).order_by(Entry.id))]


class TestAnEstablishmentThatMoved:
    def test_lets_every_open_filing_wait_with_what_was_what_is_and_why(self, case):
        move("FR")
        assert waiting() == ["C001-01", "C001-02", "C001-03"]
        it = told()
        assert it.change is not None and it.route.lead == "fr-cnil"
        assert it.change.was == "the Irish DPC, reason: single state of establishment (Art 56(1))"
        assert it.change.now.startswith("the French CNIL, reason: ")
        assert [(each.what, each.place) for each in it.change.facts] == [
            ("establishment", "IE"),
            ("establishment", "FR"),
        ]
        assert PENDING in it.warnings

    def test_keeps_the_run_before(self, case):
        move("FR")
        old, new = runs()
        assert (old.current, old.lead, new.current, new.lead) == (False, "ie-dpc", True, "fr-cnil")
        assert new.instead_of_id == old.id

    def test_leaves_alone_what_has_ended(self, case):
        end("C001-01")
        move("FR")
        assert waiting() == ["C001-02", "C001-03"]
        assert [it.lead for it in runs()] == ["ie-dpc"]

    def test_counts_from_the_day_on_which_an_ended_filing_is_open_again(self, case):
        record(news("withdrawn", actor="noyb"), "C001-01")
        move("FR")
        assert len(runs()) == 1
        record(news("note", actor="noyb"), "C001-01", corrects=2)
        assert [it.lead for it in runs()] == ["ie-dpc", "fr-cnil"] and "C001-01" in waiting()

    def test_is_forgotten_by_itself_when_it_moves_back(self, case):
        move("FR")
        move("IE")
        assert waiting() == [] and told().change is None and PENDING not in told().warnings
        assert [it.lead for it in runs()] == ["ie-dpc", "fr-cnil", "ie-dpc"]

    def test_is_measured_by_what_was_confirmed_however_often_it_moves(self, case):
        move("FR")
        move("NL")
        change = told().change
        assert change is not None and change.was.startswith("the Irish DPC")
        assert change.now.startswith("the Dutch AP")

    def test_warns_of_another_lead_and_not_of_another_reason_alone(self, case):
        with transaction():
            found = cases.get_case("C001")
            found.controllers[0].affected = ["IE"]
            db.session.flush()
            routing.route_filings(found.filings, found.controllers)
        it = told("C001-03")
        assert it.change is not None and it.change.lead_changed == (PENDING in it.warnings)

    def test_waits_too_where_the_same_lead_is_newly_left_to_a_person(self, case):
        with transaction():
            found = cases.get_case("C001")
            found.controllers[0].processing = {"decides": {"IE": "no"}}
            db.session.flush()
            routing.route_filings(found.filings, found.controllers)
        it = told()
        assert it.change is not None and it.route.lead == "ie-dpc" and not it.change.lead_changed
        assert it.change.now.startswith("the Irish DPC too, but leave it to a person. The only state of")

    def test_asks_no_more_of_the_store_for_more_filings(self, case, statements):
        def asked(place: str) -> int:
            statements.clear()
            move(place)
            assert len(waiting()) == routing_changes.cases_waiting()[0].filings
            return len(statements)

        asked("NL")
        few = asked("FR")
        with transaction():
            lodged(cases.get_case("C001"), "es-aepd", "it-garante", "nl-ap", "pl-uodo", "be-apd-gba")
        assert asked("NL") == few and len(waiting()) == 8


class TestConfirming:
    def test_ends_the_waiting_and_keeps_who_when_and_the_note(self, case):
        move("FR")
        confirm("C001-01", "C001-02", note="Seen in the register of Paris.")
        assert waiting() == ["C001-03"] and told().change is None
        new = runs()[-1]
        assert (new.confirmed_by, new.confirmed_note) == (ANN.key, "Seen in the register of Paris.")
        assert new.confirmed_at is not None
        assert acts()[-2:] == [("route.confirm", "C001-01"), ("route.confirm", "C001-02")]

    def test_makes_the_new_answer_the_one_by_which_the_next_is_measured(self, case):
        move("FR")
        confirm("C001-01")
        move("IE")
        change = told().change
        assert change is not None and change.was.startswith("the French CNIL")
        assert waiting() == ["C001-01"], "on the others it is the confirmed one again"

    def test_is_refused_for_an_answer_that_nobody_saw(self, case):
        move("FR")
        seen = [it.id for it in runs()]
        move("NL")
        with pytest.raises(Stale, match="changed once more"), transaction():
            routing_changes.confirm(cases.get_case("C001"), ["C001-01"], seen=seen, note=None, by=ANN)

    def test_is_refused_where_nothing_waits_or_nothing_is_chosen(self, case):
        with pytest.raises(Stale, match="Nothing waits"):
            confirm("C001-01")
        with pytest.raises(RuleBroken, match="at least one"):
            confirm()

    def test_asks_no_more_of_the_store_for_more_filings(self, case, statements):
        def asked(*numbers: str) -> int:
            with transaction():
                found = cases.get_case("C001")
                seen = [it.id for number in numbers for it in runs(number)]
                statements.clear()
                routing_changes.confirm(found, numbers, seen=seen, note=None, by=ANN)
                return len(statements)

        move("FR")
        assert asked("C001-01") == asked("C001-02", "C001-03")


class TestNewerRules:
    @pytest.fixture(autouse=True)
    def newer(self, case, monkeypatch):
        monkeypatch.setattr(rules, "RULES_VERSION", "2099-01-01.1")

    def test_work_out_again_every_open_filing_and_say_what_differs(self, case):
        end("C001-03")
        with transaction():
            db.session.execute(sa.update(Route).values(lead="fr-cnil"))
            [done] = routing_anew.reroute(dry_run=False, by=SHELL)
        assert done == routing_anew.Recomputed("C001", 2, 2)
        assert waiting() == ["C001-01", "C001-02"]
        assert runs()[-1].rules_version == "2099-01-01.1" and len(runs("C001-03")) == 1
        change = told().change
        assert change is not None and change.facts == (), "only the rules are newer"
        assert acts()[-1] == ("route.anew", "C001")

    def test_store_nothing_where_somebody_only_looks(self, case):
        with transaction():
            [done] = routing_anew.reroute(dry_run=True, by=SHELL)
        assert (done.routes, done.waiting) == (3, 0)
        assert len(runs()) == 1

    def test_are_done_once(self, case):
        for expected in (1, 0):
            with transaction():
                assert len(routing_anew.reroute(dry_run=False, by=SHELL)) == expected


class TestAnOverride:
    def override(self, lead: str = "fr-cnil", why: str = "By agreement of the authorities.") -> None:
        with transaction():
            filing = filings.get_filing("C001-01")
            routing_overrides.override(filing, controller_id=None, lead=lead, why=why, by=ANN)

    def test_leads_in_force_beside_what_the_rules_say(self, case):
        self.override()
        it = told()
        assert (it.in_force.lead, it.in_force.ground) == ("fr-cnil", Ground.OVERRIDE)
        assert it.route.lead == "ie-dpc" and it.sentence.startswith("The Irish DPC leads")
        assert it.in_force_words.endswith("By agreement of the authorities.")
        filing = filings.get_filing("C001-01")
        assert status.described(filing, {}).leads == ("fr-cnil",)
        assert told("C001-02").in_force.lead == "ie-dpc", "the other filings are not touched"

    def test_may_say_that_nobody_leads(self, case):
        self.override(routing_overrides.NOBODY)
        assert (told().in_force.lead, told().in_force.known) == (None, True)

    @pytest.mark.parametrize(
        ("lead", "why", "field"),
        [
            ("", "x", "lead"),
            ("xx-none", "x", "lead"),
            ("eu-edpb", "x", "lead"),
            ("ch-fdpic", "x", "lead"),
            ("gb-ico", "x", "lead"),
            ("de-x-ekd", "x", "lead"),
            ("fr-cnil", " ", "why"),
        ],
    )
    def test_needs_a_lead_and_a_reason(self, case, lead, why, field):
        with pytest.raises(RuleBroken) as refusal:
            self.override(lead, why)
        assert refusal.value.field == field

    def test_is_kept_when_another_one_takes_its_place(self, case):
        self.override()
        self.override("nl-ap", "Seen otherwise now.")
        first, second = filings.get_filing("C001-01").overrides
        assert (first.ended_by, first.ended_note) == (ANN.key, "Replaced by another override.")
        assert (second.lead, second.ended_at, told().in_force.lead) == ("nl-ap", None, "nl-ap")

    def test_is_withdrawn_with_a_note_and_the_rules_count_again(self, case):
        self.override()
        with transaction():
            filing = filings.get_filing("C001-01")
            key = filing.overrides[0].id
            with pytest.raises(RuleBroken, match="why"):
                routing_overrides.withdraw(filing, override_id=key, note=" ", by=ANN)
            routing_overrides.withdraw(filing, override_id=key, note="A mistake.", by=ANN)
        [it] = filings.get_filing("C001-01").overrides
        assert it.ended_note == "A mistake." and told().in_force.lead == "ie-dpc"
        assert [it for it, _ in acts()][-2:] == ["route.override", "route.restore"]
        with pytest.raises(RuleBroken, match="not in force"), transaction():
            filing = filings.get_filing("C001-01")
            routing_overrides.withdraw(filing, override_id=key, note="Again.", by=ANN)

    def test_says_so_when_the_rules_find_something_else_than_then(self, case):
        self.override()
        filing = filings.get_filing("C001-01")
        assert routing_overrides.outdated(filing, filing.overrides[0]) is None
        move("NL")
        filing = filings.get_filing("C001-01")
        words = routing_overrides.outdated(filing, filing.overrides[0])
        assert words and "then the Irish DPC" in words and "now the Dutch AP" in words
        assert told().in_force.lead == "fr-cnil", "the word of a person still counts"


class TestARunOnAnotherIssue:
    def test_stands_beside_the_answer_and_ends_with_its_issue(self, case, monkeypatch):
        by_issue = routing.facts_by_issue

        def both(respondent, lodging):
            [facts] = by_issue(respondent, lodging)
            return facts, rules.Facts.from_json(facts.to_json() | {"issue": "eprivacy"})

        monkeypatch.setattr(routing, "facts_by_issue", both)
        with transaction():
            found = cases.get_case("C001")
            assert len(routing.route_filings(found.filings, found.controllers)) == 3
        described = status.described(filings.get_filing("C001-01"), {})
        assert len(described.routes) == len(described.beside) == 1
        assert described.leads == ("ie-dpc",) and waiting() == []
        monkeypatch.setattr(routing, "facts_by_issue", by_issue)
        with transaction():
            found = cases.get_case("C001")
            routing.route_filings(found.filings, found.controllers)
        assert status.described(filings.get_filing("C001-01"), {}).beside == ()


class TestAnotherIssue:
    """The complaint turns out to be about another issue: who leads is one question all the same."""

    def asks(self, *issues: str, **further) -> None:
        with transaction():
            found = cases.get_case("C001")
            said = Processing.from_json(found.controllers[0].processing)
            about = replace(said, further=FurtherFacts(issues=issues, **further))
            found.controllers[0].processing = about.to_json()
            db.session.flush()
            routing.route_filings(found.filings, found.controllers)

    def test_lets_the_filing_wait_where_it_changes_the_lead(self, case):
        self.asks("eprivacy")
        assert waiting() == ["C001-01", "C001-02", "C001-03"]
        change = told().change
        assert change is not None and change.was.startswith("the Irish DPC")
        assert [it.what for it in change.facts] == ["issue"]

    def test_is_measured_by_what_was_confirmed(self, case):
        self.asks("eprivacy")
        confirm("C001-01")
        self.asks("gdpr", subject="public_authority")
        assert waiting()[0] == "C001-01" and told().route.reason is rules.Reason.NOLEAD_PUBLIC_55_2
        change = told("C001-02").change
        assert change is not None and change.was.startswith("the Irish DPC"), "nobody confirmed it there"

    def test_is_forgotten_by_itself_when_it_is_taken_back(self, case):
        self.asks("eprivacy")
        self.asks("gdpr")
        assert waiting() == [] and told().change is None

    def test_is_told_where_one_of_two_is_left(self, case):
        self.asks("gdpr", "eprivacy")
        assert waiting() == [], "it stands beside the answer"
        self.asks("eprivacy")
        assert len(waiting()) == 3
        many = len(runs())
        self.asks("eprivacy")
        assert len(runs()) == many, "and is told once"
        self.asks("gdpr", "eprivacy")
        assert waiting() == []
        many = len(runs())
        self.asks("gdpr", "eprivacy")
        assert len(runs()) == many

    def test_leaves_alone_what_has_ended(self, case):
        end("C001-01")
        self.asks("eprivacy")
        assert [(it.issue, it.current) for it in runs()] == [("gdpr", True)]


class TestARunOnAnotherIssueAlone:
    def test_is_the_answer(self, case):
        with transaction():
            db.session.execute(sa.update(Route).values(issue="eprivacy"))
        described = status.described(filings.get_filing("C001-01"), {})
        assert len(described.routes) == 1 and described.beside == ()


class TestACorrectedDayOfLodging:
    def test_routes_the_open_filing_again(self, case):
        end("C001-02")
        every = ("C001-01", "C001-02", "C001-03")
        record(news("lodged", "2019-06-06", actor="noyb"), *every, corrects=1)
        assert [routing.read(it)[0].as_of for it in runs()] == [DAY, date(2019, 6, 6)]
        assert waiting() == [], "lead and reason are as before"
