"""The public pages of authorities: the directory, and one of them with its filings and its record."""

import re

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.reference.ways import ways
from tracker.rules.days import length
from tracker.rules.measures import FEWEST
from tracker.services import public_site as site
from tracker.services import public_site_figures
from tracker.web import languages
from tracker.web.public import asked, page_asked, site_link, views
from tracker.web.public_forms import forms, query_of
from tracker.web.public_heads import group_head, head_of
from tracker.web.public_lists import slug_asked, there

#: How the packaged directory names the file of another one from which a row comes.
DIRECTORY = re.compile(r"^datenanfragen/data (\(.*\)), \S+$")


@views.get("/authorities")
def authorities() -> str:
    """Browse and search the directory."""
    wanted, country = asked("text"), asked("country")
    everywhere = site.authorities()
    countries = sorted({it.authority.country for it in everywhere}, key=languages.country)
    about = _("The data protection authorities of Europe and the public filings that lie with each of them.")
    asked_for = site.Filters(text=wanted, country=country)
    return languages.page(
        "public/authorities.html",
        here="authorities",
        head=head_of("authorities", _("Authorities"), about, text=wanted, country=country),
        forms=forms(site_link("authorities"), "atom", "feed", "json", "csv", query=query_of(asked_for)),
        rows=site.authorities(wanted, country=country) if wanted or country else everywhere,
        total=len(everywhere),
        text=wanted,
        country=country,
        countries=countries,
    )


@views.get("/authorities/<slug>")
def authority(slug: str) -> str:
    """Show an authority, what it owes, and the filings in which it has a role."""
    number = page_asked()
    page = site.authority_page(
        slug_asked(slug), role=asked("role"), language=languages.language(), page=number
    )
    there(number, page.pages)
    it = page.row.authority
    place = languages.country(it.country)
    named = f"{page.row.named.short} · {place}"
    counted = ngettext(
        "Has a role in %(num)s public filing.", "Has a role in %(num)s public filings.", page.all
    )
    return languages.page(
        "public/authority.html",
        page=page,
        record=public_site_figures.record_of(slug),
        length=length,
        fewest=FEWEST,
        head=group_head("authority", _("Authorities"), slug, named, languages.joined(it.name, counted)),
        forms=forms(site_link("authority", slug=slug), "atom", "feed", "ics", "json", "csv"),
        ways=ways(page.row.authority),
        sources=sources_of(page.row.authority.source),
        here="authorities",
    )


def sources_of(text: str) -> list[tuple[str, str | None]]:
    """Return the sources of a row of the directory by name, each with its address where it has one."""
    found: list[tuple[str, str | None]] = []
    for it in text.split("; "):
        if it.startswith(("http://", "https://")):
            found.append((it.split("/")[2].removeprefix("www."), it))
        else:
            found.append((DIRECTORY.sub(r"the open directory of datenanfragen.de \1", it), None))
    return found
