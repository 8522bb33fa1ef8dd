"""Rows and sentences of the pages of publication."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, url_for
from wtforms.fields import SelectChoice

from tracker.reference.names import language_name
from tracker.rules.access import may
from tracker.rules.vocabulary import PublicationState
from tracker.services import publication
from tracker.services.publication import Compared, Reproached, Warned
from tracker.web.forms.publishing import REASONS, installation_zone
from tracker.web.jinja import show_moment

#: How the history says where a publication stands.
STATES = {
    PublicationState.PROPOSED: "proposed",
    PublicationState.EMBARGOED: "cleared, under embargo",
    PublicationState.CLEARED: "cleared, public now",
    PublicationState.REPLACED: "cleared, public until the next was cleared",
    PublicationState.SUPERSEDED: "replaced by a newer proposal",
    PublicationState.DECLINED: "declined",
    PublicationState.WITHDRAWN: "withdrawn",
}
#: How those say it that were cleared under embargo, and never became public.
NEVER_PUBLIC = {
    PublicationState.SUPERSEDED: "cleared, replaced before its time",
    PublicationState.DECLINED: "cleared, called off before its time",
}


@dataclass(frozen=True, slots=True)
class Change:
    """Some rows of the comparison under one heading, as the macro takes them."""

    title: str
    anchor: str
    rows: list[dict[str, Any]]


def embargo_of(held: Any) -> str:
    """Return until when what is under embargo stays inside: "6 June 2027, 10:00 (Europe/Vienna)"."""
    return until_words(held.embargo_until)


def until_words(until: datetime) -> str:
    """Return a moment by the clock of the installation."""
    return publication.embargo_words(until, installation_zone())


def waiting_rows(waiting: Sequence[Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row for each proposal that waits."""
    return [
        {
            "href": url_for("desk.publication_case", number=it.number),
            "cells": [
                it.number,
                it.title,
                it.changes,
                names.get(it.publication.proposed_by, ""),
                show_moment(it.publication.proposed_at),
                " / ".join(text for text in (_wished(it.publication), it.publication.note) if text),
            ],
        }
        for it in waiting
    ]


def late_rows(late: Sequence[Reproached]) -> list[dict[str, Any]]:
    """Return a row for each authority that a public page calls late without the file."""
    return [
        {
            "href": url_for("desk.publication_case", number=it.number),
            "cells": [
                it.number,
                it.title,
                it.says[:1].upper() + it.says[1:],
                it.why[:1].upper() + it.why[1:],
            ],
        }
        for it in late
    ]


def _wished(it: Any) -> str:
    """Return until when whoever proposed something wishes it to stay inside, empty for no wish."""
    wishes = it.state is PublicationState.PROPOSED and it.embargo_until
    return f"Wished: not public before {embargo_of(it)}" if wishes else ""


def changes_of(compared: Sequence[Compared]) -> dict[str, Change]:
    """Return what becomes public, what changes, what disappears, and what stays, each with its rows."""
    groups = {
        "new": Change("Becomes public", "becomes-public", []),
        "changed": Change("Changes", "changes", []),
        "gone": Change("Disappears", "disappears", []),
        "same": Change("What stays as it is", "stays", []),
    }
    for it in compared:
        if not it.before and not it.after:
            continue
        kind = "same" if not it.changed else "new" if not it.before else "changed" if it.after else "gone"
        groups[kind].rows.append(compared_row(it))
    return groups


def compared_row(it: Compared) -> dict[str, Any]:
    """Return a row of the comparison."""
    return {
        "label": it.what,
        "left": it.before or "not public",
        "right": it.after or "not public",
        "changed": it.changed,
    }


def meanwhile(refusal: Any, read: Any, beside: int | None, standing: Any) -> dict[str, Any] | None:
    """Return both texts where somebody decided over one that is not the same any more, None elsewhere."""
    if refusal is None or read is None:
        return None
    now = standing.proposed or standing.embargoed or standing.public
    if now is not None and now.id != read.id:
        left, right, old, new = "What you read", "What stands here now", read.content, now.content
    elif beside is not None and beside != (standing.public.id if standing.public else 0):
        left, right = "Public when you read it", "Public now"
        old = publication.get_publication(beside).content if beside else None
        new = standing.public.content if standing.public else None
    else:
        return None
    rows = [compared_row(it) for it in publication.compare(old, new) if it.changed]
    return {"left": left, "right": right, "rows": rows}


