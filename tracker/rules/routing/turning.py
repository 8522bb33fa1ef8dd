"""What may turn a lead that has been found: an infringement that ended before it, a local case (18, 19).

Each step takes the question and the finding so far and returns the finding, the same one where it does not
apply.
"""

from collections.abc import Sequence
from datetime import date

from tracker.rules import days
from tracker.rules.routing.facts import Establishment
from tracker.rules.routing.finding import Finding, Question
from tracker.rules.routing.seats import both
from tracker.rules.routing.words import Procedure, Reason, RouteWarning
from tracker.rules.territory import GDPR_APPLIES_FROM, is_eea, state_of
from tracker.rules.vocabulary import Answer


def ended_before_the_move(question: Question, finding: Finding) -> Finding:
    """Contest a lead that began only after the infringement had ended (step 18)."""
    facts, place = question.facts, finding.lead_place
    if finding.reason in (Reason.NOLEAD_NO_EEA_ESTABLISHMENT, Reason.NOLEAD_DECISIONS_OUTSIDE_EEA):
        return _lead_that_disappeared(question, finding)
    if finding.procedure is not Procedure.OSS_60 or place is None:
        return finding
    grounds = _that_make_it_lead(question, finding, place)
    began = min((it.since for it in grounds if it.since), default=None)
    if began is None or any(it.since is None for it in grounds):
        return finding
    if facts.infringement_may_have_ended:
        return finding.note(
            "End of the infringement",
            f"The lead can lead from {days.words(began)}. Whether the infringement had ended before is not "
            "known: a person has to look.",
            "EDPB Opinion 8/2019, Art 56(1)",
            human=True,
        ).warn(RouteWarning.W_ENDED_BEFORE_MOVE)
    ended = facts.infringement_ended
    if ended is None or ended >= began or any(it.exists(ended) for it in _earlier(question, finding, place)):
        return finding
    lodged = facts.lodged_with if facts.lodged_with and question.takes_part(facts.lodged_with) else None
    then = sorted({it.place for it in facts.establishments or () if _decided_then(it, ended)})
    before = f" When it ended, decisions were taken in {' and '.join(then)}." if then else ""
    leads = (finding.lead,) if finding.lead else finding.candidates
    rivals = (*leads, *((lodged,) if lodged else ()))
    return finding.note(
        "End of the infringement",
        f"The infringement ended on {days.words(ended)}, before the present lead could lead (from "
        f"{days.words(began)}).{before} Whether a lead can come later for an infringement that is over is "
        "disputed: a change of lead is accepted for one that goes on.",
        "EDPB Opinion 8/2019, Court of Rome 4153/2026, Art 56(1)",
        procedure=Procedure.CONTESTED,
        reason=Reason.UNDETERMINED_ENDED_BEFORE_MOVE,
        lead=None,
        lead_place=None,
        handling=None,
        candidates=tuple(dict.fromkeys(rivals)),
        human=True,
    ).warn(RouteWarning.W_ENDED_BEFORE_MOVE)


def _decided_then(it: Establishment, day: date) -> bool:
    here = it.exists(day) and is_eea(state_of(it.place), day)
    return here and both(it.decides, it.implements) is Answer.YES


def over_before_the_gdpr(question: Question, finding: Finding) -> Finding:
    """Ask for a person where the infringement was over before the GDPR applied."""
    ended = question.facts.infringement_ended
    if ended is None or ended >= GDPR_APPLIES_FROM or finding.procedure in WITHOUT_THE_GDPR:
        return finding
    return finding.note(
        "End of the infringement",
        f"The infringement ended on {days.words(ended)}, before 25 May 2018: whether the GDPR applies to it "
        "at all is for a person to say.",
        "Art 99(2)",
        human=True,
    )


#: Procedures for which it does not matter when the GDPR began to apply.
WITHOUT_THE_GDPR = frozenset(
    {Procedure.EUDPR, Procedure.NONE_COURT, Procedure.NONE_GDPR, Procedure.NATIONAL_EPRIVACY}
)


