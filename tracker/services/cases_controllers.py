"""The controllers of a case, corrected: what the register says of them, and what holds for the processing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken, Stale, under
from tracker.models import Case, CaseController, Controller, Establishment
from tracker.reference.names import place_name
from tracker.rules.access import Actor
from tracker.rules.further_facts import ORDINARY, FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import controllers as register
from tracker.services import deadlines, journal, routing
from tracker.services.cases import Learned, Respondent, add_respondent, note_rerouted
from tracker.services.controllers import NewEstablishment
from tracker.services.controllers_history import remember
from tracker.services.routing import Anew
from tracker.services.routing_anew import Rerouted


@dataclass(frozen=True, slots=True)
class SaidPlace:
    """An establishment in the EEA as the page of controllers says it.

    `key` is that of the register, None for one to be added. `since` and `until` are inclusive. `decides` is
    about the processing of the case, all else about the company. `main_processing` matters of a processor.
    `mistake`: it never was there.
    """

    place: str
    key: int | None = None
    since: date | None = None
    until: date | None = None
    central: Answer = Answer.UNKNOWN
    decides: Answer = Answer.UNKNOWN
    main_processing: Answer = Answer.UNKNOWN
    mistake: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A controller of a case as the page says it.

    `none` tells what it means if there is no establishment: NO, there is none in the EEA; else UNKNOWN.
    `out`: it is to be taken out of the case.
    """

    controller: int
    places: tuple[SaidPlace, ...] = ()
    none: Answer = Answer.UNKNOWN
    affected: tuple[str, ...] | None = None
    decided_outside_eea: Answer = Answer.UNKNOWN
    targets_eea: Answer = Answer.UNKNOWN
    further: FurtherFacts = ORDINARY
    out: bool = False


def said_of(respondent: CaseController) -> Said:
    """Return what holds for a controller in this case: what the case says, else what the register says."""
    it, about = respondent.controller, Processing.from_json(respondent.processing)
    return Said(
        controller=it.id,
        places=tuple(
            SaidPlace(
                place=each.place,
                key=each.id,
                since=each.since,
                until=each.until,
                central=each.central,
                decides=about.decides.get(each.place, each.decides),
                main_processing=each.main_processing,
            )
            for each in sorted(it.establishments, key=lambda each: (each.place, each.since or date.min))
        ),
        none=Answer.NO if it.establishments_known is Answer.NO else Answer.UNKNOWN,
        affected=None if respondent.affected is None else tuple(respondent.affected),
        decided_outside_eea=about.decided_outside_eea or it.decided_outside_eea,
        targets_eea=about.targets_eea or it.targets_eea,
        further=about.further,
    )


