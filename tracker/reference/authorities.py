"""The packaged directory of data protection authorities: who supervises where, and how they are named."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from tracker.reference.authorities_file import FILE as FILE
from tracker.reference.authorities_file import ONE_PER_STATE as ONE_PER_STATE
from tracker.reference.authorities_file import REGIONAL, place_supervised, read
from tracker.reference.authorities_file import SLUG as SLUG
from tracker.reference.authorities_file import AuthorityFacts as AuthorityFacts
from tracker.reference.eprivacy import terminal_authorities
from tracker.reference.names import adjective, country_name, spoken_place
from tracker.reference.tables import rows
from tracker.rules.routing import Directory
from tracker.rules.standing import UNKNOWN_AUTHORITY


@cache
def authorities() -> Mapping[str, AuthorityFacts]:
    """Return the packaged directory by slug."""
    return read()


@cache
def directory() -> Directory:
    """Return which authority supervises whom in which place."""
    by_place: dict[str, str] = {}
    public: dict[str, str] = {}
    federal: dict[str, str] = {}
    place_of: dict[str, str] = {}
    union: str | None = None
    for it in authorities().values():
        place_of[it.slug] = it.region_code or it.country
        if place := place_supervised(it.slug, it.scope, it.country, it.region_code):
            by_place[place] = it.slug
            # One authority for both, unless another of the file has the public bodies of the region.
            if it.scope in REGIONAL:
                public.setdefault(place, it.slug)
        elif it.scope in REGIONAL:
            public[it.region_code] = it.slug
        elif it.scope == "federal":
            federal[it.country] = it.slug
        elif it.scope == "eu-institutions":
            union = it.slug
    return Directory(
        by_place=by_place,
        place_of=place_of,
        public_by_place=public,
        federal=federal,
        union=union,
        region_of={row["place"]: row["region"] for row in rows("regions.csv", ("place", "region"))},
        terminal=terminal_authorities(),
    )


#: Scopes of authorities that can lead: general supervision in a state or region, not churches or a board.
THAT_LEAD = frozenset({"national", "national-eea", "federal", "land", "regional"})


def can_lead(slug: str, on: date) -> bool:
    """Return whether an authority could lead a complaint on that day."""
    it = authorities().get(slug)
    return it is not None and it.scope in THAT_LEAD and directory().takes_part(slug, on)


@lru_cache(maxsize=1024)
def short_name(abbr: str, name: str, country: str) -> str:
    """Return the short name without its country ("Datatilsynet (DK)" -> "Datatilsynet")."""
    short = abbr or name
    for suffix in (f" ({country})", f" ({country_name(country)})"):
        short = short.removesuffix(suffix)
    return short


def label(slug: str | None, country: str | None = None) -> str:
    """Return "DPC · Ireland", or "not known · France" for an authority of which only the country is known.

    This is how an authority is named wherever it does not stand in a sentence; there it is spoken().
    """
    if slug is None:
        return f"not known · {country_name(country)}" if country else "not known"
    it = authorities().get(slug)
    return f"{short_name(it.abbr, it.name, it.country)} · {country_name(it.country)}" if it else slug


def in_words(slug: str | None, country: str | None = None) -> str:
    """Return an authority as a sentence needs it, also one that is not known or not in the directory."""
    if slug is None:
        return f"an authority in {spoken_place(country)} that is not known" if country else UNKNOWN_AUTHORITY
    return spoken(slug) or slug


def opening(slug: str | None, country: str | None = None) -> str:
    """Return in_words() as a sentence begins with it: "The Irish DPC"."""
    words = in_words(slug, country)
    return words if words == slug else f"{words[:1].upper()}{words[1:]}"


@cache
def _written() -> dict[str, str]:
    """Return folded writing -> slug: the label, the spoken form, and the label of earlier versions."""
    found: dict[str, str] = {}
    for it in authorities().values():
        former = f"{short_name(it.abbr, it.name, it.country)} ({country_name(it.country)})"
        said = in_words(it.slug)
        for words in (it.slug, label(it.slug), former, said, said.removeprefix("the ")):
            found[_folded(words)] = it.slug
    return found


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def slug_of(words: str) -> str | None:
    """Return the authority that somebody wrote as a label or a sentence has it; None for anybody else."""
    return _written().get(_folded(words))


@lru_cache(maxsize=1024)
def spoken(slug: str | None) -> str | None:
    """Return "the Irish DPC", as a sentence needs it; None where the authority is not known."""
    it = authorities().get(slug) if slug else None
    if it is None:
        return None
    # The bodies of the Union bear it in their name: "the EDPB", not "the European EDPB".
    whose = "" if it.country == "EU" else f"{adjective(it.country)} "
    return f"the {whose}{short_name(it.abbr, it.name, it.country)}"