def _lead_that_disappeared(question: Question, finding: Finding) -> Finding:
    """Ask for a person where it ended while an establishment decided, or may have, that has gone since."""
    facts, ended = question.facts, question.facts.infringement_ended
    if ended is None:
        return finding
    gone = [
        it.place
        for it in facts.establishments or ()
        if it.exists(ended)
        and is_eea(state_of(it.place), ended)
        and both(it.decides, it.implements) is not Answer.NO
        and not (it.exists(facts.as_of) and facts.in_eea(it.place))
    ]
    if not gone:
        return finding
    return finding.note(
        "End of the infringement",
        f"The infringement ended on {days.words(ended)}, when decisions were, or may have been, taken in "
        f"{', '.join(sorted(set(gone)))}, which no longer counts. Whether the authority there stays "
        "competent for what is over is disputed: a change is accepted for an infringement that goes on.",
        "EDPB Opinion 8/2019, Art 56(1)",
        human=True,
    ).warn(RouteWarning.W_ENDED_BEFORE_MOVE)


def _that_make_it_lead(question: Question, finding: Finding, place: str) -> list[Establishment]:
    """Return the establishments under the lead, there on the day, because of which it leads."""
    return [it for it in _leading(question, finding, place) if it.exists(question.facts.as_of)]


def _earlier(question: Question, finding: Finding, place: str) -> list[Establishment]:
    """Return those under the same authority that ended since: then the lead did not move to it."""
    return [it for it in _leading(question, finding, place) if not it.exists(question.facts.as_of)]


def _leading(question: Question, finding: Finding, place: str) -> list[Establishment]:
    here = [it for it in question.facts.establishments or () if question.directory.seat(it.place) == place]
    return [it for it in here if _may_ground(it, finding.reason, here)]


def _may_ground(it: Establishment, reason: Reason, here: Sequence[Establishment]) -> bool:
    """Return whether an establishment is one that the reason speaks of, or may be."""
    match reason:
        case Reason.LEAD_PROCESSOR_CA:
            return it.ca is Answer.YES
        case Reason.LEAD_PROCESSOR_MAIN_ACTIVITIES:
            return it.main_processing is Answer.YES
        case Reason.LEAD_MAIN_ESTABLISHMENT_CA | Reason.LEAD_MAIN_ESTABLISHMENT_DECISIONS:
            return both(it.decides, it.implements) is Answer.YES
        case Reason.UNDETERMINED_PRESUMED_CA:
            may = [each for each in here if both(each.decides, each.implements) is not Answer.NO]
            return it in (may or here)
    return True


def local_case(question: Question, finding: Finding) -> Finding:
    """Give a local case to the authority of the one state concerned (step 19)."""
    facts = question.facts
    place = facts.local_only
    if place is None or finding.procedure is not Procedure.OSS_60:
        return finding
    if finding.lead_place is not None and state_of(place) == state_of(finding.lead_place):
        return finding.note(
            "Local case",
            f"The case concerns {place} only, which lies in the state of the lead: there is no authority of "
            "another state that it could pass to.",
            "Art 56(1), 56(2)",
        )
    if not facts.in_eea(place):
        return finding.note(
            "Local case",
            f"The case is said to concern {place} only, which did not take part in the cooperation on the "
            "day: the rule on local cases does not apply.",
            "Art 56(2)",
            human=True,
        )
    local = question.directory.at(place)
    lead = "the lead" if finding.lead_place else "whoever leads"
    finding = finding.note(
        "Local case",
        f"The case concerns an establishment or people in {place} only. The authority there informs {lead}, "
        "which decides within three weeks whether to take the case; if it does not, that authority handles "
        "it.",
        f"Art 56(2), 56(3), 56(4), 56(5){question.procedural('Art 6(5)')}",
        procedure=Procedure.LOCAL_56_2,
        handling=local,
    ).warn(RouteWarning.W_LOCAL_56_2)
    if local is None:
        return finding.note(
            "Local authority",
            f"Which authority in {place} is competent cannot be told from this place.",
            "Art 51(3), 56(2)",
            candidates=finding.candidates or question.authorities((place,)),
            human=True,
        )
    if facts.lodged_with is not None and facts.lodged_with != local:
        return finding.note(
            "Local authority",
            f"The complaint lies with {facts.lodged_with} and not with {local}: an authority is competent "
            "for a local case that was lodged with it, so the complaint has to reach it first.",
            "Art 56(2), 61, 77(2)",
            human=True,
        )
    return finding
