"""What a public page tells programs about itself: address, line for previews, schema.org (JSON-LD)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from tracker.services import public_site as site
from tracker.services.public_site_data import Version
from tracker.web import languages
from tracker.web.public import site_link
from tracker.web.public_forms import FORMS, permanent

#: How previews name the languages of the site.
LOCALES: Mapping[str, str] = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR"}
#: Signs of a line for previews.
LONGEST = 300
SCHEMA = "https://schema.org"

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in the head of a page. `linked` are objects of schema.org."""

    title: str
    description: str
    address: str
    kind: str = "website"
    linked: Sequence[Values] = ()
    locale: str = field(default_factory=lambda: LOCALES[languages.language()])

    @property
    def other_locales(self) -> list[str]:
        """Return the languages in which the page is there too."""
        return [it for it in LOCALES.values() if it != self.locale]


def head_of(endpoint: str, title: str, description: str, **values: Any) -> Head:
    """Return the head of a list or another page that is about nothing single."""
    return Head(title, shortened(description), permanent(endpoint, **values))


def case_head(page: site.CasePage) -> Head:
    """Return the head of the page of a case: where it stands is the line for previews."""
    it, status = page.case, page.status
    address = permanent("case", number=it.number)
    said = [words for words in (status.state.words, status.leading, *status.sentences) if words]
    title = f"{it.number} {it.title.words}"
    description = shortened(" ".join(languages.said(words) for words in said))
    about: list[Values] = [{"@type": "Organization", "name": party.name} for party in page.case.parties]
    linked: Values = {
        **_page(title, description, address),
        "about": about,
        "author": {"@type": "Organization", "name": it.ngo},
    }
    if it.published_at:
        linked["datePublished"] = it.published_at.date().isoformat()
    if it.cleared_at:
        linked["dateModified"] = it.cleared_at.date().isoformat()
    trail = _trail((_("Cases"), permanent("cases")), (title, address))
    return Head(title, description, address, "article", (linked, trail))


def filing_head(page: site.FilingPage) -> Head:
    """Return the head of the page of a filing."""
    number = page.filing.number
    address, of_case = permanent("filing", number=number), permanent("case", number=page.case.number)
    title = f"{number} {page.case.title.words}"
    description = shortened(languages.said(page.sentence))
    linked = {**_page(title, description, address), "isPartOf": {"@type": "WebPage", "@id": of_case}}
    trail = _trail((_("Cases"), permanent("cases")), (page.case.number, of_case), (number, address))
    return Head(title, description, address, "article", (linked, trail))


def group_head(kind: str, name: str, slug: str, title: str, description: str) -> Head:
    """Return the head of the page of an authority, a controller or a project; `name` is that of its list."""
    address = permanent(kind, slug=slug)
    linked = _page(title, description, address)
    if kind != "project":
        linked["about"] = {"@type": "GovernmentOrganization" if kind == "authority" else "Organization"}
        linked["about"]["name"] = title
    lists = {"authority": "authorities", "controller": "controllers", "project": "projects"}
    trail = _trail((name, permanent(lists[kind])), (title, address))
    return Head(title, shortened(description), address, linked=(linked, trail))


def data_set_head(version: Version, names: Sequence[str], licence: str) -> Head:
    """Return the head of the page about the data: a Dataset with its files."""
    title = _("Data of this site")
    description = _("Every public case with its filings, protocol, decisions and periods, as JSON and CSV.")
    address = permanent("data_page")
    start = site_link("start").rstrip("/")
    files = [("JSON", "cases.json", "application/json"), ("NDJSON", "cases.ndjson", "application/x-ndjson")]
    files += [(it, f"{it}.csv", FORMS["csv"][1]) for it in names]
    linked: Values = {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": address,
        "name": title,
        "description": description,
        "url": address,
        "license": licence,
        "version": version.words,
        "isAccessibleForFree": True,
        "inLanguage": languages.language(),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": kind,
                "contentUrl": languages.whole(f"{start}/data/{file}"),
            }
            for name, file, kind in files
        ],
    }
    if version.day:
        linked["dateModified"] = version.day.isoformat()
    return Head(title, description, address, linked=(linked,))


def shortened(words: str) -> str:
    """Return a line for previews: whole words, no longer than programs show."""
    words = " ".join(words.split())
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _page(title: str, description: str, address: str) -> Values:
    return {
        "@context": SCHEMA,
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": title,
        "description": description,
        "inLanguage": languages.language(),
    }


def _trail(*steps: tuple[str, str]) -> Values:
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }
