"""The public figures: how long complaints take, of all and of each authority, as a page and as a table."""

import csv
import io
from collections.abc import Iterator, Mapping

from flask import make_response
from werkzeug.wrappers import Response as AnyResponse

from tracker.reference import measures as table
from tracker.reference import tables
from tracker.rules.days import length
from tracker.rules.measures import FEWEST, LeftOut, Meaning, Measure
from tracker.services import public_site_figures as site
from tracker.services import public_site_flows
from tracker.web import languages, public_pictures
from tracker.web.drawings.curve import draw
from tracker.web.public import views

#: Columns of the table for readers; docs/figures.md says what each of them holds.
COLUMNS = (
    "authority", "country", "measure", "until", "filings", "cases", "ended", "waiting", "stopped",
    "later_step_only", "month_only", "lead_presumed", "not_passed_on", "no_figure", "quarter_days",
    "quarter_earliest", "quarter_latest", "median_days", "median_earliest", "median_latest",
    "three_quarters_days", "three_quarters_earliest", "three_quarters_latest",
    *(f"left_out_{it.value}" for it in LeftOut),
)  # fmt: skip

#: What the macros that show figures need besides them.
SHOWN: Mapping[str, object] = {"length": length, "fewest": FEWEST}


@views.get("/figures")
def figures() -> str:
    """Show how long complaints take, with those that still wait counted as waiting."""
    found = site.everybody()
    flows = public_site_flows.flows()
    return languages.page(
        "public/figures.html",
        here="figures",
        found=found,
        authorities=sorted(found.authorities, key=_country),
        draw=draw,
        steps_that=steps_that,
        map=public_pictures.map_of_flows(flows),
        flow=public_pictures.flow_of(flows),
        stages=public_pictures.stages_of(public_site_flows.histories()),
        **SHOWN,
    )


@views.get("/figures.csv")
def figures_csv() -> AnyResponse:
    """Give the same figures as a table, one line for each authority and measure."""
    found = site.everybody()
    written = io.StringIO()
    lines = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    lines.writeheader()
    for record in (found.whole, *found.authorities):
        lines.writerows(_lines(record))
    response = make_response(written.getvalue())
    response.mimetype = "text/csv"
    return response


def steps_that(measure: Measure, meaning: str) -> list[str]:
    """Return the labels of the steps with a meaning for a measure, in the order of the procedure."""
    means = table.meanings()[measure]
    return [it.label for code, it in tables.steps().items() if means.get(code) is Meaning(meaning)]


def _country(record: site.Record) -> str:
    """Return the country of an authority in the language of the page; the order among its own stays."""
    return languages.country(record.of.country) if record.of else ""


def _lines(record: site.Record) -> Iterator[dict[str, object]]:
    for it in record.measures:
        line: dict[str, object] = {
            "authority": record.of.slug if record.of else "",
            "country": record.of.country if record.of else "",
            "measure": it.measure.value,
            "until": record.until.isoformat(),
            "filings": it.n,
            "cases": it.cases,
            "no_figure": it.silent.value if it.silent else "",
            **{f"left_out_{reason.value}": it.left_out.get(reason, 0) for reason in LeftOut},
        }
        if it.figures:
            line |= {
                "ended": it.figures.ended,
                "waiting": it.figures.open,
                "stopped": it.figures.stopped,
                "later_step_only": it.figures.shown,
                "month_only": it.figures.to_month,
                "lead_presumed": it.figures.presumed,
                "not_passed_on": it.figures.not_passed_on,
            }
            for name in ("quarter", "median", "three_quarters"):
                found = getattr(it.figures, name)
                line |= {
                    f"{name}_days": found.days,
                    f"{name}_earliest": found.earliest,
                    f"{name}_latest": found.latest,
                }
        yield line
