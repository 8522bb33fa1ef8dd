"""The silence log of a filing at the desk, as a page and as data; what people say of single entries."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, g, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken
from tracker.reference.authorities import in_words, label
from tracker.rules import days
from tracker.rules.access import may
from tracker.rules.periods import OWING
from tracker.services import cases, filings, silence, silence_beside, silence_marks, updates
from tracker.services.accounts import names_of
from tracker.services.silence import Chased, Missed, SilenceLog, Word
from tracker.services.silence_data import as_data
from tracker.web.desk import rows, views
from tracker.web.desk.protocol import entry_row
from tracker.web.forms.reminders import MarkForm
from tracker.web.guard import act


@views.get("/filings/<filing:number>/silence")
@act("filing.read")
def silence_log(number: str) -> Any:
    """Show what authorities said of a filing and what they did not say, to be printed."""
    if number != number.upper():
        return redirect(url_for("desk.silence_log", number=number.upper()), 301)
    found = filings.get_filing(number)
    log = silence.log_of(found)
    beside = silence_beside.beside(found, as_of=log.as_of)
    names = names_of([who for it in log.empty for who in it.marked_by])
    return render_template(
        "desk/silence.html",
        filing=found,
        case=found.case,
        log=log,
        sentence=sentence(log),
        figures=_facts(log, beside),
        data_link=Markup('<a href="{}">JSON</a>').format(url_for("desk.silence_data", number=number)),
        period_rows=[
            {
                "href": None,
                "cells": [
                    it.time.start.words,
                    _cited(it.after, log) if it.after else "the lodging",
                    "today" if it.running else it.time.end.words,
                    "no news yet" if it.running else _cited(it.until, log) if it.until else "the end of it",
                    it.time.words,
                ],
            }
            for it in log.periods
        ],
        news_rows=[_word_row(it, log, names) for it in (*log.news, *log.undated)],
        beside_rows=[_beside_row(it, log) for it in beside],
        empty_rows=[_word_row(it, log, names) for it in log.empty],
        chased_rows=[_chased_row(it, log) for it in log.chased],
        missed_rows=[_missed_row(it, log) for it in log.missed],
    )


@views.get("/filings/<filing:number>/silence.json")
@act("filing.read")
def silence_data(number: str) -> Response:
    """Give the silence log of a filing as data."""
    found = filings.get_filing(number.upper())
    log = silence.log_of(found)
    return jsonify(as_data(log, silence_beside.beside(found, as_of=log.as_of)))


def sentence(log: SilenceLog) -> str:
    """Return how long it has been silent, since what, in one sentence."""
    if log.time is None:
        return "The complaint is not pending any more: nobody owes news." if log.news or log.periods else (
            "Not lodged: nobody owes news."
        )  # fmt: skip
    if log.last is None:
        since = f"nothing of substance came since the lodging {log.lodged.when}"
    else:
        who = in_words(log.last.authority) if log.last.authority else log.last.actor
        cited = f"entry {log.last.number}, “{log.last.title}”, {log.last.day.when}, by {who}"
        since = f"the last substantive news is {cited}"
    length = log.time.words
    known = "For a time that is not known" if length == "not known" else f"Silent for {length}"
    return f"{known}: {since}."


def _facts(log: SilenceLog, beside: Sequence[Word]) -> list[tuple[str, Any]]:
    """Return the figures of a log; `beside` is what its authorities said of the case as a whole."""
    unanswered = len(log.unanswered)
    since = silence_beside.since(beside, log.last.day if log.last else log.lodged)
    named = "; ".join(f"{it.day.when}, {it.actor}, {it.title} (entry {it.number})" for it in since)
    contested = sum(it.contested for it in log.missed)
    missed = str(len(log.missed))
    if contested:
        alone = contested == len(log.missed) == 1
        missed += ", which is contested" if alone else f", of which {contested} contested"
    return [
        ("As of", days.words(log.as_of)),
        ("Lodged", f"{log.lodged.words}, with {label(log.authority, log.country)}"),
        ("Without news for", log.time.words if log.time else "not pending any more"),
        *([("Not about this complaint alone", named)] if log.time and named else []),
        ("Words that say nothing new", str(len(log.empty))),
        (
            "Our reminders",
            f"{len(log.chased)}, of which {unanswered} without an answer" if log.chased else "none",
        ),
        ("Periods missed", missed),
    ]


def _cited(it: Word, log: SilenceLog) -> Markup:
    """Return an entry as a link: "entry 9, Report on progress"."""
    if not it.number:
        return Markup("the lodging")
    address = url_for("desk.filing", number=log.filing, _anchor=f"entry-{it.number}")
    return Markup('<span><a href="{}">entry {}</a>, {}</span>').format(address, it.number, it.title)


def _mark_link(it: Word, log: SilenceLog) -> Markup:
    """Return the link by which somebody says what an entry has, for whoever may."""
    if not may(g.actor, "news.mark") or not it.number:
        return Markup("")
    address = url_for("desk.entry_mark", number=log.case, entry=it.number, filing=log.filing)
    return Markup('<a class="why" href="{}">Mark<span class="visually_hidden"> entry {}</span></a>').format(
        address, it.number
    )


def _word_row(it: Word, log: SilenceLog, names: Any) -> dict[str, Any]:
    who = " and ".join(dict.fromkeys(names.get(key, key) for key in it.marked_by))
    said = it.words if len(it.words) <= 200 else f"{it.words[:199]}…"
    return {
        "href": None,
        "cells": [
            _cited(it, log),
            it.day.words,
            it.actor,
            Markup('{}<span class="quiet">{}</span> {}').format(
                said, f" Marked by {who}." if who else "", _mark_link(it, log)
            ),
        ],
    }


def _beside_row(it: Word, log: SilenceLog) -> dict[str, Any]:
    address = url_for("desk.case", number=log.case, _anchor=f"entry-{it.number}")
    entry = Markup('<span><a href="{}">entry {}</a>, {}</span>').format(address, it.number, it.title)
    return {"href": None, "cells": [entry, it.day.words, it.actor, it.words]}


def _chased_row(it: Chased, log: SilenceLog) -> dict[str, Any]:
    answer: Any = "no answer"
    if it.answer is not None:
        how = "as somebody said" if it.linked else "the next word of that authority"
        how += "" if it.new else "; it says nothing new"
        how += "" if it.sure else "; the days are too rough to say that it came after the reminder"
        answer = Markup('{}, {} <span class="quiet">{}</span>').format(
            _cited(it.answer, log), it.answer.day.when, how
        )
    letter = Markup("")
    if it.reminder.letter and may(g.actor, "reminder.send"):
        address = url_for("desk.reminders_batch", key=it.reminder.letter, _anchor=log.filing)
        letter = Markup(' <a class="why" href="{}">its words</a>').format(address)
    return {
        "href": None,
        "cells": [
            Markup("{}{}").format(_cited(it.reminder, log), letter),
            it.reminder.day.words,
            label(it.to) if it.to else "not recorded",
            answer,
            it.waited.words if it.waited else "not waited for any more",
        ],
    }  # fmt: skip


def _missed_row(it: Missed, log: SilenceLog) -> dict[str, Any]:
    address = url_for("desk.deadline", number=log.filing, period=it.period, start=it.start_number or None)
    over = rows.unbroken(f"{it.over:,} day{'' if it.over == 1 else 's'}")
    met = Markup(' <span class="quiet">met on {}</span>').format(days.words(it.met_on)) if it.met_on else ""
    return {
        "href": None,
        "cells": [
            it.basis,
            it.what,
            label(it.authority) if it.authority else OWING.get(it.owes, it.owes),
            it.started.words,
            Markup('{} <a class="why" href="{}">why?<span class="visually_hidden"> {}</span></a>').format(
                days.words(it.due or it.last), address, it.what
            ),
            Markup("{}{}{}").format(over, ", contested" if it.contested else "", met),
        ],
    }


@views.route("/cases/<case:number>/updates/<small:entry>/mark", methods=["GET", "POST"])
@act("news.mark", post="news.mark")
def entry_mark(number: str, entry: int) -> Any:
    """Say of an entry that it has nothing new, or which of our reminders it answers; or take that back."""
    case = cases.get_case(number)
    update = updates.get_update(case.id, entry)
    back = _back(case, update, request.args.get("filing"))
    form = MarkForm()
    offered = silence_marks.reminders_for([it.filing for it in update.filings])
    now = silence_marks.marks_of([case.id]).get(update.id, silence_marks.NONE)
    form.offer(offered, now)
    why_not = silence_marks.why_not_empty(update, case.ngo)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                update = updates.get_update(case.id, entry)
                silence_marks.mark(update, empty=form.empty.data, answers=form.reminder, by=g.actor)
        except RuleBroken as refusal:
            form.refuse(refusal)
            update = updates.get_update(case.id, entry)
        else:
            flash(f"Said of entry {entry}.", "success")
            return redirect(back, 303)
    elif request.method == "GET":
        form.start(now)
    return render_template(
        "desk/entry_mark.html",
        case=case,
        form=form,
        row=entry_row(update, case.number, (), filings=len(case.filings)),
        why_not=why_not,
        back=back,
        filing=request.args.get("filing"),
    ), (422 if form.errors or form.form_errors else 200)


def _back(case: Any, update: Any, filing: str | None) -> str:
    """Return where somebody came from: the silence log of the filing, or the entry. Raises NotFound."""
    if filing is None:
        return url_for("desk.case", number=case.number, _anchor=f"entry-{update.number}")
    if filing not in {it.filing.number for it in update.filings}:
        raise NotFound("The entry is none of this filing.")
    return url_for("desk.silence_log", number=filing)
