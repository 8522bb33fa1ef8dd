"""What the register says of a controller, in words: facts for its page, lines to compare, its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from tracker.reference.names import country_name, place_name
from tracker.rules import days
from tracker.rules.vocabulary import Answer
from tracker.services.controllers_finding import Against, OwnAnswer, likely_the_same
from tracker.services.controllers_history import Revision
from tracker.services.controllers_statement import CLAIMS, Place, Representative, Statement
from tracker.web.desk.case_page import Fact, known, link, words
from tracker.web.desk.rows import authority_words, unbroken
from tracker.web.jinja import show_day, show_moment

#: The answers about an establishment, as labels, with the article.
LABELS = {
    "central": "Head office in the EEA",
    "decides": "Decides",
    "implements": "Has it carried out",
    "main_processing": "Main processing of a processor",
}
NO_EVIDENCE = "no evidence recorded"
#: Path of a thing that is said, and its label and words: what two statements are compared by.
Line = tuple[str, str]


def facts(said: Statement, subsidiaries: Sequence[tuple[int, str]] = ()) -> list[Fact]:
    """Return what is said of the legal entity, all that is known; the seat also where it is not."""
    controller = Markup('<a href="{}">{}</a>')
    parent: Any = said.parent_name
    if said.parent:
        parent = controller.format(url_for("desk.controller", key=said.parent), said.parent_name)
    below = [controller.format(url_for("desk.controller", key=key), name) for key, name in subsidiaries]
    return known(
        [
            ("Seat", country_name(said.country) if said.country else "not known"),
            ("Address", Markup("<br>").join(said.address.split("\n")) if said.address else None),
            ("Website", link(said.website)),
            ("Brands and services", "; ".join(said.brands) or None),
            ("Group", said.group),
            ("Parent", parent),
            ("Parent of", Markup("<br>").join(below) if below else None),
            ("Categories", ", ".join(said.categories) or None),
            (
                "Decided outside the EEA",
                None if said.decided_outside_eea is Answer.UNKNOWN else words(said.decided_outside_eea),
            ),
            (
                "Offers to people in the EEA",
                None if said.targets_eea is Answer.UNKNOWN else words(said.targets_eea),
            ),
            ("Note", said.note),
        ]
    )


def span(since: date | None, until: date | None) -> str:
    """Return when something was there: "since 1 May 2019", "1 May 2019 to 3 June 2020"."""
    if since and until:
        return f"{days.words(since)} to {days.words(until)}"
    if until:
        return f"until {days.words(until)}; first day not known"
    return f"since {days.words(since)}" if since else "first day not known"


def establishment(it: Place) -> dict[str, Any]:
    """Return an establishment for the page: each claim with its answer and its evidence."""
    return {
        "title": place_name(it.place),
        "span": span(it.since, it.until),
        "known": f"That it is there: {it.evidence.get('place') or NO_EVIDENCE} ({it.origin}).",
        "rows": [
            {
                "href": None,
                "cells": [
                    LABELS[name],
                    words(getattr(it, name)),
                    it.evidence.get(name) or NO_EVIDENCE,
                ],
            }
            for name in CLAIMS
        ],
    }


def representative(it: Representative) -> dict[str, Any]:
    """Return a representative for the page."""
    return {
        "title": f"{it.name}, {place_name(it.place)}" if it.name else place_name(it.place),
        "span": span(it.since, it.until),
        "evidence": f"Evidence: {it.evidence or 'none recorded'}.",
    }


def own_answers(cases: Iterable[OwnAnswer]) -> list[dict[str, Any]]:
    """Return the cases that say something of their own about the processing, each in one line."""
    told = []
    for it in cases:
        said = [f"decides in {place_name(place)}: {words(each)}" for place, each in it.about.decides.items()]
        if it.about.decided_outside_eea is not None:
            said.append(f"decided outside the EEA: {words(it.about.decided_outside_eea)}")
        if it.about.targets_eea is not None:
            said.append(f"offers to people in the EEA: {words(it.about.targets_eea)}")
        if said:
            told.append({"number": it.number, "said": "; ".join(said)})
    return told


def filing_row(it: Against) -> dict[str, Any]:
    """Return a filing against a controller as a row below the title of its case."""
    lead: Any = authority_words(it.lead) if it.lead else "no lead named"
    return {
        "href": url_for("desk.filing", number=it.filing.number),
        "cells": [
            unbroken(it.filing.number),
            authority_words(it.filing.authority_slug, it.filing.country),
            Markup("{}, presumed").format(lead) if it.presumed and it.lead else lead,
            unbroken(show_day(it.filing.lodged)),
        ],
    }


def lines(said: Statement) -> dict[Any, Line]:
    """Return everything that is said, each thing under a path of its own, with its label and in words."""
    found: dict[Any, Line] = {
        "name": ("Legal entity", said.name),
        "country": ("Seat", country_name(said.country) if said.country else "not known"),
        "website": ("Website", said.website or "not known"),
        "address": ("Address", ", ".join((said.address or "not known").split("\n"))),
        "group": ("Group", said.group or "not known"),
        "parent": ("Parent", said.parent_name or "not known"),
        "brands": ("Brands and services", "; ".join(said.brands) or "not known"),
        "categories": ("Categories", ", ".join(said.categories) or "not known"),
        "targets": ("Offers to people in the EEA", words(said.targets_eea)),
        "outside": ("Decided outside the EEA", words(said.decided_outside_eea)),
        "note": ("Note", said.note or "none"),
    }
    if not said.establishments:
        none = said.establishments_known is Answer.NO
        found["none"] = ("Establishments", "none in the EEA" if none else "not known")
    for it in said.establishments:
        found |= _lines_of_place(it)
    for each in said.representatives:
        told = [place_name(each.place), *([each.name] if each.name else []), span(each.since, each.until)]
        told += [f"evidence: {each.evidence}"] if each.evidence else []
        found["representative", each.key or each.said()] = ("Representative", ", ".join(told))
    return found


def _lines_of_place(it: Place) -> dict[Any, Line]:
    where, key = place_name(it.place), it.key or it.said()
    found: dict[Any, Line] = {
        ("place", key, "there"): (
            f"Establishment in {where}",
            ", ".join(
                [
                    span(it.since, it.until),
                    *([f"evidence: {it.evidence['place']}"] if it.evidence.get("place") else []),
                ]
            ),
        )
    }
    for name in CLAIMS:
        answer, evidence = getattr(it, name), it.evidence.get(name)
        if answer is not Answer.UNKNOWN or evidence:
            told = f"{words(answer)}, evidence: {evidence}" if evidence else words(answer)
            found["place", key, name] = (f"{where}: {LABELS[name].lower()}", told)
    return found


def compared(before: Statement, after: Statement) -> list[dict[str, Any]]:
    """Return both statements side by side, one row for each thing that is said in either."""
    left, right = lines(before), lines(after)
    rows = []
    for path in [*left, *(it for it in right if it not in left)]:
        label = (right.get(path) or left[path])[0]
        one = left[path][1] if path in left else _absent(path, left, new=True)
        other = right[path][1] if path in right else _absent(path, right, new=False)
        rows.append({"label": label, "left": one, "right": other, "changed": one != other})
    return rows


def _absent(path: Any, side: Mapping[Any, Line], *, new: bool) -> str:
    """Return what stands for what one side does not say: of a new place, or one that is there, not known."""
    answer = isinstance(path, tuple) and path[0] == "place" and path[2] != "there"
    return "not known" if answer and (new or ("place", path[1], "there") in side) else "not there"


def history_rows(revisions: Iterable[Revision], names: Mapping[str, str], key: int) -> list[dict[str, Any]]:
    """Return the changes of a controller, newest first: who, when, why, and each thing that is another."""
    rows = []
    for it in revisions:
        changes = [each for each in compared(it.before, it.said) if each["changed"]] if it.before else []
        rows.append(
            {
                "number": it.number,
                "moment": show_moment(it.at),
                "who": names.get(it.actor, it.actor),
                "why": it.why,
                "first": it.before is None,
                "changes": changes,
                "href": url_for("desk.controller", key=key, revision=it.number),
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class Likely:
    """A controller of the register that is likely the one described, and by what, with its page."""

    text: str
    href: str
    use: None = None


def likely(said: Statement, key: int | None = None) -> list[Likely]:
    """Return the controllers of the register that are likely the same as what is said."""
    return [
        Likely(
            f"{it.name} ({country_name(it.country) if it.country else 'seat not known'}): "
            f"same {' and '.join(grounds)}",
            url_for("desk.controller", key=it.id),
        )
        for it, grounds in likely_the_same(said, key=key)
    ]
