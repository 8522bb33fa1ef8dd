"""A route in one plain sentence, for staff and for the public."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from tracker.rules import days
from tracker.rules.routing.facts import WHOLE_EEA, Facts
from tracker.rules.routing.result import Route
from tracker.rules.routing.seats import both
from tracker.rules.routing.telling import DISPUTED, Telling
from tracker.rules.routing.words import Procedure, Reason, plain
from tracker.rules.territory import GDPR_APPLIES_FROM, state_of
from tracker.rules.vocabulary import Answer


def sentence(route: Route, facts: Facts, name: Callable[[str], str], country: Callable[[str], str]) -> str:
    """Return one sentence: who leads, or that nobody does or it is not known, and why, with the article.

    `name` gives "the Irish DPC" for an authority's slug, `country` gives "Ireland" for "IE". The facts must
    be those of the route. A lead whose state has left since led on that day; a second sentence says so.
    """
    telling = Telling(route, facts, name, country)
    return f"{_SAYING[route.reason](telling)}{_no_more(telling)}{_local(telling)}"


def reason_words(route: Route, facts: Facts) -> str:
    """Return why an authority leads or none does in a few words; where that is open, what is not known."""
    if route.reason is not Reason.UNDETERMINED_PRESUMED_CA:
        return plain(route.reason)
    present = facts.present()
    if present is None:
        return "establishments in the EEA not known"
    if len({state_of(it.place) for it in present}) > 1:
        return plain(route.reason)
    return "not known whether people in several states are affected"


def _only_state(it: Telling) -> str:
    """Return that there is one state of establishment, as far as is known: others may be missing here."""
    state = it.countries(it.states)
    return f"{state} is the only EEA state in which an establishment of the {it.entity} is recorded here"


def _no_more(it: Telling) -> str:
    """Return what became of a lead whose state has left; nothing for any other."""
    if it.ended is None:
        return ""
    return (
        f" Since {days.words(it.ended + timedelta(1))} no authority of the one-stop shop leads for that "
        "reason; a person has to settle who acts now (EDPB Opinion 8/2019)."
    )


def _local(it: Telling) -> str:
    """Return who handles a local case; nothing for any other."""
    if it.route.procedure is not Procedure.LOCAL_56_2:
        return ""
    who = it.name(it.route.handling) if it.route.handling else "an authority that is not known"
    return (
        f" The case is local: {who} handles it, unless the lead takes it over within three weeks (Art 56(2), "
        "56(3))."
    )


def _ended_before(it: Telling) -> str:
    names = [it.name(slug) for slug in it.route.candidates]
    between = f" between {' and '.join(names)}" if len(names) == 2 else ""
    return (
        "It is not settled who leads: the infringement ended before the present lead could lead, and whether "
        f"it may lead all the same is disputed{between} (EDPB Opinion 8/2019, Art 56(1))."
    )


def _public(it: Telling) -> str:
    decides = f": {it.name(it.route.handling)} decides" if it.route.handling else ""
    doubt = ", as far as known" if it.route.human and decides else ""
    open_yet = "" if decides else ", and which one that is is not known"
    return (
        "No authority leads: a public body, or a body with a legal duty or public task, answers to the "
        f"authority of the state concerned{open_yet}{decides}{doubt} (Art 55(2))."
    )


def _eprivacy(it: Telling) -> str:
    decides = "; which authority that is has to be looked up"
    if it.route.handling:
        decides = f", {it.name(it.route.handling)}{', as far as known' if it.route.human else ''}"
    return (
        "No authority leads: cookies and other access to terminal equipment fall under national law, and the "
        f"authority that it names in the user's state decides{decides} (Art 5(3), 15a of Directive 2002/58, "
        "not Art 56 GDPR)."
    )


def _institution(it: Telling) -> str:
    who = it.name(it.route.handling) if it.route.handling else "the European Data Protection Supervisor"
    return (
        f"No authority leads: {who} supervises the institutions of the Union (Art 52, 63 of Regulation (EU) "
        "2018/1725)."
    )


def _court(it: Telling) -> str:
    return (
        "No authority leads: no authority supervises a court that acts in its judicial capacity (Art 55(3))."
    )


def _single_establishment(it: Telling) -> str:
    only = f"{it.leads()}: {_only_state(it)}, and people"
    if it.disputed:
        return (
            f"{only} in several states are affected; {DISPUTED} as long as it is not shown that the "
            "decisions are taken there (Art 56(1), EDPB Opinion 04/2024)."
        )
    return f"{only} in several states are affected (Art 56(1))."


def _central_administration(it: Telling) -> str:
    return (
        f"{it.leads()}: the {it.entity} has its central administration in the EEA in {it.here}, takes the "
        "decisions on this processing there and has the power to have them carried out (Art 4(16)(a), "
        "56(1))."
    )


def _decisions(it: Telling) -> str:
    return (
        f"{it.leads()}: the decisions on this processing are taken in {it.here}, by an establishment with "
        "the power to have them carried out (Art 4(16)(a), 56(1))."
    )


def _processor_central(it: Telling) -> str:
    return (
        f"{it.leads()}: the processor has its central administration in the EEA in {it.here} (Art 4(16)(b), "
        "56(1))."
    )


def _processor_main(it: Telling) -> str:
    return f"{it.leads()}: the processor's main processing takes place in {it.here} (Art 4(16)(b), 56(1))."


def _presumed(it: Telling) -> str:
    start = it.leads("is presumed to lead") if it.route.lead_place else "It is not known who leads"
    return f"{start}: {_what_is_open(it)}."


def _what_is_open(it: Telling) -> str:
    if it.facts.present() is None:
        return f"in which EEA states the {it.entity} is established is not known (Art 4(16), 56(1))"
    if len(it.states) == 1:
        people = "whether people in several states are affected is not known"
        return f"{_only_state(it)}, but {people} (Art 4(23)(b), 56(1))"
    several = f"the {it.entity} is established in {it.countries(it.states)}, but"
    if it.facts.role == "processor":
        what = "its central administration in the EEA or its main processing"
        return f"{several} where it has {what} is not known (Art 4(16)(b), 56(1))"
    law = "(Art 4(16)(a), EDPB Opinion 04/2024)"
    if it.route.lead_place is None:
        return f"{several} where the decisions on this processing are taken is not known {law}"
    if any(both(each.decides, each.implements) is Answer.YES for each in it.at_lead()):
        taken = f"decisions on this processing are taken in {it.here}"
        return f"{taken}, but whether they are taken elsewhere too is not known {law}"
    if any(each.ca is Answer.YES for each in it.at_lead()):
        claimed = f"the {it.entity}'s central administration in the EEA is said to be in {it.here}"
        what = "takes the decisions on this processing and has them carried out"
        return f"{claimed}, but whether it {what} is not known {law}"
    no_other = "no other establishment in the EEA takes the decisions on this processing"
    return f"{no_other}, but whether the one in {it.here} does is not known {law}"


def _conflict(it: Telling) -> str:
    if len(it.contested) == 1:
        return (
            f"An authority in {it.countries(it.contested)} leads, but which one is not settled: the "
            f"{it.entity} has more than one establishment there that may be the main one (Art 56(1), § "
            "18(2), § 19(1) BDSG)."
        )
    half, end = ("(b)", "") if it.facts.role == "processor" else ("(a)", " for this processing")
    return (
        f"It is not settled who leads: more than one establishment of the {it.entity} in the EEA is said to "
        f"be the main one{end}, and authorities that disagree have it decided (Art 4(16){half}, 65(1)(b))."
    )


def _no_establishment(it: Telling) -> str:
    targets = "" if it.facts.targets_eea is Answer.YES else ", if it targets people there at all,"
    return (
        f"No authority leads: the {it.entity} has no establishment in the EEA, so{targets} every authority "
        f"acts on its own territory{it.decides_alone('on this complaint')} (Art 55(1))."
    )


def _decided_outside(it: Telling) -> str:
    return (
        "No authority leads: the decisions on this processing are taken outside the EEA, so every "
        f"authority acts on its own territory{it.decides_alone('on this complaint')} (Art 55(1), EDPB "
        "Opinion 04/2024)."
    )


def _not_cross_border(it: Telling) -> str:
    somewhere = any(place == WHOLE_EEA or it.facts.in_eea(place) for place in it.facts.affected or ())
    people = "people in only one state are affected" if somewhere else "people in no EEA state are affected"
    return f"No authority leads: {_only_state(it)}, and {people}{it.decides_alone('alone')} (Art 55(1))."


def _not_applicable(it: Telling) -> str:
    if it.facts.subject == "led":
        return (
            "No authority leads: the GDPR does not apply to police and criminal justice; national law under "
            "Directive 2016/680 says who supervises them (Art 2(2)(d))."
        )
    if it.facts.as_of < GDPR_APPLIES_FROM:
        return "No authority leads: the GDPR applies only from 25 May 2018 (Art 99(2))."
    return (
        f"No authority leads: the {it.entity} has no establishment in the EEA and does not target people "
        "there, so the GDPR does not apply (Art 3)."
    )


_SAYING: Mapping[Reason, Callable[[Telling], str]] = {
    Reason.LEAD_MAIN_ESTABLISHMENT_CA: _central_administration,
    Reason.LEAD_MAIN_ESTABLISHMENT_DECISIONS: _decisions,
    Reason.LEAD_SINGLE_ESTABLISHMENT: _single_establishment,
    Reason.LEAD_PROCESSOR_CA: _processor_central,
    Reason.LEAD_PROCESSOR_MAIN_ACTIVITIES: _processor_main,
    Reason.UNDETERMINED_PRESUMED_CA: _presumed,
    Reason.UNDETERMINED_CONFLICT: _conflict,
    Reason.UNDETERMINED_ENDED_BEFORE_MOVE: _ended_before,
    Reason.NOLEAD_PUBLIC_55_2: _public,
    Reason.NOLEAD_EPRIVACY: _eprivacy,
    Reason.NOLEAD_EU_INSTITUTION: _institution,
    Reason.NOLEAD_COURT: _court,
    Reason.NOLEAD_NO_EEA_ESTABLISHMENT: _no_establishment,
    Reason.NOLEAD_DECISIONS_OUTSIDE_EEA: _decided_outside,
    Reason.NOLEAD_NOT_CROSS_BORDER: _not_cross_border,
    Reason.NOLEAD_GDPR_NA: _not_applicable,
}
