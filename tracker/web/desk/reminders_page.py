"""What the page of reminders shows and what its form says: one line and one letter for each filing."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import g, render_template, request, url_for
from markupsafe import Markup

from tracker.reference import letters as reference
from tracker.reference.authorities import label
from tracker.reference.names import language_name
from tracker.rules.access import may
from tracker.rules.letters import Filled, spoken
from tracker.rules.text import legible
from tracker.services import chasing_sending, chasing_templates
from tracker.services.accounts import names_of
from tracker.services.chasing_letters import Letter
from tracker.services.chasing_sending import Said
from tracker.web.desk.cases import small_number
from tracker.web.forms.filings import MEDIA
from tracker.web.forms.reminders import SentForm

#: Said of a slot without which a letter can go.
NOT_NEEDED = ". Nothing here: the words about it stay out"
#: Letters on a page of a batch.
PAGE = 50


def letter_rows() -> list[dict[str, Any]]:
    """Return the letters that are in use, one line for each language."""
    found = chasing_templates.letters_in_use()
    names = names_of([it.row.made_by for it in found.values() if it.row])
    return [
        {
            "href": url_for("desk.reminders_letter", language=it.language)
            if may(g.actor, "reminder.template")
            else None,
            "cells": [
                language_name(it.language),
                it.letter.subject if it.letter else "",
                f"changed by {names.get(it.row.made_by, it.row.made_by)}"
                if it.own and it.row
                else "as packaged",
            ],
        }
        for it in found.values()
    ]


def said_in(letters: Sequence[Letter]) -> tuple[dict[int, Said], dict[tuple[str, str], str]]:
    """Return what the form says of the letters on its page, and of all letters with a gap.

    A letter that the form does not show is not named in it, and stays as it is.
    """
    said = {}
    for it in letters:
        place = it.row.position
        if f"language-{place}" not in request.form:
            continue
        anyway = request.form.get(f"anyway-{place}", "")
        said[it.row.id] = Said(
            language=request.form[f"language-{place}"][:20],
            left_out=f"out-{place}" in request.form,
            anyway=int(anyway) if anyway.isascii() and anyway.isdigit() and len(anyway) < 10 else None,
            filled={
                slot: request.form[f"slot-{place}-{slot}"]
                for slot in reference.SLOTS
                if f"slot-{place}-{slot}" in request.form
            },
        )
    for_all = {
        (language, slot): words
        for language in {it.row.language for it in letters}
        for slot in reference.SLOTS
        if (words := request.form.get(f"all-{language}-{slot}", "").strip())
    }
    return said, for_all


def batch_page(batch: Any, letters: Sequence[Letter], form: SentForm, *, typed: bool) -> str:
    """Return the page of a batch. With `typed`, what was typed into its lines stands there again."""
    page = min(small_number("page") or 1, max(1, -(-len(letters) // PAGE)))
    shown = letters[(page - 1) * PAGE : page * PAGE]
    names = names_of([batch.written_by, batch.recorded_by or ""])
    if not typed:
        form.seen.data = chasing_sending.mark_of(letters)

    def place(number: int) -> str | None:
        there = number != page and 1 <= number <= -(-len(letters) // PAGE)
        return url_for("desk.reminders_batch", key=batch.number, page=number) if there else None

    entries = chasing_sending.entries_of(letters)
    going = sum(it.goes for it in letters) if batch.recorded_at is None else len(entries)
    return render_template(
        "desk/reminders_batch.html",
        batch=batch,
        form=form,
        page=page,
        total=len(letters),
        going=going,
        with_gaps=[it.row.filing.number for it in letters if it.goes and it.missing],
        held_back=sum(_stays(it) and it.recent is not None for it in letters),
        waited_for=[it.row.filing.number for it in letters if _stays(it) and it.awaited],
        gaps=_gaps(letters, typed) if batch.recorded_at is None else [],
        lines=[_line(it, batch, entries, typed) for it in shown],
        languages=[(it, language_name(it)) for it in sorted(batch.texts)],
        groups=_groups(letters),
        written_by=names.get(batch.written_by, batch.written_by),
        recorded_by=names.get(batch.recorded_by or "", batch.recorded_by or ""),
        medium=MEDIA[batch.medium] if batch.medium else None,
        previous=place(page - 1),
        next=place(page + 1),
    )


def _groups(letters: Sequence[Letter]) -> list[dict[str, Any]]:
    """Return how many letters go to each authority in each language, and how many of them have gaps."""
    counted: Counter[tuple[str | None, str]] = Counter()
    gaps: Counter[tuple[str | None, str]] = Counter()
    out: Counter[tuple[str | None, str]] = Counter()
    for it in letters:
        key = it.row.authority_slug, it.row.language
        counted[key] += 1
        gaps[key] += bool(it.missing) and it.goes
        out[key] += not it.goes
    return [
        {
            "href": None,
            "cells": [label(slug), language_name(language), many, gaps[slug, language], out[slug, language]],
        }
        for (slug, language), many in counted.items()
    ]


def _gaps(letters: Sequence[Letter], typed: bool) -> list[dict[str, Any]]:
    """Return the slots that are missing, each with how many letters of a language lack it."""
    lacking = [(it, slot) for it in letters if it.goes for slot in (*it.missing, *it.left_out)]
    counted = Counter((it.row.language, slot) for it, slot in lacking)
    gaps = {(it.row.language, slot) for it, slot in lacking if slot in it.missing}
    return [
        {
            "name": f"all-{language}-{slot}",
            "label": f"{spoken(slot).capitalize()}, in {many} {language_name(language)} "
            f"{'letter' if many == 1 else 'letters'}",
            "hint": f"{reference.SLOTS[slot][:1].upper()}{reference.SLOTS[slot][1:]}."
            + ("" if (language, slot) in gaps else f"{NOT_NEEDED[1:]}."),
            "value": legible(request.form.get(f"all-{language}-{slot}", "")) if typed else "",
        }
        for (language, slot), many in sorted(counted.items())
    ]


def _line(it: Letter, batch: Any, entries: dict[int, int], typed: bool) -> dict[str, Any]:
    """Return a letter as the page shows it."""
    row, place = it.row, it.row.position
    filing = row.filing
    lacking = (*it.missing, *it.left_out)
    open_slots = [slot for slot in reference.SLOTS if slot in lacking or row.filled.get(slot)]
    open_slots = [] if it.impossible else open_slots

    def value(name: str, kept: str) -> str:
        return legible(request.form.get(name, kept)) if typed else kept

    return {
        "number": filing.number,
        "href": url_for("desk.filing", number=filing.number),
        "place": place,
        "to": label(row.authority_slug, filing.country),
        "case": filing.case,
        "language": value(f"language-{place}", row.language),
        "language_words": language_name(row.language),
        "wanted": language_name(it.wanted) if it.wanted else None,
        "goes": it.goes,
        "out": f"out-{place}" in request.form if typed else row.left_out,
        "impossible": it.impossible,
        "recent": it.recent,
        "warnings": it.warnings,
        "awaited": it.awaited,
        "look": it.look,
        "anyway": it.look is not None and row.anyway == it.look,
        "missing": it.missing,
        "state": _state(it),
        "fields": [
            (
                f"slot-{place}-{slot}",
                spoken(slot).capitalize(),
                reference.SLOTS[slot] + (NOT_NEEDED if slot in it.left_out else ""),
                value(f"slot-{place}-{slot}", row.filled.get(slot, "")),
            )
            for slot in open_slots
        ],
        "subject": _marked(it.subject),
        "body": _marked(it.body),
        "result": _result(it, entries) if batch.recorded_at else None,
    }


def _stays(it: Letter) -> bool:
    """Return whether a letter stays out only until a person has looked."""
    return it.held_back and not it.row.left_out and not it.impossible


def _state(it: Letter) -> str:
    if it.why_not:
        return it.why_not
    gaps = len(it.missing)
    state = f"{gaps} {'gap' if gaps == 1 else 'gaps'}" if gaps else "ready"
    return " ".join([state, *(f"({words})" for words in it.warnings)])


def _result(it: Letter, entries: dict[int, int]) -> Any:
    """Return what came of a letter once the batch was recorded."""
    number = entries.get(it.row.id)
    if number is None:
        return f"Not sent. {it.row.refused or ''}".strip()
    filing = it.row.filing.number
    address = url_for("desk.filing", number=filing, _anchor=f"entry-{number}")
    return Markup('Sent, <a href="{}">entry {}<span class="visually_hidden"> of {}</span></a>').format(
        address, number, filing
    )


def _marked(text: Filled) -> Markup:
    """Return a text whose gaps are marked."""
    return Markup("").join(
        Markup('<mark>{}<span class="visually_hidden"> is missing</span></mark>').format(it.shown)
        if it.gap
        else Markup("{}").format(it.words)
        for it in text.parts
    )
