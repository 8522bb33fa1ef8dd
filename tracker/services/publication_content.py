"""What of a case would be public: an explicit list of fields, taken from the records and nothing else.

Three rules stand behind it. A field that rules.access.PUBLIC_FIELDS does not name never leaves. Words that
were written for the file stay inside unless they came from a cited page (an imported update) or somebody
wrote words for the public. And where a filing stands in public follows from the cleared updates alone, so
that an update that was not cleared does not show through the stage.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from tracker.errors import RuleBroken
from tracker.models import Case, Claim, Controller, Filing, Update
from tracker.reference import tables
from tracker.rules.access import OPTIONAL_FIELDS
from tracker.rules.protocol import in_place
from tracker.services.publication_course import (
    cleared_only,
    deadlines_in_public,
    hearings_in_public,
    texts_in_public,
)
from tracker.services.publication_decisions import Clearing, decisions_in_public, proposed_decisions
from tracker.services.publication_fields import Content, addresses, checked, to_json
from tracker.services.publication_filings import filing_in_public, standing_in_public
from tracker.services.publication_records import Records, records_of

#: How staff write that their own organisation acted; the public reads its name.
OURSELVES = frozenset({"us", "we"})


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

    All filings without the numbers that authorities gave them, proposed_updates(), the decisions that these
    tell of, every other language, and no hearing; of `public`, which is what the public reads now, the
    numbers, entries, decisions and hearings that are cleared already stay, and what was left out stays out.
    `only_verified` is for the demo: filings, updates, decisions, claims and names of controllers that the
    source does not call verified are left out, and the outcome in its words, because nobody marked it; the
    numbers that verified filings bear in the cited pages come along. `case` comes from
    services.cases.get_case.
    """
    filings = [it.number for it in case.filings if not only_verified or it.verified]
    records = records_of(case)
    updates = set(proposed_updates(records, only_verified=only_verified))
    references = set(filings if only_verified else ())
    fields, hearings, summaries = OPTIONAL_FIELDS, set[int](), set[int]()
    decisions = set[int]()
    if public is not None:
        chosen = chosen_of(public, records)
        updates |= set(chosen["updates"]) & {it.number for it in records.counting}
        references |= set(chosen["references"])
        # What an older publication could not hold was not left out by anybody.
        fields = frozenset(chosen["fields"]) | {"deadlines"}
        hearings, summaries = set(chosen["hearings"]), set(chosen["summaries"])
        decisions = set(chosen["decisions"])
    decisions |= set(proposed_decisions(records, updates, only_verified=only_verified))
    return content_of(
        case,
        filings=filings,
        references=references & set(filings),
        updates=updates,
        decisions=decisions & {it.it.number for it in records.decisions},
        summaries=summaries,
        hearings=hearings & {it.number for it in records.hearings},
        fields=fields,
        only_verified=only_verified,
        records=records,
    )


def chosen_of(content: Content, records: Records) -> dict[str, Any]:
    """Return what was chosen for a content, as content_of() takes it.

    `content` is completed(); what the case does not have any more is among it.
    """
    said = {it.it.number for it in records.decisions if it.it.verified is None}
    by_uid = {it.uid: it.number for it in records.hearings}
    return {
        "filings": [it["number"] for it in content["filings"]],
        "references": [it["number"] for it in content["filings"] if it["reference"] is not None],
        "updates": [it["number"] for it in content["updates"]],
        "decisions": [it["number"] for it in content["decisions"]],
        "summaries": [it["number"] for it in content["decisions"] if it["summary"] and it["number"] in said],
        # A hearing is never taken out of the records, so each that was cleared is there.
        "hearings": [by_uid[it["uid"]] for it in content["hearings"] if it["uid"] in by_uid],
        "languages": [it["language"] for it in content["texts"]],
        "fields": content["fields"],
    }


