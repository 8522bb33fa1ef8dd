"""What of decisions would be public: of the cleared filings alone, and no word that was for the file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.models import Claim, Controller, Filing, Update
from tracker.reference.authorities import label
from tracker.rules.decisions import FINDINGS
from tracker.rules.vocabulary import AppealStatus, Finding, Result
from tracker.services import decisions
from tracker.services.decisions import Read
from tracker.services.publication_fields import addresses, to_json
from tracker.services.publication_records import Records


@dataclass(frozen=True, slots=True)
class Clearing:
    """What is cleared of a case beside its decisions: they say nothing of anything else.

    `references` are the filings whose numbers at authorities are cleared, `claims` the claims in their order,
    none where these, or the findings on them, are left out. `summaries` are numbers of decisions recorded at
    the desk of which somebody says that their summary may be read by everybody.
    """

    filings: Sequence[Filing]
    references: Collection[str]
    entries: Mapping[int, Update]
    named: Sequence[Controller]
    claims: Sequence[Claim]
    summaries: Collection[int]
    sources: bool


def proposed_decisions(
    records: Records, entries: Collection[int], *, only_verified: bool = False
) -> list[int]:
    """Return the numbers of the decisions that a proposal clears unless somebody says otherwise.

    These are those in force that came into the protocol through one of the `entries`, and that the source
    does not call unverified; with `only_verified` only those that it calls verified.
    """
    return [
        it.it.number
        for it in records.decisions
        if any(each.case_id == records.case.id and each.number in entries for each in it.entries)
        and it.it.verified is not False
        and (it.it.verified or not only_verified)
    ]


def annulled_by(records: Records, chosen: Collection[int]) -> dict[int, int]:
    """Return by the number of a chosen decision that of the judgment, not chosen, that annulled it."""
    standing = [it for it in records.decisions if it.it.number in chosen]
    found = {}
    for it in standing:
        for each in it.it.filings:
            by = decisions.annulling(it, each.filing_id, records.decisions)
            if by is not None and decisions.annulling(it, each.filing_id, standing) is None:
                found[it.it.number] = by.it.number
    return found


def decisions_in_public(
    records: Records, chosen: Collection[int], clearing: Clearing
) -> list[dict[str, Any]]:
    """Return what is public of the chosen decisions, by day; one of other filings only is left out.

    What one of them annulled stands as annulled in the others.
    """
    standing = [it for it in records.decisions if it.it.number in chosen]
    shown = {it.id for it in clearing.filings}
    return [
        _decision(it, clearing, standing)
        for it in standing
        if not it.it.filings or any(each.filing_id in shown for each in it.it.filings)
    ]


def _decision(read: Read, clearing: Clearing, in_order: Sequence[Read]) -> dict[str, Any]:
    it = read.it
    numbers = {each.id: each.number for each in clearing.filings}
    about = [each for each in it.filings if each.filing_id in numbers]
    gone = {
        each.filing_id for each in about if decisions.annulling(read, each.filing_id, in_order) is not None
    }
    # What was recorded at the desk was written for the file; what was imported was written from a cited page.
    imported = it.verified is not None
    referred = {numbers[each.filing_id] for each in about} <= set(clearing.references) if about else imported
    source = addresses(it.source) if clearing.sources else []
    whole = bool(about) and len(gone) == len(about)
    return {
        "number": it.number,
        "type": it.type.value if it.type else None,
        "decided_by": label(it.decided_by_slug) if it.decided_by_slug else it.decided_by,
        "decided_by_slug": it.decided_by_slug,
        "decided": to_json(it.decided),
        "reference": it.reference if referred else None,
        "ecli": it.ecli,
        "language": it.language,
        "source": source[0] if source else None,
        "summary": it.summary if imported or it.number in clearing.summaries else "",
        "appeal": (AppealStatus.ANNULLED if whole else it.appeal).value,
        "appeal_to": it.appeal_to,
        "filings": [
            {
                "number": numbers[each.filing_id],
                "result": (Result.ANNULLED if each.filing_id in gone else each.result).value,
            }
            for each in about
        ],
        "findings": _findings(read, clearing, numbers, gone, imported=imported),
        "fines": _fines(read, clearing, imported=imported),
        "measures": [
            {
                "letter": each.letter,
                "words": each.words if imported else None,
                "comply_by": each.comply_by.isoformat() if each.comply_by else None,
            }
            for each in it.measures
        ],
        "entries": sorted(each.number for each in read.entries if clearing.entries.get(each.number) is each),
    }


def _findings(
    read: Read, clearing: Clearing, numbers: Mapping[int, str], gone: Collection[int], *, imported: bool
) -> list[dict[str, Any]]:
    """Return what it finds on the claims, by filing and claim; open again where a court annulled that."""
    said = {(each.filing_id, each.claim_id): each for each in read.it.findings}
    found = []
    for filing, number in numbers.items():
        for place, claim in enumerate(clearing.claims):
            each = said.get((filing, claim.id))
            if each is None or each.finding is Finding.OPEN:
                continue
            words = each.words if imported else None
            if filing in gone:
                words = f"{FINDINGS[each.finding]}, and annulled by a later judgment"
            found.append(
                {
                    "filing": number,
                    "claim": place,
                    "provision": claim.provision,
                    "finding": (Finding.OPEN if filing in gone else each.finding).value,
                    "words": words,
                }
            )
    return found


def _fines(read: Read, clearing: Clearing, *, imported: bool) -> list[dict[str, Any]]:
    """Return the fines, without those against controllers whom nothing that is cleared names."""
    names = {it.id: it.name for it in clearing.named}
    return [
        {
            "minor": it.minor,
            "currency": it.currency,
            "against": names[it.controller_id] if it.controller_id else it.words if imported else None,
        }
        for it in read.it.fines
        if it.controller_id is None or it.controller_id in names
    ]
