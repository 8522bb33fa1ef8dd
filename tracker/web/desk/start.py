"""Today: what waits for this person."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from markupsafe import Markup

from tracker import clock
from tracker.reference import tables
from tracker.rules.access import may
from tracker.rules.days import Day
from tracker.rules.silence import Gap
from tracker.rules.vocabulary import Precision, Role
from tracker.services import cases_drafts, cases_list, chasing, publication, routing_changes, work
from tracker.web.desk import rows, views
from tracker.web.desk.publication_rows import embargo_of
from tracker.web.desk.today import todo
from tracker.web.guard import act
from tracker.web.jinja import show_moment

#: Cases whose lead may have changed that the first page names.
MOST_CHANGED = 10


@views.get("/")
@act("desk.start")
def start() -> Any:
    """Lead lawyers to the docket, and show everybody else what waits today."""
    if g.actor.role is Role.LAWYER:
        return redirect(url_for("desk.docket_page"))
    return today()


@views.get("/today")
@act("desk.start")
def today() -> str:
    """Show drafts, proposals that wait, filings that are silent longest, cases opened last."""
    reads = may(g.actor, "case.read")
    drafts = cases_drafts.drafts_of(g.actor.user_id) if may(g.actor, "case.open") else []
    waiting = publication.waiting() if may(g.actor, "publication.read") else []
    held = publication.embargoed() if may(g.actor, "publication.read") else []
    silent = work.silent_longest() if reads else []
    reminds = may(g.actor, "reminder.send")
    unsent = chasing.open_batches() if reminds else []
    changed = routing_changes.cases_waiting() if reads else []
    stages = tables.procedure().stages
    today = Day(clock.today(), Precision.DAY)
    everybody = request.args.get("whose") == "everybody"
    return render_template(
        "desk/start.html",
        todo=todo(everybody) if reads else [],
        everybody=everybody,
        drafts=drafts,
        drafts_rows=[
            {
                "href": url_for("desk.case_new", draft=it.id),
                "cells": [it.title, show_moment(it.saved_at)],
            }
            for it in drafts
        ],
        waiting=waiting,
        waiting_rows=[
            {
                "href": url_for("desk.publication_case", number=it.number),
                "cells": [
                    rows.unbroken(it.number),
                    it.title,
                    it.changes,
                    show_moment(it.publication.proposed_at),
                ],
            }
            for it in waiting
        ],
        held_rows=[
            {
                "href": url_for("desk.publication_case", number=it.number),
                "cells": [
                    rows.unbroken(it.number),
                    it.title,
                    it.changes,
                    f"cleared, public from {embargo_of(it.publication)}",
                ],
            }
            for it in held
        ],
        changed=sum(it.filings for it in changed),
        changed_rows=[
            {
                "href": url_for("desk.case_routes", number=it.number),
                "cells": [rows.unbroken(it.number), it.title, it.filings],
            }
            for it in changed[:MOST_CHANGED]
        ],
        silent_rows=[
            {
                "href": url_for("desk.filing", number=it.filing.number),
                "cells": [
                    rows.unbroken(it.filing.number),
                    rows.authority_words(it.filing.authority_slug, it.filing.country),
                    Markup('<a href="{}" title="{}">{}</a>').format(
                        url_for("desk.case", number=it.filing.case.number),
                        it.filing.case.title,
                        it.filing.case.number,
                    ),
                    stages[it.filing.stage].plain,
                    rows.unbroken(it.last.words),
                    rows.unbroken(Gap(it.last, today).short),
                    *([_tick(it.filing)] if reminds else []),
                ],
            }
            for it in silent
        ],
        reminds=reminds,
        unsent_rows=[
            {
                "href": url_for("desk.reminders_batch", key=it.number),
                "cells": [f"Reminders {it.number}", letters, show_moment(it.written_at)],
            }
            for it, letters in unsent
        ],
        newest_rows=[rows.case_row(it) for it in cases_list.find_cases(size=10)[0]] if reads else [],
        reads=reads,
    )


def _tick(filing: Any) -> Markup:
    """Return the box that chooses a filing for a reminder; none where nobody knows whom to remind."""
    if filing.authority_slug is None:
        return Markup("")
    box = Markup('<input type="checkbox" name="filing" value="{}" aria-label="Remind of {}">')
    return box.format(filing.number, filing.number)