def seen_in(case: Case) -> str:
    """Return a mark of everything that the page of controllers shows: another one when anything changed."""
    shown = repr([said_of(it) for it in case.controllers])
    return hashlib.sha256(shown.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of correcting the controllers of a case: routes, in other cases too; what was learned."""

    anew: tuple[Anew, ...] = ()
    rerouted: tuple[Rerouted, ...] = ()
    learned: tuple[Learned, ...] = ()


def amend_controllers(
    case: Case, said: Sequence[Said], added: Sequence[Respondent] = (), *, seen: str, by: Actor
) -> Corrected:
    """Correct what is said of the controllers of a case, and add some; return what came of it.

    The case is loaded as `get_case` does. What `said` does not name stays. Every filing that a change touches
    is routed again: those of the case, and where the register changed those of other cases too.
    Raises Stale when somebody saved the controllers since `seen`, RuleBroken for what cannot be.
    """
    if seen_in(case) != seen:
        raise Stale("Somebody else changed the controllers while you were writing.", theirs=[case])
    here = {it.controller_id: it for it in case.controllers}
    touched: set[int] = set()
    changed: set[int] = set()
    for number, it in enumerate(said):
        respondent = here.get(it.controller)
        if respondent is None:
            raise RuleBroken("One of the controllers is not in this case any more.")
        with under(f"respondents-{number}"):
            if it.out:
                _take_out(case, respondent)
                continue
            if _correct_register(respondent.controller, it, by=by):
                changed.add(it.controller)
            it.further.check(case.facts, clock.today())
            if _correct_case(respondent, it):
                touched.add(it.controller)
    learned: list[Learned] = []
    for number, each in enumerate(added):
        with under(f"added-{number}"):
            learned += add_respondent(case, each, by=by)
    if not case.controllers:
        raise RuleBroken("A case needs a controller.")
    db.session.flush()
    for key in changed:
        journal.note("controller.amend", here[key].controller.name, by=by)
    remember([here[key].controller for key in changed], by=by, why=f"Corrected in {case.number}.")
    journal.note("case.amend", case.number, by=by, case_id=case.id, detail={"controllers": True})
    register_changed = changed | {it.controller.id for it in learned}
    anew = routing.route_cases_against(register_changed) if register_changed else []
    if touched:
        anew += routing.route_filings(case.filings, case.controllers)
    deadlines.recompute({it.after.filing_id for it in anew}, why="another route", by=by)
    return Corrected(tuple(anew), note_rerouted(anew, case, by=by), tuple(learned))


def _take_out(case: Case, respondent: CaseController) -> None:
    against = [
        it.number
        for it in case.filings
        if any(each.id == respondent.controller_id for each in it.controllers)
    ]
    if against:
        raise RuleBroken(
            f"{respondent.controller.name} cannot be taken out: {against[0]} was lodged against it"
            + (f", and {len(against) - 1} more." if len(against) > 1 else "."),
            field="out",
        )
    case.controllers.remove(respondent)
    db.session.delete(respondent)


def _correct_register(controller: Controller, said: Said, *, by: Actor) -> bool:
    """Write to the register what differs; return whether anything did."""
    rows = {it.id: it for it in controller.establishments}
    written: list[tuple[int, Establishment]] = []
    changed = False
    for number, it in enumerate(said.places):
        where = f"{controller.name}, {place_name(it.place)}"
        path = f"establishments-{number}"
        if it.key is None:
            if not it.mistake:
                row = register.stated(_checked(it, where, path), by=by)
                row.main_processing = it.main_processing
                controller.establishments.append(row)
                written.append((number, row))
            continue
        known = rows.get(it.key)
        if known is None:
            raise RuleBroken(f"{where} is not in the register any more.", field=f"{path}-place")
        if it.mistake:
            controller.establishments.remove(known)
            db.session.delete(known)
            changed = True
        elif _answers(known) != _answers(it):
            _checked(it, where, path)
            _correct(known, it, by=by)
            written.append((number, known))
    register.check_head_offices(controller.establishments, written)
    changed = changed or bool(written)
    known_now = Answer.YES if controller.establishments else said.none
    if controller.establishments_known is not known_now:
        controller.establishments_known, changed = known_now, True
    return changed


def _checked(it: SaidPlace, where: str, path: str) -> NewEstablishment:
    new = NewEstablishment(it.place, it.since, it.central, it.until)
    try:
        register.check_establishment(new)
    except RuleBroken as refusal:
        raise RuleBroken(f"{where}: {refusal}", field=f"{path}-{refusal.field}") from None
    return new


def _answers(it: Establishment | SaidPlace) -> tuple[object, ...]:
    """Return what the page may correct in the register."""
    return it.since, it.until, it.central, it.main_processing


def _correct(row: Establishment, said: SaidPlace, *, by: Actor) -> None:
    # Evidence of an answer proves nothing of another one, and this page asks for none.
    changed = {
        name for name in ("central", "main_processing") if getattr(row, name) is not getattr(said, name)
    }
    row.evidence = {name: it for name, it in (row.evidence or {}).items() if name not in changed} or None
    row.since, row.until, row.central = said.since, said.until, said.central
    row.main_processing = said.main_processing
    row.origin = f"corrected by {by.name}"


def _correct_case(respondent: CaseController, said: Said) -> bool:
    """Write to the case what differs, and what is new; return whether its routes may be others now.

    An answer that the case has given once stays its own; one that it never gave follows the register.
    """
    controller, before = respondent.controller, Processing.from_json(respondent.processing)
    general = {it.place: it.decides for it in controller.establishments}
    follows = _follows(controller, said, before)
    decides: dict[str, Answer] = {}
    for number, it in enumerate(said.places):
        if it.mistake or it.place in follows:
            continue
        if it.place in decides and decides[it.place] is not it.decides:
            raise RuleBroken(
                f"{controller.name}, {place_name(it.place)}: whether it decides on the processing is "
                "answered in two ways.",
                field=f"establishments-{number}-decides",
            )
        decides[it.place] = it.decides
    left = {place: it for place, it in before.decides.items() if place in general and place not in decides}
    own = {
        place: it
        for place, it in decides.items()
        if place in before.decides or it is not general.get(place, Answer.UNKNOWN)
    }
    now = Processing(
        decides=left | own,
        decided_outside_eea=_own(
            before.decided_outside_eea, said.decided_outside_eea, controller.decided_outside_eea
        ),
        targets_eea=_own(before.targets_eea, said.targets_eea, controller.targets_eea),
        further=said.further,
    )
    affected = None if said.affected is None else list(said.affected)
    if now == before and affected == respondent.affected:
        return False
    if affected != respondent.affected:
        respondent.affected, respondent.affected_presumed = affected, False
    respondent.processing = now.to_json()
    return True


def _follows(controller: Controller, said: Said, before: Processing) -> set[str]:
    """Return the places of which the page says what the register says, spell by spell, and the case nothing.

    A place that decided until one day and not since then has two answers there, and neither is its own.
    """
    rows = {it.id: it.decides for it in controller.establishments}
    here = [it for it in said.places if not it.mistake]
    other = {it.place for it in here if it.decides is not rows.get(it.key or 0, Answer.UNKNOWN)}
    return {it.place for it in here} - other - set(before.decides)


def _own(before: Answer | None, said: Answer, general: Answer) -> Answer | None:
    return said if before is not None or said is not general else None
