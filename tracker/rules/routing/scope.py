"""Whether the GDPR applies, whether the processing is cross-border, who acts if it is not (steps 5a to 11).

Each step takes the question and the finding so far and returns the finding, the same one where it does not
apply.
"""

from tracker.rules.routing.facts import WHOLE_EEA
from tracker.rules.routing.finding import Finding, Question
from tracker.rules.routing.seats import Verdict
from tracker.rules.routing.words import UNPROVEN, Procedure, Reason, RouteWarning
from tracker.rules.territory import GDPR_APPLIES_FROM, eea_states, state_of
from tracker.rules.vocabulary import Answer


def before_the_gdpr(question: Question, finding: Finding) -> Finding:
    """Stop where the day of assessment lies before the GDPR applied (Art 99(2))."""
    if question.facts.as_of >= GDPR_APPLIES_FROM:
        return finding
    return finding.settle(
        "Application in time",
        "The day of assessment lies before 25 May 2018, the first day of the GDPR.",
        "Art 99(2)",
        Reason.NOLEAD_GDPR_NA,
        procedure=Procedure.NONE_GDPR,
        cross_border="none",
        human=True,
    )


def establishments_not_known(question: Question, finding: Finding) -> Finding:
    """Name no lead where it is not known in which states the entity is established."""
    if question.seats is not None:
        return finding
    return finding.settle(
        "Establishments",
        f"It is not known whether and where the {question.entity} is established in the EEA, so no lead is "
        "named.",
        "Art 4(16), 56(1)",
        Reason.UNDETERMINED_PRESUMED_CA,
    ).warn(*(() if question.entity == "processor" else UNPROVEN))


def outside_the_gdpr(question: Question, finding: Finding) -> Finding:
    """Stop where nothing is established in the EEA and people there are not targeted (step 5a)."""
    if question.seats is None or question.seats or question.facts.targets_eea is not Answer.NO:
        return finding
    return finding.settle(
        "Territorial scope",
        f"The {question.entity} has no establishment in the EEA and does not target people there.",
        "Art 3",
        Reason.NOLEAD_GDPR_NA,
        procedure=Procedure.NONE_GDPR,
        cross_border="none",
    )


def no_establishment(question: Question, finding: Finding) -> Finding:
    """Leave each authority its own territory where nothing is established in the EEA (step 8)."""
    if question.seats:
        return finding
    known = question.facts.targets_eea is Answer.YES
    scope = "it targets people there" if known else "whether it targets people there is not known"
    return each_on_its_territory(
        question,
        finding,
        Reason.NOLEAD_NO_EEA_ESTABLISHMENT,
        "Establishments",
        f"The {question.entity} has no establishment in the EEA; {scope}.",
        "Art 3(2), 55(1)",
        human=not known,
        cross_border="none",
    ).warn(RouteWarning.W_NO_ENFORCEMENT)


def cross_border_by_establishments(question: Question, finding: Finding) -> Finding:
    """Find cross-border processing where several states have an establishment (step 9)."""
    if len(question.states) < 2:
        return finding
    return finding.note(
        "Cross-border processing",
        f"The {question.entity} is established in several EEA states ({', '.join(question.states)}).",
        "Art 4(23)(a)",
        cross_border="4(23)(a)",
    )


def cross_border_by_effects(question: Question, finding: Finding) -> Finding:
    """Find cross-border processing where one state has establishments and several are affected (step 10)."""
    if len(question.states) != 1:
        return finding
    affected = _affected_states(question)
    if affected is None or len(affected) < 2:
        return finding
    return finding.note(
        "Cross-border processing",
        f"The {question.entity} is established in one EEA state ({question.states[0]}), and people in "
        "several are substantially affected.",
        "Art 4(23)(b)",
        cross_border="4(23)(b)",
    )


def not_cross_border(question: Question, finding: Finding) -> Finding:
    """Leave the complaint to the state of establishment where no other is affected (step 11)."""
    if finding.cross_border is not None:
        return finding
    affected = _affected_states(question)
    if affected is None:
        return finding
    choice = question.home
    where = f"in {', '.join(affected)} only" if affected else "in no EEA state"
    handling = question.directory.at(choice.place) if choice.place else None
    sure = handling is not None and choice.verdict is Verdict.ONE
    return finding.settle(
        "Not cross-border",
        f"The {question.entity} is established in {question.states[0]} only and people are affected "
        f"{where}: the authority of the establishment decides alone. An authority elsewhere with which the "
        "complaint was lodged passes it on and stays the contact of the complainant.",
        f"Art 55(1), 61, 77(2){question.german_law('§ 40(2) BDSG')}",
        Reason.NOLEAD_NOT_CROSS_BORDER,
        procedure=Procedure.TERRITORIAL_55_1,
        handling=handling,
        cross_border="none",
        candidates=() if sure else question.authorities(choice.candidates),
        human=not sure,
    )


def each_on_its_territory(
    question: Question, finding: Finding, reason: Reason, name: str, text: str, basis: str, **found: object
) -> Finding:
    """Settle that nobody leads and the authority lodged with decides for its own territory."""
    slug = question.receiving
    handling = slug if slug and question.takes_part(slug) else None
    if handling is not None and not question.serves_private_bodies(handling):
        found["human"], own = True, question.for_private_bodies(handling)
        text = f"{text} {handling} is not there for private bodies; " + (
            f"it passes the complaint on to {own}." if own else "who is depends on the region."
        )
        handling, basis = own, f"{basis}, national law"
    finding = finding.settle(
        name,
        f"{text} Every authority acts on its own territory; there is no lead and no procedure under Art 60.",
        basis,
        reason,
        procedure=Procedure.TERRITORIAL_55_1,
        handling=handling,
        **found,
    )
    if handling is not None:
        return finding
    return finding.note(
        "Authority lodged with",
        "The facts name no authority in the EEA that would decide: a person has to choose one.",
        "Art 55(1), 77(1)",
        human=True,
    )


def _affected_states(question: Question) -> tuple[str, ...] | None:
    """Return the EEA states with substantially affected people, None where that is not known."""
    if question.facts.affected is None:
        return None
    if WHOLE_EEA in question.facts.affected:
        return tuple(sorted(eea_states(question.facts.as_of)))
    return tuple(sorted({state_of(it) for it in question.facts.affected if question.facts.in_eea(it)}))
