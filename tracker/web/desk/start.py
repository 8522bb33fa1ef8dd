"""Today: what waits for this person."""

from flask import g, render_template, url_for

from tracker import clock
from tracker.reference.authorities import label
from tracker.reference.names import country_name
from tracker.rules import days
from tracker.rules.access import may
from tracker.services import cases_drafts, cases_list, publication, work
from tracker.web.desk import rows, views
from tracker.web.guard import act
from tracker.web.jinja import show_moment


@views.get("/")
@act("desk.start")
def start() -> str:
    """Show drafts, proposals that wait, filings that are silent longest, cases opened last."""
    reads = may(g.actor, "case.read")
    drafts = cases_drafts.drafts_of(g.actor.user_id) if may(g.actor, "case.open") else []
    waiting = publication.waiting() if may(g.actor, "publication.read") else []
    silent = work.silent_longest() if reads else []
    return render_template(
        "desk/start.html",
        drafts=drafts,
        drafts_rows=[
            {"href": url_for("desk.case_new", draft=it.id), "cells": [it.title, show_moment(it.saved_at)]}
            for it in drafts
        ],
        waiting=waiting,
        waiting_rows=[
            {
                "href": url_for("desk.publication_case", number=it.number),
                "cells": [it.number, it.title, it.changes, show_moment(it.publication.proposed_at)],
            }
            for it in waiting
        ],
        silent_rows=[
            {
                "href": url_for("desk.filing", number=it.filing.number),
                "cells": [
                    it.filing.number,
                    label(it.filing.authority_slug)
                    if it.filing.authority_slug
                    else f"not known ({country_name(it.filing.country)})",
                    it.filing.case.title,
                    days.words(it.last_on),
                    days.span(it.last_on, clock.today()),
                ],
            }
            for it in silent
        ],
        newest_rows=[rows.case_row(it) for it in cases_list.find_cases(size=10)[0]] if reads else [],
        reads=reads,
    )
