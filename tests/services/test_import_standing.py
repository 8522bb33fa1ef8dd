"""Where filings stand after imports, in one step and in two: as the store itself reads the protocol."""

import copy
import random

import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.campaigns import (
    a_campaign,
    a_filing,
    an_event,
    filing_of,
    protocol_of,
    rows,
    take_in,
)
from tests.services.recording import of
from tracker.db import db, transaction
from tracker.errors import BadFile
from tracker.models import Filing
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.vocabulary import Outcome
from tracker.services import standing, updates
from tracker.services.updates import NewUpdate

pytestmark = pytest.mark.usefixtures("app")

KINDS = [*tables.event_kinds(), *tables.steps()]
SLUGS = ["at-dsb", "fr-cnil", "ie-dpc"]
#: Most of them meet on one day, where the order of the protocol decides.
DAYS = ["2024-06-06", "2024-06-07", "2024-06-07", "2024-06-08", "2024-07", "2024-06", "2024", None]


def an_event_of(dice, place, filings):
    day = dice.choice(DAYS)
    named = [it for it in filings if dice.random() < 0.6]
    event = an_event(dice.choice(KINDS), *named, date=day, actor=dice.choice([*SLUGS, "noyb"]))
    return event | {"source": f"https://example.org/{place}"} | ({} if day else {"date_precision": "unknown"})


def anything(dice, key, many):
    """Return a campaign with events of any kind; some correct earlier ones, for other filings too."""
    filings = [f"{key}-{slug}" for slug in SLUGS]
    events, gone = [], set()
    for place in range(many):
        event = an_event_of(dice, f"{key}-{place}", filings)
        corrected = dice.randint(1, place) if place and dice.random() < 0.5 else None
        if corrected and corrected not in gone:
            gone.add(corrected)
            event["corrects"] = corrected
        events.append(event)
    return a_campaign(
        key, filings=[a_filing(it, slug) for it, slug in zip(filings, SLUGS, strict=True)], events=events
    )


def stands():
    db.session.expire_all()
    return {
        it.number: (it.stage, it.since_on, it.since_precision, it.entered_by, it.outcome)
        for it in db.session.scalars(sa.select(Filing))
    }


def recomputed():
    with transaction():
        standing.recompute(db.session.scalars(sa.select(Filing)).all())
    return stands()


class TestAnythingThatIsImported:
    def test_stands_where_the_store_would_put_it(self):
        dice = random.Random(1)  # noqa: S311 - a test that can be run again
        take_in(*[anything(dice, f"case-{place}", dice.randint(1, 9)) for place in range(60)])
        assert stands() == recomputed()

    def test_stands_there_too_where_it_came_in_two_files(self):
        dice = random.Random(2)  # noqa: S311 - a test that can be run again
        whole = [anything(dice, f"case-{place}", 8) for place in range(60)]
        first = copy.deepcopy(whole)
        for campaign in first:
            del campaign["events"][dice.randint(0, 7) :]
            if not any(f"{campaign['id']}-ie-dpc" in it.get("filings", ()) for it in campaign["events"]):
                del campaign["filings"][2]
        take_in(*first)
        take_in(*whole)
        assert stands() == recomputed()


class TestACorrectionThatNamesFewerFilings:
    def imported(self):
        """Take in a refusal of two filings, then that it was only one of them."""
        both = ("acme-2024-at", "acme-2024-fr")
        campaign = a_campaign(events=[an_event("dismissal", *both)])
        take_in(campaign)
        before = filing_of("acme-2024-fr").version
        assert filing_of("acme-2024-fr").outcome is Outcome.LOST
        right = an_event("dismissal", both[0], summary="Only the Austrian one.", corrects=1)
        take_in({**campaign, "events": [*campaign["events"], right]})
        db.session.expire_all()
        return before

    def test_frees_the_others(self):
        self.imported()
        left_out, named = filing_of("acme-2024-fr"), filing_of("acme-2024-at")
        assert (left_out.stage, left_out.outcome) == ("lodged", Outcome.PENDING)
        assert named.outcome is Outcome.LOST

    def test_counts_as_news_of_them(self):
        before = self.imported()
        assert filing_of("acme-2024-fr").version > before


class TestAnEntryThatTheDeskHasCorrected:
    def test_is_not_corrected_again_by_a_file(self):
        campaign = a_campaign(internal_ref="C081", events=[an_event("dismissal", "acme-2024-at")])
        take_in(campaign)
        with transaction():
            new = NewUpdate("information", Day.parse("2024-07-01"), "at-dsb", "No refusal.")
            updates.record_update(of("C081-01"), new, seen={}, by=ANN, corrects=1)
        before = rows()
        again = an_event("acknowledgement", "acme-2024-at", corrects=1)
        with pytest.raises(BadFile) as refused:
            take_in({**campaign, "events": [*campaign["events"], again]})
        line = "acme-2024, event 2: corrects: entry 1 of the case here was corrected already, by entry 2"
        assert refused.value.faults == (f"file.json: {line}",)
        assert rows() == before
        assert [it.number for it in protocol_of()] == [1, 2]
