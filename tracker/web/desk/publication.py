"""Publication at the desk: proposed by one person, cleared by another, withdrawn at once."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.db import PUBLIC, transaction
from tracker.errors import CopyBehind, RuleBroken, TrackerError
from tracker.rules.vocabulary import PublicationState
from tracker.services import cases, publication
from tracker.services.accounts import names_of
from tracker.web.desk import views
from tracker.web.forms.filings import NoteForm
from tracker.web.guard import act
from tracker.web.jinja import show_day, show_moment

#: How the history says where a publication stands.
STATES = {
    PublicationState.PROPOSED: "proposed",
    PublicationState.CLEARED: "cleared, public now",
    PublicationState.REPLACED: "cleared, public until the next was cleared",
    PublicationState.SUPERSEDED: "replaced by a newer proposal",
    PublicationState.DECLINED: "declined",
    PublicationState.WITHDRAWN: "withdrawn",
}


@views.get("/publications")
@act("publication.read")
def publications() -> str:
    """List what waits for a second person."""
    _catch_up()
    waiting = publication.waiting()
    names = names_of([it.publication.proposed_by for it in waiting])
    return render_template(
        "desk/publications.html",
        lagging=publication.behind(),
        rows=[
            {
                "href": url_for("desk.publication_case", number=it.number),
                "cells": [
                    it.number,
                    it.title,
                    it.changes,
                    names.get(it.publication.proposed_by, ""),
                    show_moment(it.publication.proposed_at),
                    it.publication.note,
                ],
            }
            for it in waiting
        ],
    )


@views.get("/cases/<case:number>/publication")
@act("publication.read")
def publication_case(number: str) -> Any:
    """Show what is public now, what is proposed beside it, and the form to propose."""
    _catch_up(number)
    return _page(number)


def _catch_up(number: str | None = None) -> None:
    """Copy what was decided and could not be copied then: of one case, or of all.

    What still cannot be copied stays behind, and the page of its case says so.
    """
    with suppress(CopyBehind), publication.copying(""):
        lagging = publication.behind(number)
        if lagging:
            with transaction(PUBLIC):
                publication.refresh(lagging)


def _copy(number: str, kept: str) -> None:
    """Bring the public copy of a case in line; `kept` is what was decided, for when that cannot be done."""
    with publication.copying(kept), transaction(PUBLIC):
        publication.refresh([number])


def _page(number: str, refusal: TrackerError | None = None) -> Any:
    case = cases.get_case(number)
    standing = publication.status_of(case.id)
    records = publication.records_of(case)
    proposed, public = standing.proposed, standing.public
    history = publication.history_of(case.id)
    names = names_of(
        [who or "" for it in history for who in (it.proposed_by, it.decided_by, it.withdrawn_by)]
    )
    compared = publication.compare(public.content if public else None, proposed.content) if proposed else []
    suggested = set(publication.proposed_updates(records))
    offered = records.counting
    numbers = [it.number for it in case.filings]
    everything = publication.content_of(
        case, filings=numbers, references=numbers, updates=[it.number for it in offered], records=records
    )
    warnings = publication.warnings(case, proposed.content, records=records) if proposed else []
    form, propose = NoteForm(), NoteForm()
    propose.note.id = "propose-note"  # two forms on one page, one name
    if isinstance(refusal, RuleBroken):
        form.refuse(refusal)
    elif refusal is not None:
        form.form_errors.append(str(refusal))
    return render_template(
        "desk/publication.html",
        case=case,
        form=form,
        propose=propose,
        standing=standing,
        outdated=publication.is_outdated(proposed, records) if proposed else False,
        behind=publication.is_outdated(public, records) if public else False,
        uncopied=isinstance(refusal, CopyBehind) or bool(publication.behind(number)),
        compared=[
            {
                "label": it.what,
                "left": it.before or "not public",
                "right": it.after or "not public",
                "changed": it.changed,
            }
            for it in compared
        ],
        first=publication.first_reading(proposed.content) if proposed and not public else [],
        lagging=publication.lagging(case, proposed.content) if proposed else [],
        warnings=warnings,
        more_warnings=[
            it for it in publication.warnings(case, everything, records=records) if it not in warnings
        ],
        own=proposed is not None and g.actor is not None and proposed.proposed_by == g.actor.key,
        filings=case.filings,
        unchecked={it.number for it in case.filings if it.verified is False},
        references={it["number"]: it["reference"] for it in everything["filings"]},
        updates=[
            {
                "number": it.number,
                "words": f"{show_day(it.day)}: {_public_words(it)}",
                "chosen": it.number in suggested,
                "unverified": it.verified is False,
            }
            for it in offered
        ],
        history=[
            {
                "href": None,
                "cells": [
                    STATES[it.state],
                    _who_and_when(names, it.proposed_by, it.proposed_at),
                    _who_and_when(names, it.decided_by, it.decided_at),
                    _who_and_when(names, it.withdrawn_by, it.withdrawn_at),
                    " / ".join(note for note in (it.note, it.decision_note, it.withdrawal_note) if note),
                ],
            }
            for it in history
        ],
        names=names,
    ), 200 if refusal is None else 422 if isinstance(refusal, RuleBroken) else 503


def _who_and_when(names: Mapping[str, str], who: str | None, at: datetime | None) -> str:
    return f"{names.get(who or '', who or '')}, {show_moment(at)}" if at else ""


def _public_words(update: Any) -> str:
    """Return what the public would read of an entry: our own words for the file stay inside."""
    if update.public_words or update.verified is not None:
        return str(update.public_words or update.words)
    return f"the step, the day and who acted ({update.actor}); no words for the public were written"


def _note() -> str:
    form = NoteForm()
    if not form.validate():
        raise RuleBroken(
            " ".join(str(it) for it in form.note.errors) or "The note cannot be read.", field="note"
        )
    return form.note.data or ""


@views.post("/cases/<case:number>/publication/propose")
@act(post="publication.propose")
def publication_propose(number: str) -> Any:
    """Propose what is ticked; another person clears it."""
    try:
        note = _note()
        with transaction():
            case = cases.get_case(number)
            content = publication.content_of(
                case,
                filings=request.form.getlist("filings"),
                references=request.form.getlist("references"),
                updates=[
                    int(it)
                    for it in request.form.getlist("updates")
                    if it.isascii() and it.isdigit() and len(it) < 10
                ],
            )
            publication.propose(case, content, note=note, by=g.actor)
    except RuleBroken as refusal:
        return _page(number, refusal)
    flash("Proposed. An editor who is not you clears it.", "success")
    return redirect(url_for("desk.publication_case", number=number), 303)


@views.post("/publications/<small:key>")
@act(post="publication.clear")
def publication_decide(key: int) -> Any:
    """Clear a proposal exactly as it was read, or decline it."""
    clearing = request.form.get("do") == "clear"
    number = cases.number_of(publication.get_publication(key).case_id)
    try:
        note = _note()
        with transaction():
            if clearing:
                publication.clear(key, note=note, by=g.actor)
            else:
                publication.decline(key, note=note, by=g.actor)
        if clearing:
            _copy(number, "Cleared in the file.")
    except (RuleBroken, CopyBehind) as refusal:
        return _page(number, refusal)
    _catch_up()
    flash(f"{number} is public as cleared." if clearing else "Declined. Nothing public changed.", "success")
    return redirect(url_for("desk.publication_case", number=number), 303)


@views.post("/cases/<case:number>/publication/withdraw")
@act(post="publication.withdraw")
def publication_withdraw(number: str) -> Response | Any:
    """Take a case back from the public, at once."""
    try:
        note = _note()
        with transaction():
            publication.withdraw(cases.get_case(number), note=note, by=g.actor)
        _copy(number, "Withdrawn in the file.")
    except (RuleBroken, CopyBehind) as refusal:
        return _page(number, refusal)
    _catch_up()
    flash(f"{number} is withdrawn. Its public address answers that it was.", "success")
    return redirect(url_for("desk.publication_case", number=number), 303)


@views.post("/cases/<case:number>/publication/copy")
@act(post="publication.clear")
def publication_copy(number: str) -> Response | Any:
    """Copy once more what was decided of a case and did not reach the public store then."""
    cases.get_case(number)
    try:
        _copy(number, "Nothing was lost.")
    except CopyBehind as refusal:
        return _page(number, refusal)
    flash(f"The public copy of {number} is as it was decided.", "success")
    return redirect(url_for("desk.publication_case", number=number), 303)
