"""What was public and is taken back leaves no word: not in a file of the public folder, not in a feed."""

import json
import random
import re
import string
from dataclasses import replace
from datetime import date

import pytest

from tests.builders import DUBLIN, IN_DUBLIN, a_case, lodged
from tests.leaks import reading, store
from tests.publishing import clear, told, withdraw
from tracker.db import db, transaction
from tracker.rules.access import SHELL
from tracker.services import cases, cases_texts
from tracker.services.cases import NewClaim, Respondent
from tracker.services.cases_texts import NewText

#: Words that begin like no others: an index that leaves out what a word has in common with the one before it
#: writes these out.
FIRST = random.Random(4)  # noqa: S311 - no secret


def a_word() -> str:
    return "".join(FIRST.choice(string.ascii_lowercase) for _ in range(14))


@pytest.fixture
def words(app) -> list[str]:
    """C001 and C002 public, all words of the second of its own."""
    names = ("title", "summary", "project", "claim", "said", "number", "text", "ngo", "company")
    made = {name: a_word() for name in names}
    company = replace(DUBLIN, name=f"{made['company']} Limited")
    with transaction():
        lodged(a_case(title="Example: it stays", summary="This stays."), "nl-ap", "at-dsb")
        case = a_case(
            title=f"Example: {made['title']}",
            summary=f"About {made['summary']}.",
            project=f"Project {made['project']}",
            ngo=f"{made['ngo']} office",
            claims=(NewClaim("6(1)(f)", made["claim"]),),
            respondents=(Respondent(new=company, affected=("EEA",), processing=IN_DUBLIN),),
        )
        lodged(case, "nl-ap", "ie-dpc")
        told(
            "C002-01",
            "acknowledged",
            date(2024, 6, 20),
            "nl-ap",
            public=made["said"],
            reference=made["number"],
        )
        cases_texts.write_texts(
            cases.get_case("C002"), [NewText("de", f"Beispiel {made['text']}", "Kurz.")], seen={}, by=SHELL
        )
    clear("C001")
    clear("C002", filings=["C002-01", "C002-02"], references=["C002-01"], updates=[1, 2])
    return list(made.values())


def held(settings, words: list[str]) -> set[str]:
    """Return the words of which the last letters stand in a file of the public folder."""
    db.session.remove()
    content = b"".join(it.lower() for _, it in store.files(settings))
    return {it for it in words if it[4:].encode() in content}


class TestWhatWasTakenBack:
    def test_is_in_no_file_of_the_public_folder(self, words, settings):
        assert held(settings, words) == set(words)
        withdraw("C002")
        assert held(settings, words) == set()

    def test_is_gone_with_the_field_that_is_left_out(self, words, settings):
        clear("C002", filings=["C002-01"], updates=[1], languages=[], fields=["claims"])
        title, claim, ngo = words[0], words[3], words[7]
        assert held(settings, words) == {title, claim, ngo}

    def test_is_answered_with_gone_everywhere_at_the_next_request(self, words, public_app):
        before = reading.read_about(public_app, "C002")
        public = [it for it, answer in before.items() if answer.status == 200]
        assert len(public) >= 3 * 3
        withdraw("C002")
        for address in public:
            known = dict(before[address].headers).get("ETag", '"x"')
            for method in ("GET", "HEAD"):
                assert reading.ask(public_app, address, method, If_None_Match=known).status == 410, address

    def test_is_said_nowhere_and_feeds_say_no_more_than_that_it_is_gone(self, words, public_app):
        addresses = [
            it for it in reading.beginnings(public_app) if not it.startswith(("/static/", "/de/", "/fr/"))
        ]
        before = reading.read(public_app, addresses)
        assert {it for it in words if any(it.encode() in answer.whole for answer in before.values())}
        withdraw("C002")
        tried = 0
        for address, answer in reading.read(public_app, addresses).items():
            said = answer.whole.decode(errors="replace").lower()
            assert [it for it in words if it in said] == [], address
            assert set(tombstones(answer)) <= {""}, address
            tried += len(tombstones(answer))
        # In every feed, so that none tells what it was about.
        assert tried >= 2 * 5


def tombstones(answer: reading.Answer) -> list[str]:
    """Return what a feed says of what is gone, besides its name, its address and the time."""
    if answer.kind == "application/atom+xml":
        found = re.findall(r"<at:deleted-entry\b(.*?)(?:/>|></at:deleted-entry>)", answer.body.decode(), re.S)
        return [re.sub(r'\s|(?:ref|when)="[^"]*"', "", it) for it in found]
    if answer.kind == "application/feed+json":
        items = [it for it in json.loads(answer.body)["items"] if "_tracker" in it]
        # The form of these feeds wants some text: one word, the same for all that is gone.
        assert {it["content_text"] for it in items} <= {"Withdrawn"}
        assert all(it["_tracker"] == {"withdrawn": True} for it in items)
        return [" ".join({*it} - {"id", "content_text", "_tracker", "date_modified"}) for it in items]
    return []
