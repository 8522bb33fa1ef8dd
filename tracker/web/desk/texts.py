"""Title and summary of a case in other languages, written at the desk."""

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.rules.languages import LANGUAGES
from tracker.services import cases, cases_texts
from tracker.services.accounts import names_of
from tracker.web.desk import views
from tracker.web.forms.texts import TextsForm
from tracker.web.guard import act
from tracker.web.jinja import show_moment


@views.route("/cases/<case:number>/texts", methods=["GET", "POST"])
@act("case.read", post="case.translate")
def case_texts(number: str) -> Any:
    """Show the case in every other language, and save what was written."""
    case = cases.get_case(number)
    there = cases_texts.texts_of(case.id)
    form = TextsForm.of(case, there)
    stale = False
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                cases_texts.write_texts(cases.get_case(number), form.texts(), seen=form.seen(), by=g.actor)
        except Stale as refusal:
            case, stale = cases.get_case(number), True
            there = cases_texts.texts_of(case.id)
            form.beside(there)
            form.form_errors.append(str(refusal))
        except RuleBroken as refusal:
            case = cases.get_case(number)
            there = cases_texts.texts_of(case.id)
            form.refuse(refusal)
        else:
            flash("The texts are saved. They become public with the next publication.", "success")
            return redirect(url_for("desk.case_texts", number=number), 303)
    names = names_of([it.written_by for it in there])
    saved = {it.language: it for it in there}
    return render_template(
        "desk/case_texts.html",
        case=case,
        form=form,
        texts=[_part(code, form, saved.get(code), names, stale=stale) for code in form.languages],
    ), 409 if stale else 422 if form.errors else 200


def _part(
    code: str, form: TextsForm, text: Any | None, names: Mapping[str, str], *, stale: bool
) -> dict[str, Any]:
    """Return what the page shows of one language; beside what was typed what somebody else has saved."""
    typed, compared = form.part(code), None
    if stale:
        sides = [
            ("Title", text.title if text else "", typed.title.data or ""),
            ("Summary", text.summary if text else "", typed.summary.data or ""),
        ]
        compared = [
            {"label": what, "left": left or "none", "right": right or "none", "changed": left != right}
            for what, left, right in sides
        ]
    return {
        "code": code,
        "language": LANGUAGES[code],
        "form": typed,
        "text": text,
        "compared": compared if compared and any(it["changed"] for it in compared) else None,
        "written": (
            f"Written by {names.get(text.written_by, text.written_by)}, {show_moment(text.written_at)}."
            if text
            else "Nothing is written in this language yet."
        ),
    }
