"""How many SQL statements a page needs with little and with much to show: the same number."""

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import homes
from benchmarks.measuring import counted, say
from benchmarks.signing_in import sign_in
from tracker.rules.vocabulary import Role

LITTLE, MUCH = 10, 200


def _statements(app: Flask, client: FlaskClient, address: str) -> int:
    """Return how many statements the page needs once the program has answered it before."""
    for again in range(2):
        with app.app_context(), counted() as seen:
            # A query that the site knows and the page does not use: the page is rendered anew each time.
            answer = client.get(address, query_string={"page": 1, **({"text": ""} if again else {})})
        assert answer.status_code == 200, f"{address}: {answer.status}"
    assert seen, f"{address} came from the memory of pages."
    return len(seen)


def _count(many: int) -> dict[str, int]:
    """Return page -> statements in a home with so many cases, one of which has so many filings and events."""
    with homes.desk() as (app, settings):
        rest = [homes.campaign(serial, 1, events=1) for serial in range(1, many)]
        numbers = homes.take_in([homes.campaign(0, many, events=many), *rest])
        homes.publish(numbers)
        first, editor = numbers[0], sign_in(app, Role.EDITOR)
        with homes.public(settings) as site:
            reader = site.test_client()
            return {
                "public list": _statements(site, reader, "/cases"),
                "public case": _statements(site, reader, f"/cases/{first}"),
                "public filing": _statements(site, reader, f"/filings/{first}-01"),
                "desk list": _statements(app, editor, "/desk/cases"),
                "desk case": _statements(app, editor, f"/desk/cases/{first}"),
                "desk filing": _statements(app, editor, f"/desk/filings/{first}-01"),
            }


def run() -> None:
    """Count the statements of each page with 10 cases, filings and events, and with 200."""
    little, much = _count(LITTLE), _count(MUCH)
    for page, few in little.items():
        told = f"({few} with {LITTLE}, {much[page]} with {MUCH})"
        say(f"statements, {page}", f"{much[page] / few:.2f} of those for {LITTLE} {told}")
