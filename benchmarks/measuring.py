"""How the benchmarks measure: interleaved rounds, a ratio for each, median and spread in one line."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Engine

Work = Callable[[], object]
#: The width of the first column.
NAME = 42


def seconds(work: Work) -> float:
    """Return how long one call takes, without having to clear away what came before it.

    A full collection takes longer than some of what is measured, and its turn comes at random.
    """
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(subject: Work, baseline: Work, *, rounds: int) -> list[tuple[float, float]]:
    """Return the seconds of subject and baseline for every round, after one round that does not count.

    They take turns at going first, so that neither always finds the machine as the other left it.
    """
    subject(), baseline()
    measured = []
    for number in range(rounds):
        if number % 2:
            base = seconds(baseline)
            measured.append((seconds(subject), base))
        else:
            took = seconds(subject)
            measured.append((took, seconds(baseline)))
    return measured


def line(name: str, ratios: Sequence[float], against: str, *, more: str = "", digits: int = 2) -> None:
    """Print a figure: the median of the ratios, what they are of, the spread, and what else is worth saying.

    "public case page, warm    0.82 of a bare view returning the same bytes (0.78 to 0.85, 7 rounds)"
    """
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    spread = f"({low:.{digits}f} to {high:.{digits}f}, {len(ratios)} rounds)"
    print(f"{name:<{NAME}} {middle:.{digits}f} {against} {spread}{'; ' if more else ''}{more}", flush=True)


def say(name: str, text: str) -> None:
    """Print a line that was not measured in rounds."""
    print(f"{name:<{NAME}} {text}", flush=True)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the list that every SQL statement of every store goes into, transactions and settings left out.

    One call with many rows (executemany) is one statement.
    """
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)
