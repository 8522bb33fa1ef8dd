"""Proceedings at the desk: what joins filings, also of several cases, before one authority or court."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from markupsafe import Markup

from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.reference.authorities import authorities, label
from tracker.rules import decisions as rules
from tracker.services import (
    cases,
    decisions,
    decisions_filings,
    decisions_hearings,
    decisions_proceedings,
    decisions_recording,
)
from tracker.services.accounts import names_of
from tracker.web.desk import decision_form, decision_rows, views
from tracker.web.desk.case_page import known, link
from tracker.web.desk.decision_form import Page, Subject
from tracker.web.desk.hearings import hearing_rows
from tracker.web.desk.rows import authority_words, unbroken
from tracker.web.forms.decisions import DecisionForm
from tracker.web.forms.proceedings import ProceedingForm
from tracker.web.guard import act, takes_files
from tracker.web.jinja import show_day, show_moment


@views.get("/proceedings")
@act("decision.read")
def proceedings() -> str:
    """List all proceedings, the newest first."""
    rows = [
        {
            "href": url_for("desk.proceeding", key=it.number),
            "cells": [
                it.reference or f"Proceeding {it.number}",
                _body(it),
                rules.KINDS[it.kind],
                show_day(it.opened),
                ", ".join(dict.fromkeys(each.filing.case.number for each in it.filings)),
                len(it.filings),
            ],
        }
        for it in decisions_proceedings.proceedings()
    ]
    return render_template("desk/proceedings.html", rows=rows)


def _body(it: Any) -> Any:
    return authority_words(it.body_slug) if it.body_slug else it.body


@views.get("/proceedings/<small:key>")
@act("decision.read")
def proceeding(key: int) -> str:
    """Show a proceeding: joined filings, decisions, hearings, the instances before and after."""
    it = decisions_proceedings.get_proceeding(key)
    read = decisions.of_proceeding(it.id)
    names = names_of([it.recorded_by])
    instances = decisions_proceedings.after(it.id)
    facts = known(
        [
            ("Before", _body(it)),
            ("It is", rules.KINDS[it.kind]),
            ("Number", it.reference),
            ("Opened", show_day(it.opened) if it.opened.value else None),
            ("After", _link(it.follows) if it.follows else None),
            (
                "Followed by",
                Markup(", ").join(_link(each) for each in instances) if instances else None,
            ),
            ("Parties", it.parties),
            ("Costs", it.costs),
            ("Source", link(it.source)),
            ("Checked", "not checked against the source" if it.verified is False else None),
            ("Note", it.note),
        ]
    )
    filings = [
        {
            "href": url_for("desk.filing", number=each.filing.number),
            "cells": [
                unbroken(each.filing.number),
                authority_words(each.filing.authority_slug, each.filing.country),
                Markup('<a href="{}">{}</a> {}').format(
                    url_for("desk.case", number=each.filing.case.number),
                    each.filing.case.number,
                    each.filing.case.title,
                ),
            ],
        }
        for each in it.filings
    ]
    return render_template(
        "desk/proceeding.html",
        it=it,
        called=decisions_proceedings.called(it),
        facts=facts,
        filings=filings,
        decisions=[decision_rows.decision_row(each) for each in read],
        hearings=hearing_rows(decisions_hearings.hearings_for(proceeding_id=it.id)),
        recorded=f"Noted {show_moment(it.recorded_at)} by {names.get(it.recorded_by, it.recorded_by)}.",
    )


def _link(it: Any) -> Markup:
    return Markup('<a href="{}">{}</a>').format(
        url_for("desk.proceeding", key=it.number), decisions_proceedings.called(it)
    )


@views.route("/cases/<case:number>/proceedings/new", methods=["GET", "POST"])
@act("decision.record", post="decision.record")
def proceeding_new(number: str) -> Any:
    """Note a proceeding that joins filings of a case, and of others where they are named."""
    case = cases.get_case(number)
    form = ProceedingForm()
    form.offer(case.filings, decisions_proceedings.offered({it.id for it in case.filings}))
    code = 200
    if request.method == "GET":
        wanted = set(request.args.getlist("filing")[:500])
        form.filings.data = [it.number for it in case.filings if it.number in wanted]
    elif form.validate():
        try:
            with transaction():
                key = decisions_proceedings.open_proceeding(form.new_proceeding(), by=g.actor).number
        except RuleBroken as refusal:
            form.refuse(refusal)
            code = 422
            case = cases.get_case(number)
            form.offer_filings(case.filings)
        else:
            flash("The proceeding is noted.", "success")
            return redirect(url_for("desk.proceeding", key=key), 303)
    else:
        code = 422
    return render_template("desk/proceeding_new.html", form=form, case=case, it=None, bodies=_bodies()), code


@views.route("/proceedings/<small:key>/amend", methods=["GET", "POST"])
@act("decision.record", post="decision.record")
def proceeding_amend(key: int) -> Any:
    """Change what is noted of a proceeding, and which filings it joins."""
    it = decisions_proceedings.get_proceeding(key)
    form = ProceedingForm()
    _offer(form, it)
    code = 200
    if request.method == "GET":
        form.fill(it)
        form.filings.data = [each.filing.number for each in it.filings]
    elif form.validate():
        try:
            with transaction():
                new = form.new_proceeding()
                decisions_proceedings.amend_proceeding(key, new, seen=form.seen.data or 0, by=g.actor)
        except Stale as refusal:
            code = 409
            form.form_errors.append(f"{refusal} Read what stands there now, and save once more.")
        except RuleBroken as refusal:
            form.refuse(refusal)
            code = 422
        else:
            flash("The proceeding is changed.", "success")
            return redirect(url_for("desk.proceeding", key=key), 303)
        it = decisions_proceedings.get_proceeding(key)
        if code == 409:
            form.seen.raw_data, form.seen.data = None, it.version
        _offer(form, it)
    else:
        code = 422
    return render_template("desk/proceeding_new.html", form=form, case=None, it=it, bodies=_bodies()), code


def _offer(form: ProceedingForm, it: Any) -> None:
    """Offer the filings of the cases that a proceeding joins, and other proceedings of these."""
    filings = decisions_proceedings.filings_of_cases(it)
    others = decisions_proceedings.offered({each.id for each in filings})
    form.offer(filings, [pair for pair in others if pair[0] != it.number])


def _bodies() -> list[str]:
    return [label(it) for it in authorities()]


@views.route("/proceedings/<small:key>/decisions/new", methods=["GET", "POST"])
@act("decision.record", post="decision.record")
@takes_files
def proceeding_decision(key: int) -> Any:
    """Record a decision on the filings that a proceeding joins, also of several cases at once."""
    it = decisions_proceedings.get_proceeding(key)
    form = DecisionForm()

    def reload() -> Subject:
        found = decisions_proceedings.get_proceeding(key)
        keys = [each.filing_id for each in found.filings]
        return Subject(decisions_filings.loaded(keys), decisions_recording.before())

    subject = reload()
    called = decisions_proceedings.called(it)
    back = url_for("desk.proceeding", key=key)
    page = Page(
        heading="Record a decision",
        lede="On the filings that the proceeding joins. It makes the entries of each protocol too: no need "
        "to record it twice. A preview comes first.",
        title=called,
        number=f"Proceeding {it.number}",
        back=back,
        back_words="Back to the proceeding",
        crumbs=[
            ("Proceedings", url_for("desk.proceedings")),
            (called, back),
            ("Record a decision", None),
        ],
        address=url_for("desk.proceeding_decision", key=key),
    )
    if request.method == "GET":
        form.decided_by.data = label(it.body_slug) if it.body_slug else it.body
        form.reference.data = it.reference or ""
        form.proceeding.data = str(it.number)
        form.of_filings(subject.filings, [each.number for each in subject.filings])
        form.begin()
        return decision_form.show(page, form, subject)
    form.of_filings(subject.filings)
    return decision_form.answer(page, form, subject, reload)
