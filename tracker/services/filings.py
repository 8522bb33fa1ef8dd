"""Filings: planned, lodged with many authorities in one act, looked at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, subqueryload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import (
    Authority,
    Case,
    CaseController,
    Complainant,
    Controller,
    Filing,
    FilingController,
    Route,
    RouteOverride,
    Update,
    UpdateFiling,
)
from tracker.reference.authorities import in_words, label, opening
from tracker.reference.names import is_language, language_name
from tracker.rules import days, numbers, routing, territory
from tracker.rules.access import Actor
from tracker.rules.text import shown
from tracker.rules.variants import variant
from tracker.rules.vocabulary import ComplainantType, Outcome, Precision
from tracker.services import deadlines, filings_assigning, journal, routing_facts, standing
from tracker.services import routing as routes


class AlreadyFiled(RuleBroken):
    """The case already has filings at these authorities for these complainants: all of them, at once."""

    def __init__(self, present: Sequence[tuple[str, str | None, str]]) -> None:
        """Name each by slug, pseudonym and the number of the filing that is there."""
        slug, complainant, number = present[0]
        whom = f"for complainant {complainant}" if complainant else "without a named complainant"
        if len(present) == 1:
            text = f"{opening(slug)} already has this complaint {whom}: {number}. Take it out of the choice."
        else:
            named = "; ".join(
                f"{label(slug)}{f' for complainant {person}' if person else ''} ({number})"
                for slug, person, number in present
            )
            text = (
                f"{len(present)} of these already have this complaint: {named}. Take them out of the choice."
            )
        super().__init__(text, field="authorities")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filing to be lodged: with which authority, for whom (a pseudonym of the case), in which language."""

    authority: str
    complainant: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedRoute:
    """Who would lead against one controller. The words are for a preview: lodging itself needs none."""

    controller: CaseController
    facts: routing.Facts
    route: routing.Route

    @property
    def sentence(self) -> str:
        """Return in one sentence who would lead and why."""
        return routes.explain(self.route, self.facts)

    @property
    def warnings(self) -> tuple[tuple[str, str], ...]:
        """Return the warnings as (what, what to do)."""
        return tuple(routing.warning_text(it) for it in self.route.warnings)


@dataclass(frozen=True, slots=True)
class Planned:
    """A filing as the preview shows it, before anything is stored."""

    number: str
    authority: Authority
    complainant: Complainant | None
    language: str | None
    notes: tuple[str, ...]
    routes: tuple[PlannedRoute, ...]


def plan_lodging(case: Case, wanted: Sequence[Wanted], *, lodged_on: date) -> list[Planned]:
    """Return what lodging would make, in the order wanted; stores nothing.

    `case` comes from get_case. Raises RuleBroken, naming the field: no authority, a day that has not come or
    lies before the facts, an authority or a language that does not exist, a complainant the case does not
    have, the same authority and complainant twice; AlreadyFiled, which names all of
    them, when the case has such filings.
    """
    if not wanted:
        raise RuleBroken("Choose at least one authority.", field="authorities")
    _check_day(case, lodged_on)
    slugs = {it.authority for it in wanted}
    known = {it.slug: it for it in db.session.scalars(sa.select(Authority).where(Authority.slug.in_(slugs)))}
    for it in wanted:
        if it.authority not in known:
            raise RuleBroken(
                f"There is no authority {shown(it.authority)} in the directory.", field="authorities"
            )
        if known[it.authority].scope == "board":
            raise RuleBroken(f"{opening(it.authority)} takes no complaints.", field="authorities")
        if it.language and not is_language(it.language):
            raise RuleBroken(
                f"There is no language {shown(it.language)}: write a code such as de.", field="language"
            )
    people = {it.pseudonym: it for it in case.complainants}
    present = {
        (it.authority_slug, it.complainant.pseudonym if it.complainant else None): it.number
        for it in case.filings
    }
    fresh = numbers.next_filings(case.number, [it.number for it in case.filings], len(wanted))
    against = routes.authorities_against(case.filings)
    told: dict[int | None, list[tuple[routing.Facts, ...]]] = {}
    asked: set[tuple[str, str | None]] = set()
    already: list[tuple[str, str | None, str]] = []
    planned = []
    for number, it in zip(fresh, wanted, strict=True):
        if it.complainant and it.complainant not in people:
            raise RuleBroken(f"The case has no complainant {shown(it.complainant)}.", field="authorities")
        here = (it.authority, it.complainant or None)
        if here in present:
            already.append((*here, present[here]))
            continue
        if here in asked:
            raise RuleBroken(
                f"{opening(it.authority)} is named twice"
                f"{f' for {it.complainant}' if it.complainant else ''}: "
                "one complaint to an authority is one filing.",
                field="authorities",
            )
        asked.add(here)
        person = people.get(it.complainant) if it.complainant else None
        whom = person.id if person else None
        if whom not in told:
            told[whom] = _without_authority(case, person, lodged_on)
        planned.append(
            Planned(
                number=number,
                authority=known[it.authority],
                complainant=person,
                language=it.language,
                notes=_notes(known[it.authority], it.language, lodged_on),
                routes=tuple(
                    _planned_route(each, facts, it.authority, against.get(each.controller_id, set()) | slugs)
                    for each, known_facts in zip(case.controllers, told[whom], strict=True)
                    for facts in known_facts
                ),
            )
        )
    if already:
        raise AlreadyFiled(already)
    return planned


