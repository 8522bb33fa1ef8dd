"""Exhibits at the desk as rows of a table, and the custody record of one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup

from tracker.rules.sizes import size_words
from tracker.services.evidence import type_words
from tracker.services.evidence_names import display_name
from tracker.web.desk.case_page import Fact, known, link
from tracker.web.jinja import show_day, show_moment


def exhibit_rows(
    exhibits: Iterable[Any], number: str, filings: Mapping[int, str], entries: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return exhibits of a case as rows. `filings` are its numbers by key, `entries` its whole protocol."""
    numbers = {it.id: it.number for it in entries}
    rows = []
    for it in exhibits:
        name, file = it.title or "", display_name(it.original_name)
        rows.append(
            {
                "number": f"Ex. {it.exhibit}",
                "href": url_for("desk.exhibit", number=number, exhibit=it.exhibit),
                "name": name or file,
                "file": file if name not in ("", file) else None,
                "kind": "Source note" if it.source_note else type_words(it),
                "size": size_words(it.stored.bytes),
                "sha256": it.sha256,
                "of": belongs(number, filings.get(it.filing_id), numbers.get(it.update_id)),
                "source": link(it.source),
                "obtained": it.obtained_on,
                "how": it.obtained_how,
            }
        )
    return rows


def belongs(number: str, filing: str | None, entry: int | None) -> Any:
    """Return to which filing and to which entry of the protocol an exhibit belongs, as links."""
    parts = []
    if filing:
        parts.append(Markup('<a href="{}">{}</a>').format(url_for("desk.filing", number=filing), filing))
    if entry:
        address = url_for("desk.case", number=number, _anchor=f"entry-{entry}")
        parts.append(Markup('<a href="{}">entry {}</a>').format(address, entry))
    return Markup(", ").join(parts) if parts else "the case as a whole"


def custody(
    exhibit: Any, names: Mapping[str, str], *, number: str, filing: str | None, entry: int | None
) -> list[Fact]:
    """Return the custody record of an exhibit."""
    size, words = exhibit.stored.bytes, size_words(exhibit.stored.bytes)
    kind = Markup('{} <span class="quiet">{}</span>').format(type_words(exhibit), exhibit.stored.media_type)
    return known(
        [
            ("Belongs to", belongs(number, filing, entry)),
            ("Original name", display_name(exhibit.original_name)),
            ("SHA-256", Markup("<code>{}</code>").format(exhibit.sha256)),
            ("Size", words if size < 1000 else f"{words} ({size:,} bytes)"),
            ("Type by content", kind),
            ("Source", link(exhibit.source)),
            ("Obtained on", show_day(exhibit.obtained_on) if exhibit.obtained_on else None),
            ("How", exhibit.obtained_how),
            ("By", exhibit.obtained_by),
            ("Kept", f"{show_moment(exhibit.kept_at)} by {names.get(exhibit.kept_by, exhibit.kept_by)}"),
        ]
    )
