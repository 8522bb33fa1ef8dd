"""Feeds of what became public: of everything, a list, a search, a case, a filing, an authority and so on."""

from dataclasses import replace

from flask import Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.reference.authorities import opening
from tracker.rules import numbers
from tracker.services import public_site as site
from tracker.services import public_site_feeds as feeds
from tracker.web import languages
from tracker.web.feed_forms import NEVER, Gone, Item, Written, as_atom, as_json_feed
from tracker.web.public import asked, canonical, filters_asked, views
from tracker.web.public_forms import FORMS, OF_THE_SITE, data, identity, moved, permanent, query_of
from tracker.web.public_lists import slug_asked

#: How many filings an item names.
MOST_NAMED = 6
ATOM, JSON = {"form": "atom"}, {"form": "feed"}


@views.get(OF_THE_SITE["atom"], defaults=ATOM)
@views.get(OF_THE_SITE["feed"], defaults=JSON)
def feed(form: str) -> Response:
    """Give what became public last."""
    return _written(feeds.feed_of_everything(), form, "start")


@views.get("/cases.atom", defaults=ATOM)
@views.get("/cases.feed.json", defaults=JSON)
def cases_feed(form: str) -> Response:
    """Give what became public last in the cases that match the filters in the address."""
    filters = filters_asked()
    return _written(feeds.feed_of_search(filters), form, "cases", query=query_of(filters))


@views.get("/cases/<number>.atom", defaults=ATOM)
@views.get("/cases/<number>.feed.json", defaults=JSON)
def case_feed(number: str, form: str) -> AnyResponse:
    """Give what became public last in a case."""
    known = canonical(numbers.read_case, number)
    if known != number:
        return moved("case_feed", number=known, form=form)
    return _written(feeds.feed_of_case(number), form, "case", number=number)


@views.get("/filings/<number>.atom", defaults=ATOM)
@views.get("/filings/<number>.feed.json", defaults=JSON)
def filing_feed(number: str, form: str) -> AnyResponse:
    """Give what became public last of a filing, and of its case as a whole."""
    known = canonical(numbers.read_filing, number)
    if known != number:
        return moved("filing_feed", number=known, form=form)
    return _written(feeds.feed_of_filing(number), form, "filing", number=number)


@views.get("/authorities.atom", defaults=ATOM)
@views.get("/authorities.feed.json", defaults=JSON)
def authorities_feed(form: str) -> Response:
    """Give what became public last in filings with the authorities that match the address."""
    filters = site.Filters(text=asked("text"), country=asked("country"))
    found = replace(feeds.feed_of_authorities(filters.text, filters.country), about=_("Authorities"))
    return _written(found, form, "authorities", query=query_of(filters))


@views.get("/controllers.atom", defaults=ATOM)
@views.get("/controllers.feed.json", defaults=JSON)
def controllers_feed(form: str) -> Response:
    """Give what became public last in cases against the controllers that match the address."""
    filters = site.Filters(text=asked("text"))
    found = replace(feeds.feed_of_controllers(filters.text), about=_("Controllers"))
    return _written(found, form, "controllers", query=query_of(filters))


@views.get("/projects.atom", defaults=ATOM)
@views.get("/projects.feed.json", defaults=JSON)
def projects_feed(form: str) -> Response:
    """Give what became public last in cases that belong to a project."""
    return _written(replace(feeds.feed_of_projects(), about=_("Projects")), form, "projects")


@views.get("/authorities/<slug>.atom", defaults=ATOM)
@views.get("/authorities/<slug>.feed.json", defaults=JSON)
def authority_feed(slug: str, form: str) -> Response:
    """Give what became public last in the filings in which an authority has a role."""
    return _written(feeds.feed_of_authority(slug_asked(slug)), form, "authority", slug=slug)


@views.get("/controllers/<slug>.atom", defaults=ATOM)
@views.get("/controllers/<slug>.feed.json", defaults=JSON)
def controller_feed(slug: str, form: str) -> Response:
    """Give what became public last in the cases against a controller."""
    return _written(feeds.feed_of_controller(slug_asked(slug)), form, "controller", slug=slug)


@views.get("/projects/<slug>.atom", defaults=ATOM)
@views.get("/projects/<slug>.feed.json", defaults=JSON)
def project_feed(slug: str, form: str) -> Response:
    """Give what became public last in the cases of a project."""
    return _written(feeds.feed_of_project(slug_asked(slug)), form, "project", slug=slug)


def _written(found: feeds.Feed, form: str, endpoint: str, *, query: str = "", **values: str) -> Response:
    """Return a feed in a form. `endpoint` and `values` are those of the page that shows the same."""
    rest = f"?{query}" if query else ""
    own = OF_THE_SITE[form] if endpoint == "start" else FORMS[form][0]
    home = permanent(endpoint, **values)
    named, about = _("Complaint tracker"), found.titles.get(languages.language(), found.about)
    if endpoint in ("case", "filing"):
        about = f"{values['number']} {about}"
    feed = Written(
        id=f"{identity(endpoint, **values)}{rest}",
        title=languages.joined(named, about) if about else named,
        author=named,
        language=languages.language(),
        home=f"{home}{rest}",
        here=f"{home.rstrip('/')}{own}{rest}",
        updated_at=found.updated_at,
        items=[_item(it) for it in found.entries],
        gone=[Gone(_identity(it.number, it.entry), it.at) for it in found.gone if it.at],
        withdrawn=_("Withdrawn"),
    )
    if form == "atom":
        return data(as_atom(feed), FORMS[form][1])
    return data(as_json_feed(feed), FORMS[form][1])


def _item(it: feeds.FeedEntry) -> Item:
    """Return an entry of a protocol: dated by when it became public, told with the day when it happened."""
    language = languages.language()
    label = languages.said(it.label)
    author = languages.said(opening(it.actor_slug)) if it.actor_slug else languages.proper(it.actor)
    day = languages.day(it.day)
    case = f"{it.case_number} {it.titles.get(language, it.title)}"
    lines = [it.words or label, f"{day} · {author}"]
    if it.filings and len(it.filings) <= MOST_NAMED:
        lines.append(", ".join(it.filings))
    return Item(
        id=_identity(it.case_number, it.number),
        link=permanent("case", number=it.case_number, _anchor=f"entry-{it.number}"),
        title=f"{languages.joined(case, label)}, {day}",
        text="\n".join(lines),
        language=it.language if it.words else language,
        public_at=it.published_at or it.updated_at or NEVER,
        author=author,
        source=it.source,
    )


def _identity(case: str, entry: int | None) -> str:
    """Return what a case, or an entry of its protocol, is called in feeds for good."""
    return identity("case", number=case, **({"_anchor": f"entry-{entry}"} if entry else {}))