def _without_authority(
    case: Case, person: Complainant | None, lodged_on: date
) -> list[tuple[routing.Facts, ...]]:
    """Return by controller the facts of each issue, as they are for one complainant at any authority.

    Sixty filings of one act share them: only the authorities differ.
    """
    lodging = routing_facts.lodging_to_be(case, person, lodged_on)
    return [routing_facts.facts_by_issue(it, lodging) for it in case.controllers]


def _check_day(case: Case, lodged_on: date) -> None:
    if lodged_on > clock.today():
        raise RuleBroken(f"{days.words(lodged_on)} has not come yet.", field="lodged_on")
    if lodged_on < days.EARLIEST:
        raise RuleBroken(f"{days.words(lodged_on)} is too long ago.", field="lodged_on")
    begun = case.facts.first
    if begun and lodged_on < begun:
        raise RuleBroken(
            f"{days.words(lodged_on)} lies before the facts of the case ({case.facts.words}).",
            field="lodged_on",
        )


def _notes(authority: Authority, language: str | None, lodged_on: date) -> tuple[str, ...]:
    notes = []
    spoken = authority.languages.split(";")
    if language and language not in spoken:
        names = " or ".join(language_name(code) for code in spoken)
        notes.append(f"{language_name(language)} is not a language of this authority: it works in {names}.")
    if other_law := territory.other_law(authority.country, lodged_on):
        notes.append(other_law)
    if authority.retired:
        notes.append("No longer in the directory.")
    return tuple(notes)


def _planned_route(
    respondent: CaseController, facts: routing.Facts, authority: str, everywhere: set[str]
) -> PlannedRoute:
    """Return the route with one authority; `everywhere` are all that have a complaint against this one."""
    others = tuple(sorted(everywhere - {authority}))
    facts = variant(facts, lodged_with=authority, also_lodged_with=others)
    return PlannedRoute(respondent, facts, routes.answer(facts))


def lodge_complaint(case: Case, wanted: Sequence[Wanted], *, lodged_on: date, by: Actor) -> list[Filing]:
    """Record one complaint lodged with all of `wanted` on one day; return the new filings in order.

    All are recorded, each with its routes and its line in the journal, or none. Raises as plan_lodging does.
    Inserts go in by one statement per table.
    """
    return lodge_planned(case, plan_lodging(case, wanted, lodged_on=lodged_on), lodged_on=lodged_on, by=by)


def lodge_planned(case: Case, planned: Sequence[Planned], *, lodged_on: date, by: Actor) -> list[Filing]:
    """Record what plan_lodging() returned a moment ago, within the same act; return the new filings."""
    earlier = list(case.filings)
    place = max((it.position for it in earlier), default=-1) + 1
    number = standing.highest_number(case.id) + 1
    # Who lodges sees to it until somebody else is named: no deadline begins that is nobody's.
    responsible = filings_assigning.responsible_by_default(by)
    filings = [
        _new_filing(case, it, position=place + index, entry=number, on=lodged_on, responsible=responsible)
        for index, it in enumerate(planned)
    ]
    update = _lodging_entry(case, planned, number=number, on=lodged_on, by=by)
    db.session.add_all([*filings, update])
    for position, (filing, it) in enumerate(zip(filings, planned, strict=True)):
        db.session.add(
            UpdateFiling(
                update_id=update.id, filing_id=filing.id, position=position, step="lodged", outcome=None
            )
        )
        # A controller is named once, however many issues it is complained about under.
        for controller in {each.controller.id: each.controller for each in it.routes}.values():
            db.session.add(
                FilingController(
                    filing_id=filing.id, controller_id=controller.controller_id, position=controller.position
                )
            )
        for each in it.routes:
            routes.store(filing.id, each.controller.controller, each.facts, each.route)
        journal.note(
            "filing.lodge",
            filing.number,
            by=by,
            case_id=case.id,
            detail={"authority": it.authority.slug, "lodged_on": lodged_on.isoformat()},
        )
    db.session.flush()
    if earlier:
        _route_earlier(case, earlier, {it.authority.slug for it in planned}, by=by)
    why = f"lodged with {len(planned)} more" if earlier else "lodged"
    deadlines.recompute([it.id for it in (*earlier, *filings)], why=why, by=by)
    return filings


