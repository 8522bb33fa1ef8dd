"""What of a case would be public: an explicit list of fields, taken from the records and nothing else.

Three rules stand behind it. A field that rules.access.PUBLIC_FIELDS does not name never leaves. Words that
were written for the file stay inside unless they came from a cited page (an imported update) or somebody
wrote words for the public. And where a filing stands in public follows from the cleared updates alone, so
that an update that was not cleared does not show through the stage.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tracker.errors import RuleBroken
from tracker.models import Case, Controller, Filing, Update
from tracker.reference import tables
from tracker.reference.authorities import authorities, in_words
from tracker.rules import standing as rules
from tracker.rules.access import PUBLIC_FIELDS
from tracker.rules.days import Day
from tracker.rules.leading import that_lead
from tracker.rules.protocol import in_place
from tracker.rules.routing import UNDETERMINED
from tracker.rules.vocabulary import Outcome
from tracker.services.publication_records import Records, Told, records_of

#: What a publication holds: {"case": {...}, "filings": [{...}], "updates": [{...}]}.
Content = dict[str, Any]

#: How staff write that their own organisation acted; the public reads its name.
OURSELVES = frozenset({"us", "we"})
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}")


def proposed_updates(records: Records, *, only_verified: bool = False) -> list[int]:
    """Return the numbers of the updates that a proposal clears unless somebody says otherwise.

    These are imported ones that the source does not call unverified, those recorded at the desk with words
    for the public, and every lodging. With `only_verified` only imported ones that the source calls verified.
    Corrected ones are left out: the correction stands in for them.
    """
    chosen = []
    for it in records.counting:
        if it.verified is False:
            continue
        if it.verified or (not only_verified and (it.public_words or it.kind == "lodged")):
            chosen.append(it.number)
    return chosen


def default_content(case: Case, *, public: Content | None = None, only_verified: bool = False) -> Content:
    """Return what a proposal for the case holds unless somebody chooses otherwise.

    All filings without the numbers that authorities gave them, and proposed_updates(); of `public`, which is
    what the public reads now, the numbers and entries that are cleared already stay. `only_verified` is for
    the demo: filings, updates, claims and names of controllers that the source does not call verified
    are left out, and the outcome in its words, because nobody marked it; the numbers that verified filings
    bear in the cited pages come along. `case` comes from services.cases.get_case.
    """
    filings = [it.number for it in case.filings if not only_verified or it.verified]
    records = records_of(case)
    updates = set(proposed_updates(records, only_verified=only_verified))
    references = set(filings if only_verified else ())
    if public is not None:
        updates |= {it.number for it in records.counting} & {it["number"] for it in public["updates"]}
        references |= {it["number"] for it in public["filings"] if it["reference"] is not None}
    return content_of(
        case,
        filings=filings,
        references=references & set(filings),
        updates=updates,
        only_verified=only_verified,
        records=records,
    )


def content_of(
    case: Case,
    *,
    filings: Collection[str],
    references: Collection[str] = (),
    updates: Collection[int] = (),
    only_verified: bool = False,
    records: Records | None = None,
) -> Content:
    """Return exactly what would be public of the case.

    `filings` are the numbers of the filings to clear; only their controllers are named. `references` are
    those of them whose number at the authority is cleared too, `updates` the numbers of the updates. An
    update of which no filing is cleared is left out. `only_verified` also leaves out claims, names of
    controllers and the routes that rest on them where the source does not call them verified. Whoever
    asks more than once gives the `records`. Raises RuleBroken for a number that the case does not have, and
    for an update that a later one corrects: it no longer counts, so nothing in public may follow from it.
    """
    records = records or records_of(case)
    cleared, with_reference, wanted = set(filings), set(references), set(updates)
    _refuse_unknown(cleared | with_reference, [it.number for it in case.filings], "filings")
    _refuse_unknown(wanted, [it.number for it in records.updates], "updates")
    for number in sorted(wanted & set(records.corrected)):
        raise RuleBroken(
            f"Entry {number} was corrected by entry {records.corrected[number]}: choose that one instead.",
            field="updates",
        )
    shown = [it for it in case.filings if it.number in cleared]
    # A case goes on against others than those of the filings that are cleared: these stay unnamed.
    accused = {it.id for filing in shown for it in filing.controllers}
    named = [
        it.controller
        for it in case.controllers
        if it.controller_id in accused and not (only_verified and it.controller.verified is False)
    ]
    chosen = [
        it
        for it in records.updates
        if it.number in wanted and (it.id not in records.filings or cleared & set(records.filings[it.id]))
    ]
    # In the order that they have among themselves: what is not cleared does not show through it either.
    entries = in_place(chosen, within=records.updates)
    where = _standing_in_public(shown, records, {it.number for it in entries})
    by_number = {it.number: it for it in entries}
    content: Content = {
        "case": _case(case, named, shown, entries, claimed=not only_verified or case.legal_verified is True),
        "filings": [
            _filing(
                it,
                where[it.id],
                records.routes[it.id],
                named,
                by_number,
                with_reference=it.number in with_reference,
            )
            for it in shown
        ],
        "updates": [
            _update(it, records.filings.get(it.id, ()), cleared, with_reference, ngo=case.ngo)
            for it in entries
        ],
    }
    if only_verified:
        content["case"]["outcome_text"] = ""
    return checked(content)


def checked(content: Content) -> Content:
    """Return the content; raises ValueError when its fields are not those of rules.access.PUBLIC_FIELDS."""
    parts = [("case", content["case"])]
    parts += [("filing", it) for it in content["filings"]] + [("update", it) for it in content["updates"]]
    if set(content) != {"case", "filings", "updates"}:
        raise ValueError(f"A publication has no part {sorted(content)}.")
    for kind, part in parts:
        if set(part) != PUBLIC_FIELDS[kind]:
            raise ValueError(f"Not the public fields of a {kind}: {sorted(set(part) ^ PUBLIC_FIELDS[kind])}.")
    return content


def completed(content: Content) -> Content:
    """Return a kept content with the fields of today.

    An older one calls a lead presumed by sentence only, says nowhere in one line why it leads, and names
    nobody who handles a complaint without leading.
    """
    filings = [
        {
            "lead_presumed": bool(it["lead"]) and "is presumed to lead" in it["lead_sentence"],
            "lead_short": "",
            "handling": None,
            **it,
        }
        for it in content["filings"]
    ]
    return {**content, "filings": filings}


def to_json(day: Day) -> dict[str, str | None]:
    """Return a day as it is kept in a publication."""
    return {"on": day.value.isoformat() if day.value else None, "precision": day.precision.value}


def _refuse_unknown(wanted: Iterable[Any], known: Collection[Any], field: str) -> None:
    strange = sorted(set(wanted) - set(known))
    if strange:
        raise RuleBroken(f"The case has no {strange[0]}.", field=field)


def _addresses(*texts: str | None) -> list[str]:
    """Return the texts that are web addresses, each once. Other notes on sources are for the file."""
    return list(dict.fromkeys(it for it in texts if it and WEB_ADDRESS.fullmatch(it)))


def _case(
    case: Case,
    named: Sequence[Controller],
    shown: Sequence[Filing],
    entries: Sequence[Update],
    *,
    claimed: bool,
) -> dict[str, Any]:
    said = case.outcome_said or {}
    legal_source = case.legal_source if claimed else None
    claims = case.claims if claimed else []
    return {
        "number": case.number,
        "title": case.title,
        "summary": case.summary,
        "ngo": case.ngo,
        "project": {"slug": case.project.slug, "name": case.project.name} if case.project else None,
        "controllers": [it.name for it in named],
        "claims": [{"provision": it.provision, "conduct": it.conduct} for it in claims],
        "requested": [str(it) for it in case.requested] if claimed else [],
        "outcome_text": str(said.get("summary") or ""),
        "sources": _addresses(legal_source, *(it.source for it in shown), *(it.source for it in entries)),
    }


def _standing_in_public(
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


def _filing(
    filing: Filing,
    where: rules.Standing,
    routes: Sequence[Told],
    named: Sequence[Controller],
    cleared: Mapping[int, Update],
    *,
    with_reference: bool,
) -> dict[str, Any]:
    entered_by = cleared.get(where.entered_by or 0)
    names = {it.id: it.name for it in named}
    respondents = [it for it in filing.controllers if it.id in names]
    told = [it for it in routes if it.controller.id in names]
    lead, presumed, sentence, short = _lead(told)
    return {
        "number": filing.number,
        "authority": filing.authority_slug,
        "country": _country(filing),
        "lodged": to_json(filing.lodged),
        "stage": where.stage,
        "since": to_json(where.since),
        "outcome": rules.NOT_KNOWN if _nobody_knows(filing, where, entered_by) else where.outcome.value,
        "entered_by_authority": entered_by.actor_slug if entered_by else None,
        "lead": lead,
        "lead_presumed": presumed,
        "lead_sentence": sentence,
        "lead_short": short,
        "handling": _handling(filing, told, lead),
        "reference": _reference(filing, lead) if with_reference else None,
        "controllers": [names[it.id] for it in respondents],
    }


def _country(filing: Filing) -> str:
    """Return the country in which the filing was lodged; empty where nothing establishes it.

    Where the authority is not known, a source that was written about the controller gives its country, and
    one that knows only who dealt with the complaint gives that of this authority.
    """
    seats = {it.country for it in filing.controllers}
    guessed = filing.authority_slug is None and (filing.handling_said or filing.country in seats)
    return "" if guessed else filing.country


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
    """Return the authority that deals with the complaint where it was lodged elsewhere and does not lead.

    By its source, else by the rules where they name one; None for none, or one that the directory does not
    know: that would be words of the source, and may name anybody.
    """
    by_rules = {it.route.handling_now for it in that_lead(told) if it.route.handling_now}
    handling = filing.handling_said or (by_rules.pop() if len(by_rules) == 1 else None)
    if handling not in authorities():
        return None
    return None if handling in (filing.authority_slug, lead) else handling


def _reference(filing: Filing, lead: str | None) -> str | None:
    """Return the number at the authority lodged with, then that at the lead; None where none is known."""
    own = [it.value for it in filing.references if it.owner == "authority"]
    at_lead = [it.value for it in filing.references if it.owner == "lead_authority"]
    where = in_words(lead) if lead else "the lead authority"
    return "; ".join([*own, *(f"{it} at {where}" for it in at_lead)]) or None


def _update(
    update: Update,
    named: Sequence[str],
    filings: Collection[str],
    references: Collection[str],
    *,
    ngo: str,
) -> dict[str, Any]:
    # What was recorded at the desk was written for the file; what was imported was written from a cited page.
    words = update.public_words or (update.words if update.verified is not None else "")
    source = _addresses(update.source)
    # A number at an authority belongs to its filings; without any it was imported from a public page.
    cleared = set(named) <= set(references) if named else update.verified is not None
    return {
        "number": update.number,
        "day": to_json(update.day),
        "step": update.kind,
        "label": tables.happened(update.kind),
        "actor": {
            "words": ngo if update.actor.casefold() in {*OURSELVES, ngo.casefold()} else update.actor,
            "slug": update.actor_slug,
        },
        "words": words,
        "filings": [it for it in named if it in filings],
        "source": source[0] if source else None,
        "reference": update.reference if cleared else None,
    }
