"""The chronology of a filing at the desk: looked at, chosen from, made as a PDF or as a file to be edited."""

import hashlib
from datetime import date
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for

from tracker import clock
from tracker.db import transaction
from tracker.errors import RuleBroken
from tracker.services import chronology, chronology_pdf, filings
from tracker.services.accounts import names_of
from tracker.services.chronology import Chronology
from tracker.services.chronology_warnings import to_look_at
from tracker.web.chronology_document import Say, document
from tracker.web.desk import views
from tracker.web.forms.chronology import ChronologyForm, named
from tracker.web.guard import act
from tracker.web.headers import FILE_POLICY
from tracker.web.jinja import show_day, show_moment

#: What the button says -> ending of the file, type of its content.
KINDS = {"pdf": ("pdf", "application/pdf"), "html": ("html", "text/html; charset=utf-8")}


@views.route("/filings/<filing:number>/chronology", methods=["GET", "POST"])
@act("chronology.make", post="chronology.make")
def chronology_page(number: str) -> Any:
    """Show the chronology of a filing with what can be chosen, or make it and send it."""
    if number != number.upper() and request.method == "GET":
        return redirect(url_for("desk.chronology_page", number=number.upper()), 301)
    found = filings.get_filing(number.upper())
    form, today = ChronologyForm(), clock.today()
    kind = KINDS.get(request.form.get("do", ""))
    # The button on the page of the filing sends no choice: then what is usual goes in, as of today.
    chosen = request.method == "POST" and "offered" in request.form
    if not chosen:
        form.as_of.data = today
        return _made_or_page(found, chronology.chronology_of(found, as_of=today), form, kind)
    if not form.validate() or not _can_be_told(found, form, today):
        return _page(found, chronology.chronology_of(found, as_of=today), form), 422
    it, fresh = _chosen(found, form)
    if kind and fresh:
        news = "; ".join(fresh)
        form.form_errors.append(f"New since this page was shown: {news}. Look whether it belongs in.")
        return _page(found, it, form), 409
    return _made_or_page(found, it, form, kind)


def _can_be_told(filing: Any, form: ChronologyForm, today: date) -> bool:
    """Return whether something can be told as of the day of the form; else the form says why not."""
    try:
        chronology.refuse_day(filing, form.as_of.data, today=today)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    return True


def _made_or_page(filing: Any, it: Chronology, form: ChronologyForm, kind: tuple[str, str] | None) -> Any:
    """Make the document where one is wanted, else show the page; it says what is missing for a PDF."""
    if kind is None:
        return _page(filing, it, form)
    try:
        return _made(filing, it, kind)
    except chronology_pdf.NoPdf:
        return _page(filing, it, form), 503


def _chosen(filing: Any, form: ChronologyForm) -> tuple[Chronology, list[str]]:
    """Return the chronology as it was chosen, and in words what came in since the choice was offered.

    What came in is taken in as usual, so that nothing is left out unseen.
    """
    choice, as_of = form.choice(), form.as_of.data
    it = chronology.chronology_of(filing, as_of=as_of, choice=choice)
    fresh = form.fresh(it)
    if fresh:
        choice = choice.with_usual(fresh)
        it = chronology.chronology_of(filing, as_of=as_of, choice=choice)
    return it, [named(each) for each in fresh]


def _made(filing: Any, it: Chronology, kind: tuple[str, str]) -> Response:
    """Send the document as a file; the journal keeps which one it was."""
    ending, content_type = kind
    page = document(it)
    content = page.encode() if ending == "html" else chronology_pdf.pdf_of(page)
    with transaction():
        chronology.note_made(
            it,
            form=ending,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            by=g.actor,
            case_id=filing.case_id,
        )
    response = Response(content, content_type=content_type)
    name = f"{it.number}-chronology-{it.as_of.isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def _page(filing: Any, it: Chronology, form: ChronologyForm) -> str:
    form.offer(it)
    lines = chronology.made_before(it.number)
    names = names_of([line.actor for line in lines])
    return render_template(
        "desk/chronology.html",
        filing=filing,
        case=filing.case,
        form=form,
        it=it,
        say=Say(it.language),
        look=to_look_at(it),
        missing=chronology_pdf.missing(),
        before=[
            {
                "href": None,
                "cells": [
                    show_moment(line.at),
                    names.get(line.actor, line.actor),
                    line.detail["form"].upper(),
                    show_day(date.fromisoformat(line.detail["as_of"])),
                    line.detail["sha256"],
                ],
            }
            for line in lines
        ],
    )
