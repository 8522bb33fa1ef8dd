"""Rules say, authorities did, in force: the three of them for every filing, read without changing any."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.db import db
from tracker.models import Filing, RouteOverride, Update, UpdateFiling
from tracker.models import Route as StoredRoute
from tracker.reference.authorities import authorities, in_words, opening
from tracker.rules import days, leading, routing
from tracker.rules.leading import BY_STEP, Ground, InForce, LeadAct
from tracker.rules.protocol import in_place
from tracker.services import routing as routes

#: Values in one list of a statement; databases take some ten thousand.
IDS_AT_ONCE = routes.IDS_AT_ONCE


@dataclass(frozen=True, slots=True)
class Said:
    """An act of an authority about the lead, with what its entry says beside."""

    told: leading.Told
    #: Who acted, in the words of the entry.
    actor: str
    words: str
    reference: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Leading:
    """Who leads a filing. `lead` is the one authority, None for none, several or not known.

    `each` says it by controller; `reason` why in one sentence.
    """

    lead: str | None
    reason: str
    each: Mapping[int, InForce]

    @property
    def leads(self) -> tuple[str | None, ...]:
        """Return the leads against its controllers, each once; None for none or not known."""
        return tuple(dict.fromkeys(it.lead for it in self.each.values()))


Acts = Mapping[int, Sequence[Said]]


def acts_of(filings: Sequence[Filing]) -> dict[int, tuple[Said, ...]]:
    """Return what authorities did about the lead, by filing, in the order of the protocol.

    Entries of the protocol are the one source: those whose step is such an act, and those of which somebody
    said so. What was corrected does not count. Two statements, and a third one where an authority confirmed a
    lead of a complaint lodged with itself, however many filings there are.
    """
    if not filings:
        return {}
    correcting = sa.orm.aliased(Update)
    corrected = sa.exists().where(correcting.corrects_id == Update.id)
    about = sa.or_(
        Update.lead_act.is_not(None),
        Update.filings.any(UpdateFiling.step.in_(BY_STEP)),
        Update.corrects_id.is_not(None),
        corrected,
    )
    cases = sorted({it.case_id for it in filings})
    entries: list[Update] = []
    for start in range(0, len(cases), IDS_AT_ONCE):
        some = Update.case_id.in_(cases[start : start + IDS_AT_ONCE])
        entries += db.session.scalars(
            sa.select(Update).where(some, about).options(selectinload(Update.filings))
        )
    by_id = {it.id: it for it in filings}
    gone = {it.corrects_id for it in entries}
    acting: list[tuple[Update, Filing, LeadAct]] = []
    for entry in in_place(entries, within=entries):
        for each in entry.filings if entry.id not in gone else ():
            act = LeadAct(entry.lead_act) if entry.lead_act else BY_STEP.get(each.step or "")
            filing = by_id.get(each.filing_id)
            if act and filing:
                acting.append((entry, filing, act))
    ever = _ever_leading(
        {
            filing.id
            for entry, filing, act in acting
            if act is LeadAct.CONFIRMED and not entry.lead_act and entry.actor_slug == filing.authority_slug
        }
    )
    found: dict[int, list[Said]] = defaultdict(list)
    for entry, filing, act in acting:
        lead = entry.lead_named
        if not entry.lead_act:
            lead = _named_by(act, entry.actor_slug, filing, ever.get(filing.id, set()))
        told = leading.Told(act, entry.actor_slug, lead, entry.day, entry.number)
        found[filing.id].append(Said(told, entry.actor, entry.words, entry.reference, entry.source))
    return {key: tuple(each) for key, each in found.items()}


def _ever_leading(filing_ids: Collection[int]) -> dict[int, set[str]]:
    """Return by filing every authority that was its lead by any run, current or not."""
    found: dict[int, set[str]] = defaultdict(set)
    ids = sorted(filing_ids)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = StoredRoute.filing_id.in_(ids[start : start + IDS_AT_ONCE])
        query = sa.select(StoredRoute.filing_id, StoredRoute.lead).where(some, StoredRoute.lead.is_not(None))
        for filing, lead in db.session.execute(query.distinct()):
            found[filing].add(str(lead))
    return found


def _named_by(act: LeadAct, actor: str | None, filing: Filing, ever: Collection[str]) -> str | None:
    """Return the lead that a step names without saying so: whoever confirms a lead confirms its own.

    The authority lodged with may pass on what another one confirmed. It speaks of itself where it was the
    lead by any run of the filing (`ever`) or by the source; else the step alone does not tell whom. What the
    rules find later takes nothing away: an answer of theirs does not change what an authority did.
    """
    known = authorities().get(actor or "")
    if act is not LeadAct.CONFIRMED or known is None or known.scope == "board":
        return None
    return actor if actor != filing.authority_slug or actor in {filing.lead_said, *ever} else None


def override_of(filing: Filing, controller_id: int) -> RouteOverride | None:
    """Return the override against a controller that is in force; overrides must be loaded."""
    return next(
        (it for it in filing.overrides if it.controller_id == controller_id and it.ended_at is None), None
    )


def in_force(filing: Filing, acts: Acts) -> Leading:
    """Return who leads a filing now, and on what that rests; `acts` come from acts_of().

    An override counts first, then what an authority confirmed and nobody took back, then the rules.
    Controllers, current routes and overrides must be loaded.
    """
    runs = routes.current(filing)
    each: dict[int, InForce] = {}
    reasons: dict[str, str] = {}
    for controller in filing.controllers:
        if controller.id in runs:
            each[controller.id], reasons[controller.name] = against(filing, runs[controller.id], acts)
    leads = {it.lead for it in each.values()}
    several = len(set(reasons.values())) > 1
    told = [f"{name}: {words}" if several else words for name, words in reasons.items()]
    return Leading(leads.pop() if len(leads) == 1 else None, " ".join(dict.fromkeys(told)), each)


def against(filing: Filing, run: StoredRoute, acts: Acts) -> tuple[InForce, str]:
    """Return who leads a filing against the controller of a current run, and why in one sentence."""
    facts, route = routes.read(run)
    said, override = acts.get(filing.id, ()), override_of(filing, run.controller_id)
    found = leading.in_force(
        override=leading.Overriding(override.lead) if override else None,
        told=[it.told for it in said],
        computed=route.lead_now,
        undetermined=route.reason in routing.UNDETERMINED,
    )
    if override is not None:
        who = f"{opening(found.lead)} leads" if found.lead else "No authority leads"
        return found, f"{who}, by override of {days.words(override.made_at.date())}: {override.why}"
    if found.ground is Ground.AUTHORITY:
        confirmed = leading.confirmation([it.told for it in said])
        return found, f"{opening(found.lead)} leads: {_confirmed(confirmed)}" if confirmed else ""
    return found, routes.explain(route, facts)


def _confirmed(told: leading.Told) -> str:
    who = "it" if told.by in (None, told.lead) else in_words(told.by)
    return f"{who} confirmed that {told.day.when} (entry {told.number})."


def act_words(told: leading.Told) -> str:
    """Return what an authority did about the lead: "The Irish DPC confirmed that it leads"."""
    who = opening(told.by) if told.by else "Somebody"
    itself = told.lead is not None and told.lead == told.by
    whom = "it leads" if itself else f"{in_words(told.lead)} leads" if told.lead else None
    return {
        LeadAct.PRESUMED: f"{who} presumed that {whom}" if whom else f"{who} passed on the complaint",
        LeadAct.CONFIRMED: f"{who} confirmed that {whom}" if whom else f"{who} confirmed the lead",
        LeadAct.DISPUTED: f"{who} disputed that {whom}" if whom else f"{who} disputed who leads",
        LeadAct.RETURNED: f"{who} sent the complaint back"
        + (f" and named {in_words(told.lead)} as lead" if told.lead else ", not seeing itself as competent"),
    }[told.act]
