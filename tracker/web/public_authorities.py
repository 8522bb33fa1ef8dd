"""The public pages of authorities: the directory, and one of them with its filings and its record."""

import re

from tracker.reference.ways import ways
from tracker.rules.days import length
from tracker.rules.measures import FEWEST
from tracker.services import public_site as site
from tracker.services import public_site_figures
from tracker.web import languages
from tracker.web.public import asked, page_asked, views
from tracker.web.public_lists import slug_asked, there

#: How the packaged directory names the file of another one from which a row comes.
DIRECTORY = re.compile(r"^datenanfragen/data (\(.*\)), \S+$")


@views.get("/authorities")
def authorities() -> str:
    """Browse and search the directory."""
    wanted, country = asked("text"), asked("country")
    everywhere = site.authorities()
    countries = sorted({it.authority.country for it in everywhere}, key=languages.country)
    return languages.page(
        "public/authorities.html",
        here="authorities",
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
    return languages.page(
        "public/authority.html",
        page=page,
        record=public_site_figures.record_of(slug),
        length=length,
        fewest=FEWEST,
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
