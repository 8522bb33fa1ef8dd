"""The register of controllers at the desk: searched, and one controller with everything known of it."""

from itertools import groupby
from typing import Any

from flask import render_template, request, url_for

from tracker.errors import NotFound, RuleBroken
from tracker.reference.names import country_name
from tracker.rules.days import Day
from tracker.rules.vocabulary import Answer, Precision
from tracker.services import controllers_amending as amending
from tracker.services import controllers_finding as service
from tracker.services import controllers_history as history
from tracker.services.accounts import names_of
from tracker.services.controllers_statement import Statement
from tracker.web.desk import register_words, views
from tracker.web.desk.cases import small_number
from tracker.web.guard import act

PAGE = 50
#: How many filings stand on one page of a controller, and how many changes in its history.
FILINGS, CHANGES, ALL_CHANGES = 100, 20, 500
ONLY = (("", "any"), ("cases", "a case against it"), ("establishments", "an establishment is known"))


@views.get("/controllers")
@act("controller.read")
def controllers() -> str:
    """List the controllers of the register; the search stands in the address."""
    shown = {it: request.args.get(it, "")[:200].replace("\x00", "") for it in ("text", "country", "only")}
    if shown["only"] not in {value for value, _ in ONLY}:
        shown["only"] = ""
    page = small_number("page") or 1
    found, total = service.find_controllers(**shown, page=page, size=PAGE)
    pages = max(1, -(-total // PAGE))

    def place(number: int) -> str | None:
        if not 1 <= number <= pages:
            return None
        return url_for("desk.controllers", **{k: v for k, v in shown.items() if v}, page=number)

    countries = sorted(((it, country_name(it)) for it in service.seats()), key=lambda pair: pair[1])
    words = "1 controller" if total == 1 else f"{total:,} controllers"
    return render_template(
        "desk/register.html",
        rows=[_row(it) for it in found],
        fields=[
            {
                "name": "text",
                "label": "Name, brand, website, group",
                "kind": "search",
                "value": shown["text"],
            },
            {
                "name": "country",
                "label": "Seat",
                "kind": "select",
                "value": shown["country"],
                "choices": [("", "any"), *countries],
            },
            {"name": "only", "label": "With", "kind": "select", "value": shown["only"], "choices": ONLY},
        ],
        narrowed=[name for name, value in shown.items() if value],
        previous=place(min(page, pages + 1) - 1),
        next=place(page + 1),
        total_words=f"{words}, page {page} of {pages}" if pages > 1 else words,
    )


def _row(it: service.Listed) -> dict[str, Any]:
    brands = ", ".join(it.brands[:3]) + (f" and {len(it.brands) - 3} more" if len(it.brands) > 3 else "")
    return {
        "href": url_for("desk.controller", key=it.id),
        "cells": [
            it.name,
            country_name(it.country) if it.country else "not known",
            brands or "not known",
            ", ".join(country_name(place.partition("-")[0]) for place in it.places) or "not known",
            it.cases or "none",
        ],
    }


@views.get("/controllers/<small:key>")
@act("controller.read")
def controller(key: int) -> Any:
    """Show a controller: facts, establishments with evidence, cases and filings, history.

    ?as_of=2021-03-01 shows who was there on that day, ?revision=3 what the register said after change 3.
    """
    found = amending.get_register(key)
    said: Statement = amending.said_of(found)
    asked, day, fault = _asked_day()
    number = small_number("revision")
    then = None
    if number:
        then = history.said_at(key, number)
        said = Statement.from_json(then.said)
    elif request.args.get("revision"):
        raise NotFound("There is no such change.")
    everything = request.args.get("history") == "all"
    limit = ALL_CHANGES if everything else CHANGES
    changes = history.history_of(key, limit=limit + 1)
    page = small_number("page") or 1
    filings, total = service.filings_against(key, page=page, size=FILINGS)
    cases = service.cases_against(key)
    names = names_of([it.actor for it in changes] + ([then.actor] if then else []))
    there = said.as_of(day) if day else said
    return render_template(
        "desk/register_controller.html",
        key=key,
        said=there,
        all_places=len(said.establishments),
        none_known=said.establishments_known is Answer.NO,
        facts=register_words.facts(said, service.subsidiaries(key)),
        places=[register_words.establishment(it) for it in there.establishments],
        representatives=[register_words.representative(it) for it in there.representatives],
        day=day,
        asked=asked,
        fault=fault,
        then=then,
        then_who=names.get(then.actor, then.actor) if then else None,
        source=_source(found),
        likely=[] if then else register_words.likely(said, key),
        files=service.slugs_of(key),
        own=register_words.own_answers(cases),
        cases=cases,
        filings=[
            (case, [register_words.filing_row(it) for it in of_case])
            for case, of_case in groupby(filings, lambda it: it.filing.case)
        ],
        total=total,
        pages=_pages(key, page, total),
        changes=register_words.history_rows(changes[:limit], names, key),
        older=len(changes) > limit,
    ), (422 if fault else 200)


def _pages(key: int, page: int, total: int) -> dict[str, Any]:
    last = max(1, -(-total // FILINGS))

    def place(number: int) -> str | None:
        return url_for("desk.controller", key=key, page=number) if 1 <= number <= last else None

    return {
        "previous": place(min(page, last + 1) - 1),
        "next": place(page + 1),
        "words": f"Page {page} of {last}",
    }


def _asked_day() -> tuple[str, Any, str | None]:
    """Return the day that was asked for as it was typed, as a day, and what is wrong with it."""
    asked = request.args.get("as_of", "")[:40].replace("\x00", "").strip()
    if not asked:
        return "", None, None
    try:
        day = Day.parse(asked)
    except RuleBroken as refusal:
        return asked, None, str(refusal)
    if day.precision is not Precision.DAY:
        return asked, None, "Give the full day: 2024-06-06."
    return asked, day.value, None


def _source(found: Any) -> str | None:
    """Return what the source of an imported case says of the legal entity, where one says anything."""
    said = []
    if found.main_establishment_said:
        said.append(f"main establishment in {country_name(found.main_establishment_said)}")
    if found.verified is not None:
        said.append("identity checked against the source" if found.verified else "identity not checked")
    return "; ".join(said) or None
