"""What waits today, each kind in a line with its number and one link; the lists that the docket has not."""

from typing import Any

from flask import g, render_template, request, url_for
from markupsafe import Markup

from tracker import clock
from tracker.reference import tables
from tracker.rules.standing import kind_label
from tracker.services import docket_today
from tracker.services.docket import Filter
from tracker.services.docket_today import Task
from tracker.web.desk import rows, views
from tracker.web.desk.cases import small_number
from tracker.web.desk.docket import ME_OR_NOBODY, NOBODY, near_days, near_words
from tracker.web.guard import act

#: Lines of a list of what waits.
PAGE = 50
#: What waits, for one and for many, and the verb of its link; {near} stands for "within 14 days".
TODO = {
    Task.MISSED: ("deadline of ours was missed", "deadlines of ours were missed", "Act"),
    Task.ENDED: (
        "right of ours ended lately and was not used",
        "rights of ours ended lately and were not used",
        "Look",
    ),
    Task.NEAR: (
        "deadline of ours ends {near}",
        "deadlines of ours end {near}",
        "Act",
    ),
    Task.NOBODY: (
        "deadline of ours to which nobody sees",
        "deadlines of ours to which nobody sees",
        "Name somebody",
    ),
    Task.ANSWER: ("filing waits for our answer", "filings wait for our answer", "Answer"),
    Task.LATE: ("period of others is over", "periods of others are over", "Remind"),
    Task.CLASSIFY: (
        "entry is no step of the procedure",
        "entries are no step of the procedure",
        "Say what happened",
    ),
    Task.UNKNOWN: ("period has no known end", "periods have no known end", "Look"),
}


def _whose(everybody: bool) -> Filter:
    """Return whose work is shown: one's own and that of nobody, or that of everybody."""
    return Filter() if everybody else Filter(person=g.actor.user_id or 0, nobody=True)


def todo(everybody: bool) -> list[dict[str, Any]]:
    """Return a line for each kind of thing that waits: how many, in words, and the one link to do it."""
    counts = docket_today.waiting(_whose(everybody), clock.today(), near=near_days())
    return [
        {
            "count": many,
            "words": TODO[task][many != 1].format(near=near_words()),
            "verb": TODO[task][2],
            "href": _where(task, everybody),
        }
        for task, many in counts.items()
        if many
    ]


def _where(task: Task, everybody: bool) -> str:
    """Return the address of the list that holds what waits, no more and no less."""
    found = docket_today.lists(task)
    whose = {"whose": "everybody"} if everybody else {}
    if found is None:
        return url_for(f"desk.today_{task.value}", **whose)
    own, show = found
    person = NOBODY if task is Task.NOBODY else None if everybody else ME_OR_NOBODY
    return url_for("desk.docket_page", person=person, side="own" if own else "owed", state=show.value)


def _places(endpoint: str, total: int) -> dict[str, Any]:
    """Return the addresses of the pages beside the one that is asked for."""
    page = small_number("page") or 1
    whose = {"whose": "everybody"} if request.args.get("whose") == "everybody" else {}

    def place(number: int) -> str | None:
        there = number != page and 1 <= number <= max(1, -(-total // PAGE))
        return url_for(endpoint, **whose, page=number) if there else None

    return {"previous": place(page - 1), "next": place(page + 1)}


def _shown(everybody: bool, endpoint: str) -> dict[str, str]:
    """Return whose work a list shows, and the way to the other list."""
    if everybody:
        return {
            "whose": "Of everybody's filings.",
            "other": "Only mine, and what nobody sees to",
            "other_href": url_for(endpoint),
        }
    return {
        "whose": "Of your filings, and of those to which nobody sees.",
        "other": "What waits for everybody",
        "other_href": url_for(endpoint, whose="everybody"),
    }


@views.get("/today/answer")
@act("filing.read")
def today_answer() -> str:
    """List the filings that wait for our answer."""
    everybody = request.args.get("whose") == "everybody"
    page = small_number("page") or 1
    found, total = docket_today.unanswered(_whose(everybody), size=PAGE, page=page)
    stages = tables.procedure().stages
    return render_template(
        "desk/today_list.html",
        title="Waiting for our answer",
        lede="Filings at a stage where the next act is ours.",
        **_shown(everybody, "desk.today_answer"),
        columns=[
            ("Filing", ""),
            ("Lodged with", ""),
            ("Case", ""),
            ("It waits for", ""),
            ("Since", ""),
            ("Do", ""),
        ],
        rows=[
            {
                "href": url_for("desk.filing", number=it.filing),
                "cells": [
                    rows.unbroken(it.filing),
                    rows.authority_words(it.authority, it.country),
                    it.title,
                    stages[it.stage].label,
                    rows.unbroken(it.since.words),
                    Markup('<a href="{}">Answer</a>').format(
                        url_for("desk.update_new", number=it.case, filing=it.filing)
                    ),
                ],
            }
            for it in found
        ],
        empty="No filing waits for us. Well done." if everybody else "None of these waits for us. Well done.",
        total_words="1 filing" if total == 1 else f"{total} filings",
        **_places("desk.today_answer", total),
    )


@views.get("/today/classify")
@act("filing.read")
def today_classify() -> str:
    """List the entries that are no step of the procedure, for somebody to say what happened."""
    everybody = request.args.get("whose") == "everybody"
    page = small_number("page") or 1
    found, total = docket_today.unclassified(_whose(everybody), size=PAGE, page=page)
    kinds = tables.event_kinds()
    return render_template(
        "desk/today_list.html",
        title="No step of the procedure",
        lede="Entries that came from a file, of which the procedure does not know what they are. Nothing "
        "follows from them until somebody says so: no stage, and no deadline.",
        **_shown(everybody, "desk.today_classify"),
        columns=[("Entry", ""), ("Case", ""), ("Day", ""), ("What the file says", ""), ("To do", "")],
        rows=[
            {
                "href": url_for("desk.case", number=it.case) + f"#entry-{it.number}",
                "cells": [
                    rows.unbroken(f"{it.case}, entry {it.number}"),
                    it.title,
                    rows.unbroken(it.day.words),
                    f"{kind_label(it.kind, kinds)}: {it.words}" if it.words else kind_label(it.kind, kinds),
                    Markup('<a href="{}">Say what happened</a>').format(
                        url_for("desk.update_new", number=it.case, corrects=it.number)
                    ),
                ],
            }
            for it in found
        ],
        empty="Every entry is a step of the procedure. Well done."
        if everybody
        else "Every entry of these is a step of the procedure. Well done.",
        total_words="1 entry" if total == 1 else f"{total} entries",
        **_places("desk.today_classify", total),
    )
