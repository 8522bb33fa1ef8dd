"""What a case says about itself, changed at the desk."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.reference.names import country_name, language_name, place_name, spoken_place
from tracker.services import cases, cases_amending
from tracker.services.cases_amending import Amended
from tracker.services.routing import Anew
from tracker.web.desk import views
from tracker.web.forms.amending import AmendForm
from tracker.web.guard import act


@views.route("/cases/<case:number>/amend", methods=["GET", "POST"])
@act("case.amend", post="case.amend")
def case_amend(number: str) -> Any:
    """Change title, project, first day of the facts, summary, claims, complainants."""
    found = cases.get_case(number)
    form = AmendForm.of(found)
    do, compared = request.form.get("do", ""), None
    if do.startswith("more-"):
        form.more(do.removeprefix("more-"))
    elif request.method == "POST" and form.validate():
        try:
            with transaction():
                anew = cases_amending.amend_case(
                    cases.get_case(number), form.amended(), seen=form.seen.data or 0, by=g.actor
                )
                told = saved_words(anew)
        except Stale as refusal:
            found = cases.get_case(number)
            compared = _compared(found, form.amended())
            form = form.beside(found)
            form.form_errors.append(str(refusal))
        except RuleBroken as refusal:
            found = cases.get_case(number)
            form.refuse(refusal)
        else:
            flash(told, "success")
            return redirect(url_for("desk.case", number=number), 303)
    code = 409 if compared else 422 if form.errors and not do.startswith("more-") else 200
    return render_template(
        "desk/case_amend.html", case=found, form=form, compared=compared, projects=cases.projects()
    ), code


def saved_words(anew: Sequence[Anew]) -> str:
    """Return what saving did: that it is saved, and which routes came of it."""
    if not anew:
        return "Saved."
    differs = sum(it.differs for it in anew)
    routes = "1 route was" if len(anew) == 1 else f"{len(anew)} routes were"
    result = f"the answer is another in {differs}" if differs else "the answer stays the same"
    waits = len({it.after.filing_id for it in anew if it.waits})
    look = f" On {waits} {'filing' if waits == 1 else 'filings'} the lead may have changed." if waits else ""
    return f"Saved. {routes} worked out anew; {result}.{look}"


def _compared(theirs: Any, ours: Amended) -> list[dict[str, Any]]:
    """Return what is saved now beside what was typed, one row for each thing."""
    sides = [
        ("Title", theirs.title, ours.title),
        ("Project", theirs.project.name if theirs.project else "", ours.project),
        ("Alleged infringement since", theirs.facts.words, ours.facts.words),
        (
            "Place of the alleged infringement",
            place_name(theirs.infringement_place) if theirs.infringement_place else "not known",
            place_name(ours.infringement_place) if ours.infringement_place else "not known",
        ),
        ("Summary", theirs.summary, ours.summary),
        ("Written in", language_name(theirs.language), language_name(ours.language)),
        ("Asked for", "; ".join(theirs.requested), "; ".join(ours.requested)),
        ("Claims", _claims(theirs.claims), _claims(it for it in ours.claims if not it.out)),
        (
            "Complainants",
            _people(theirs.complainants),
            _people(it for it in ours.complainants if not it.out),
        ),
    ]
    return [
        {"label": label, "left": one, "right": other, "changed": one != other} for label, one, other in sides
    ]


def _claims(claims: Iterable[Any]) -> str:
    said = ((it.provision, it.conduct, it.measure) for it in claims)
    return "; ".join(", ".join(part for part in parts if part) for parts in said)


def _people(people: Iterable[Any]) -> str:
    return "; ".join(
        it.pseudonym
        + (f", {country_name(it.residence)}" if it.residence else "")
        + (f", works in {spoken_place(it.workplace)}" if it.workplace else "")
        for it in people
    )
