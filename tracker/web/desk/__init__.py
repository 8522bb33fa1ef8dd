"""The desk: pages for the people inside."""

from typing import Any

from flask import Blueprint, Flask, g, request, url_for

from tracker.rules.access import may
from tracker.web.forms.filings import MEDIA

views = Blueprint("desk", __name__, url_prefix="/desk")

#: What the navigation offers: act, endpoint, words.
NAVIGATION = (
    ("desk.start", "desk.today", "Today"),
    ("docket.read", "desk.docket_page", "Docket"),
    ("case.read", "desk.cases", "Cases"),
    ("decision.read", "desk.decisions_list", "Decisions"),
    ("controller.read", "desk.controllers", "Controllers"),
    ("reminder.send", "desk.reminders", "Reminders"),
    ("publication.read", "desk.publications", "Publication"),
    ("authority.read", "desk.authorities", "Authorities"),
    ("people.manage", "desk.people", "People"),
)
#: First word of an endpoint -> where the navigation shows one to be.
SECTIONS = {
    **dict.fromkeys(("case", "filing", "lodge", "update", "evidence", "exhibit", "draft", "where"), "cases"),
    **dict.fromkeys(("route", "routes", "lead", "silence", "entry"), "cases"),
    **{"publication": "publications", "authority": "authorities", "person": "people"},
    **{"controller": "controllers", "mail": "people", "chronology": "cases", "hand": "people"},
    **{"start": "today", "docket": "docket_page", "assign": "cases", "deadline": "cases"},
    **{"findings": "cases"},
    **dict.fromkeys(
        ("decision", "decisions", "proceeding", "proceedings", "hearing", "hearings"), "decisions_list"
    ),
}


def install(app: Flask) -> None:
    """Register the pages of the desk and what every one of them shows."""
    from tracker.web.desk import (
        account,
        amending,
        assigning,
        authorities,
        cases,
        chronology,
        controllers,
        deadline_acts,
        deadlines,
        decisions,
        docket,
        evidence,
        filings,
        hearings,
        lead_acts,
        lodging,
        mail,
        opening,
        people,
        proceedings,
        publication,
        publication_acts,
        publication_preview,
        register,
        register_edit,
        register_import,
        reminder_letters,
        reminders,
        routes,
        silence,
        start,
        texts,
        today,
        updates,
        where,
        why,
    )

    for part in (
        *(account, amending, assigning, authorities, cases, chronology, controllers, deadline_acts),
        *(deadlines, decisions, docket, evidence, filings, hearings, lead_acts, lodging, mail),
        *(opening, people, proceedings, publication, publication_acts, publication_preview, register),
        *(register_edit, register_import, reminder_letters, reminders, routes, silence, start, texts, today),
        *(updates, where, why),
    ):
        assert part.views is views  # noqa: S101 - importing is what registers the pages; keep the import alive
    app.register_blueprint(views)

    @app.context_processor
    def around() -> dict[str, Any]:
        actor = g.get("actor")
        section = (request.endpoint or "").removeprefix("desk.").split("_")[0]
        section = "" if g.get("refused") else SECTIONS.get(section, section)
        nav = [
            {
                "label": words,
                "href": url_for(endpoint),
                "current": section == endpoint.removeprefix("desk."),
            }
            for act, endpoint, words in NAVIGATION
            if may(actor, act)
        ]
        return {
            "nav": nav,
            "actor": None if actor is None else {"name": actor.name, "role_label": actor.role.value},
            "account_url": url_for("desk.account"),
            "sign_out_url": url_for("desk.sign_out"),
            "may": lambda act: may(actor, act),
            "media": MEDIA,
        }
