"""Hearings at the desk: noted, moved, cancelled, listed by day."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from markupsafe import Markup

from tracker import clock
from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.reference.authorities import authorities, label
from tracker.services import cases, decisions_hearings, decisions_proceedings
from tracker.services.accounts import names_of
from tracker.services.decisions_hearings import Dated
from tracker.web.desk import views
from tracker.web.desk.rows import unbroken
from tracker.web.forms import is_small
from tracker.web.forms.proceedings import HearingForm, clock_of
from tracker.web.guard import act
from tracker.web.jinja import show_moment


def hearing_rows(found: Sequence[Dated]) -> list[dict[str, Any]]:
    """Return hearings as rows: when, before whom, where, what, which filings."""
    return [
        {
            "href": url_for("desk.hearing", key=it.number),
            "cells": [
                Markup("{}{}").format(
                    unbroken(it.when), Markup(" <strong>cancelled</strong>") if it.cancelled else ""
                ),
                it.court,
                it.place or "",
                it.what,
                _filings(it.filings),
            ],
        }
        for it in found
    ]


def _filings(numbers: Sequence[str]) -> Markup:
    links = [
        Markup('<a href="{}">{}</a>').format(url_for("desk.filing", number=it), it) for it in numbers[:6]
    ]
    more = f" and {len(numbers) - 6} more" if len(numbers) > 6 else ""
    return Markup(", ").join(links) + more


@views.get("/hearings")
@act("decision.read")
def hearings() -> str:
    """List the hearings to come, then those that were."""
    today = clock.today()
    every = decisions_hearings.hearings_for()
    coming = [it for it in every if it.day >= today]
    past = [it for it in reversed(every) if it.day < today]
    return render_template("desk/hearings.html", coming=hearing_rows(coming), past=hearing_rows(past))


@views.get("/hearings/<small:key>")
@act("decision.read")
def hearing(key: int) -> str:
    """Show a hearing with everything that was said of it, the newest first."""
    row = decisions_hearings.get_hearing(key)
    [it] = [each for each in _of(row) if each.number == key]
    names = names_of([each.recorded_by for each in row.versions])
    history = [
        {
            "href": None,
            "cells": [
                show_moment(each.recorded_at),
                names.get(each.recorded_by, each.recorded_by),
                "cancelled" if each.cancelled else "moved" if each.sequence else "noted",
                decisions_hearings.when_of(each),
                each.place or "",
                each.why or "",
            ],
        }
        for each in reversed(row.versions)
    ]
    return render_template(
        "desk/hearing.html", it=it, row=row, filings=_filings(it.filings), history=history, past=_past(it)
    )


def _of(row: Any) -> list[Dated]:
    return decisions_hearings.hearings_for(filing_ids=[each.filing_id for each in row.filings])


def _past(it: Dated) -> bool:
    return it.day < clock.today()


@views.route("/hearings/new", methods=["GET", "POST"])
@act("decision.record", post="decision.record")
def hearing_new() -> Any:
    """Note a hearing about filings of a case, or in a proceeding."""
    filings, proceeding, number = _subject()
    form = HearingForm()
    code = 200
    if request.method == "GET":
        wanted = set(request.args.getlist("filing")[:500])
        form.filings.data = [it.number for it in filings if it.number in wanted or proceeding]
        if proceeding is not None:
            form.court.data = label(proceeding.body_slug) if proceeding.body_slug else proceeding.body
        form.zone.data = _clock(filings, wanted, proceeding)
    elif _complete(form):
        try:
            with transaction():
                new = form.new_hearing(proceeding=proceeding.number if proceeding is not None else None)
                key = decisions_hearings.set_hearing(new, by=g.actor).number
        except RuleBroken as refusal:
            form.refuse(refusal)
            code = 422
            filings, proceeding, number = _subject()
        else:
            flash("The hearing is noted.", "success")
            return redirect(url_for("desk.hearing", key=key), 303)
    else:
        code = 422
    form.offer_filings(filings)
    form.offer_zone(form.zone.data)
    back = (
        url_for("desk.proceeding", key=proceeding.number)
        if proceeding is not None
        else url_for("desk.case", number=number)
    )
    return render_template(
        "desk/hearing_new.html",
        form=form,
        it=None,
        in_proceeding=proceeding is not None,
        title=decisions_proceedings.called(proceeding) if proceeding is not None else number,
        courts=[label(it) for it in authorities()],
        address=url_for("desk.hearing_new", **request.args.to_dict(flat=False)),
        back=back,
    ), code


def _subject() -> tuple[Any, Any, str]:
    """Return the filings, the proceeding and the number of the case that the address names."""
    if typed := request.args.get("proceeding"):
        if not is_small(typed):
            raise NotFound("There is no such proceeding.")
        found = decisions_proceedings.get_proceeding(int(typed))
        return [it.filing for it in found.filings], found, ""
    numbers = request.args.getlist("filing")
    number = request.args.get("case") or (numbers[0].rpartition("-")[0] if numbers else "")
    case = cases.get_case(number[:20].replace("\x00", ""))
    return case.filings, None, case.number


def _complete(form: HearingForm) -> bool:
    """Return whether all is there that a hearing needs, also a filing: to tick none does not mean all."""
    good = form.validate()
    if not form.filings.data:
        form.refuse(RuleBroken("Choose at least one filing.", field="filings"))
    return good and bool(form.filings.data)


def _clock(filings: Sequence[Any], wanted: set[str], proceeding: Any) -> str:
    """Return the clock by which a hearing is meant, the empty text where only whoever notes it knows.

    Where a court sits does not follow from where the complaints were lodged: an hour would be wrong unseen.
    """
    if proceeding is not None:
        before = decisions_hearings.hearings_for(proceeding_id=proceeding.id)
        if before:
            return before[-1].zone
        known = authorities().get(proceeding.body_slug or "")
        return clock_of(known.country) if known else ""
    countries = {it.country for it in filings if it.number in wanted or not wanted}
    return clock_of(countries.pop()) if len(countries) == 1 else ""


@views.route("/hearings/<small:key>/change", methods=["GET", "POST"])
@act("decision.record", post="decision.record")
def hearing_change(key: int) -> Any:
    """Move a hearing, or note that it is not held."""
    row = decisions_hearings.get_hearing(key)
    form = HearingForm()
    code = 200
    cancelling = request.form.get("do") == "cancel"
    if request.method == "GET":
        form.fill(row.versions[-1])
    else:
        form.offer_zone(row.versions[-1].zone)
        try:
            # Who cancels says nothing of the day: what else stands in the form is not read.
            if cancelling or form.validate():
                seen = form.seen.data if form.seen.data is not None else -1
                why = form.why.data or None
                with transaction():
                    if cancelling:
                        decisions_hearings.cancel_hearing(key, why=why, seen=seen, by=g.actor)
                    else:
                        new = form.new_hearing()
                        decisions_hearings.move_hearing(key, new, why=why, seen=seen, by=g.actor)
                flash("The hearing is cancelled." if cancelling else "The hearing is moved.", "success")
                return redirect(url_for("desk.hearing", key=key), 303)
            code = 422
        except Stale as refusal:
            code = 409
            form.form_errors.append(f"{refusal} Read what is noted now, and save once more.")
        except RuleBroken as refusal:
            form.refuse(refusal)
            code = 422
        row = decisions_hearings.get_hearing(key)
        if code == 409:
            form.seen.raw_data, form.seen.data = None, row.sequence
    form.offer_zone(row.versions[-1].zone)
    return render_template(
        "desk/hearing_new.html",
        form=form,
        it=row,
        title=row.versions[-1].what,
        courts=[label(it) for it in authorities()],
        address=url_for("desk.hearing_change", key=key),
        back=url_for("desk.hearing", key=key),
    ), code
