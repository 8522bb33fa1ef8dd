"""Pictures on pages of their own: an application that shows nothing else, and the cases that it draws."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import html5lib
from flask import Flask, render_template_string, request
from werkzeug.serving import make_server

from tracker.cli.setup import Handler
from tracker.reference.map_points import map_points
from tracker.reference.names import country_name
from tracker.web import headers, jinja
from tracker.web.drawings import bars, flow, map, stages

TODAY = date(2026, 11, 22)
KINDS = ("in_progress", "action_needed", "complete")
WORDS: dict[str, Any] = {
    "title": "A picture",
    "desc": "What it shows, in a sentence.",
    "caption": "The same as a table",
    "table": "As a table",
    "legend_filings": "number of filings lodged there",
    "legend_leads": "an authority there leads",
    "legend_lines": "passed on to the lead",
    "presumed": "presumed",
    "legend_unsure": "presumed, or not known",
    "legend_expected": "expected",
    "expected": "expected",
    "unclear": "not known",
    "country": "Country",
    "filings": "Filings",
    "leads": "Lead",
    "lodged": "Lodged with",
    "kinds": {
        "in_progress": "in progress",
        "action_needed": "waits for an act",
        "complete": "decided or ended",
        "unclear": "result not known",
    },
    "unknown": "day not known",
    "pending": "pending",
    "today": "22 November 2026",
    "filing": "Filing",
    "from": "From",
    "until": "Until",
    "state": "State",
    "month": "Month",
}
#: Where the eleven filings of the real case were lodged.
ELEVEN = "AT BE FR DE GR IT IE NL NO PL ES".split()

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Pictures</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
{% for it in ("base", "page", "records", "pictures") %}<link rel="stylesheet" href="/static/css/{{ it }}.css">
{% endfor %}
</head>
<body>
{% from "macros/pictures.html" import bars_picture, flow_picture, map_picture, stages_picture %}
<main class="main">
<h1>Pictures</h1>
{% if map %}<h2>Map</h2>
{{ map_picture(map, "map", "/static/map.svg", words, folded) }}{% endif %}
{% if bars %}<h2>Time bars</h2>
{{ bars_picture(bars, "bars", words, folded) }}{% endif %}
{% if flow %}<h2>Flow</h2>
{{ flow_picture(flow, "flow", words, folded) }}{% endif %}
{% if stages %}<h2>Stages over time</h2>
{{ stages_picture(stages, "stages", kinds, words, folded) }}{% endif %}
</main>
</body>
</html>
"""


def state(code: str, filings: int = 1, leads: int = 0) -> map.State:
    """Return a country with a link."""
    name = country_name(code)
    said = f"{name}: {filings} filings" + (f", leads {leads}" if leads else "")
    return map.State(code, name, filings, leads, said, f"/authorities?country={code}")


def eleven_states() -> list[map.State]:
    """Return the countries of the real case, of which Ireland leads."""
    return [state(it, leads=11 if it == "IE" else 0) for it in sorted(ELEVEN, key=country_name)]


def every_state(filings: int = 3) -> list[map.State]:
    """Return every country of the map, each with filings; every fifth leads."""
    codes = sorted(map_points(), key=country_name)
    return [state(it, filings + 40 * at, 2 if at % 5 == 0 else 0) for at, it in enumerate(codes)]


