"""The real case C081 at its full size: eleven filings, and forty entries in its public protocol."""

from datetime import date, timedelta

from benchmarks import homes
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedContent
from tracker.rules.access import SHELL
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.services import cases, publication, updates
from tracker.services.updates import NewUpdate

NUMBER = "C081"
FILINGS, ENTRIES = 11, 40
FIRST = date(2024, 10, 1)
#: What happened, and what the public was told of it: sentences of usual length, no two of a kind the same.
TOLD = (
    (
        "reminder",
        "noyb",
        "noyb asked, for the {nth} time, where the complaint stands and when to expect a step.",
    ),
    ("information", "", "The lead authority was asked for news and has not answered yet ({nth} report)."),
    (
        "submission",
        "noyb",
        "noyb sent its {nth} submission, on the notice and the form that the company changed.",
    ),
    ("statement", "", "The authority said that it keeps in touch with the lead authority ({nth} statement)."),
    ("file_request", "noyb", "noyb asked for access to the file of the authority, for the {nth} time."),
)


def add() -> None:
    """Take in the demo, record what C081 lacks of its forty entries, and clear all of it for the public."""
    homes.add_demo()
    content = db.session.get(PublishedContent, NUMBER)
    assert content is not None
    lacks = ENTRIES - len(content.content["updates"])
    with transaction():
        filings = cases.get_case(NUMBER).filings
        assert len(filings) == FILINGS
        for place in range(lacks):
            filing, (step, actor, words) = filings[place % FILINGS], TOLD[place % len(TOLD)]
            nth = f"{place // len(TOLD) + 1}."
            new = NewUpdate(
                step=step,
                day=Day(FIRST + timedelta(days=17 * place), Precision.DAY),
                actor=actor or filing.authority_slug or "",
                words=f"In the file: {step}.",
                public_words=words.format(nth=nth),
            )
            updates.record_update([filing], new, seen={}, by=SHELL)
    with transaction():
        case = cases.get_case(NUMBER)
        proposed = publication.propose(case, publication.default_content(case), note="", by=SHELL)
        publication.clear(proposed.id, note="", by=SHELL)
    with transaction(PUBLIC):
        publication.refresh([NUMBER])
    db.session.expire_all()
    content = db.session.get(PublishedContent, NUMBER)
    assert content is not None
    assert (len(content.content["filings"]), len(content.content["updates"])) == (FILINGS, ENTRIES)
