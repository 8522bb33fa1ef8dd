"""A public store that is built anew from what was cleared gives the same answers, byte for byte."""

import re

from tests.publishing import clear
from tests.reader import Reader
from tracker.db import PUBLIC, transaction
from tracker.rules.access import SHELL
from tracker.services import cases, publication

LINK = re.compile(r'href="(/[^"#]*)')
#: Addresses of what was public once, or never: nothing links them.
UNLINKED = ("/cases/C003", "/filings/C003-01", "/filings/C001-03", "/cases/C002", "/filings/C002-01")
#: Files of the style, and authorities that have nothing to do with the cases.
LEFT_OUT = re.compile(r"/static/|(?:/de|/fr)?/authorities/(?!nl-ap|at-dsb|ie-dpc)")
MOST = 2_000


def answers(visitor: Reader) -> dict[str, tuple[int, bytes]]:
    """Return what every address of the public site answers: from the start on, whatever is linked."""
    found: dict[str, tuple[int, bytes]] = {}
    waiting = ["/", *UNLINKED]
    while waiting:
        address = waiting.pop().replace("&amp;", "&")
        if address in found or LEFT_OUT.match(address):
            continue
        answer = visitor.call("GET", address)
        found[address] = (answer.status_code, answer.data)
        assert len(found) < MOST
        # Each filter of a list leads to more of them: one deep is enough.
        if answer.mimetype == "text/html" and "?" not in address:
            waiting += LINK.findall(answer.text)
    return found


class TestAStoreThatIsBuiltAnew:
    def test_answers_as_before_at_every_address(self, public, visitor: Reader, app):
        clear("C001", filings=["C001-01", "C001-02", "C001-03"], references=["C001-01"], updates=[1, 2])
        with transaction():
            publication.take_back(cases.get_case("C001"), ("filings", "C001-03"), note="", by=SHELL)
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        before = answers(visitor)
        assert before["/filings/C001-03"][0] == before["/cases/C003"][0] == 410
        assert before["/cases/C002"][0] == 404 and before["/de/cases/C001"][0] == 200
        assert before["/cases/C001"][0] == before["/authorities/nl-ap"][0] == 200
        with transaction(PUBLIC):
            assert publication.rebuild() == 1
        after = answers(visitor)
        assert [it for it in before if after.get(it) != before[it]] == []
        assert after.keys() == before.keys()
