"""The facts of a route, as the records know them: register, case and filing brought together."""

from dataclasses import dataclass, replace
from datetime import date

from tracker import clock
from tracker.models import Case, CaseController, Complainant, Filing
from tracker.reference import tables
from tracker.rules import routing
from tracker.rules.processing import Processing
from tracker.rules.territory import GDPR_APPLIES_FROM, is_eea, state_of
from tracker.rules.vocabulary import Answer
from tracker.services.controllers_statement import evidence_words, representatives_of


@dataclass(frozen=True, slots=True)
class Lodging:
    """Where, when and for whom a complaint lies: what the facts of a route take from a filing.

    `also_at` are the other authorities with which a complaint against the same controller lies. `earliest` is
    the first day that it may be, where `day` is the last one of a month or year; None where it is exact.
    `counts_until` is the last day whose moves count: today, or the day on which the filing ended.
    `residence` and `workplace` are those of the complainant, `infringement_place` is that of the case.
    """

    authority: str | None
    day: date
    counts_until: date
    also_at: tuple[str, ...]
    residence: str | None
    earliest: date | None = None
    workplace: str | None = None
    infringement_place: str | None = None


def lodging_of(filing: Filing, also_at: tuple[str, ...]) -> Lodging:
    """Return what a filing says for the facts of its routes; its case and complainant are loaded."""
    day, earliest = when(filing)
    lodging = lodging_to_be(filing.case, filing.complainant, day)
    return replace(
        lodging,
        authority=filing.authority_slug,
        also_at=also_at,
        earliest=earliest,
        counts_until=counts_until(filing),
    )


def counts_until(filing: Filing) -> date:
    """Return the last day on which the route of a filing can change: today, or the day on which it ended."""
    ended = filing.since.last if tables.procedure().stages[filing.stage].final else None
    return ended or clock.today()


def lodging_to_be(case: Case, person: Complainant | None, day: date) -> Lodging:
    """Return what is known before an authority is chosen: the day, and the places of Art 77(1)."""
    return Lodging(
        authority=None,
        day=day,
        counts_until=clock.today(),
        also_at=(),
        residence=person.residence if person else None,
        workplace=person.workplace if person else None,
        infringement_place=case.infringement_place,
    )


def facts_about(respondent: CaseController, lodging: Lodging) -> routing.Facts:
    """Return the routing facts for one controller of a filing and the first of the issues.

    The controller's establishments must be loaded. What the case says of this processing counts before what
    the register says in general. What the records do not know stays unknown.
    """
    controller, said = respondent.controller, Processing.from_json(respondent.processing)
    further = said.further
    known: tuple[routing.Establishment, ...] | None = tuple(
        routing.Establishment(
            place=it.place,
            ca=it.central,
            decides=said.decides.get(it.place, it.decides),
            implements=said.decides.get(it.place, it.implements),
            since=it.since,
            until=it.until,
            main_processing=it.main_processing,
            evidence=evidence_words(it.evidence),
        )
        # In one order, whether they were read or just added: a run of the same facts is not another run.
        for it in sorted(controller.establishments, key=lambda it: (it.place, it.since or date.min))
    )
    none_known = controller.establishments_known is Answer.NO
    if not known and not none_known:
        known = None
    day = routing.day_of_assessment(known or (), lodging.day, lodging.counts_until)
    here = any(it.exists(day) and is_eea(state_of(it.place), day) for it in known or ())
    return routing.Facts(
        as_of=day,
        lodged_with=lodging.authority,
        also_lodged_with=lodging.also_at,
        complainant_residence=lodging.residence,
        complainant_workplace=lodging.workplace,
        infringement_place=lodging.infringement_place,
        role=further.role,
        establishments=known,
        decided_outside_eea=said.decided_outside_eea or controller.decided_outside_eea,
        targets_eea=said.targets_eea or controller.targets_eea,
        affected=_affected(respondent, day),
        art27_rep=next((it.place for it in representatives_of(controller) if it.there(day)), None),
        as_of_earliest=lodging.earliest if day == lodging.day else None,
        # That a company has left its only place on record does not show that it has no other.
        establishments_complete=here or none_known or known is None,
        issue=further.issues[0],
        subject=further.subject,
        media_art85=further.media_art85,
        church_art91=further.church_art91,
        public_level=further.public_level,
        obligation_of=further.obligation_of,
        local_only=further.local_only,
        infringement_ended=further.infringement_ended,
        infringement_may_have_ended=further.infringement_may_have_ended,
        de_telecom=further.de_telecom,
    )


def _affected(respondent: CaseController, day: date) -> tuple[str, ...] | None:
    """Return whom the processing affects. What was only presumed of one state on that day is not known: that
    nobody lodged elsewhere does not mean that nobody is affected there."""
    if respondent.affected is None:
        return None
    states = {state_of(it) for it in respondent.affected}
    if respondent.affected_presumed and sum(is_eea(it, day) for it in states) < 2:
        return None
    return tuple(respondent.affected)


def facts_by_issue(respondent: CaseController, lodging: Lodging) -> tuple[routing.Facts, ...]:
    """Return the facts of each run that the complaint against this controller needs: one per issue."""
    facts = facts_about(respondent, lodging)
    issues = Processing.from_json(respondent.processing).further.issues
    return tuple(facts if it == facts.issue else replace(facts, issue=it) for it in issues)


def when(filing: Filing) -> tuple[date, date | None]:
    """Return the day on which a filing is assessed, the last that it may be; and the first, if another.

    Of a day that is not known at all, nothing is known but that the GDPR applied.
    """
    lodged = filing.lodged
    if lodged.last is None:
        return clock.today(), GDPR_APPLIES_FROM
    return lodged.last, None if lodged.first == lodged.last else lodged.first
