"""A file of controllers taken into the register at the desk: looked at first, then taken in."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from wtforms import HiddenField
from wtforms.widgets import FileInput

from tracker.db import transaction
from tracker.errors import BadFile, TooLarge
from tracker.reference.controllers_file import COLUMNS, MOST_BYTES
from tracker.reference.names import country_name
from tracker.services import controllers_import as service
from tracker.services.controllers_alike import NAME, Alike
from tracker.services.controllers_import import LEAVE_OUT, Plan
from tracker.web.desk import views
from tracker.web.forms import Form, key_in
from tracker.web.guard import act, takes_files
from tracker.web.uploads import FilesField

#: What a page shows of each list of a preview; more is counted.
NEW, TOLD, GROUPS, FAULTS = 100, 100, 200, 100
CHOICE = "row-"
#: A part of a form for each choice; the form of a browser has a thousand parts at most.
MOST_CHOICES = 400


class ImportForm(Form):
    """A file of controllers, and the mark of the preview that was read."""

    files = FilesField("File of controllers (CSV)", widget=FileInput())
    mark = HiddenField()


@views.route("/controllers/import", methods=["GET", "POST"])
@act("controller.import", post="controller.import")
@takes_files
def controllers_import() -> Any:
    """Take a file in: uploaded, shown with what it would bring, confirmed."""
    form = ImportForm()
    if request.method == "GET":
        return _page(form)
    choices, confirmed = _choices(), request.form.get("do") == "take"
    with form.files.arrived() as arrivals:
        faults: list[str] = [str(it) for it in arrivals.faults]
        planned = None
        code = form.files.status(arrivals)
        if not form.validate():
            faults = faults or ["The form could not be read: choose the file again."]
        elif len(arrivals.files) > 1:
            faults.append("One file goes at once: choose one.")
        elif not arrivals.files and not faults:
            form.files.errors = ["Choose a file."]
        if not faults and not form.files.errors:
            try:
                name, content = form.files.content(arrivals, limit=MOST_BYTES)
                with transaction(write=confirmed):
                    planned = service.plan(content, name, choices)
                    if confirmed and planned.mark == form.mark.data:
                        service.take_in(planned, by=g.actor)
                        flash(_done(planned), "success")
                        return redirect(url_for("desk.controllers"), 303)
            except BadFile as refusal:
                faults = list(refusal.faults)
            except TooLarge as refusal:
                faults, code = [str(refusal)], 413
        if planned is None:
            form.files.aside = []
            return _page(form, faults), code
        form.files.put_aside(arrivals)
        return _preview(form, planned, choices, changed=confirmed), 409 if confirmed else 200


def _page(form: ImportForm, faults: Any = ()) -> str:
    return render_template(
        "desk/register_import.html",
        form=form,
        faults=faults[:FAULTS],
        more_faults=max(0, len(faults) - FAULTS),
        columns=COLUMNS,
        most=MOST_BYTES,
    )


def _choices() -> dict[str, int]:
    """Return the choices of the form: slug -> the controller that the row is, or that it is left out."""
    chosen: dict[str, int] = {}
    for name, value in list(request.form.items())[: 2 * MOST_CHOICES]:
        if name.startswith(CHOICE) and value:
            key = LEAVE_OUT if value == "out" else key_in(value)
            if key is not None:
                chosen[name.removeprefix(CHOICE)] = key
    return chosen


def _preview(form: ImportForm, planned: Plan, choices: dict[str, int], *, changed: bool) -> str:
    aside = form.files.aside[0]
    groups = planned.alike[:GROUPS]
    chosen_before = {
        slug: value
        for slug, value in choices.items()
        if slug not in {it.slug for g in groups for it in g.those}
    }
    asked: set[str] = set()
    return render_template(
        "desk/register_preview.html",
        form=form,
        aside=aside,
        planned=planned,
        new=[_new_row(it) for it in planned.new[:NEW]],
        known=[_known_row(it) for it in planned.known[:NEW]],
        told=planned.told[:TOLD],
        groups=[_group(it, choices, asked) for it in groups],
        chosen=[(f"{CHOICE}{slug}", value or "out") for slug, value in chosen_before.items()],
        counts=_counts(planned),
        changed=changed,
        limits={"new": NEW, "told": TOLD, "groups": GROUPS},
    )


def _new_row(it: Any) -> dict[str, Any]:
    lines = ", ".join(str(row.line) for row in it.rows)
    brands = it.said["brands"]
    shown = ", ".join(brands[:3]) + (f" and {len(brands) - 3} more" if len(brands) > 3 else "")
    return {
        "href": None,
        "cells": [it.name, country_name(it.said["country"]), it.said["website"] or "not known", shown, lines],
    }


def _known_row(it: Any) -> dict[str, Any]:
    lines = ", ".join(str(row.line) for row in it.rows)
    filled = ", ".join(sorted(it.filled)) or "nothing but its name in the file"
    return {"href": url_for("desk.controller", key=it.id), "cells": [it.name, filled, lines]}


def _group(it: Alike, choices: dict[str, int], asked: set[str]) -> dict[str, Any]:
    """Return controllers that are likely one, with a choice for each row of the file that has none above.

    Where only website or address is one, and nobody of the register, there is none: many share these.
    """
    held = [each for each in it.those if not each.lines]
    sure = NAME in it.grounds or bool(held)
    members = []
    for each in it.those:
        choose = sure and bool(each.lines) and each.slug not in asked and len(asked) < MOST_CHOICES
        if choose:
            asked.add(each.slug or "")
        members.append(
            {
                "name": each.name,
                "seat": country_name(each.country) if each.country else "seat not known",
                "line": ", ".join(map(str, each.lines)),
                "href": None if each.lines else url_for("desk.controller", key=each.id),
                "field": f"{CHOICE}{each.slug}" if choose else None,
                "choices": [
                    ("", "a controller of its own", False),
                    *(
                        (str(one.id), f"it is {one.name}", choices.get(each.slug or "") == one.id)
                        for one in held[:10]
                    ),
                    ("out", "leave it out", choices.get(each.slug or "") == LEAVE_OUT),
                ],
            }
        )
    return {"grounds": " and ".join(it.grounds), "members": members, "asked": sure}


def _counts(it: Plan) -> list[tuple[str, str]]:
    rows = [
        ("Rows of the file", f"{it.rows:,}"),
        ("New controllers", f"{len(it.new):,}"),
        ("Further rows of them, by the same name and seat", f"{it.further:,}" if it.further else ""),
        ("Known controllers that are completed", f"{it.filled:,}" if it.known else ""),
        (
            "Known controllers that stay as they are",
            f"{len(it.known) - it.filled:,}" if len(it.known) > it.filled else "",
        ),
        ("Rows that were taken in before", f"{it.unchanged:,}" if it.unchanged else ""),
        ("Rows left out", f"{it.left_out:,}" if it.left_out else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _done(it: Plan) -> str:
    if not it.brings:
        return "Everything in this file is in the register already."
    new = "1 controller is" if len(it.new) == 1 else f"{len(it.new):,} controllers are"
    told = [f"{new} new in the register."] if it.new else []
    told += [f"What was not known of {it.filled:,} controllers is filled in."] if it.filled else []
    return " ".join(told) or "Taken in. What the register says stays as it was."
