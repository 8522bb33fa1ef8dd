"""Rules say, authorities did, in force: put side by side for the pages of a filing and of its route."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup

from tracker.reference.authorities import in_words, opening
from tracker.rules import leading
from tracker.rules.leading import Ground
from tracker.services import routing_changes, routing_overrides, routing_standing, status
from tracker.services.accounts import names_of
from tracker.services.routing_changes import Change
from tracker.services.routing_standing import Said, act_words
from tracker.services.status import Described, Explained
from tracker.web.desk.case_page import link
from tracker.web.jinja import show_day, show_moment
from tracker.web.route_words import change_words


def route_acts(
    filing: Any, told: Described, said: Sequence[Said], history: Sequence[Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the partial `desk/_route_acts.html` shows of a filing.

    `said` are its acts, `history` its runs (routing_changes.history_of), `names` the people by their keys.
    """
    return {
        "rows": [_row(it, said, several=len(told.routes) > 1) for it in told.routes],
        "changes": [
            f"{it.controller}: {notice_of(it.change)}" if len(told.routes) > 1 else notice_of(it.change)
            for it in (*told.routes, *told.beside)
            if it.change
        ],
        "outdated": [
            words
            for it in filing.overrides
            if it.ended_at is None and (words := routing_overrides.outdated(filing, it))
        ],
        "said": [_said(it, filing.case.number) for it in said],
        "overrides": [_override(it, filing, names) for it in reversed(filing.overrides)],
        "changed": [_changed(it, names) for it in history if it.instead_of_id],
        "in_force": any(it.ended_at is None for it in filing.overrides),
    }


def notice_of(change: Change) -> str:
    """Return what stands beside a filing until somebody confirms it: "The lead may have changed: ..."."""
    return (
        f"The lead may have changed: it was {change.was}; the rules now find {change.now}. "
        f"What changed: {change_words(change.facts)}."
    )


def around(filing: Any) -> dict[str, Any]:
    """Return what the partial of acts needs: `acts`, and `told`, the filing in words."""
    acts = routing_standing.acts_of([filing])
    told = status.described(filing, status.actors(filing.case_id), acts)
    history = routing_changes.history_of(filing)
    names = names_of(people_of(filing, history))
    return {"told": told, "acts": route_acts(filing, told, acts.get(filing.id, ()), history, names)}


def people_of(filing: Any, history: Sequence[Any]) -> list[str]:
    """Return the keys of everybody who is named in route_acts()."""
    keys = [it.confirmed_by for it in history]
    for it in filing.overrides:
        keys += [it.made_by, it.ended_by]
    return [it for it in keys if it]


def _row(it: Explained, said: Sequence[Said], *, several: bool) -> dict[str, Any]:
    acts = [each.told for each in said]
    last = leading.confirmation(acts) or leading.is_open_again(acts) or (acts[-1] if acts else None)
    did = f"{act_words(last)} {last.day.when} (entry {last.number})." if last else "Nothing is recorded."
    return {
        "controller": it.controller if several else None,
        "rules": it.sentence,
        "did": did,
        "force": it.in_force_words if it.in_force.ground is not Ground.RULES else _by_rules(it),
    }


def _by_rules(it: Explained) -> str:
    if it.in_force.lead is None:
        return "As the rules say: nobody leads." if it.in_force.known else "It is not known who leads."
    how = "is presumed to lead" if it.in_force.presumed else "leads"
    return f"As the rules say: {in_words(it.in_force.lead)} {how}."


def _said(it: Said, number: str) -> dict[str, Any]:
    entry = Markup('<a href="{}#entry-{}">Entry {}</a>').format(
        url_for("desk.case", number=number), it.told.number, it.told.number
    )
    # An entry that only passes the complaint on is corrected as what it is: a step of the procedure.
    step = it.told.act is leading.LeadAct.PRESUMED and it.told.lead is None
    endpoint = "desk.update_new" if step else "desk.lead_act_new"
    correct = url_for(endpoint, number=number, corrects=it.told.number)
    return {
        "day": show_day(it.told.day),
        "what": act_words(it.told),
        "entry": entry,
        "number": it.told.number,
        "reference": it.reference,
        "source": link(it.source),
        "correct": correct,
    }


def _override(it: Any, filing: Any, names: Mapping[str, str]) -> dict[str, Any]:
    who = f"{opening(it.lead)} leads" if it.lead else "Nobody leads"
    several = len(filing.controllers) > 1
    whom = next((each.name for each in filing.controllers if each.id == it.controller_id), "")
    made = f"{who}{f' against {whom}' if several else ''}: {it.why}"
    ended = f"Ended {show_moment(it.ended_at)} by {_name(it.ended_by, names)}: {it.ended_note}"
    return {
        "id": it.id,
        "what": made,
        "who": f"{show_moment(it.made_at)}, by {_name(it.made_by, names)}",
        "ended": ended if it.ended_at else None,
    }


def _changed(it: Any, names: Mapping[str, str]) -> dict[str, Any]:
    change = routing_changes.change_at(it)
    if it.confirmed_at:
        note = f": {it.confirmed_note}" if it.confirmed_note else "."
        state = f"Confirmed {show_moment(it.confirmed_at)} by {_name(it.confirmed_by, names)}{note}"
    else:
        state = "Not confirmed yet." if it.current else "Never confirmed: the facts changed again."
    return {"when": show_moment(it.computed_at), "what": notice_of(change) if change else "", "state": state}


def _name(key: str, names: Mapping[str, str]) -> str:
    return names.get(key, key)