def _route_earlier(case: Case, earlier: Sequence[Filing], new: Collection[str], *, by: Actor) -> None:
    """Route the filings that were there before: the new authorities are concerned there too, Art 4(22)(c).

    What became otherwise for another reason meanwhile comes to light with it; the journal tells of it where
    somebody has to look.
    """
    runs = routes.work_out(earlier, case.controllers, further=new)
    anew = routes.keep(runs, routes.newest_runs({case.id}))
    if any(it.waits for it in anew):
        detail: dict[str, object] = {"rules": routing.RULES_VERSION, "routes": len(anew)}
        journal.note("route.anew", case.number, by=by, case_id=case.id, detail=detail)
    db.session.flush()


def _new_filing(
    case: Case, it: Planned, *, position: int, entry: int, on: date, responsible: int | None
) -> Filing:
    return Filing(
        number=it.number,
        key=None,
        case_id=case.id,
        position=position,
        authority_slug=it.authority.slug,
        country=it.authority.country,
        complainant_id=it.complainant.id if it.complainant else None,
        complainant_type=ComplainantType.DATA_SUBJECT_REPRESENTED if it.complainant else None,
        language=it.language,
        lodged_on=on,
        lodged_precision=Precision.DAY,
        urgency_requested=None,
        lead_said=None,
        handling_said=None,
        status_said=None,
        source=None,
        verified=None,
        note=None,
        extra={},
        stage="lodged",
        since_on=on,
        since_precision=Precision.DAY,
        entered_by=entry,
        outcome=Outcome.PENDING,
        responsible_id=responsible,
        touched_at=clock.now(),
    )


def _lodging_entry(case: Case, planned: Sequence[Planned], *, number: int, on: date, by: Actor) -> Update:
    return Update(
        case_id=case.id,
        number=number,
        kind="lodged",
        happened_on=on,
        happened_precision=Precision.DAY,
        actor=case.ngo,
        actor_slug=None,
        words=_lodged_words(planned),
        public_words=None,
        reference=None,
        medium=None,
        sender=None,
        sent_on=None,
        received_on=None,
        language=None,
        fine=None,
        source=None,
        verified=None,
        corrects_id=None,
        recorded_at=clock.now(),
        recorded_by=by.key,
    )


def _lodged_words(planned: Sequence[Planned]) -> str:
    if len(planned) == 1:
        return f"Complaint lodged with {in_words(planned[0].authority.slug)}."
    return f"Complaint lodged with {len(planned)} authorities."


def numbers_of(case_id: int) -> dict[int, str]:
    """Return the numbers of the filings of a case, by their keys."""
    rows = db.session.execute(sa.select(Filing.id, Filing.number).where(Filing.case_id == case_id))
    return {row.id: row.number for row in rows}


def get_filing(number: str) -> Filing:
    """Return the filing with everything its page shows. Raises NotFound."""
    filing: Filing | None = db.session.scalar(
        sa.select(Filing)
        .where(Filing.number == number)
        .options(
            joinedload(Filing.case)
            .subqueryload(Case.controllers)
            .joinedload(CaseController.controller)
            .subqueryload(Controller.establishments),
            joinedload(Filing.authority),
            joinedload(Filing.complainant),
            joinedload(Filing.responsible),
            subqueryload(Filing.controllers).subqueryload(Controller.establishments),
            subqueryload(Filing.references),
            subqueryload(Filing.routes.and_(Route.current)),
            subqueryload(Filing.overrides).joinedload(RouteOverride.route),
        )
        .execution_options(populate_existing=True)
    )
    if filing is None:
        raise NotFound(f"There is no filing {number}.")
    routes.load_changes([filing])
    return filing