def span(at: int, days: int = 900) -> bars.Span:
    """Return a filing that began so many days ago; every fourth has ended, and was asked something before."""
    start = TODAY - timedelta(days=days)
    ended = at % 4 == 3
    stretches = [bars.Stretch(start, "in_progress", "Lodged")]
    if at % 3 == 0:
        stretches.append(bars.Stretch(start + timedelta(days=days // 3), "action_needed", "Asked for parts"))
        stretches.append(bars.Stretch(start + timedelta(days=days // 2), "in_progress", "Accepted"))
    if ended:
        stretches.append(bars.Stretch(TODAY - timedelta(days=days // 5), "complete", "Upheld"))
    return bars.Span(
        label=f"C081-{at + 1:02} AP · Netherlands",
        start=start,
        stretches=tuple(stretches),
        end=TODAY - timedelta(days=days // 5) if ended else None,
        mark="full" if ended else "open",
        state=stretches[-1].words,
        href=f"/filings/C081-{at + 1:02}",
    )


def sources(codes: list[str], to: str = "ie", **values: Any) -> list[flow.Source]:
    """Return one filing lodged in each country, all of which go to one target."""
    return [flow.Source(f"Authority {it}", country_name(it), to, **values) for it in codes]


TARGETS = (
    flow.Target("ie", "DPC", "Ireland"),
    flow.Target("lu", "CNPD", "Luxembourg"),
    flow.Target("?", "Not known", known=False),
)


def months(filings: int = 40) -> tuple[stages.Month, ...]:
    """Return how filings went that were lodged one month after the other."""
    histories = []
    for at in range(filings):
        start = TODAY - timedelta(days=30 * at + 5)
        steps = ((0, "in_progress"), (200, "action_needed"), (260, "in_progress"), (700 + 9 * at, "complete"))
        histories.append([(start + timedelta(days=days), kind) for days, kind in steps])
    return stages.by_month(histories, KINDS, TODAY)


def shown(**drawings: Any) -> dict[str, Any]:
    """Return what PAGE needs to show the drawings that are named."""
    none = dict.fromkeys(("map", "bars", "flow", "stages"))
    return {**none, "words": WORDS, "kinds": KINDS, "folded": False, **drawings}


def everything() -> dict[str, Any]:
    """Return the pictures of the real case."""
    return shown(
        map=map.draw(eleven_states(), [(it, "IE") for it in ELEVEN]),
        bars=bars.draw([span(it, 900 - 11 * it) for it in range(11)], TODAY),
        flow=flow.draw(sources(ELEVEN), TARGETS),
        stages=stages.draw(months(), KINDS),
    )


def crowded() -> dict[str, Any]:
    """Return pictures with all that a page could be asked for."""
    many = [span(it, 200 + 60 * it) for it in range(60)]
    rest = sources(["NO", "PL"], "?") + sources(["BE", "FR"], "lu", sure=False)
    return shown(
        map=map.draw(every_state()),
        bars=bars.draw([*many, bars.Span("C081-61 Commissioner (Cyprus) · Cyprus", None)], TODAY),
        flow=flow.draw(sources([*ELEVEN, "NL", "NL", "NL"]) + rest, TARGETS),
        stages=stages.draw(months(4), KINDS),
    )


def application() -> Flask:
    """Return an application with the templates, the styles and the headers of the public site."""
    app = Flask(
        __name__, static_folder=str(jinja.folder("static")), template_folder=str(jinja.folder("templates"))
    )
    jinja.install(app)
    headers.install(app, public=True, https=False)
    for address, values in (("/", everything), ("/crowded", crowded)):
        app.add_url_rule(address, values.__name__, lambda it=values: _page(it()))
    app.add_url_rule("/authorities", "country", lambda: _page(shown()))
    return app


def _page(values: dict[str, Any]) -> str:
    return render_template_string(PAGE, **{**values, "folded": "folded" in request.args})


def rendered(values: dict[str, Any]) -> str:
    """Return the page with the drawings."""
    with application().test_request_context():
        return _page(values)


def read(name: str, drawing: Any) -> ElementTree.Element:
    """Return the figure of one drawing, as a browser reads it."""
    tree = html5lib.parse(rendered(shown(**{name: drawing})), namespaceHTMLElements=False)
    for it in tree.iter():
        # Elements of SVG are called by their names alone as well.
        it.tag = it.tag.rpartition("}")[2] if isinstance(it.tag, str) else it.tag
    found = tree.find(".//figure")
    assert found is not None
    return found


def text(element: ElementTree.Element) -> str:
    """Return the words of an element, in single spaces."""
    return " ".join(" ".join(element.itertext()).split())


@contextmanager
def served() -> Iterator[str]:
    """Serve the application and give its address."""
    server = make_server("127.0.0.1", 0, application(), threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