def warning_row(it: Warned, case: Any, records: Any, looked_at: set[str]) -> dict[str, Any]:
    """Return a warning with the place to change what it names, for whoever may change it."""
    href, words = _place(it, case, records) or (None, "")
    return {
        "mark": it.mark,
        "text": it.text,
        "href": href,
        "words": words,
        "ticked": it.mark in looked_at,
    }


def _place(it: Warned, case: Any, records: Any) -> tuple[str, str] | None:
    """Return the page where something is changed, or read by whoever may not change it, with its words."""
    kind, key = it.place
    if kind == "case":
        if may(g.actor, "case.amend"):
            return url_for("desk.case_amend", number=case.number), "Change the case"
        return url_for("desk.case", number=case.number), "Open the case"
    if kind == "text":
        return url_for("desk.case_texts", number=case.number), "Change the texts"
    if kind == "filing":
        return url_for("desk.filing", number=key), f"Open {key}"
    if kind == "deadline":
        filing, period, start = key
        where = url_for("desk.deadline", number=filing, period=period, start=start or None)
        return where, f"Why this date, in {filing}"
    if kind == "entry":
        if may(g.actor, "update.record"):
            return url_for("desk.update_new", number=case.number, corrects=key), f"Correct entry {key}"
        return url_for("desk.case", number=case.number, _anchor=f"entry-{key}"), f"Open entry {key}"
    if kind == "decision":
        return url_for("desk.decision", key=key), f"Open decision {key}"
    if kind == "hearing":
        number = next((each.number for each in records.hearings if each.uid == key), None)
        return (url_for("desk.hearing", key=number), f"Open hearing {number}") if number else None
    found = next((each.controller_id for each in case.controllers if each.controller.name == key), None)
    return (url_for("desk.controller", key=found), f"Open {key}") if found else None


def parts_of(form: Any, public: Any, records: Any) -> bool:
    """Let the form offer every part that is public; return whether there is any."""
    content = publication.completed(public.content)
    texts = {it.what: it.after for it in publication.compare(None, content)}
    chosen = publication.chosen_of(content, records)

    def first(what: str, line: int = 0) -> str:
        lines = texts.get(what, "").split("\n")
        return lines[line] if line < len(lines) else ""

    offered = [("", "choose")]
    offered += [(f"updates:{it}", f"Entry {it}: {first(f'Entry {it}')}") for it in chosen["updates"]]
    offered += [
        (f"decisions:{it}", f"Decision {it}: {first(f'Decision {it}')}") for it in chosen["decisions"]
    ]
    offered += [(f"summaries:{it}", f"Summary of decision {it}") for it in chosen["summaries"]]
    offered += [(f"filings:{it}", f"Filing {it}: {first(f'Filing {it}')}") for it in chosen["filings"]]
    offered += [(f"references:{it}", f"Number at the authority of {it}") for it in chosen["references"]]
    offered += [
        (f"hearings:{it.number}", f"Hearing on {it.when}, {it.court}")
        for it in records.hearings
        if it.number in chosen["hearings"]
    ]
    offered += [
        (f"languages:{it['language']}", f"Text in {language_name(it['language'])}: {it['title']}")
        for it in content["texts"]
    ]
    kept = content["fields"]
    offered += [(f"fields:{it}", words) for it, words in publication.FIELDS.items() if it in kept]
    form.part.choices = [SelectChoice(value, words[:120]) for value, words in offered]
    return len(offered) > 1


def history_rows(history: Sequence[Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row for each publication of a case."""
    return [
        {
            "href": None,
            "cells": [
                _state(it),
                _who_and_when(names, it.proposed_by, it.proposed_at),
                _who_and_when(names, it.decided_by, it.decided_at),
                _who_and_when(names, it.withdrawn_by, it.withdrawn_at),
                " / ".join(_notes(it)),
            ],
        }
        for it in history
    ]


def _state(it: Any) -> str:
    if it.state is PublicationState.EMBARGOED:
        return f"{STATES[it.state]} until {embargo_of(it)}"
    # Only what was cleared has an embargo.
    return (NEVER_PUBLIC.get(it.state) if it.embargo_until else None) or STATES[it.state]


def _notes(it: Any) -> list[str]:
    reason = REASONS[it.withdrawal_reason] if it.withdrawal_reason else ""
    if reason.startswith("another"):
        reason = ""
    return [words for words in (_wished(it), it.note, it.decision_note, reason, it.withdrawal_note) if words]


def _who_and_when(names: Mapping[str, str], who: str | None, at: datetime | None) -> str:
    return f"{names.get(who or '', who or '')}, {show_moment(at)}" if at else ""
