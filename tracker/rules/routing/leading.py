"""Which authority leads processing that is cross-border, or may be: the main establishment (steps 12 to 17).

Each step takes the question and the finding so far and returns the finding, the same one where it does not
apply.
"""

from tracker.rules.routing.finding import Finding, Question
from tracker.rules.routing.scope import each_on_its_territory
from tracker.rules.routing.seats import Choice, Verdict, deciding_seat, either, processing_seat
from tracker.rules.routing.words import UNPROVEN, Reason, RouteWarning
from tracker.rules.territory import state_of
from tracker.rules.vocabulary import Answer


def processor_itself(question: Question, finding: Finding) -> Finding:
    """Find the main establishment of a processor established in several states (step 12)."""
    if question.facts.role != "processor" or len(question.states) < 2:
        return finding
    choice = processing_seat(question.known_seats)
    if choice.verdict is Verdict.SEVERAL:
        return _several(question, finding, choice, "Art 4(16)(b)")
    if choice.verdict is Verdict.ONE and choice.place is not None:
        central = any(it.place == choice.place and it.central is Answer.YES for it in question.known_seats)
        what = "central administration" if central else "main processing"
        return finding.settle(
            "Main establishment of the processor",
            f"The {what} of the processor in the EEA is in {choice.place}.",
            "Art 4(16)(b), 56(1)",
            Reason.LEAD_PROCESSOR_CA if central else Reason.LEAD_PROCESSOR_MAIN_ACTIVITIES,
            lead_place=choice.place,
        )
    return _presumed(
        question,
        finding,
        choice,
        "Main establishment of the processor",
        "It is not known where the processor has its central administration in the EEA or, failing one, "
        "its main processing; or what is said of it contradicts itself.",
        "Art 4(16)(b), 56(1)",
    )


def single_state(question: Question, finding: Finding) -> Finding:
    """Give the lead to the only state of establishment (step 13); presumed where step 10 or 11 is open."""
    if len(question.states) != 1:
        return finding
    choice, state = question.home, question.states[0]
    if question.entity == "controller":
        # Opinion 04/2024 asks where a controller decides. A processor decides on no purposes at all.
        decides = either(it.decides for it in question.known_seats)
        if decides is not Answer.YES:
            finding = finding.warn(RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS)
        if decides is Answer.UNKNOWN:
            finding = finding.warn(*UNPROVEN)
        if question.facts.decided_outside_eea is Answer.YES:
            finding = finding.warn(RouteWarning.W_BURDEN_OF_PROOF)
    basis = f"Art 56(1){question.german_law('§ 19(1) BDSG')}"
    if finding.cross_border is None:
        return _presumed(
            question,
            finding,
            choice,
            "Single establishment",
            f"{state} is the only EEA state with an establishment on record, but it is not known whether "
            "people in several states are substantially affected.",
            f"Art 4(23)(b), {basis.removeprefix('Art ')}",
        )
    if choice.verdict is not Verdict.ONE and len(choice.candidates) != 1:
        # That the state leads is certain; among its own authorities it is settled by national law.
        law = ", § 18(2), 19(1) BDSG" if state == "DE" else ""
        return finding.settle(
            "Single establishment",
            f"{state} is the only EEA state with an establishment on record, so an authority there leads. "
            f"Which one is open: {' or '.join(choice.candidates)}.",
            f"Art 56(1){law}",
            Reason.LEAD_SINGLE_ESTABLISHMENT,
            lead_place=state,
            candidates=question.authorities(choice.candidates),
            human=True,
        )
    return finding.settle(
        "Single establishment",
        f"{state} is the only EEA state with an establishment on record: its authority leads.",
        basis,
        Reason.LEAD_SINGLE_ESTABLISHMENT,
        lead_place=choice.place or choice.candidates[0],
    )


