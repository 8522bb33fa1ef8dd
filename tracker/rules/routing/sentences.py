"""A route in one plain sentence, for staff and for the public."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules import days
from tracker.rules.routing.facts import WHOLE_EEA, Establishment, Facts
from tracker.rules.routing.result import Route
from tracker.rules.routing.seats import both
from tracker.rules.routing.words import UNDETERMINED, Reason, RouteWarning, plain
from tracker.rules.territory import GDPR_APPLIES_FROM, state_of
from tracker.rules.vocabulary import Answer

#: How a sentence says that a single establishment may not be enough for a lead.
DISPUTED = "whether that is enough is disputed"
#: Countries that English names with an article inside a sentence.
WITH_ARTICLE = frozenset({"NL", "GB"})


def sentence(route: Route, facts: Facts, name: Callable[[str], str], country: Callable[[str], str]) -> str:
    """Return one sentence: who leads, or that nobody does or it is not known, and why, with the article.

    `name` gives "the Irish DPC" for an authority's slug, `country` gives "Ireland" for "IE". The facts must
    be those of the route. A lead whose state has left since led on that day; a second sentence says so.
    """
    telling = _Telling(route, facts, name, country)
    return f"{_SAYING[route.reason](telling)}{_no_more(telling)}"


def reason_words(route: Route, facts: Facts) -> str:
    """Return why an authority leads or none does in a few words; where that is open, what is not known."""
    if route.reason is not Reason.UNDETERMINED_PRESUMED_CA:
        return plain(route.reason)
    present = facts.present()
    if present is None:
        return "establishments in the EEA not known"
    if len({state_of(it.place) for it in present}) > 1:
        return plain(route.reason)
    if route.cross_border is None:
        return "not known whether people in several states are affected"
    return "not known which authority of the state is competent"


def short_sentence(
    route: Route,
    facts: Facts,
    name: Callable[[str], str],
    country: Callable[[str], str],
    *,
    several: bool = False,
) -> str:
    """Return who leads and why in one line of plain words, for whoever reads the long sentence elsewhere.

    `name` gives "the Irish DPC" as a sentence needs it; `several` speaks of more than one controller of whom
    the same is so. Says no more than sentence() does, and no doubt of it less.
    """
    it = _Telling(route, facts, name, country, several)
    if route.reason in _NOBODY:
        return _NOBODY[route.reason]
    presumed = route.reason in UNDETERMINED
    if route.lead is not None and it.ended:
        start = "Presumed to be led" if presumed else "Led"
        until = f"{start} by {name(route.lead)} until {days.words(it.ended)}"
        if it.disputed:
            until = f"{until}, though {DISPUTED}"
        return f"{until}; who acts now is not settled (EDPB Opinion 8/2019)."
    if route.lead is None and route.lead_place is None:
        return "Who leads is not known."
    if route.lead is None:
        start = "Presumed to be led" if presumed else "Led"
        doubt = f", and {DISPUTED}" if it.disputed else ""
        return f"{start} by an authority in {it.here}; which one is not known{doubt}."
    if presumed:
        return f"Presumed to be led by {name(route.lead)}: {_missing(it)}."
    one, more, law = _BECAUSE[route.reason]
    because = (more if several else one).format(here=it.here, who=it.who)
    doubt = f"; {DISPUTED}" if it.disputed else ""
    return f"Led by {name(route.lead)}, because {because}{doubt} ({law})."


def _missing(it: "_Telling") -> str:
    """Return in a few words what has to be known before the lead is certain."""
    if it.facts.present() is None:
        return f"where {it.who} {'are' if it.several else 'is'} established is not known"
    if len(it.states) == 1:
        if it.route.cross_border is None:
            return "whether people in several countries are affected is not known"
        return "which of the authorities there is competent is not settled"
    if it.facts.role == "processor":
        has = "have their main places" if it.several else "has its main place"
        return f"where {it.who} {has} is not known"
    return "who decides is not known"


@dataclass(frozen=True, slots=True)
class _Telling:
    """A route with its facts, and the phrases that several sentences share."""

    route: Route
    facts: Facts
    name: Callable[[str], str]
    country_name: Callable[[str], str]
    several: bool = False

    @property
    def entity(self) -> str:
        return "processor" if self.facts.role == "processor" else "controller"

    @property
    def who(self) -> str:
        """Return plain words for whom the complaint is against: a company, a university, an office."""
        if self.facts.role == "processor":
            return "the processors" if self.several else "the processor"
        return "the organisations complained about" if self.several else "the organisation complained about"

    @property
    def disputed(self) -> bool:
        """Return whether it is disputed that the only state of establishment leads."""
        return RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS in self.route.warnings

    @property
    def states(self) -> list[str]:
        return sorted({state_of(it.place) for it in self.facts.present() or ()})

    @property
    def here(self) -> str:
        """Return the country of the lead."""
        return self.country(state_of(self.route.lead_place or ""))

    @property
    def contested(self) -> list[str]:
        """Return the states in which a conflict places the main establishment."""
        present = self.facts.present() or ()
        if self.facts.role == "processor":
            chosen = [it for it in present if it.ca is Answer.YES]
            chosen = chosen or [it for it in present if it.main_processing is Answer.YES]
        else:
            chosen = [it for it in present if both(it.decides, it.implements) is Answer.YES]
        return sorted({state_of(it.place) for it in chosen})

    def country(self, code: str) -> str:
        plain = self.country_name(code)
        return f"the {plain}" if code in WITH_ARTICLE else plain

    def countries(self, codes: Iterable[str]) -> str:
        names = [self.country(it) for it in codes]
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)

    @property
    def ended(self) -> date | None:
        """Return the last day on which the state of the lead took part, None while it does."""
        return self.route.lead_until

    def leads(self, verb: str = "leads") -> str:
        if self.ended:
            past = {"leads": "led", "is presumed to lead": "was presumed to lead"}[verb]
            exact = self.facts.as_of_earliest is None
            day = f"On {days.words(self.facts.as_of)}" if exact else "When the complaint was lodged,"
            return f"{day} {self.name(self.route.lead or '')} {past}"
        if self.route.lead is not None:
            leading = self.name(self.route.lead)
            return f"{leading[:1].upper()}{leading[1:]} {verb}"
        return f"An authority in {self.here} {verb}, but which one is not known"

    def decides_alone(self, how: str) -> str:
        if self.route.handling is None:
            return ""
        verb = "is presumed to decide" if self.route.candidates else "decides"
        return f", and {self.name(self.route.handling)} {verb} {how}"

    def at_lead(self) -> list[Establishment]:
        lead = self.route.lead_place or ""
        return [it for it in self.facts.present() or () if lead in (it.place, state_of(it.place))]


def _only_state(it: _Telling) -> str:
    """Return that there is one state of establishment, as far as is known: others may be missing here."""
    state = it.countries(it.states)
    return f"{state} is the only EEA state in which an establishment of the {it.entity} is recorded here"


def _no_more(it: _Telling) -> str:
    """Return what became of a lead whose state has left; nothing for any other."""
    if it.ended is None:
        return ""
    return (
        f" Since {days.words(it.ended + timedelta(1))} no authority of the one-stop shop leads for that "
        "reason; a person has to settle who acts now (EDPB Opinion 8/2019)."
    )


def _single_establishment(it: _Telling) -> str:
    only = f"{it.leads()}: {_only_state(it)}, and people"
    if it.disputed:
        return (
            f"{only} in several states are affected; {DISPUTED} as long as it is not shown that the "
            "decisions are taken there (Art 56(1), EDPB Opinion 04/2024)."
        )
    return f"{only} in several states are affected (Art 56(1))."


def _central_administration(it: _Telling) -> str:
    return (
        f"{it.leads()}: the {it.entity} has its central administration in the EEA in {it.here}, takes the "
        "decisions on this processing there and has the power to have them carried out (Art 4(16)(a), "
        "56(1))."
    )


def _decisions(it: _Telling) -> str:
    return (
        f"{it.leads()}: the decisions on this processing are taken in {it.here}, by an establishment with "
        "the power to have them carried out (Art 4(16)(a), 56(1))."
    )


def _processor_central(it: _Telling) -> str:
    return (
        f"{it.leads()}: the processor has its central administration in the EEA in {it.here} (Art 4(16)(b), "
        "56(1))."
    )


def _processor_main(it: _Telling) -> str:
    return f"{it.leads()}: the processor's main processing takes place in {it.here} (Art 4(16)(b), 56(1))."


def _presumed(it: _Telling) -> str:
    start = it.leads("is presumed to lead") if it.route.lead_place else "It is not known who leads"
    return f"{start}: {_what_is_open(it)}."


def _what_is_open(it: _Telling) -> str:
    if it.facts.present() is None:
        return f"in which EEA states the {it.entity} is established is not known (Art 4(16), 56(1))"
    if len(it.states) == 1:
        only = f"{_only_state(it)}, but"
        if it.route.cross_border is None:
            return f"{only} whether people in several states are affected is not known (Art 4(23)(b), 56(1))"
        return f"{only} which of its authorities is competent is not settled (Art 56(1), § 19 BDSG)"
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


def _conflict(it: _Telling) -> str:
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


def _no_establishment(it: _Telling) -> str:
    targets = "" if it.facts.targets_eea is Answer.YES else ", if it targets people there at all,"
    return (
        f"No authority leads: the {it.entity} has no establishment in the EEA, so{targets} every authority "
        f"acts on its own territory{it.decides_alone('on this complaint')} (Art 55(1))."
    )


def _decided_outside(it: _Telling) -> str:
    return (
        "No authority leads: the decisions on this processing are taken outside the EEA, so every "
        f"authority acts on its own territory{it.decides_alone('on this complaint')} (Art 55(1), EDPB "
        "Opinion 04/2024)."
    )


def _not_cross_border(it: _Telling) -> str:
    somewhere = any(place == WHOLE_EEA or it.facts.in_eea(place) for place in it.facts.affected or ())
    people = "people in only one state are affected" if somewhere else "people in no EEA state are affected"
    return f"No authority leads: {_only_state(it)}, and {people}{it.decides_alone('alone')} (Art 55(1))."


def _not_applicable(it: _Telling) -> str:
    if it.facts.as_of < GDPR_APPLIES_FROM:
        return "No authority leads: the GDPR applies only from 25 May 2018 (Art 99(2))."
    return (
        f"No authority leads: the {it.entity} has no establishment in the EEA and does not target people "
        "there, so the GDPR does not apply (Art 3)."
    )


#: Why an authority leads, against one and against several of whom the same is so, and the article.
_BECAUSE: Mapping[Reason, tuple[str, str, str]] = {
    Reason.LEAD_MAIN_ESTABLISHMENT_CA: (
        "{who} has its head office for the EEA in {here} and decides there",
        "{who} have their head offices for the EEA in {here} and decide there",
        "Art 4(16)(a), 56(1)",
    ),
    Reason.LEAD_MAIN_ESTABLISHMENT_DECISIONS: (
        "{who} decides in {here} on how data are used",
        "{who} decide in {here} on how data are used",
        "Art 4(16)(a), 56(1)",
    ),
    Reason.LEAD_SINGLE_ESTABLISHMENT: (
        "{who} is recorded as established only in {here}",
        "{who} are recorded as established only in {here}",
        "Art 56(1)",
    ),
    Reason.LEAD_PROCESSOR_CA: (
        "{who} has its head office for the EEA in {here}",
        "{who} have their head offices for the EEA in {here}",
        "Art 4(16)(b), 56(1)",
    ),
    Reason.LEAD_PROCESSOR_MAIN_ACTIVITIES: (
        "{who} does its main work on the data in {here}",
        "{who} do their main work on the data in {here}",
        "Art 4(16)(b), 56(1)",
    ),
}

_NOBODY: Mapping[Reason, str] = {
    Reason.NOLEAD_NO_EEA_ESTABLISHMENT: "No authority leads: each acts on its own territory (Art 55(1)).",
    Reason.NOLEAD_DECISIONS_OUTSIDE_EEA: "No authority leads: each acts on its own territory (Art 55(1)).",
    Reason.NOLEAD_NOT_CROSS_BORDER: "No authority leads: only one country is affected (Art 55(1)).",
    Reason.NOLEAD_GDPR_NA: "No authority leads: the GDPR does not apply.",
    Reason.UNDETERMINED_CONFLICT: "Who leads is not settled.",
}

_SAYING: Mapping[Reason, Callable[[_Telling], str]] = {
    Reason.LEAD_MAIN_ESTABLISHMENT_CA: _central_administration,
    Reason.LEAD_MAIN_ESTABLISHMENT_DECISIONS: _decisions,
    Reason.LEAD_SINGLE_ESTABLISHMENT: _single_establishment,
    Reason.LEAD_PROCESSOR_CA: _processor_central,
    Reason.LEAD_PROCESSOR_MAIN_ACTIVITIES: _processor_main,
    Reason.UNDETERMINED_PRESUMED_CA: _presumed,
    Reason.UNDETERMINED_CONFLICT: _conflict,
    Reason.NOLEAD_NO_EEA_ESTABLISHMENT: _no_establishment,
    Reason.NOLEAD_DECISIONS_OUTSIDE_EEA: _decided_outside,
    Reason.NOLEAD_NOT_CROSS_BORDER: _not_cross_border,
    Reason.NOLEAD_GDPR_NA: _not_applicable,
}
