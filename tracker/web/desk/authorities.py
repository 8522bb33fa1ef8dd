"""The directory at the desk."""

from itertools import groupby
from typing import Any

from flask import g, render_template, request, url_for
from markupsafe import Markup

from tracker.reference import tables
from tracker.reference.names import country_name, language_name
from tracker.reference.ways import ways
from tracker.rules.access import may
from tracker.services import authorities as service
from tracker.web.desk import views
from tracker.web.desk.cases import small_number
from tracker.web.desk.rows import authority_cell, authority_words, unbroken
from tracker.web.guard import act
from tracker.web.jinja import show_day

#: What kind of authority the directory has, in words.
SCOPES = {
    **dict.fromkeys(("national", "national-eea"), "National authority"),
    "land": "State authority",
    "federal": "Federal authority",
    "regional": "Regional authority",
    "church": "Church authority",
    "broadcasting": "Broadcasting authority",
    "third-country": "Authority outside the EEA",
    "eu-institutions": "Authority for the EU institutions",
    "board": "Board of the authorities",
}
#: How many filings stand on one page of an authority.
PAGE = 100


@views.get("/authorities")
@act("authority.read")
def authorities() -> str:
    """Browse and search the directory."""
    text = request.args.get("text", "")[:200].replace("\x00", "")
    country = request.args.get("country", "")[:2]
    everywhere = service.find_authorities()
    found = service.find_authorities(text, country=country) if text or country else everywhere
    countries = sorted({it.country for it in everywhere}, key=country_name)
    counts = service.counts() if may(g.actor, "case.read") else None
    return render_template(
        "desk/authorities.html",
        rows=[
            {
                **authority_cell(it.slug),
                "name": it.name_en or it.name,
                "languages": ", ".join(language_name(code) for code in it.languages.split(";") if code),
                **(
                    {"lodged": counts.lodged.get(it.slug, 0), "lead": counts.lead.get(it.slug, 0)}
                    if counts
                    else {}
                ),
            }
            for it in found
        ],
        total=len(everywhere),
        narrowed=bool(text or country),
        fields=[
            {"name": "text", "label": "Name, place, web address", "kind": "search", "value": text},
            {
                "name": "country",
                "label": "Country",
                "kind": "select",
                "value": country,
                "choices": [("", "any"), *((code, country_name(code)) for code in countries)],
            },
        ],
    )


@views.get("/authorities/<slug>")
@act("authority.read")
def authority(slug: str) -> str:
    """Show an authority: contacts, languages, forms; and its filings to who may read cases."""
    found = service.get_authority(slug[:80].replace("\x00", ""))
    page = small_number("page") or 1
    reads = may(g.actor, "case.read")
    involved, total = service.filings_of(found.slug, page=page, size=PAGE) if reads else ([], 0)
    pages = max(1, -(-total // PAGE))

    def place(number: int) -> str | None:
        return url_for("desk.authority", slug=found.slug, page=number) if 1 <= number <= pages else None

    return render_template(
        "desk/authority.html",
        authority=found,
        contacts=_contacts(found),
        ways=ways(found),
        reads=reads,
        total=total,
        previous=place(min(page, pages + 1) - 1),
        next=place(page + 1),
        page_words=f"Page {page} of {pages}",
        cases=[(case, [_filing_row(it) for it in of_case]) for case, of_case in groupby(involved, _case_of)],
    )


def _case_of(it: service.Involved) -> Any:
    return it.filing.case


def _filing_row(it: service.Involved) -> dict[str, Any]:
    """Return a filing as a row below the title of its case."""
    filing = it.filing
    return {
        "href": url_for("desk.filing", number=filing.number),
        "cells": [
            unbroken(filing.number),
            authority_words(filing.authority_slug, filing.country),
            ", ".join(it.roles),
            tables.procedure().stages[filing.stage].plain,
            unbroken(show_day(filing.lodged)),
        ],
    }


def _contacts(it: Any) -> list[tuple[str, Any]]:
    """Return how to reach an authority, as far as known."""
    link = Markup('<a href="{}" rel="noreferrer">{}</a>')
    return [
        (words, value)
        for words, value in (
            ("Kind", f"{SCOPES[it.scope]}{', ' + it.region if it.region else ''}"),
            ("Website", link.format(it.website, it.website) if it.website else None),
            ("E-mail", Markup('<a href="mailto:{}">{}</a>').format(it.email, it.email) if it.email else None),
            ("Telephone", it.phone),
            ("Address", it.address),
            ("Languages", ", ".join(language_name(code) for code in it.languages.split(";") if code)),
            ("Note", it.notes),
            ("Source", it.source),
            ("Compared with", it.cross_check),
        )
        if value
    ]
