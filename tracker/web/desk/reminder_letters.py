"""Letters of reminders at the desk: printed and downloaded together; what they begin from, by language."""

import io
import zipfile
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.reference import letters as reference
from tracker.reference.names import is_language, language_name, languages
from tracker.services import chasing, chasing_templates
from tracker.services.accounts import names_of
from tracker.services.chasing_letters import Letter
from tracker.web.desk import views
from tracker.web.forms.reminders import LetterForm
from tracker.web.guard import act

#: The same letters give the same file.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def _going(number: int) -> tuple[Any, list[Letter]]:
    """Return a batch and its letters that go out, or that went out."""
    batch = chasing.get_batch(number)
    found = chasing.letters_of(batch)
    if batch.recorded_at is not None:
        return batch, [it for it in found if it.row.update_id is not None]
    return batch, [it for it in found if it.goes]


@views.get("/reminders/<small:key>/letters")
@act("reminder.send")
def reminders_letters(key: int) -> str:
    """Show the letters that go out, each on a sheet of its own, to be printed."""
    batch, found = _going(key)
    return render_template(
        "desk/reminders_letters.html", batch=batch, letters=found, gaps=sum(bool(it.missing) for it in found)
    )


@views.get("/reminders/<small:key>/letters.zip")
@act("reminder.send")
def reminders_texts(key: int) -> Response:
    """Give the letters that go out as plain text, a file for each."""
    batch, found = _going(key)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for it in found:
            name = f"{it.row.filing.number}_{it.row.authority_slug}_{it.row.language}.txt"
            text = f"{it.subject.text}\n\n{it.body.text}\n"
            # A mark of UTF-8 at the start: without it some editors read umlauts as something else.
            file.writestr(zipfile.ZipInfo(name, LONG_AGO), text.replace("\n", "\r\n").encode("utf-8-sig"))
    answer = Response(packed.getvalue(), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"reminders-{batch.number}.zip")
    return answer


@views.get("/reminders/letters")
@act("reminder.template")
def reminders_letter_in() -> Any:
    """Lead to the letter of the language that was chosen."""
    language = request.args.get("language", "")
    if not is_language(language):
        raise NotFound("There is no such language.")
    return redirect(url_for("desk.reminders_letter", language=language), 303)


@views.route("/reminders/letters/<language>", methods=["GET", "POST"])
@act("reminder.template", post="reminder.template")
def reminders_letter(language: str) -> Any:
    """Change the letter of a language, or go back to the packaged one."""
    if language not in dict(languages()):
        raise NotFound("There is no such language.")
    form = LetterForm()
    now = chasing_templates.letter_of(language)
    code, theirs = 200, None
    if request.method == "POST":
        do = request.form.get("do")
        try:
            if do == "packaged" or form.validate():
                seen = form.version.data or 0
                with transaction():
                    if do == "packaged":
                        chasing_templates.use_packaged(language, seen=seen, by=g.actor)
                    else:
                        chasing_templates.save_letter(
                            language, form.subject.data or "", form.body.data or "", seen=seen, by=g.actor
                        )
                flash(f"The letter in {language_name(language)} is changed.", "success")
                return redirect(url_for("desk.reminders"), 303)
        except Stale as refusal:
            code = 409
            form.form_errors.append(str(refusal))
            now = chasing_templates.letter_of(language)
            theirs, form.version.raw_data = now.letter, None
            form.version.data = now.version
        except RuleBroken as refusal:
            form.refuse(refusal)
    else:
        letter = now.letter or reference.Letter("", "")
        form.subject.data, form.body.data, form.version.data = letter.subject, letter.body, now.version
    history = chasing_templates.history_of(language)
    return render_template(
        "desk/reminders_letter.html",
        form=form,
        language=language,
        language_words=language_name(language),
        slot_rows=[
            {"href": None, "cells": [f"{{{slot}}}", words]} for slot, words in reference.SLOTS.items()
        ],
        own=now.own,
        packaged=language in reference.packaged(),
        theirs=theirs,
        history=history,
        names=names_of([it.made_by for it in history]),
    ), (422 if code == 200 and (form.errors or form.form_errors) else code)
