"""The public site: what was cleared, for everybody, without session, cookie or script."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request, url_for

from tracker.config import LICENCES, Settings, sqlite_file
from tracker.errors import NotFound, RuleBroken, Withdrawn
from tracker.reference import tables
from tracker.rules import text
from tracker.rules.days import EARLIEST, LATEST
from tracker.rules.standing import NOT_KNOWN, OUTCOME_WORDS, outcome_words
from tracker.rules.vocabulary import Outcome
from tracker.services import public_site as site
from tracker.web import languages, pages_kept

views = Blueprint("public", __name__)

#: Longest text in a filter, and most words that are looked for.
LONGEST, MOST_WORDS = 200, 12
MOST_DIGITS = 6
#: A value in the rule of a page that takes any word, and what stands in a path as it is.
VALUE = re.compile(r"<([a-z_]+)>")
PLAIN = re.compile(r"[A-Za-z0-9-]*")
SLUG = re.compile(r"[a-z0-9-]{1,80}")


def install(app: Flask) -> None:
    """Register the public pages, and keep rendered ones in memory."""
    from tracker.web import (  # noqa: F401 - importing is what registers the pages
        public_authorities,
        public_calendars,
        public_case,
        public_citations,
        public_data,
        public_feeds,
        public_figures,
        public_found,
        public_lists,
        public_route,
    )

    app.register_blueprint(views)
    app.extensions["public_ways"] = ways_of(app)
    settings: Settings = app.config["TRACKER"]

    def whole_link(endpoint: str, **values: Any) -> str:
        """Return the address of a public page as somebody cites it."""
        return languages.whole(site_link(endpoint, **values))

    app.jinja_env.globals.update(
        site_link=site_link,
        result_words=result_words,
        whole_link=whole_link,
        outcome_words=outcome_words,
        contact=settings.contact,
        licence_name=LICENCES[settings.data_licence][0],
        licence_link=LICENCES[settings.data_licence][1],
    )

    def ask() -> str:
        with app.app_context():
            return site.revision()

    file = sqlite_file(settings.public_url)
    kept = pages_kept.PagesKept(pages_kept.FileRevision(file) if file else pages_kept.AskedRevision(ask))
    app.extensions["pages_kept"] = kept
    # Flask names this assignment as the way to put something in front of an app.
    app.wsgi_app = pages_kept.FromMemory(app.wsgi_app, kept)  # type: ignore[method-assign, assignment]


@dataclass(frozen=True, slots=True)
class Way:
    """The path of a page: what stands before and after the one value in it, if there is one."""

    before: str
    after: str
    names: frozenset[str]

    def value(self, given: Mapping[str, Any]) -> str:
        """Return what stands in the path; nothing that it could be for what is no text."""
        for name in self.names:
            return given[name] if isinstance(given[name], str) else "?"
        return ""


def ways_of(app: Flask) -> dict[str, Way]:
    """Return the paths of public pages by endpoint: those with one rule and at most one value."""
    rules: dict[str, list[str]] = {}
    for it in app.url_map.iter_rules():
        blueprint, _, endpoint = it.endpoint.rpartition(".")
        if blueprint == views.name:
            rules.setdefault(endpoint, []).append(it.rule)
    parts = {endpoint: VALUE.split(some[0]) for endpoint, some in rules.items() if len(some) == 1}
    return {
        endpoint: Way(it[0], "".join(it[2:]), frozenset(it[1:2]))
        for endpoint, it in parts.items()
        if len(it) <= 3 and "<" not in f"{it[0]}{it[-1]}"
    }


@views.after_request
def for_everybody(response: Response) -> Response:
    """Let caches keep the answer and ask each time whether it still holds: withdrawn is withdrawn at once."""
    if response.cache_control.no_store:
        return response
    response.cache_control.public = True
    response.cache_control.no_cache = True
    if response.status_code == 200:
        response.add_etag()
    return response


@views.errorhandler(RuleBroken)
def not_understood(refusal: RuleBroken) -> tuple[str, int]:
    """Say what in the address is not understood."""
    return languages.render("public/not_understood.html", text=str(refusal)), 400


@views.errorhandler(Withdrawn)
def withdrawn(refusal: Withdrawn) -> tuple[str, int]:
    """Say that something was public here, and nothing about what it was."""
    return languages.render("public/withdrawn.html"), 410


def asked(name: str) -> str:
    """Return a word of the query, fit to be looked for. Raises RuleBroken for what no text may hold.

    Raises LookupError for a name that the memory of pages does not know: it would give the same page whatever
    stands there.
    """
    if name not in pages_kept.QUERY:
        raise LookupError(f"{name} is missing in pages_kept.QUERY")
    return text.clean(request.args.get(name, ""), field=name, limit=LONGEST, lines=False)


def page_asked() -> int:
    """Return the page of a list that is asked for, from 1. Raises NotFound for what is no page."""
    typed = request.args.get("page", "1")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS and int(typed)):
        raise NotFound("There is no such page.")
    return int(typed)


def filters_asked() -> site.Filters:
    """Return the filters in the address. Raises RuleBroken for one that cannot be understood."""
    words = asked("text")
    if len(words.split()) > MOST_WORDS:
        raise RuleBroken(f"The search takes at most {MOST_WORDS} words.", field="text")
    year = asked("year")
    known = year.isascii() and year.isdigit() and len(year) == 4
    if year and not (known and EARLIEST.year <= int(year) <= LATEST.year):
        raise RuleBroken(f"{text.shown(year)} is not a year: write it as 2024.", field="year")
    chosen = {name: asked(name) for name in site.FACETS if name != "year"}
    # Stages with the same words are one choice, whichever of them an old address names.
    chosen["stage"] = site.same_words(chosen["stage"])[0]
    return site.Filters(text=words, year=int(year) if year else None, **chosen)


def canonical(read: Callable[[str], str], typed: str) -> str:
    """Return the number as this program writes it. Raises NotFound for what is none."""
    try:
        return read(typed)
    except RuleBroken:
        raise NotFound("There is no such page.") from None


def site_link(endpoint: str, **values: Any) -> str:
    """Return the address of a public page; empty filters are left out of it."""
    given = {name: it for name, it in values.items() if it}
    way = current_app.extensions["public_ways"].get(endpoint)
    mount = request.environ.get("SCRIPT_NAME", "")
    # Most links are a path with a number or a slug in it, and a page has hundreds of them.
    if way is not None and given.keys() == way.names and PLAIN.fullmatch(mount.replace("/", "")):
        value = way.value(given)
        if PLAIN.fullmatch(value):
            return f"{mount}{way.before}{value}{way.after}"
    return url_for(f"public.{endpoint}", **given)


def result_words(code: str) -> str:
    """Return the words for an outcome as they stand alone; a strange code stands for itself."""
    known = {it.value for it in Outcome} | {NOT_KNOWN}
    words = outcome_words(code) if code in known else code
    return words[:1].upper() + words[1:]


@views.get("/about")
def about() -> str:
    """Say what the data are, and how to read stages and days."""
    # Several stages are the same to the public: each of their words stands there once.
    stages = {it.plain: it for it in tables.procedure().stages.values() if it.code != "drafted"}
    outcomes = {it.value: words for it, words in OUTCOME_WORDS.items() if it is not Outcome.PENDING}
    outcomes[NOT_KNOWN] = f"{outcome_words(NOT_KNOWN)}: none is recorded here, and there may be one"
    return languages.page("public/about.html", stages=list(stages.values()), outcomes=outcomes, here="about")
