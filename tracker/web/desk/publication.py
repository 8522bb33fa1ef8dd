"""Publication at the desk: what is public of a case, what is proposed beside it, and what waits anywhere."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import current_app, g, render_template, request, url_for

from tracker.config import Settings
from tracker.db import PUBLIC, transaction
from tracker.errors import CopyBehind, RuleBroken, TrackerError
from tracker.rules.access import OPTIONAL_FIELDS
from tracker.services import cases, publication
from tracker.services.accounts import names_of
from tracker.web.desk import publication_choices as choices
from tracker.web.desk import views
from tracker.web.desk.publication_rows import (
    changes_of,
    embargo_of,
    history_rows,
    late_rows,
    meanwhile,
    parts_of,
    waiting_rows,
    warning_row,
)
from tracker.web.forms.filings import NoteForm
from tracker.web.forms.publishing import EmbargoForm, TakeBackForm, WithdrawForm
from tracker.web.guard import act
from tracker.web.languages import LANGUAGES, prefix_of

#: So many cases that went on without their public page are named; the rest is counted.
MOST_BEHIND = 50


@views.get("/publications")
@act("publication.read")
def publications() -> str:
    """List what waits for a second person, what waits for its time, and what fell behind."""
    catch_up()
    waiting, held = publication.waiting(), publication.embargoed()
    gone_on, more = publication.gone_on(limit=MOST_BEHIND)
    late, more_late = publication.public_late(limit=MOST_BEHIND)
    names = names_of([it.publication.proposed_by for it in waiting])
    return render_template(
        "desk/publications.html",
        lagging=publication.behind(),
        rows=waiting_rows(waiting, names),
        held_rows=[
            {
                "href": url_for("desk.publication_case", number=it.number),
                "cells": [it.number, it.title, it.changes, embargo_of(it.publication)],
            }
            for it in held
        ],
        gone_on_rows=[
            {
                "href": url_for("desk.publication_case", number=it.number),
                "cells": [it.number, it.title, it.entries, it.last.words],
            }
            for it in gone_on
        ],
        gone_on_more=more,
        late_rows=late_rows(late),
        late_more=more_late,
    )


@views.get("/cases/<case:number>/publication")
@act("publication.read")
def publication_case(number: str) -> Any:
    """Show what is public now, what is proposed beside it, and the form to propose."""
    catch_up(number)
    return page(number)


def catch_up(number: str | None = None) -> None:
    """Let become public what is due, and copy what could not be copied then: of one case, or of all.

    What still cannot be copied stays behind, and the page of its case says so.
    """
    if publication.is_due():
        with transaction():
            publication.end_due()
    with suppress(CopyBehind), publication.copying(""):
        lagging = publication.behind(number)
        if lagging:
            with transaction(PUBLIC):
                publication.refresh(lagging)


def copy(number: str, kept: str) -> None:
    """Bring the public copy of a case in line; `kept` is what was decided, for when that cannot be done."""
    with publication.copying(kept), transaction(PUBLIC):
        publication.refresh([number])


def page(
    number: str,
    refusal: TrackerError | None = None,
    *,
    form: Any = None,
    at: str = "decide",
    read: Any = None,
    beside: int | None = None,
) -> Any:
    """Show the page of a case, after a refusal with what was typed in the form `at` that place.

    `read` is the publication that was to be decided, `beside` the key of what it was read beside: where
    either is another one by now, both texts are shown.
    """
    case = cases.get_case(number)
    standing = publication.status_of(case.id)
    records = publication.records_of(case)
    proposed, public = standing.proposed, standing.public
    history = publication.history_of(case.id)
    names = names_of(
        [who or "" for it in history for who in (it.proposed_by, it.decided_by, it.withdrawn_by)]
    )
    everything = publication.content_of(case, **_all_of(case, records), records=records)
    warnings = publication.warnings(case, proposed.content, records=records) if proposed else []
    before = publication.known_marks(case, public.content if public else None, records=records)
    told = before | {it.mark for it in warnings}
    more = [it for it in publication.warnings(case, everything, records=records) if it.mark not in told]
    compared = publication.compare(public.content if public else None, proposed.content) if proposed else []
    looked_at = set(request.form.getlist("looked_at")) if refusal is not None else set()
    own = proposed is not None and g.actor is not None and proposed.proposed_by == g.actor.key
    settings: Settings = current_app.config["TRACKER"]
    forms = _forms(proposed, standing.embargoed)
    if form is not None:
        forms[at] = form
    failed = forms[at]
    if isinstance(refusal, RuleBroken):
        failed.refuse(refusal)
    elif refusal is not None:
        failed.form_errors.append(str(refusal))
    _own_ids(forms)
    return render_template(
        "desk/publication.html",
        case=case,
        form=failed,
        forms=forms,
        standing=standing,
        outdated=publication.is_outdated(proposed, records) if proposed else False,
        behind=publication.is_outdated(public, records) if public else False,
        uncopied=isinstance(refusal, CopyBehind) or bool(publication.behind(number)),
        changes=changes_of(compared),
        first=publication.first_reading(proposed.content) if proposed and not public else [],
        lagging=publication.lagging(case, proposed.content) if proposed else [],
        warnings=[warning_row(it, case, records, looked_at) for it in warnings if it.mark not in before],
        known_warnings=[warning_row(it, case, records, looked_at) for it in warnings if it.mark in before],
        late=[
            warning_row(it, case, records, set())
            for it in (publication.late_in_public(case, public.content) if public else ())
        ],
        more_warnings=[warning_row(it, case, records, looked_at) for it in more],
        own=own,
        barred=own and not settings.publish_alone,
        beside=public.id if public else 0,
        meanwhile=meanwhile(refusal, read, beside, standing),
        groups=choices.groups(case, records, everything, _ticked(case, standing, records, refusal, at)),
        parts=parts_of(forms["take_back"], public, records) if public else False,
        embargo=embargo_of(standing.embargoed) if standing.embargoed else "",
        wish=embargo_of(proposed) if proposed and proposed.embargo_until else "",
        history=history_rows(history, names),
        names=names,
        languages=_languages(proposed or standing.embargoed),
    ), 200 if refusal is None else 422 if isinstance(refusal, RuleBroken) else 503


def _all_of(case: Any, records: Any) -> dict[str, Any]:
    """Return the choice of everything that a case has."""
    numbers = [it.number for it in case.filings]
    decisions = [it.it.number for it in records.decisions]
    return {
        "filings": numbers,
        "references": numbers,
        "updates": [it.number for it in records.counting],
        "decisions": decisions,
        "summaries": decisions,
        "hearings": [it.number for it in records.hearings],
        "languages": [it.language for it in records.texts],
        "fields": OPTIONAL_FIELDS,
    }


def _forms(proposed: Any, held: Any) -> dict[str, Any]:
    """Return the empty forms of the page, by their place."""
    decide, move, propose = (EmbargoForm(formdata=None) for _ in range(3))
    propose.offer_zone()
    decide.offer_zone(proposed.embargo_until if proposed else None)
    move.offer_zone(held.embargo_until if held else None)
    return {
        "decide": decide,
        "propose": propose,
        "move": move,
        "call_off": NoteForm(formdata=None),
        "withdraw": WithdrawForm(formdata=None),
        "take_back": TakeBackForm(formdata=None),
    }


def _own_ids(forms: Mapping[str, Any]) -> None:
    """Give the fields of several forms on one page names of their own for labels and errors."""
    for at, form in forms.items():
        for it in form:
            if at != "decide" and it.type != "CSRFTokenField":
                it.id = f"{at.replace('_', '-')}-{it.name}"


def _ticked(case: Any, standing: Any, records: Any, refusal: TrackerError | None, at: str) -> dict[str, Any]:
    """Return what is ticked: what was sent and refused, else what is proposed, else what would be."""
    if refusal is not None and at == "propose":
        return choices.chosen(request.form)
    if standing.proposed is not None:
        return publication.chosen_of(publication.completed(standing.proposed.content), records)
    public = publication.completed(standing.public.content) if standing.public else None
    return publication.suggested(case, public, records)


def _languages(shown: Any) -> list[tuple[str, str]]:
    """Return the languages in which the pages of a proposal can be looked at: prefix and name."""
    return [(prefix_of(code), name) for code, name in LANGUAGES.items()] if shown else []
