"""What the docket costs with ten times the filings: the page, its lists, and computing the deadlines anew."""

import statistics
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from benchmarks import homes
from benchmarks.measuring import say, seconds
from benchmarks.signing_in import sign_in
from tracker.clock import today
from tracker.db import db, new_id, transaction
from tracker.models import Deadline
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import deadlines

FEW, MANY = 1_000, 10_000
#: Deadlines of a filing, and filings of a case.
EACH, OF_A_CASE = 4, 50
ROUNDS = 9
#: Pages of the desk that show deadlines; each shows as many lines with many filings as with few.
PAGES = {
    "docket": "/desk/docket",
    "late ones": "/desk/docket?state=late&side=owed",
    "ours, near": "/desk/docket?state=near&side=own",
    "of one case": "/desk/docket?case=C001",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page needs: seconds (median), lines that it shows, SQL statements."""

    seconds: float
    lines: int


def _fill(filings: int) -> None:
    """Take in so many filings, and add deadlines until each has EACH; some of them are ours, and near."""
    cases = filings // OF_A_CASE
    homes.take_in([homes.campaign(serial, OF_A_CASE) for serial in range(cases)])
    with transaction():
        rows = db.session.scalars(sa.select(Deadline).order_by(Deadline.id)).all()
        columns = [it.key for it in sa.inspect(Deadline).column_attrs if it.key != "id"]
        have: dict[int, int] = {}
        first: dict[int, Deadline] = {}
        for row in rows:
            have[row.filing_id] = have.get(row.filing_id, 0) + 1
            first.setdefault(row.filing_id, row)
        more: list[dict[str, Any]] = []
        for place, (filing, row) in enumerate(first.items()):
            for copy in range(have[filing], EACH):
                own = copy == EACH - 1 and place % 10 == 0
                day = today() + timedelta(days=(place * 7 + copy) % 700 - 350 if not own else place % 14)
                of = {name: getattr(row, name) for name in columns}
                of |= {"id": new_id(), "start_number": 900 + copy, "own": own}
                of |= {"owes": "us" if own else row.owes, "owes_slug": None if own else row.owes_slug}
                of |= {"met_on": None, "met_number": None, "paused_on": None, "waived": None}
                of |= {"period": "OWN-OTHER" if own else "G15-AGAIN", "open": True, "gone": False}
                more.append(of | dict.fromkeys(("nominal_on", "due_on", "safe_on", "certain_on"), day))
        db.session.execute(sa.insert(sa.inspect(Deadline).local_table), more)
        db.session.execute(sa.text("ANALYZE"))


def _cost(client: FlaskClient, address: str) -> Cost:
    spent = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        answer = client.get(address)
        spent.append(time.perf_counter() - before)
        assert answer.status_code == 200, f"{address}: {answer.status}"
    return Cost(statistics.median(spent[1:]), answer.text.count('class="why"'))


def _computing(app: Flask) -> float:
    with app.app_context(), transaction(write=False):
        return seconds(lambda: deadlines.redate(by=SHELL, dry_run=True))


def _measured(filings: int) -> tuple[dict[str, Cost], float, int]:
    with homes.desk() as (app, _):
        _fill(filings)
        stored = db.session.scalar(sa.select(sa.func.count()).select_from(Deadline)) or 0
        client = sign_in(app, Role.LAWYER)
        costs = {name: _cost(client, address) for name, address in PAGES.items()}
        return costs, _computing(app), stored


def run() -> None:
    """Print how the cost grows from 1,000 filings to 10,000."""
    few, computed_few, stored_few = _measured(FEW)
    many, computed_many, stored_many = _measured(MANY)
    grown = f"{stored_few:,} -> {stored_many:,} deadlines, {FEW:,} -> {MANY:,} filings"
    for name, cost in many.items():
        before = few[name]
        lines = cost.lines / before.lines if before.lines else 1.0
        spent = cost.seconds / before.seconds
        say(f"docket, {name}", f"{spent:.2f} times the seconds, {lines:.2f} times the lines ({grown})")
    say("docket, computing anew", f"{computed_many / computed_few:.2f} times the seconds ({grown})")
