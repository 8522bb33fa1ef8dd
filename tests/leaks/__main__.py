"""`make leaks` runs the whole leak test, with 300 changes and every way of asking, and prints its figures."""

import itertools
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.leaks import office as offices
from tests.leaks import planting, reading, store
from tests.leaks.changes import Changes
from tests.leaks.office import Office
from tests.leaks.reading import Answer
from tests.leaks.searching import ENCODINGS, leaks
from tracker.db import PUBLIC, db, transaction
from tracker.rules.access import SHELL
from tracker.services import cases, publication
from tracker.web.languages import LANGUAGES

CHANGES = int(os.environ.get("TEST_CHANGES", "300"))
#: After so many changes some addresses of every kind are read again, and at the end all of them.
EVERY, SOME = 30, 2
NAME = 44


def say(name: str, text: object) -> None:
    """Print a figure."""
    print(f"{name:<{NAME}} {text}", flush=True)


class Run:
    """Counts what leaked while everything is looked through."""

    def __init__(self, office: Office) -> None:
        """Begin with what is allowed."""
        self.office, self.leaked = office, dict[str, str]()
        self.allowed = offices.cleared() | offices.cleared_beside()
        self.search = office.search()

    def look(self, place: str, content: bytes) -> None:
        """Look through something, and say at once what should not be there."""
        for mark, ways in leaks(self.search.find(content), self.allowed).items():
            if mark not in self.leaked:
                say("LEAK", f"{self.office.told([mark])[mark]} at {place}, {', '.join(sorted(ways))}")
            self.leaked[mark] = place

    def everything(self) -> dict[str, Answer]:
        """Read the whole site and the whole store."""
        seen = reading.read(self.office.public)
        for address, answer in seen.items():
            self.look(address, answer.whole)
        db.session.remove()
        for name, content in store.files(self.office.settings):
            self.look(name, content)
        for name, row in store.rows(self.office.settings):
            self.look(name, row.encode())
        return seen


def of_marks(office: Office) -> None:
    """Say what is marked."""
    marks = office.marks
    say("columns of the private store with a mark", len(offices.wanted_columns() & marks.columns()))
    say("columns without a mark or a reason", len(offices.wanted_columns() - marks.columns()))
    in_files = [it for it in marks.of.values() if it.startswith("file ")]
    say("marks in rows, files and settings", f"{len(marks.of):,}, {len(in_files):,} of them in files")


def of_addresses(office: Office, seen: Mapping[str, Answer]) -> None:
    """Say what was read."""
    rules = list(office.public.url_map.iter_rules())
    unread = reading.never_read(office.public, seen)
    say(
        "rules of the public app",
        f"{len(rules)}, {len(unread)} of them never read {' '.join(sorted(unread))}",
    )
    say("addresses read", f"{len(seen):,} in {len(LANGUAGES)} languages ({', '.join(LANGUAGES)})")
    statuses = sorted({it.status for it in seen.values()})
    say(
        "kinds of answers",
        f"{len(reading.kinds(seen))} media types; statuses {', '.join(map(str, statuses))}",
    )


def of_changes(run: Run, seen: Mapping[str, Answer]) -> int:
    """Make single changes and return how many of them show."""
    office, showed = run.office, 0
    before, some = store.fingerprint(office.settings), reading.some_of_each(office.public, seen, SOME)
    changes = Changes(office.marks)
    for number, made in enumerate(itertools.islice(changes, CHANGES), start=1):
        offices.copy(directory=True)
        if store.fingerprint(office.settings) != before:
            showed += 1
            say("LEAK", f"a change of {made} shows in the public store")
        if number % EVERY == 0 or number == CHANGES:
            again = seen if number == CHANGES else some
            for address in reading.differing(again, reading.read(office.public, list(again))):
                showed += 1
                say("LEAK", f"{address} is another after the changes up to {number}")
    say("single changes, of different columns", f"{CHANGES}, {len({*changes.made})}")
    say("changes that show in a public byte", showed)
    return showed


def of_what_is_not_public(office: Office) -> int:
    """Compare what is not public with what never was, and return how many pairs differ."""
    compared = differing = 0
    for part, argument, private, never in reading.pairs(office.marks.of, offices.cleared()):
        for one, other in reading.twins(office.public, part, argument, private, never):
            for method in ("GET", "HEAD"):
                answers = [reading.ask(office.public, it, method).whole for it in (one, other)]
                compared += 1
                if answers[0] != answers[1]:
                    differing += 1
                    say("LEAK", f"{one} is not as {other}")
    say("not public and never there, compared", f"{compared}, {differing} of them differ in a byte")
    return differing


def of_what_was_withdrawn(office: Office) -> int:
    """Withdraw C001, and return how many of its addresses are not gone at the next request."""
    public = [it for it, answer in reading.read_about(office.public, "C001").items() if answer.status == 200]
    began = time.perf_counter()
    with transaction():
        publication.withdraw(cases.get_case("C001"), note="", by=SHELL)
    with transaction(PUBLIC):
        publication.refresh(["C001"])
    first = reading.ask(office.public, "/cases/C001").status
    took = time.perf_counter() - began
    still = [it for it in public if reading.ask(office.public, it).status != 410]
    say("addresses of a case that was withdrawn", f"{len(public)}, {len(still)} not gone {' '.join(still)}")
    say("from the act to the first 410", f"{took:.2f} seconds" if first == 410 else f"never: {first}")
    return len(still)


def main() -> int:
    """Run everything, print the figures, and return 1 where something leaked."""
    with (
        tempfile.TemporaryDirectory(prefix="tracker-leaks-") as folder,
        offices.opened(Path(folder)) as office,
    ):
        of_marks(office)
        run = Run(office)
        seen = run.everything()
        of_addresses(office, seen)
        ways = 0
        for asked, answer in reading.in_other_ways(office.public, seen):
            run.look(asked, answer.whole)
            ways += 1
        say("requests with other methods and conditions", f"{ways:,}")
        say("encodings that the search sees through", len(ENCODINGS))
        say("private marks found", len(run.leaked))
        looked = planting.look(office)
        missed = 0
        for marks, where in ((looked.planted, "cleared fields"), (looked.written, "encodings")):
            found = set(marks) & (looked.shown | looked.stored)
            missed += len(set(marks) - found)
            say(f"marks planted in {where}", f"{len(marks)}, {len(found)} of them found")
        failed = len(run.leaked) + missed + len(looked.strange) + of_what_is_not_public(office)
        failed += of_changes(run, seen)
        failed += of_what_was_withdrawn(office)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
