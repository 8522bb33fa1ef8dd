"""The directory searched and sorted: the same way at the desk and in public."""

from collections.abc import Iterable
from typing import TypeVar

from tracker.models import Authority, PublishedAuthority
from tracker.reference.names import country_name
from tracker.services.controllers import fold

Row = TypeVar("Row", Authority, PublishedAuthority)


def search(rows: Iterable[Row], text: str) -> list[Row]:
    """Return those authorities of which every word of the text is told, by country and name.

    Words are looked for in names, places and addresses, in any order, without case and accents.
    """
    wanted = fold(text).split()
    found = [it for it in rows if not wanted or all(word in _told(it) for word in wanted)]
    return sorted(found, key=lambda it: (country_name(it.country), it.scope == "land", it.region, it.name_en))


def _told(it: Authority | PublishedAuthority) -> str:
    told = (it.slug, it.name, it.name_en, it.abbr, it.region, country_name(it.country), it.website, it.email)
    return fold(" ".join(told))
