"""A feed as Atom (RFC 4287, with RFC 6721 for what is gone) and as JSON Feed 1.1: values in, text out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as Tree

from tracker.rules.text import legible

ATOM, GONE = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: When a feed changed that has nothing in it.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that became public: `id` never changes, `link` is where it is read, `source` who says so."""

    id: str
    link: str
    title: str
    text: str
    language: str
    public_at: datetime
    author: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A case or an entry that is not public any more: its number, in its address, and since when."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A feed: `id` is the same in all of its forms and languages, `home` is the page, `here` this form."""

    id: str
    title: str
    author: str
    language: str
    home: str
    here: str
    updated_at: datetime | None
    items: Sequence[Item]
    gone: Sequence[Gone]
    withdrawn: str


def as_atom(feed: Written) -> bytes:
    """Return the feed as Atom; what is gone stands in it as at:deleted-entry."""
    Tree.register_namespace("", ATOM)
    Tree.register_namespace("at", GONE)
    root = Tree.Element(_a("feed"), {LANG: feed.language})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _at(feed.updated_at or NEVER))
    _text(Tree.SubElement(root, _a("author")), "name", feed.author)
    _link(root, "self", "application/atom+xml", feed.here)
    _link(root, "alternate", "text/html", feed.home)
    for it in feed.items:
        entry = Tree.SubElement(root, _a("entry"))
        _text(entry, "id", it.id)
        _text(entry, "title", it.title)
        _text(entry, "updated", _at(it.public_at))
        _text(entry, "published", _at(it.public_at))
        _text(Tree.SubElement(entry, _a("author")), "name", it.author)
        _link(entry, "alternate", "text/html", it.link)
        if it.source:
            _link(entry, "via", None, it.source)
        content = _text(entry, "content", it.text)
        content.set("type", "text")
        content.set(LANG, it.language)
    for gone in feed.gone:
        Tree.SubElement(root, f"{{{GONE}}}deleted-entry", {"ref": gone.id, "when": _at(gone.at)})
    told: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return told


def as_json_feed(feed: Written) -> str:
    """Return the feed as JSON Feed; what is gone is an item that says so and nothing else."""
    items: list[dict[str, Any]] = [
        {
            "id": it.id,
            "url": it.link,
            **({"external_url": it.source} if it.source else {}),
            "title": it.title,
            "content_text": it.text,
            "date_published": _at(it.public_at),
            "date_modified": _at(it.public_at),
            "authors": [{"name": it.author}],
            "language": it.language,
        }
        for it in feed.items
    ]
    items += [
        # Some text has to be there by the form of these feeds: it is one word, the same for all.
        {
            "id": it.id,
            "content_text": feed.withdrawn,
            "date_modified": _at(it.at),
            "_tracker": {"withdrawn": True},
        }
        for it in feed.gone
    ]
    values = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.here,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": items,
    }
    return json.dumps(values, ensure_ascii=False)


def _a(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: Tree.Element, name: str, words: str) -> Tree.Element:
    element = Tree.SubElement(parent, _a(name))
    element.text = legible(words.replace("\r\n", "\n").replace("\r", "\n"))
    return element


def _link(parent: Tree.Element, relation: str, kind: str | None, address: str) -> None:
    said = {"rel": relation, **({"type": kind} if kind else {}), "href": legible(address)}
    Tree.SubElement(parent, _a("link"), said)


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
