"""Reminders in bulk at the desk: filings chosen, letters read and filled, recorded as sent."""

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from wtforms.fields import SelectChoice

from tracker import clock
from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.reference.authorities import authorities, label
from tracker.reference.names import languages
from tracker.rules import numbers as ours
from tracker.rules.days import Day
from tracker.rules.silence import Gap
from tracker.rules.vocabulary import Precision
from tracker.services import chasing, chasing_choosing, chasing_sending
from tracker.services.accounts import names_of
from tracker.services.chasing_choosing import Candidate
from tracker.web.desk import reminders_page, views
from tracker.web.desk.cases import small_number
from tracker.web.forms.reminders import ChooseForm, SentForm
from tracker.web.guard import act
from tracker.web.jinja import show_moment

#: Filings on a page of the choice.
SIZES = (50, 100, chasing.MOST)
#: Choices of the filter "silent for at least", in days.
SILENT = {"30": "a month", "90": "three months", "180": "half a year", "365": "a year"}


@views.get("/reminders")
@act("reminder.send")
def reminders() -> str:
    """List the reminders that were written, those not recorded as sent first, and the letters."""
    found = chasing.batches()
    names = names_of([it.written_by for it, _, _ in found] + [it.recorded_by or "" for it, _, _ in found])

    def row(it: Any, letters: int, sent: int) -> dict[str, Any]:
        by = names.get(it.written_by, it.written_by)
        state = (
            "not recorded as sent yet" if it.recorded_at is None else f"{sent} sent on {it.sent_on:%Y-%m-%d}"
        )
        if it.recorded_at is not None:
            state = f"{sent} sent on {Day(it.sent_on, Precision.DAY).words}"
        return {
            "href": url_for("desk.reminders_batch", key=it.number),
            "cells": [f"Reminders {it.number}", letters, f"{show_moment(it.written_at)}, {by}", state],
        }

    return render_template(
        "desk/reminders.html",
        open_rows=[row(*it) for it in found if it[0].recorded_at is None],
        sent_rows=[row(*it) for it in found if it[0].recorded_at is not None],
        letters=reminders_page.letter_rows(),
        languages=languages(),
    )


@views.route("/reminders/new", methods=["GET", "POST"])
@act("reminder.send", post="reminder.send")
def reminders_new() -> Any:
    """Choose the filings to remind of, and write the letters."""
    form = ChooseForm()
    if request.method == "POST":
        try:
            with transaction():
                batch = chasing.write([it[:40] for it in form.filings.data or []], by=g.actor)
                number = batch.number
            return redirect(url_for("desk.reminders_batch", key=number), 303)
        except RuleBroken as refusal:
            form.refuse(refusal)
    return _choice(form), (422 if form.errors or form.form_errors else 200)