def content_of(
    case: Case,
    *,
    filings: Collection[str],
    references: Collection[str] = (),
    updates: Collection[int] = (),
    decisions: Collection[int] | None = None,
    summaries: Collection[int] = (),
    hearings: Collection[int] = (),
    languages: Collection[str] | None = None,
    fields: Collection[str] = OPTIONAL_FIELDS,
    only_verified: bool = False,
    records: Records | None = None,
) -> Content:
    """Return exactly what would be public of the case.

    `filings` are the numbers of the filings to clear; only their controllers are named. `references` are
    those of them whose number at the authority is cleared too, `updates` the numbers of the updates. An
    update of which no filing is cleared is left out. `decisions` are numbers of decisions in force, None for
    those of which the updates tell; `summaries` those recorded at the desk whose summary is cleared too.
    `hearings` are numbers; `languages` codes, None for every one in which somebody wrote title and summary.
    `fields` are those of OPTIONAL_FIELDS that are not left out. `only_verified` also leaves out claims, names
    of controllers and the routes that rest on them where the source does not call them verified; a claim on
    which a cleared decision finds stays. Whoever asks more than once gives the `records`. Raises RuleBroken
    for a number that the case does not have, and for an update that a later one corrects: it no longer
    counts, so nothing in public may follow from it.
    """
    records = records or records_of(case)
    cleared, with_reference, wanted, kept = set(filings), set(references), set(updates), set(fields)
    if decisions is None:
        decisions = proposed_decisions(records, wanted, only_verified=only_verified)
    if languages is None:
        languages = [it.language for it in records.texts]
    _refuse_unknown(cleared | with_reference, [it.number for it in case.filings], "filings")
    _refuse_unknown(wanted, [it.number for it in records.updates], "updates")
    _refuse_unknown(
        {*decisions, *summaries}, [it.it.number for it in records.decisions], "decisions", "decision "
    )
    _refuse_unknown(hearings, [it.number for it in records.hearings], "hearings", "hearing ")
    _refuse_unknown(languages, [it.language for it in records.texts], "languages", "text in the language ")
    _refuse_unknown(kept, OPTIONAL_FIELDS, "fields", "field ")
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
        if "controllers" in kept
        and it.controller_id in accused
        and not (only_verified and it.controller.verified is False)
    ]
    chosen = [
        it
        for it in records.updates
        if it.number in wanted and (it.id not in records.filings or cleared & set(records.filings[it.id]))
    ]
    # In the order that they have among themselves: what is not cleared does not show through it either.
    entries = in_place(chosen, within=records.updates)
    by_number = {it.number: it for it in entries}
    where = standing_in_public(shown, records, by_number)
    told = {it.id: [each for each in records.routes[it.id] if each.controller in named] for it in shown}
    in_public = {
        it.id: filing_in_public(
            it, where[it.id], told[it.id], named, by_number, with_reference=it.number in with_reference
        )
        for it in shown
    }
    claimed = not only_verified or case.legal_verified is True
    # That a claim was raised is verified too by a decision that says what it found on it.
    found_on = {
        each.claim_id for it in records.decisions if it.it.number in set(decisions) for each in it.it.findings
    }
    claims = [it for it in case.claims if claimed or it.id in found_on]
    content: Content = {
        "fields": sorted(kept),
        "case": _left(
            _case(case, named, shown, entries, claims, claimed=claimed, said=not only_verified), kept
        ),
        "filings": list(in_public.values()),
        "updates": [
            _update(
                it,
                records.filings.get(it.id, ()),
                cleared,
                with_reference,
                ngo=case.ngo,
                sources="sources" in kept,
            )
            for it in entries
        ],
        "decisions": decisions_in_public(
            records,
            decisions,
            Clearing(
                filings=shown,
                references=with_reference,
                entries=by_number,
                named=named,
                claims=claims if {"claims", "findings"} <= kept else (),
                summaries=summaries,
                sources="sources" in kept,
            ),
        ),
        "deadlines": [
            deadline
            for it in (shown if "deadlines" in kept else ())
            for deadline in deadlines_in_public(
                it,
                in_public[it.id],
                where[it.id],
                told[it.id],
                cleared_only(records.course[it.id], it, by_number),
            )
        ],
        "hearings": hearings_in_public(records, hearings, cleared),
        "texts": texts_in_public(records, languages, summary="summary" in kept),
    }
    return checked(content)


def _left(case: dict[str, Any], kept: Collection[str]) -> dict[str, Any]:
    """Return the fields of a case, empty those that are left out."""
    return {
        name: (type(value)() if value is not None else None)
        if name in OPTIONAL_FIELDS and name not in kept
        else value
        for name, value in case.items()
    }


def _refuse_unknown(wanted: Iterable[Any], known: Collection[Any], field: str, what: str = "") -> None:
    strange = sorted(set(wanted) - set(known))
    if strange:
        raise RuleBroken(f"The case has no {what}{strange[0]}.", field=field)


def _case(
    case: Case,
    named: Sequence[Controller],
    shown: Sequence[Filing],
    entries: Sequence[Update],
    claims: Sequence[Claim],
    *,
    claimed: bool,
    said: bool,
) -> dict[str, Any]:
    outcome = (case.outcome_said or {}) if said else {}
    legal_source = case.legal_source if claimed else None
    return {
        "number": case.number,
        "title": case.title,
        "summary": case.summary,
        "ngo": case.ngo,
        "project": {"slug": case.project.slug, "name": case.project.name} if case.project else None,
        "controllers": [it.name for it in named],
        "claims": [{"provision": it.provision, "conduct": it.conduct} for it in claims],
        "requested": [str(it) for it in case.requested] if claimed else [],
        "outcome_text": str(outcome.get("summary") or ""),
        "language": case.language,
        "sources": addresses(legal_source, *(it.source for it in shown), *(it.source for it in entries)),
    }


def _update(
    update: Update,
    named: Sequence[str],
    filings: Collection[str],
    references: Collection[str],
    *,
    ngo: str,
    sources: bool,
) -> dict[str, Any]:
    # What was recorded at the desk was written for the file; what was imported was written from a cited page.
    words = update.public_words or (update.words if update.verified is not None else "")
    source = addresses(update.source) if sources else []
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
