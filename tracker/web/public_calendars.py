"""Public calendars as files: hearings that were cleared, and the days by which authorities owe something."""

from flask import Response
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from tracker.rules import numbers
from tracker.services import public_site_calendar as site
from tracker.web import languages
from tracker.web.public import canonical, views
from tracker.web.public_forms import data, moved, permanent
from tracker.web.public_lists import slug_asked


@views.get("/calendar.ics")
def calendar() -> Response:
    """Give all public hearings and due days as a calendar."""
    return _file(site.calendar_of(language=languages.language()), "calendar")


@views.get("/cases/<number>.ics")
def case_calendar(number: str) -> AnyResponse:
    """Give the hearings and due days of a case as a calendar."""
    known = canonical(numbers.read_case, number)
    if known != number:
        return moved("case_calendar", number=known)
    return _file(site.calendar_of(case=number, language=languages.language()), number)


@views.get("/authorities/<slug>.ics")
def authority_calendar(slug: str) -> Response:
    """Give the hearings in which an authority has a role, and the days by which it owes something."""
    return _file(site.calendar_of(authority=slug_asked(slug), language=languages.language()), slug)


def _file(found: site.Calendar, name: str) -> Response:
    events = [*map(_hearing, found.hearings), *map(_due, found.dues)]
    named = _("Complaint tracker")
    body = site.as_ics(
        events, name=languages.joined(named, found.about) if found.about else named, of=site.SITE
    )
    return data(body, "text/calendar", f"{name}.ics")


def _hearing(it: site.Hearing) -> site.Event:
    lines = [f"{it.case_number} {it.title.words}", it.what, ", ".join(it.filings)]
    return site.Event(
        uid=it.uid,
        title=_("Hearing: %(number)s, %(court)s", number=it.case_number, court=it.court),
        text="\n".join(line for line in lines if line),
        link=permanent("case", number=it.case_number),
        starts=it.starts,
        changed_at=it.changed_at,
        place=it.place,
        cancelled=it.cancelled,
        sequence=it.sequence,
    )


def _due(it: site.Due) -> site.Event:
    """Return a whole day: who owes what by then, in words that accuse nobody."""
    owed = it.owed
    who = owed.by.short if owed.by.slug else languages.said(owed.by.short)
    what = languages.said(owed.label)
    return site.Event(
        uid=it.uid,
        title=_("Due: %(number)s, %(authority)s: %(what)s", number=owed.filing, authority=who, what=what),
        text="\n".join(
            (
                f"{it.case_number} {it.title.words}",
                languages.basis(owed.basis),
                _("Where the last day can be counted in several ways, this is the latest of them."),
            )
        ),
        link=permanent("filing", number=owed.filing),
        starts=it.day,
        changed_at=it.changed_at,
    )