def _choice(form: ChooseForm) -> str:
    asked = [it[:40] for it in request.args.getlist("filing")[: chasing.MOST]]
    chosen = {
        "case": ours.read_case(request.args["case"]) if _is_case(request.args.get("case", "")) else "",
        "authority": request.args.get("authority", "")
        if request.args.get("authority") in authorities()
        else "",
        "silent": request.args.get("silent", "") if request.args.get("silent") in SILENT else "",
        "size": request.args.get("size", "") if request.args.get("size") in map(str, SIZES) else "",
    }
    page, size = small_number("page") or 1, int(chosen["size"] or SIZES[0])
    since = clock.today() - timedelta(days=int(chosen["silent"])) if chosen["silent"] else None
    found, total = chasing_choosing.candidates(
        numbers=asked or None,
        case=chosen["case"] or None,
        authority=chosen["authority"] or None,
        since=since,
        page=page,
        size=chasing.MOST if asked else size,
    )
    if request.method == "GET":
        everything = request.args.get("tick") == "all"
        form.filings.data = [it.filing.number for it in found if everything or it.filing.number in asked]
    form.filings.choices = [_offered(it) for it in found]
    narrowed = {name: value for name, value in chosen.items() if value}

    def place(number: int) -> str | None:
        there = number != page and 1 <= number <= -(-total // size)
        return url_for("desk.reminders_new", **narrowed, page=number) if there and not asked else None

    return render_template(
        "desk/reminders_new.html",
        form=form,
        fields=_filters(chosen),
        narrowed=narrowed,
        asked=asked,
        unknown=chasing_choosing.not_to_be_reminded(asked) if asked else [],
        tick_all=url_for("desk.reminders_new", **narrowed, page=page, filing=asked or None, tick="all"),
        shown=len(found),
        total_words=f"{total:,} {'filing waits' if total == 1 else 'filings wait'} for an authority",
        previous=place(page - 1),
        next=place(page + 1),
    )


def _is_case(typed: str) -> bool:
    return ours.is_case_number(typed.upper())


def _offered(it: Candidate) -> SelectChoice:
    """Return a filing as a line of the choice: since when it is silent, and when it was reminded last."""
    filing = it.filing
    silent = Gap(it.last, Day(clock.today(), Precision.DAY)).short
    told = f"{filing.case.title}. Silent for {silent}, since {it.last.words}. "
    told += f"Reminded last {it.reminded.when}." if it.reminded else "Never reminded."
    words = f"{filing.number} {label(filing.authority_slug, filing.country)}"
    return SelectChoice(filing.number, words, render_kw={"hint": told})


def _filters(chosen: dict[str, str]) -> list[dict[str, Any]]:
    slugs = sorted(((it, label(it)) for it in authorities()), key=lambda pair: pair[1])
    return [
        {"name": "case", "label": "Case number", "kind": "search", "value": chosen["case"]},
        {
            "name": "authority",
            "label": "Authority",
            "kind": "select",
            "value": chosen["authority"],
            "choices": [("", "any"), *slugs],
        },
        {
            "name": "silent",
            "label": "Silent for at least",
            "kind": "select",
            "value": chosen["silent"],
            "choices": [("", "any time"), *SILENT.items()],
        },
        {
            "name": "size",
            "label": "On a page",
            "kind": "select",
            "value": chosen["size"],
            "choices": [("", str(SIZES[0])), *((str(it), str(it)) for it in SIZES[1:])],
        },
    ]


@views.route("/reminders/<small:key>", methods=["GET", "POST"])
@act("reminder.send", post="reminder.send")
def reminders_batch(key: int) -> Any:
    """Read the letters of a batch, fill their gaps, and record them as sent; once."""
    form = SentForm()
    batch = chasing.get_batch(key)
    code = 200
    if request.method == "POST":
        do = request.form.get("do", "save")
        try:
            answer = _done(key, form, do)
            if answer is not None:
                return answer
        except Stale as refusal:
            code = 409
            form.form_errors.append(str(refusal))
        except RuleBroken as refusal:
            form.refuse(refusal)
        batch = chasing.get_batch(key)
    if code == 200 and (form.errors or form.form_errors):
        code = 422
    on = form.sent_on.data if code != 409 and batch.recorded_at is None else None
    letters = chasing.letters_of(batch, on=on and min(on, clock.today()))
    return reminders_page.batch_page(batch, letters, form, typed=code == 422), code


def _done(key: int, form: SentForm, do: str) -> Any:
    """Do what a button of the batch says, and return the next page; None where the form has faults."""
    here = url_for("desk.reminders_batch", key=key)
    if do == "discard":
        with transaction():
            chasing.discard(chasing.get_batch(key), by=g.actor)
        flash(f"Reminders {key} are thrown away. Nothing was sent.", "success")
        return redirect(url_for("desk.reminders"), 303)
    if do == "renew":
        with transaction():
            chasing.renew(chasing.get_batch(key))
        flash("Written anew from the letters and records of today; what you filled in is kept.", "success")
        return redirect(here, 303)
    # What was typed is kept in an act of its own, so that it is there when the other is refused.
    if chasing.get_batch(key).recorded_at is None:
        with transaction():
            batch = chasing.get_batch(key)
            said, for_all = reminders_page.said_in(chasing.letters_of(batch))
            chasing_sending.save(batch, said, for_all=for_all, seen=form.seen.data)
            form.seen.data = chasing_sending.mark_of(chasing.letters_of(batch))
    page = small_number("page")
    if do != "record":
        flash("Kept. Nothing is sent or recorded as sent yet.", "success")
        return redirect(url_for("desk.reminders_batch", key=key, page=page), 303)
    if not form.validate():
        return None
    with transaction():
        done = chasing_sending.record(
            chasing.get_batch(key),
            sent_on=form.sent_on.data,
            medium=form.by,
            seen=form.seen.data,
            by=g.actor,
        )
    flash(*_told(done))
    return redirect(here, 303)


def _told(done: chasing_sending.Recorded) -> tuple[str, str]:
    """Return what came of recording, and the tone of it."""
    sent = f"{done.sent:,} {'reminder' if done.sent == 1 else 'reminders'}"
    if done.again:
        return f"These were recorded before: {sent}. Nothing was recorded twice.", "warning"
    left = f"{done.not_sent:,} {'is' if done.not_sent == 1 else 'are'} not, with the reason in the list."
    return f"{sent} recorded as sent.{f' {left}' if done.not_sent else ''}", "success"
