"""Numbers that authorities gave to filings: kept from the entries that tell of them, gone with these."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from tracker.db import db
from tracker.models import Filing, Reference, Update, UpdateFiling


def keep(
    filings: Sequence[Filing], update: Update, *, corrected: Update | None, left: Sequence[Filing]
) -> None:
    """Keep the number of a new entry with its filings, and take away the one that only the old entry told.

    Numbers count once per filing, under the role of who gave them. `left` are the filings of the corrected
    entry that the new one does not name. References and current routes of all must be loaded.
    """
    outdated = _only_told_by(corrected, [*filings, *left]) if corrected else {}
    for filing in [*filings, *left]:
        gone = outdated.get(filing.id, ())
        kept = [it for it in filing.references if it not in gone]
        place = min((it.position for it in gone), default=1 + max((it.position for it in kept), default=-1))
        if filing in filings and update.reference and update.actor_slug:
            owner = _owner(filing, update.actor_slug)
            same = [it for it in filing.references if (it.owner, it.value) == (owner, update.reference)]
            if same:
                gone = [it for it in gone if it not in same]
            else:
                db.session.add(
                    Reference(filing_id=filing.id, position=place, owner=owner, value=update.reference)
                )
        for it in gone:
            db.session.delete(it)
        if gone:
            db.session.flush()
            # Not expired: an act that writes several entries asks again, and nothing loads by surprise.
            set_committed_value(filing, "references", [it for it in filing.references if it not in gone])


def _only_told_by(corrected: Update, filings: Sequence[Filing]) -> dict[int, list[Reference]]:
    """Return, by filing, the numbers that stand there because of a corrected entry and of nothing else.

    What an imported file says of a filing is not taken away: such a number was there before any entry of
    the desk told it. The new entry is not asked; its own number is kept by who calls.
    """
    value, slug = corrected.reference, corrected.actor_slug
    if not value or not slug or corrected.verified is not None:
        return {}
    correcting = sa.orm.aliased(Update)
    query = (
        sa.select(
            UpdateFiling.filing_id,
            Update.id,
            sa.exists().where(correcting.corrects_id == Update.id).label("corrected"),
        )
        .join(Update, Update.id == UpdateFiling.update_id)
        .where(
            Update.case_id == corrected.case_id,
            Update.reference == value,
            Update.actor_slug == slug,
            Update.verified.is_(None),
            UpdateFiling.filing_id.in_([it.id for it in filings]),
        )
    )
    first: dict[int, int] = {}
    standing: set[int] = set()
    for row in db.session.execute(query.order_by(Update.id)):
        first.setdefault(row.filing_id, row.id)
        if not row.corrected:
            standing.add(row.filing_id)
    return {
        filing.id: [
            it
            for it in filing.references
            if it.value == value and it.owner in _owners(filing, slug) and it.id > first[filing.id]
        ]
        for filing in filings
        if filing.id in first and filing.id not in standing
    }


def _owner(filing: Filing, slug: str) -> str:
    """Return under which role a filing keeps the numbers of an authority."""
    leads = {run.lead for run in filing.routes if run.current} | {filing.lead_said}
    if slug == filing.authority_slug:
        return "authority"
    if slug in leads:
        return "lead_authority"
    return _by_name(slug)


def _owners(filing: Filing, slug: str) -> Collection[str]:
    """Return every role under which a number of the authority may stand: the lead may have been another."""
    return ("authority",) if slug == filing.authority_slug else ("lead_authority", _by_name(slug))


def _by_name(slug: str) -> str:
    return "edpb" if slug == "eu-edpb" else slug.replace("-", "_")
