"""Cases: opened, amended, looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, subqueryload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import (
    Case,
    CaseController,
    Claim,
    Complainant,
    Controller,
    Filing,
    Project,
    Route,
)
from tracker.reference import tables
from tracker.rules import numbers, provisions
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Precision
from tracker.services import journal, routing
from tracker.services.controllers import NewController, add_controller, fold, get_controller, learn


@dataclass(frozen=True, slots=True)
class NewClaim:
    """One alleged infringement; the provision as typed."""

    provision: str
    conduct: str | None = None
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class NewComplainant:
    """A person represented: a pseudonym, and the place of residence where known."""

    pseudonym: str
    residence: str | None = None


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
    number: str | None = None
    project: str = ""
    facts: Day = field(default_factory=lambda: Day(None, Precision.UNKNOWN))
    respondents: tuple[Respondent, ...] = ()
    claims: tuple[NewClaim, ...] = ()
    complainants: tuple[NewComplainant, ...] = ()
    requested: tuple[str, ...] = ()


def highest_number() -> str | None:
    """Return the highest case number that is taken, or None."""
    longest = sa.func.length(Case.number)
    return db.session.scalar(sa.select(Case.number).order_by(longest.desc(), Case.number.desc()).limit(1))


def project_named(name: str) -> Project | None:
    """Return the project of that name, made if it is new; None for no name."""
    name = " ".join(name.split())
    if not name:
        return None
    slug = "-".join("".join(it if it.isalnum() else " " for it in fold(name)).split()) or "project"
    found = db.session.scalar(sa.select(Project).where(Project.slug == slug))
    if found is None:
        found = Project(slug=slug, name=name)
        db.session.add(found)
    return found


def open_case(new: NewCase, *, by: Actor) -> Case:
    """Record a new case with its controllers, claims and complainants, and return it.

    Raises RuleBroken, naming the field, for a number that is taken, a provision that cannot be read, no
    controller, a controller or a pseudonym named twice, and where `controllers.learn` refuses what is stated.
    Where the register learns something, the filings of other cases against that controller get new routes.
    """
    if new.number:
        number = numbers.read_case(new.number)
        if db.session.scalar(sa.select(Case.id).where(Case.number == number)) is not None:
            raise RuleBroken(f"The number {number} is taken.", field="number")
    else:
        number = numbers.next_case(highest_number())
    check_facts(new.facts)
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
        project=project_named(new.project),
        facts_on=new.facts.value,
        facts_precision=new.facts.precision,
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
        read = provisions.read(claim.provision, tables.provisions(), field="claims")
        case.claims.append(
            Claim(position=place, provision=read.code, conduct=claim.conduct, measure=claim.measure)
        )
    learned = [key for it in new.respondents if (key := add_respondent(case, it, by=by))]
    check_pseudonyms([it.pseudonym for it in new.complainants])
    case.complainants += [
        Complainant(pseudonym=it.pseudonym, residence=it.residence) for it in new.complainants
    ]
    db.session.add(case)
    db.session.flush()
    journal.note("case.open", number, by=by, case_id=case.id)
    if learned:
        routing.route_cases_against(learned)
    return case


def check_facts(facts: Day) -> None:
    """Refuse facts that are still to come: nothing could be lodged. Raises RuleBroken."""
    if facts.first and facts.first > clock.today():
        raise RuleBroken(
            f"{facts.words} has not come yet. For processing that is announced, give the day of that.",
            field="facts",
        )


def add_respondent(case: Case, respondent: Respondent, *, by: Actor) -> int | None:
    """Add a controller to a case; return its key where the register learned something about a known one.

    Raises RuleBroken for one that is in the case already, and as `add_controller` and `learn` do.
    """
    learned = False
    if respondent.known is None and respondent.new:
        controller = add_controller(respondent.new, by=by)
    else:
        controller = get_controller(respondent.known or 0)
        learned = respondent.new is not None and learn(controller, respondent.new, by=by)
    if any(it.controller_id == controller.id for it in case.controllers):
        raise RuleBroken(f"{controller.name} is named twice.", field="controllers")
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
    return controller.id if learned else None


def check_pseudonyms(pseudonyms: Sequence[str]) -> None:
    """Refuse two people under one pseudonym, however it is typed. Raises RuleBroken."""
    taken: set[str] = set()
    for it in pseudonyms:
        if fold(it) in taken:
            raise RuleBroken(f"The pseudonym {it} stands here twice.", field="complainants")
        taken.add(fold(it))


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
        )
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound(f"There is no case {number}.")
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
