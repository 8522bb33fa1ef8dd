"""Lodging one case with many authorities, against the same rows inserted by hand."""

import statistics

from benchmarks import homes
from benchmarks.by_hand import ByHand
from benchmarks.measuring import counted, line, seconds
from tracker.clock import today
from tracker.config import Settings
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import cases, filings
from tracker.services.controllers import NewController, NewEstablishment

ROUNDS = 7
SIZES = (11, 30, 60)


def open_case(serial: int) -> str:
    """Open a case against a company in Dublin and return its number."""
    place = NewEstablishment("IE", central=Answer.YES)
    company = NewController(name=f"Example {serial} Limited", country="IE", establishments=(place,))
    with transaction():
        opened = cases.open_case(
            cases.NewCase(
                title="A case to be lodged",
                ngo="noyb",
                respondents=(
                    cases.Respondent(
                        new=company, affected=("EEA",), processing=Processing({"IE": Answer.YES})
                    ),
                ),
                claims=(cases.NewClaim("6(1)(f)"),),
                complainants=(cases.NewComplainant("A", "AT"),),
            ),
            by=SHELL,
        )
        return opened.number


def _round(settings: Settings, serial: int, size: int) -> tuple[float, float, list[str]]:
    """Return the seconds of the act, those by hand, and the statements of the act."""
    number = open_case(serial)
    wanted = [filings.Wanted(slug, "A", "en") for slug in homes.slugs(size)]

    def act() -> None:
        with transaction():
            filings.lodge_complaint(cases.get_case(number), wanted, lodged_on=today(), by=SHELL)

    by_hand = ByHand(settings)
    try:
        with counted() as seen:
            took = seconds(act)
        return took, by_hand.seconds(), seen
    finally:
        by_hand.close()


def run() -> None:
    """Lodge with 11, 30 and 60 authorities, a new case every time: read, route, write, commit."""
    with homes.desk() as (_, settings):
        for size in SIZES:
            # The first round finds nothing prepared, neither statements nor pages, and does not count.
            measured = [_round(settings, size * 100 + number, size) for number in range(ROUNDS + 1)][1:]
            seen = measured[-1][2]
            inserts = sum(it.startswith("INSERT") for it in seen)
            took = statistics.median(it[0] for it in measured)
            line(
                f"lodging with {size} authorities",
                [act / base for act, base, _ in measured],
                "times inserting the same rows by hand",
                more=f"{took:.3f} seconds, {len(seen)} statements, {inserts} of them inserts",
                digits=1,
            )
