"""What of deadlines, hearings and other languages would be public.

Deadlines are worked out anew from what is public of a filing: its cleared entries by their days, not by when
word of them came to us, and its lead as the public reads it. What is not cleared does not show through them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.models import Filing
from tracker.reference import tables
from tracker.reference.authorities import directory
from tracker.rules import routing
from tracker.rules import standing as rules
from tracker.rules.happened import LODGING_NUMBER, Course, Ended, Happened
from tracker.rules.periods import Kind, Period, Regime
from tracker.rules.procedure_guards import NO_AUTHORITY
from tracker.rules.running import Running
from tracker.rules.told_in_public import is_told
from tracker.rules.vocabulary import Answer
from tracker.services import deadlines
from tracker.services.publication_filings import handled_by
from tracker.services.publication_records import Records, Told


def deadlines_in_public(
    filing: Filing,
    public: Mapping[str, Any],
    where: rules.Standing,
    told: Sequence[Told],
    entries: Sequence[Happened],
) -> list[dict[str, Any]]:
    """Return what authorities owe in a filing by law, with its days; ours, and rights, stay inside.

    `public` are the fields of the filing, `where` is how it stands, `told` are its routes against those named
    and `entries` the cleared ones.
    """
    if public["outcome"] == rules.NOT_KNOWN:
        # Nobody knows what was done in it, so nobody can say that it was not.
        return []
    course = _course(filing, public, where, told, entries)
    lead, presumed = public["lead"], public["lead_presumed"]
    return [
        _deadline(filing, it)
        for it in deadlines.worked_out(course)
        if _is_public(it) and is_told(it.period.id, lead=lead, presumed=presumed)
    ]


def cleared_only(entries: Sequence[Happened], filing: Filing, cleared: Collection[int]) -> list[Happened]:
    """Return the cleared entries of a filing as everybody knows them, its lodging among them.

    When a letter came to us, what we made of an entry, and whom it names as lead beside its public words, is
    for the file.
    """
    known = [
        replace(it, received=None, empty=False, lead=None)
        for it in entries
        if it.number == LODGING_NUMBER or it.number in cleared
    ]
    if any(it.step == "lodged" for it in known):
        return known
    lodging = Happened(LODGING_NUMBER, LODGING_NUMBER, "lodged", filing.lodged)
    return [lodging, *known]


def hearings_in_public(
    records: Records, chosen: Collection[int], filings: Collection[str]
) -> list[dict[str, Any]]:
    """Return what is public of the chosen hearings, as they are now, with their cleared filings only."""
    return [
        {
            "uid": it.uid,
            "sequence": it.sequence,
            "filings": [number for number in it.filings if number in filings],
            "court": it.court,
            "place": it.place,
            "day": it.day.isoformat(),
            "starts_at": it.starts_at.isoformat() if it.starts_at else None,
            "zone": it.zone,
            "what": it.what,
            "cancelled": it.cancelled,
        }
        for it in records.hearings
        if it.number in chosen and set(it.filings) & set(filings)
    ]


def texts_in_public(records: Records, chosen: Collection[str], *, summary: bool) -> list[dict[str, str]]:
    """Return title and summary in the chosen languages, the latter only where the `summary` is cleared."""
    return [
        {"language": it.language, "title": it.title, "summary": it.summary if summary else ""}
        for it in records.texts
        if it.language in chosen
    ]


def _is_public(it: Running) -> bool:
    """Return whether the public is told of a period: a duty of an authority, by law, with a day.

    Not one that is owed on one reading of the law only, and not one of which nobody has to tell us that it
    was done, until an entry shows it: whoever reads it would take an authority for late that may not be.
    """
    period, met = it.period, it.met_number is not None
    return (
        _by_law(period)
        and period.owes not in NO_AUTHORITY
        # Nobody is reproached who is not known.
        and it.owes_slug is not None
        and it.end.due is not None
        and (met or not period.untold)
    )


def _by_law(period: Period) -> bool:
    return period.kind is Kind.DUTY and period.regime is not Regime.ANY and not period.contested


def _deadline(filing: Filing, it: Running) -> dict[str, Any]:
    end = it.end
    return {
        "filing": filing.number,
        "period": it.period.id,
        "owed_by": it.owes_slug,
        "start_number": it.started_by,
        "started_on": _day(it.started.value),
        "due_on": _day(end.due),
        "certain_on": _day(end.certain or end.due),
        "met_on": _day(it.met_on),
        "paused_on": _day(end.paused_on),
        "open": it.met_number is None and it.waived is None,
        "reasons": [[reason.text, reason.basis] for reason in end.reasons],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _course(
    filing: Filing,
    public: Mapping[str, Any],
    where: rules.Standing,
    told: Sequence[Told],
    entries: Sequence[Happened],
) -> Course:
    """Return the course of a filing as the public knows it."""
    routes = [it.route for it in told]
    lead, handling = public["lead"], handled_by(filing, told)
    concerned = sorted({slug for it in routes for slug in it.concerned})
    slugs = {filing.authority_slug, lead, handling, *concerned, *(it.actor for it in entries)}
    place_of = directory().place_of
    crossing = {it.cross_border for it in routes}
    return Course(
        lodged=filing.lodged,
        lodged_with=filing.authority_slug,
        country=public["country"],
        lead=lead,
        handling=handling,
        concerned=tuple(it for it in concerned if it != lead),
        oss=any(it.procedure is routing.Procedure.OSS_60 for it in routes),
        local=any(it.procedure is routing.Procedure.LOCAL_56_2 for it in routes),
        cross_border=(
            Answer.YES if crossing - {None, "none"} else Answer.NO if crossing == {"none"} else Answer.UNKNOWN
        ),
        entries=tuple(entries),
        ended=_ended(where, entries),
        places={it: place_of[it] for it in slugs if it is not None and it in place_of},
    )


def _ended(where: rules.Standing, entries: Sequence[Happened]) -> Ended | None:
    """Return by which entry a filing ended for the public, None while it is open."""
    stage = tables.stages()[where.stage]
    at = next((it for it in entries if it.number == where.entered_by), None) if stage.final else None
    return Ended(at.number, at.place, f"“{stage.label}” {at.day.when}") if at else None
