"""How the public site is found: the map of its pages, what robots may read, whom to tell of a weakness."""

from collections.abc import Sequence
from datetime import timedelta
from xml.etree import ElementTree as Tree

from flask import Response, current_app

from tracker import clock
from tracker.errors import NotFound
from tracker.services import public_site_pages as site
from tracker.web import languages
from tracker.web.public import site_link, views
from tracker.web.public_forms import identity

#: Pages in one file; each stands there in every language.
MOST = 5_000
#: Files that an index may name.
PARTS = 50_000
MAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
#: Pages that are always there.
ALWAYS = ("start", "cases", "authorities", "controllers", "projects", "route", "about", "data_page")
#: For so long the word of the site about weaknesses holds.
HOLDS = timedelta(days=180)


@views.get("/sitemap.xml")
def sitemap() -> Response:
    """Give the addresses of all pages, or of the files that have them where they are too many for one."""
    total = site.count()
    if total <= MOST:
        return _urls([*_always(), *_of(site.pages(limit=MOST))])
    Tree.register_namespace("", MAP)
    root = Tree.Element(f"{{{MAP}}}sitemapindex")
    for part in range(1, -(-total // MOST) + 1):
        one = Tree.SubElement(root, f"{{{MAP}}}sitemap")
        Tree.SubElement(one, f"{{{MAP}}}loc").text = identity("sitemap_part", part=part)
    return _xml(root)


@views.get("/sitemap-<small:part>.xml")
def sitemap_part(part: int) -> Response:
    """Give the addresses of some of the pages. Raises NotFound for a part that does not exist."""
    found = site.pages(limit=MOST, offset=(part - 1) * MOST) if 0 < part <= PARTS else ()
    if not found:
        raise NotFound("There is no such page.")
    return _urls([*(_always() if part == 1 else ()), *_of(found)])


@views.get("/robots.txt")
def robots() -> Response:
    """Say what programs may read: all of it, but for answers to what somebody typed."""
    lines = ("User-agent: *", "Disallow: /*?", f"Sitemap: {identity('sitemap')}")
    return Response("\n".join((*lines, "")), mimetype="text/plain")


@views.get("/.well-known/security.txt")
def security() -> Response:
    """Say whom to tell of a weakness (RFC 9116). Raises NotFound where nobody was named."""
    contact = current_app.config["TRACKER"].security_contact
    if not contact:
        raise NotFound("There is no such page.")
    expires = clock.today() + HOLDS
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        "Preferred-Languages: en",
        f"Canonical: {identity('security')}",
    )
    return Response("\n".join((*lines, "")), mimetype="text/plain")


def _always() -> list[tuple[str, str]]:
    return [(site_link(it), "") for it in ALWAYS]


def _of(pages: Sequence[site.Page]) -> list[tuple[str, str]]:
    """Return the paths of pages; what is before the key in them is asked for once for each kind."""
    names = {it: "number" if it in ("case", "filing") else "slug" for it in site.KINDS}
    before = {it: site_link(it, **{name: "x"}).removesuffix("x") for it, name in names.items()}
    return [
        (f"{before[it.kind]}{it.key}", it.changed_at.date().isoformat() if it.changed_at else "")
        for it in pages
    ]


def _urls(paths: list[tuple[str, str]]) -> Response:
    """Return a map of paths, each with the day of its last change: every language with all of them."""
    Tree.register_namespace("", MAP)
    Tree.register_namespace("xhtml", XHTML)
    root = Tree.Element(f"{{{MAP}}}urlset")
    for path, changed in paths:
        there = {code: languages.whole(path, code) for code in languages.LANGUAGES}
        for address in there.values():
            url = Tree.SubElement(root, f"{{{MAP}}}url")
            Tree.SubElement(url, f"{{{MAP}}}loc").text = address
            if changed:
                Tree.SubElement(url, f"{{{MAP}}}lastmod").text = changed
            for code, elsewhere in there.items():
                said = {"rel": "alternate", "hreflang": code, "href": elsewhere}
                Tree.SubElement(url, f"{{{XHTML}}}link", said)
    return _xml(root)


def _xml(root: Tree.Element) -> Response:
    return Response(Tree.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="application/xml")
