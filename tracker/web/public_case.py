"""The public pages of a case and of a filing."""

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from tracker.errors import NotFound
from tracker.rules import numbers
from tracker.services import public_site as site
from tracker.web import languages, public_heads, public_pictures
from tracker.web.public import asked, canonical, site_link, views
from tracker.web.public_forms import forms


@views.get("/cases/<number>")
def case(number: str) -> str | AnyResponse:
    """Show a case: where it stands, what is due, its filings, its protocol."""
    known = canonical(numbers.read_case, number)
    if known != number:
        return redirect(site_link("case", number=known, **request.args), 301)
    page = site.case_page(number, language=languages.language(), wanted=_wanted())
    return languages.page(
        "public/case.html",
        page=page,
        head=public_heads.case_head(page),
        forms=forms(site_link("case", number=number), "atom", "feed", "ics", "json", "csv", "ris", "bib"),
        map_of=public_pictures.map_of,
        bars_of=public_pictures.bars_of,
        here="cases",
    )


@views.get("/filings/<number>")
def filing(number: str) -> str | AnyResponse:
    """Show a filing: where it lies, what it is owed, who leads and why, its protocol."""
    known = canonical(numbers.read_filing, number)
    if known != number:
        return redirect(site_link("filing", number=known), 301)
    page = site.filing_page(number, language=languages.language())
    return languages.page(
        "public/filing.html",
        page=page,
        head=public_heads.filing_head(page),
        # Its days stand in the calendar of its case.
        forms=(
            *forms(site_link("filing", number=number), "atom", "feed"),
            *forms(site_link("case", number=page.case.number), "ics"),
            *forms(site_link("filing", number=number), "json", "csv", "ris", "bib"),
        ),
        here="cases",
    )


def _wanted() -> site.Wanted:
    """Return what of the protocol the address asks for. Raises NotFound for what cannot be asked."""
    actor = asked("by")
    if actor and actor not in site.ACTORS:
        raise NotFound("There is no such page.")
    return site.Wanted(filing=asked("of"), actor=actor)
