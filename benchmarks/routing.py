"""What routes cost: their share of a request that lodges 30 filings against 5 controllers."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from unittest import mock

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import homes
from benchmarks.measuring import interleaved, line, seconds
from benchmarks.signing_in import sign_in, token
from tracker.clock import today
from tracker.db import transaction
from tracker.reference.authorities import directory
from tracker.rules import routing
from tracker.rules.access import SHELL
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer, Role
from tracker.services import cases, filings, routing_facts
from tracker.services import routing as routes
from tracker.services.controllers import NewController, NewEstablishment

ROUNDS = 7
FILINGS, CONTROLLERS = 30, 5
#: Passes over all facts in one measurement: each on days of its own, so that nothing is remembered.
PASSES = 20
#: Empty loops in one measurement: a single one is too short for the clock.
LOOPS = 200


def open_case(serial: int) -> str:
    """Open a case against five controllers, each with three establishments, and return its number."""
    respondents = tuple(
        cases.Respondent(
            new=NewController(
                name=f"Example {serial} {home} Limited",
                country=home,
                establishments=tuple(
                    NewEstablishment(it, central=Answer.YES if it == home else Answer.NO)
                    for it in (home, "AT", "DE-HH")
                ),
            ),
            affected=("EEA",),
            processing=Processing({home: Answer.YES, "AT": Answer.NO, "DE-HH": Answer.NO}),
        )
        for home in ("IE", "FR", "NL", "SE", "ES")[:CONTROLLERS]
    )
    new = cases.NewCase(
        title=f"A case {serial} against several controllers",
        ngo="noyb",
        respondents=respondents,
        claims=(cases.NewClaim("6(1)(f)"),),
        complainants=(cases.NewComplainant("A", "AT"),),
    )
    with transaction():
        return cases.open_case(new, by=SHELL).number


@dataclass(slots=True)
class Spent:
    """Seconds spent in the functions that are watched; one that runs inside another counts once."""

    seconds: float = 0.0
    inside: bool = False
    facts: list[routing.Facts] = field(default_factory=list)

    def watching(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with a clock around it."""

        def watched(*values: Any, **named: Any) -> Any:
            if function is _route:
                self.facts.append(values[0])
            if self.inside:
                return function(*values, **named)
            self.inside, start = True, time.perf_counter()
            try:
                return function(*values, **named)
            finally:
                self.seconds += time.perf_counter() - start
                self.inside = False

        return watched


_route = routing.route
#: All that is done for the sake of routes, but for writing their rows: facts, rules, words, JSON.
_ALL = (
    (routing_facts, "facts_by_issue"),
    (filings, "_planned_route"),
    (routing, "route"),
    (routing, "warning_text"),
    (routes, "explain"),
    (routing.Facts, "to_json"),
    (routing.Route, "to_json"),
)


@contextmanager
def watched(functions: Sequence[tuple[Any, str]]) -> Iterator[Spent]:
    """Give the time that is spent in these functions from now on."""
    spent = Spent()
    with ExitStack() as stack:
        for owner, name in functions:
            stack.enter_context(mock.patch.object(owner, name, spent.watching(getattr(owner, name))))
        yield spent


@contextmanager
def _no_routes(facts: routing.Facts) -> Iterator[None]:
    """Let lodging work out and store no route from now on: all its filings are given one answer."""
    answer = routing.route(facts, directory())
    with ExitStack() as stack:
        for owner, name, given in (
            (routing_facts, "facts_about", facts),
            (routing, "route", answer),
            (routes, "store", None),
        ):
            stack.enter_context(mock.patch.object(owner, name, lambda *_, given=given, **__: given))
        yield


def _lodge(app: Flask, client: FlaskClient, number: str) -> float:
    """Lodge the case by the form; return the seconds of the request."""
    address = f"/desk/cases/{number}/lodge"
    with app.app_context():
        sent = {"csrf_token": token(client, address), "authorities": homes.slugs(FILINGS), "do": "lodge"}
    sent |= {"lodged_on": today().isoformat(), "language": "en", "complainant": "A"}
    answers = []

    def request() -> None:
        with app.app_context():
            answers.append(client.post(address, data=sent))

    took = seconds(request)
    assert answers[0].status_code == 303, answers[0].text
    return took


def _shares(app: Flask, client: FlaskClient) -> list[routing.Facts]:
    """Print which share of the request the routes take; return their facts."""
    serials = count()
    facts: list[routing.Facts] = []

    def lodge() -> float:
        return _lodge(app, client, open_case(next(serials)))

    def share(functions: Sequence[tuple[Any, str]]) -> float:
        with watched(functions) as spent:
            took = lodge()
        assert len(spent.facts) == FILINGS * CONTROLLERS, len(spent.facts)
        facts[:] = spent.facts
        return spent.seconds / took

    def with_rows() -> float:
        # Two requests are compared: the quickest of three each, lest another program stands in one's way.
        took = min(lodge() for _ in range(3))
        with _no_routes(facts[0]):
            return 1 - min(lodge() for _ in range(3)) / took

    for name, measured in (
        ("the rules", lambda: share(((routing, "route"),))),
        ("with facts and JSON", lambda: share(_ALL)),
        ("with their rows too", with_rows),
    ):
        # The first round finds nothing prepared, and does not count.
        shares = [measured() for _ in range(ROUNDS + 1)][1:]
        line(
            f"{FILINGS * CONTROLLERS} routes, {name}",
            shares,
            f"of the request that lodges {FILINGS} filings against {CONTROLLERS} controllers",
        )
    return facts


def _speed(facts: Sequence[routing.Facts]) -> None:
    """Print how long the rules need for the facts, against an empty loop over them."""
    places = directory()
    days = iter(range(1, 1_000_000))

    def another_time() -> list[routing.Facts]:
        return [
            replace(it, as_of=it.as_of - timedelta(days=day))
            for day in (next(days) % 1_500 for _ in range(PASSES))
            for it in facts
        ]

    given: list[list[routing.Facts]] = [another_time() for _ in range(ROUNDS + 1)]
    turns = iter(given)

    def rules() -> None:
        for it in next(turns):
            routing.route(it, places)

    def nothing() -> None:
        for _ in range(LOOPS):
            for _ in given[0]:
                pass

    measured = [(took, base / LOOPS) for took, base in interleaved(rules, nothing, rounds=ROUNDS)]
    per_second = statistics.median(len(given[0]) / took for took, _ in measured)
    line(
        "routes on one core",
        [took / base for took, base in measured],
        "times an empty loop over the same facts",
        more=f"{per_second:,.0f} a second",
        digits=0,
    )


def run() -> None:
    """Lodge a case with 30 authorities against 5 controllers by the form, and look where the time goes."""
    with homes.desk() as (app, _):
        _speed(_shares(app, sign_in(app, Role.ADVOCATE)))
