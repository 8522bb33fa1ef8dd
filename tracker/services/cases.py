"""Cases: opened, amended, looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, subqueryload

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import NotFound, RuleBroken, under
from tracker.models import (
    Case,
    CaseController,
    Claim,
    Complainant,
    Controller,
    Entry,
    Filing,
    Project,
    Route,
    RouteOverride,
)
from tracker.reference import tables
from tracker.reference.names import is_language
from tracker.rules import numbers, provisions
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.languages import ORIGINAL
from tracker.rules.processing import Processing
from tracker.rules.text import shown
from tracker.rules.vocabulary import Precision
from tracker.services import deadlines, journal, routing, routing_anew
from tracker.services.controllers import NewController, add_controller, fold, get_controller, learn
from tracker.services.routing import Anew
from tracker.services.routing_anew import Rerouted


@dataclass(frozen=True, slots=True)
class NewClaim:
    """One alleged infringement; the provision as typed."""

    provision: str
    conduct: str | None = None
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class NewComplainant:
    """A person represented: a pseudonym, and the places of residence and work where known."""

    pseudonym: str
    residence: str | None = None
    workplace: str | None = None


@dataclass(frozen=True, slots=True)
class Respondent:
    """A controller of a case: one of the register by its key, or one to be added; whom it affects.

    With both, `new` is what was stated about the known one: the register takes over what it did not know.
    """

    known: int | None = None
    new: NewController | None = None
    affected: tuple[str, ...] | None = None
    processing: Processing = field(default_factory=Processing)


@dataclass(frozen=True, slots=True)
class NewCase:
    """What the form for a new case holds. `number` None: the program gives the next one."""

    title: str
    ngo: str
    summary: str = ""
    language: str = ORIGINAL
    number: str | None = None
    project: str = ""
    facts: Day = field(default_factory=lambda: Day(None, Precision.UNKNOWN))
    infringement_place: str | None = None
    respondents: tuple[Respondent, ...] = ()
    claims: tuple[NewClaim, ...] = ()
    complainants: tuple[NewComplainant, ...] = ()
    requested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What the register learned of a controller it knew, in words: ("France, head office",)."""

    controller: Controller
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened, what the register learned by it, and which other cases that touched."""

    case: Case
    learned: tuple[Learned, ...] = ()
    rerouted: tuple[Rerouted, ...] = ()

    @property
    def number(self) -> str:
        """Return the number of the case."""
        return self.case.number


def highest_number() -> str | None:
    """Return the highest case number that is taken, or None."""
    order = by_number(Case.number, last_first=True)
    return db.session.scalar(sa.select(Case.number).order_by(*order).limit(1))


def project_named(name: str) -> Project | None:
    """Return the project of that name, made if it is new; None for no name.

    Names count without case and accents, and with their signs: C++ is not C#.
    """
    name = " ".join(name.split())
    if not name:
        return None
    there = projects()
    found = next((it for it in there if fold(it.name) == fold(name)), None)
    if found is None:
        slug = "-".join("".join(it if it.isalnum() else " " for it in fold(name)).split()) or "project"
        taken = {it.slug for it in there}
        slugs = (slug, *(f"{slug}-{place}" for place in range(2, len(taken) + 3)))
        found = Project(slug=next(it for it in slugs if it not in taken), name=name)
        db.session.add(found)
    return found


def open_case(new: NewCase, *, by: Actor, once: str = "") -> Opened:
    """Record a new case with its controllers, claims and complainants; return it and what else came of it.

    Raises RuleBroken, naming the field, for a number that is taken, a language that there is not, a provision
    that cannot be read, no controller, a controller or a pseudonym named twice, and where `controllers.learn`
    refuses what is stated.
    Where the register learns something, the filings of other cases against that controller get new routes,
    and each of these cases a line in its journal. `once` is the mark of the form: see `opened_with`.
    """
    if new.number:
        number = numbers.read_case(new.number)
        if db.session.scalar(sa.select(Case.id).where(Case.number == number)) is not None:
            raise RuleBroken(f"The number {number} is taken.", field="number")
    else:
        number = numbers.next_case(highest_number())
    check_facts(new.facts)
    check_language(new.language)
    if not new.respondents:
        raise RuleBroken("A case needs a controller.", field="controllers")
    case = Case(
        number=number,
        key=None,
        title=new.title,
        folded=fold(new.title),
        ngo=new.ngo,
        internal_ref=None,
        summary=new.summary,
        language=new.language,
        project=project_named(new.project),
        facts_on=new.facts.value,
        facts_precision=new.facts.precision,
        infringement_place=new.infringement_place,
        requested=list(new.requested),
        legal_source=None,
        legal_verified=None,
        legal_note=None,
        totals=None,
        outcome_said=None,
        opened_at=clock.now(),
        opened_by=by.key,
        claims=[],
        complainants=[],
        controllers=[],
        filings=[],
    )
    for place, claim in enumerate(new.claims):
        with under(f"claims-{place}"):
            read = provisions.read(claim.provision, tables.provisions())
        case.claims.append(
            Claim(position=place, provision=read.code, conduct=claim.conduct, measure=claim.measure)
        )
    learned = []
    for place, it in enumerate(new.respondents):
        with under(f"controllers-{place}"):
            learned += add_respondent(case, it, by=by)
    check_pseudonyms(
        [(it.pseudonym, f"complainants-{place}-pseudonym") for place, it in enumerate(new.complainants)]
    )
    case.complainants += [
        Complainant(pseudonym=each.pseudonym, residence=each.residence, workplace=each.workplace)
        for each in new.complainants
    ]
    db.session.add(case)
    db.session.flush()
    journal.note("case.open", number, by=by, case_id=case.id, detail={"once": once} if once else None)
    anew = routing.route_cases_against({it.controller.id for it in learned}) if learned else []
    deadlines.recompute({it.after.filing_id for it in anew}, why="another route", by=by)
    return Opened(case, tuple(learned), note_rerouted(anew, case, by=by))


def opened_with(once: str, *, by: Actor) -> str | None:
    """Return the number of the case that this person opened with a form of that mark, or None."""
    lately = (
        sa.select(Entry)
        .where(Entry.act == "case.open", Entry.actor == by.key)
        .order_by(Entry.id.desc())
        .limit(20)
    )
    opened = db.session.scalars(lately) if once else ()
    return next((it.subject for it in opened if it.detail.get("once") == once), None)


def note_rerouted(anew: Sequence[Anew], case: Case, *, by: Actor) -> tuple[Rerouted, ...]:
    """Tell the journal of every other case than `case` that its routes are new ones; return these cases."""
    return routing_anew.note_rerouted(anew, because_of={case.id: case.number}, by=by)


def check_facts(facts: Day) -> None:
    """Refuse facts that are still to come: nothing could be lodged. Raises RuleBroken."""
    if facts.first and facts.first > clock.today():
        raise RuleBroken(
            f"{facts.words} has not come yet. For processing that is announced, give the day of that.",
            field="facts",
        )


def add_respondent(case: Case, respondent: Respondent, *, by: Actor) -> list[Learned]:
    """Add a controller to a case; return what the register learned of it if it knew it, else nothing.

    Raises RuleBroken for one that is in the case already, and as `add_controller` and `learn` do.
    """
    words: tuple[str, ...] = ()
    if respondent.known is None and respondent.new:
        controller = add_controller(respondent.new, by=by)
    else:
        controller = get_controller(respondent.known or 0)
        words = learn(controller, respondent.new, by=by) if respondent.new else ()
    if any(it.controller_id == controller.id for it in case.controllers):
        raise RuleBroken(f"{controller.name} is named twice.", field="name")
    case.controllers.append(
        CaseController(
            controller_id=controller.id,
            controller=controller,
            position=max((it.position for it in case.controllers), default=-1) + 1,
            key=None,
            brand=None,
            note=None,
            affected=None if respondent.affected is None else list(respondent.affected),
            affected_presumed=False,
            processing=respondent.processing.to_json(),
        )
    )
    return [Learned(controller, words)] if words else []


def check_language(code: str) -> None:
    """Refuse what is no language. Raises RuleBroken."""
    if not is_language(code):
        raise RuleBroken(f"There is no language {shown(code)}.", field="language")


def check_pseudonyms(people: Sequence[tuple[str, str]]) -> None:
    """Refuse two people under one pseudonym, however it is typed. `people` are (pseudonym, its field) pairs.

    Raises RuleBroken.
    """
    taken: set[str] = set()
    for pseudonym, where in people:
        if fold(pseudonym) in taken:
            raise RuleBroken(f"The pseudonym {pseudonym} stands here twice.", field=where)
        taken.add(fold(pseudonym))


def get_case(number: str) -> Case:
    """Return the case with everything its page shows. Raises NotFound.

    The number of SQL statements does not depend on how many filings there are.
    """
    filings = subqueryload(Case.filings)
    respondents = subqueryload(Case.controllers)
    case: Case | None = db.session.scalar(
        sa.select(Case)
        .where(Case.number == number)
        .options(
            joinedload(Case.project),
            subqueryload(Case.claims),
            subqueryload(Case.complainants),
            respondents.joinedload(CaseController.controller).subqueryload(Controller.establishments),
            filings.joinedload(Filing.authority),
            filings.joinedload(Filing.complainant),
            filings.subqueryload(Filing.controllers).subqueryload(Controller.establishments),
            filings.subqueryload(Filing.references),
            filings.subqueryload(Filing.routes.and_(Route.current)),
            filings.subqueryload(Filing.overrides).joinedload(RouteOverride.route),
        )
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound(f"There is no case {number}.")
    routing.load_changes(case.filings)
    return case


def projects() -> Sequence[Project]:
    """Return all projects by name."""
    return db.session.scalars(sa.select(Project).order_by(Project.name)).all()


def number_of(case_id: int) -> str:
    """Return the number of a case by key. Raises NotFound."""
    number = db.session.scalar(sa.select(Case.number).where(Case.id == case_id))
    if number is None:
        raise NotFound("There is no such case.")
    return number
