"""Taking in a large file of cases, against the same rows inserted by hand."""

import json
import statistics

from benchmarks import homes
from benchmarks.by_hand import ByHand
from benchmarks.measuring import counted, line, seconds
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.services import imports

ROUNDS = 3
CASES, FILINGS = 1_000, 10


def _round(text: str) -> tuple[float, float, list[str]]:
    """Return the seconds of the act, those by hand, and the statements of the act, in a home of its own."""

    def act() -> None:
        with transaction():
            report = imports.import_file(text, "benchmark.json", by=SHELL)
            assert report.cases == CASES and report.filings == CASES * FILINGS

    with homes.desk() as (_, settings):
        by_hand = ByHand(settings)
        try:
            with counted() as seen:
                took = seconds(act)
            return took, by_hand.seconds(), seen
        finally:
            by_hand.close()


def run() -> None:
    """Import 1,000 cases with 10 filings each from JSON: read, check, route, write, commit."""
    campaigns = [homes.campaign(serial, FILINGS) for serial in range(CASES)]
    text = json.dumps({"schema_version": 1, "campaigns": campaigns})
    measured = [_round(text) for _ in range(ROUNDS)]
    took = statistics.median(it[0] for it in measured)
    line(
        f"import of {CASES:,} cases with {FILINGS} filings",
        [act / base for act, base, _ in measured],
        "times inserting the same rows by hand",
        more=f"{took:.1f} seconds, {len(measured[-1][2])} statements",
        digits=1,
    )