def one_decides(question: Question, finding: Finding) -> Finding:
    """Give the lead to the one establishment that decides and has it carried out (step 14)."""
    choice = deciding_seat(question.known_seats, question.facts.decided_outside_eea)
    if choice.verdict is not Verdict.ONE:
        return finding
    central = any(it.place == choice.place and it.central is Answer.YES for it in question.known_seats)
    if question.facts.decided_outside_eea is Answer.YES:
        finding = finding.warn(RouteWarning.W_BURDEN_OF_PROOF)
    return finding.settle(
        "Main establishment",
        f"The decisions on this processing are taken in {choice.place}, with the power to have them carried "
        "out"
        + (", at the central administration in the EEA." if central else ".")
        + (
            " They are said to be taken outside the EEA as well: the controller has to prove that they are "
            "taken here."
            if question.facts.decided_outside_eea is Answer.YES
            else ""
        ),
        "Art 4(16)(a), 56(1), EDPB Opinion 04/2024",
        Reason.LEAD_MAIN_ESTABLISHMENT_CA if central else Reason.LEAD_MAIN_ESTABLISHMENT_DECISIONS,
        lead_place=choice.place,
    )


def decided_outside(question: Question, finding: Finding) -> Finding:
    """Name no lead where no establishment decides and decisions are taken outside the EEA (step 15)."""
    choice = deciding_seat(question.known_seats, question.facts.decided_outside_eea)
    if choice.verdict is not Verdict.NONE or question.facts.decided_outside_eea is not Answer.YES:
        return finding
    # Since none leads, these lack the power to have decisions carried out.
    half = any(it.decides is not Answer.NO for it in question.facts.present() or ())
    open_yet = (
        " One takes decisions, or may, without that power: whether this is enough is for a person to say."
    )
    return each_on_its_territory(
        question,
        finding,
        Reason.NOLEAD_DECISIONS_OUTSIDE_EEA,
        "Decisions outside the EEA",
        "No establishment in the EEA both takes the decisions on this processing and can have them carried "
        f"out; they are taken outside.{open_yet if half else ''}",
        "Art 4(16)(a), 55(1), EDPB Opinion 04/2024",
        human=half,
    )


def several_decide(question: Question, finding: Finding) -> Finding:
    """Name no lead where several establishments decide (step 17)."""
    choice = deciding_seat(question.known_seats, question.facts.decided_outside_eea)
    if choice.verdict is not Verdict.SEVERAL:
        return finding
    return _several(question, finding, choice, "Art 4(16)(a)")


def decisions_not_known(question: Question, finding: Finding) -> Finding:
    """Presume a lead at most, and ask a person, where it is not known who decides (step 16)."""
    choice = deciding_seat(question.known_seats, question.facts.decided_outside_eea)
    if choice.verdict is Verdict.NONE:
        text = (
            "No establishment in the EEA is said to decide, but neither is it known that decisions are "
            "taken outside: some answer is missing or wrong."
        )
    else:
        text = f"Who decides on this processing is not known; it may be {' or '.join(choice.candidates)}."
        if question.facts.decided_outside_eea is Answer.YES:
            text += " Decisions are said to be taken outside the EEA."
    return _presumed(
        question, finding, choice, "Main establishment", text, "Art 4(16)(a), EDPB Opinion 04/2024"
    ).warn(*UNPROVEN)


def _several(question: Question, finding: Finding, choice: Choice, basis: str) -> Finding:
    in_germany = {state_of(it) for it in choice.candidates} == {"DE"}
    text = f"More than one place is said to be the main establishment: {', '.join(choice.candidates)}."
    return finding.settle(
        "Several main establishments",
        f"{text} A person has to look; authorities that disagree have it decided.",
        f"{basis}, "
        + ("§ 18(2), 19(1) BDSG" if in_germany else f"65(1)(b){question.procedural('Art 4(6), 29')}"),
        Reason.UNDETERMINED_CONFLICT,
        candidates=question.authorities(choice.candidates),
    )


def _presumed(
    question: Question, finding: Finding, choice: Choice, name: str, text: str, basis: str
) -> Finding:
    """Settle that the matter is open, with the lead that may be presumed until a person has looked."""
    end = f" Presumed for now: {choice.place}." if choice.place else " No lead is presumed."
    return finding.settle(
        name,
        text + end,
        basis + question.procedural("Art 4(4)"),
        Reason.UNDETERMINED_PRESUMED_CA,
        lead_place=choice.place,
        candidates=question.authorities(choice.candidates),
    )
