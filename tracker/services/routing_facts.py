"""The facts of a route, as the records know them: register, case and filing brought together."""

from dataclasses import dataclass
from datetime import date

from tracker import clock
from tracker.models import CaseController, Filing
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
    """

    authority: str | None
    day: date
    also_at: tuple[str, ...]
    residence: str | None
    earliest: date | None = None


def facts_about(respondent: CaseController, lodging: Lodging) -> routing.Facts:
    """Return the routing facts for one controller of a filing, as the records know them.

    The controller's establishments must be loaded. What the case says of this processing counts before what
    the register says in general. What the records do not know stays unknown.
    """
    controller, said = respondent.controller, Processing.from_json(respondent.processing)
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
        for it in controller.establishments
    )
    none_known = controller.establishments_known is Answer.NO
    if not known and not none_known:
        known = None
    here = any(it.exists(lodging.day) and is_eea(state_of(it.place), lodging.day) for it in known or ())
    return routing.Facts(
        as_of=lodging.day,
        lodged_with=lodging.authority,
        also_lodged_with=lodging.also_at,
        complainant_residence=lodging.residence,
        complainant_workplace=None,
        infringement_place=None,
        role="controller",
        establishments=known,
        decided_outside_eea=said.decided_outside_eea or controller.decided_outside_eea,
        targets_eea=said.targets_eea or controller.targets_eea,
        affected=_affected(respondent, lodging.day),
        art27_rep=next((it.place for it in representatives_of(controller) if it.there(lodging.day)), None),
        as_of_earliest=lodging.earliest,
        # That a company has left its only place on record does not show that it has no other.
        establishments_complete=here or none_known or known is None,
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
    return (facts_about(respondent, lodging),)


def when(filing: Filing) -> tuple[date, date | None]:
    """Return the day on which a filing is assessed, the last that it may be; and the first, if another.

    Of a day that is not known at all, nothing is known but that the GDPR applied.
    """
    lodged = filing.lodged
    if lodged.last is None:
        return clock.today(), GDPR_APPLIES_FROM
    return lodged.last, None if lodged.first == lodged.last else lodged.first
