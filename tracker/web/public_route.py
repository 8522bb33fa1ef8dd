"""The public route finder: who would lead, and why, from what a reader types. Nothing is stored."""

from typing import Any
from urllib.parse import urlencode

from flask import jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker import clock
from tracker.errors import RuleBroken
from tracker.reference.authorities import authorities
from tracker.reference.names import country_name, place_name
from tracker.reference.places import EEA
from tracker.rules.routing import RULES_VERSION
from tracker.services import route_finder
from tracker.web import languages
from tracker.web.forms.finder import MORE, ROWS, FinderForm
from tracker.web.marked import N_
from tracker.web.public import site_link, views
from tracker.web.route_shown import cell, shown

#: The button for more rows, whose name is no fact.
BUTTON = "more"
NOTHING = N_("Nothing is filled in yet: name an establishment, or say what else is known.")


@views.get("/route")
def route() -> AnyResponse:
    """Show the form, and the answer where the address holds facts."""
    form = FinderForm(formdata=request.args)
    if BUTTON in request.args:
        form.room(max(len(form.e), ROWS) + MORE)
        return _page(form)
    if not request.args:
        form.room()
        return _page(form)
    if not form.validate():
        return _page(form, status=422)
    wanted = form.canonical()
    if not wanted:
        form.form_errors.append(NOTHING)
        form.room()
        return _page(form, status=422)
    if wanted != list(request.args.items(multi=True)):
        return _redirect(wanted)
    try:
        found = route_finder.find(form.facts(clock.today()))
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _page(form, status=422)
    return _page(form, found)


@views.get("/route.json")
def route_json() -> AnyResponse:
    """Give the same answer as values, or what is wrong by field; what holds nothing is answered as such."""
    form = FinderForm(formdata=request.args)
    if not form.validate():
        return _values({"errors": form.said()}, 422)
    try:
        found = route_finder.find(form.facts(clock.today()))
    except RuleBroken as refusal:
        form.refuse(refusal)
        return _values({"errors": form.said()}, 422)
    return _values(route_finder.as_values(found), 200)


def _values(values: dict[str, Any], status: int) -> AnyResponse:
    response = make_response(jsonify(values), status)
    response.cache_control.no_store = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _redirect(wanted: list[tuple[str, str]]) -> AnyResponse:
    """Lead to the address under which the same is asked in the shortest way."""
    answer = redirect(f"{url_for('public.route')}?{urlencode(wanted, safe=',')}", 303)
    answer.cache_control.no_store = True
    return answer


def _page(form: FinderForm, found: route_finder.Found | None = None, status: int = 200) -> AnyResponse:
    """Return the page; an answer to what somebody typed is kept by nobody on the way."""
    if len(form.e) < ROWS:
        form.room()
    why = None
    if found:
        why = shown(found.facts, found.route, found.sentence, _link)
        form.spell_out(languages.worded)
    form.speak(languages.worded)
    body = languages.page(
        "public/route.html",
        here="route",
        form=form,
        why=why,
        offers=found.offers if found else (),
        cell=lambda slug: cell(slug, _link),
        json_link=f"{url_for('public.route_json')}?{request.query_string.decode('ascii', 'replace')}",
        facts=found.facts if found else None,
        dated=bool(form.day.data),
        rules=RULES_VERSION,
        places=[languages.worded(it) for it in known_places()],
    )
    response = make_response(body, status)
    if request.args:
        response.cache_control.no_store = True
    return response


def _link(slug: str) -> str | None:
    return site_link("authority", slug=slug)


def known_places() -> list[str]:
    """Return the names that are offered while somebody types a place: states of the EEA and Länder."""
    regions = sorted({it.region_code for it in authorities().values() if it.region_code})
    return [*(country_name(it) for it in sorted(EEA, key=country_name)), *(place_name(it) for it in regions)]
