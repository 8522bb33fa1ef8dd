"""What of a filing would be public: where it stands by what is cleared, and who leads it by the rules."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tracker.models import Controller, Filing, Update
from tracker.reference import tables
from tracker.reference.authorities import authorities, in_words
from tracker.rules import standing as rules
from tracker.rules.leading import that_lead
from tracker.rules.routing import UNDETERMINED
from tracker.rules.vocabulary import Outcome
from tracker.services.publication_fields import to_json
from tracker.services.publication_records import Records, Told


def standing_in_public(
    filings: Sequence[Filing], records: Records, cleared: Collection[int]
) -> dict[int, rules.Standing]:
    """Return where each filing (by id) stands if nothing but the cleared updates had happened."""
    procedure = tables.procedure()
    found = {}
    for filing in filings:
        known = [it for it in records.happened[filing.id] if it.number == 0 or it.number in cleared]
        if not any(it.step == "lodged" and not it.corrected for it in known):
            known.append(rules.Entry(step="lodged", stage_entered="lodged", day=filing.lodged, number=0))
        found[filing.id] = rules.standing(known, procedure)
    return found


def filing_in_public(
    filing: Filing,
    where: rules.Standing,
    told: Sequence[Told],
    named: Sequence[Controller],
    cleared: Mapping[int, Update],
    *,
    with_reference: bool,
) -> dict[str, Any]:
    """Return the public fields of a filing that stands there; `told` are its routes against those named."""
    entered_by = cleared.get(where.entered_by or 0)
    names = {it.id: it.name for it in named}
    respondents = [it for it in filing.controllers if it.id in names]
    lead, presumed, sentence, short = _lead(told)
    return {
        "number": filing.number,
        "authority": filing.authority_slug,
        "country": country_of(filing),
        "lodged": to_json(filing.lodged),
        "stage": where.stage,
        "since": to_json(where.since),
        "outcome": _outcome(filing, where, entered_by),
        "entered_by_authority": entered_by.actor_slug if entered_by else None,
        "lead": lead,
        "lead_presumed": presumed,
        "lead_sentence": sentence,
        "lead_short": short,
        "handling": _handling(filing, told, lead),
        "reference": _reference(filing, lead) if with_reference else None,
        "controllers": [names[it.id] for it in respondents],
    }


def country_of(filing: Filing) -> str:
    """Return the country in which the filing was lodged; empty where nothing establishes it.

    Where the authority is not known, a source that was written about the controller gives its country, and
    one that knows only who dealt with the complaint gives that of this authority.
    """
    seats = {it.country for it in filing.controllers}
    guessed = filing.authority_slug is None and (filing.handling_said or filing.country in seats)
    return "" if guessed else filing.country


def _outcome(filing: Filing, where: rules.Standing, entered_by: Update | None) -> str:
    """Return the public outcome. What was closed waits no more, also where nobody recorded a result."""
    if _nobody_knows(filing, where, entered_by):
        return rules.NOT_KNOWN
    closed = where.outcome is Outcome.PENDING and tables.stages()[where.stage].final
    return (Outcome.NOT_RECORDED if closed else where.outcome).value


def _nobody_knows(filing: Filing, where: rules.Standing, entered_by: Update | None) -> bool:
    """Return whether a filing without a result here may have one all the same, as its source says.

    Whoever recorded at the desk where it stands knows better than the file that was imported before.
    """
    if where.outcome is not Outcome.PENDING or (entered_by is not None and entered_by.verified is None):
        return False
    return rules.says_otherwise(filing.status_said)


def _lead(told: Sequence[Told]) -> tuple[str | None, bool, str, str]:
    """Return the lead, whether it is only presumed, the sentence that says why, and the same in one line.

    Two controllers may have two leads; then the sentences say so and none of them is "the" lead. A lead that
    is certain against one of them only is presumed for the filing. Where their reasons differ each has its
    paragraph, and no line speaks for all of them.
    """
    deciding = that_lead(told)
    leads = {it.route.lead_now for it in deciding if it.route.lead_now}
    lead = leads.pop() if len(leads) == 1 else None
    presumed = lead is not None and any(it.route.reason in UNDETERMINED for it in deciding)
    besides = "".join(_processor(it) for it in told if it not in deciding)
    if len({it.sentence for it in deciding}) == 1:
        short = deciding[0].shortly(several=len(deciding) > 1)
        return lead, presumed, deciding[0].sentence + besides, short
    each = "\n\n".join(f"{it.controller.name}: {it.sentence}" for it in deciding)
    return lead, presumed, each + besides, ""


def _processor(it: Told) -> str:
    """Return what becomes of a processor beside a controller, as a paragraph of its own (recital 36)."""
    own = it.route.lead_now
    concerned = f": {in_words(own)}" if own else ", and which one that is is not known"
    return (
        f"\n\n{it.controller.name} is complained about as a processor: it does not decide who leads, and its "
        f"authority is concerned{concerned} (recital 36)."
    )


def _handling(filing: Filing, told: Sequence[Told], lead: str | None) -> str | None:
    """Return the authority that deals with the complaint where it was lodged elsewhere and does not lead."""
    handling = handled_by(filing, told)
    return None if handling in (filing.authority_slug, lead) else handling


def handled_by(filing: Filing, told: Sequence[Told]) -> str | None:
    """Return the authority that deals with the complaint, whichever it is.

    By its source, else by the rules where they name one; None for none, or one that the directory does not
    know: that would be words of the source, and may name anybody.
    """
    by_rules = {it.route.handling_now for it in that_lead(told) if it.route.handling_now}
    handling = filing.handling_said or (by_rules.pop() if len(by_rules) == 1 else None)
    return handling if handling in authorities() else None


def _reference(filing: Filing, lead: str | None) -> str | None:
    """Return the number at the authority lodged with, then that at the lead; None where none is known."""
    own = [it.value for it in filing.references if it.owner == "authority"]
    at_lead = [it.value for it in filing.references if it.owner == "lead_authority"]
    where = in_words(lead) if lead else "the lead authority"
    return "; ".join([*own, *(f"{it} at {where}" for it in at_lead)]) or None
