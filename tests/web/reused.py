"""A public site with something of everything that is given away, and one whose texts are hostile."""

from datetime import date, time
from typing import Any

import sqlalchemy as sa

from tests.publishing import clear, told
from tests.web.conftest import make_public
from tracker.db import PUBLIC, db, transaction
from tracker.models import (
    PublishedAuthority,
    PublishedCase,
    PublishedContent,
    PublishedHearing,
    PublishedTotal,
    PublishedUpdate,
)
from tracker.rules.access import SHELL
from tracker.services import cases, cases_texts, decisions_hearings
from tracker.services.cases_texts import NewText
from tracker.services.decisions_hearings import NewHearing

#: Every language of the site, as it begins an address.
LANGUAGES = ("", "/de", "/fr")
#: A formula, what ends a part of XML or JSON in HTML, signs that no file may hold, an elephant, words from
#: right to left with a sign that turns them.
HOSTILE = '=1+1 ]]> </script><b>&amp; "x" \x00\x0b\x1b\u2028 🐘 \u202eעברית\u202c, \\n; done'

FEEDS = (
    "/feed",
    "/cases",
    "/cases/C001",
    "/filings/C001-02",
    "/authorities",
    "/authorities/nl-ap",
    "/controllers",
    "/controllers/example-platforms-ireland-limited",
    "/projects",
    "/projects/artificial-minds",
)
CALENDARS = ("/calendar.ics", "/cases/C001.ics", "/authorities/nl-ap.ics", "/authorities/ie-dpc.ics")
PAGES = FEEDS[1:]
TABLES = (*(f"{it}.csv" for it in PAGES), "/cases/C001/protocol.csv")
DATA_SET = (
    "cases", "filings", "entries", "decisions", "deadlines", "hearings", "authorities", "controllers",
    "projects",
)  # fmt: skip


def make_reused() -> None:
    """Make C001 with two hearings, one of them moved and called off, and a title in German."""
    make_public()
    numbers = []
    for what, at in (("Oral hearing", time(10, 30)), ("Second hearing", None)):
        new = NewHearing(
            "High Court", date(2027, 3, 29), "Europe/Dublin", what, at=at, filings=("C001-01", "C001-02")
        )
        with transaction():
            numbers.append(decisions_hearings.set_hearing(new, by=SHELL).number)
    with transaction():
        decisions_hearings.cancel_hearing(numbers[1], why=None, seen=0, by=SHELL)
        german = [NewText("de", "Beispiel: KI aus Beiträgen", "Beiträge wurden verwendet.")]
        cases_texts.write_texts(cases.get_case("C001"), german, seen={}, by=SHELL)
        told("C001-02", "acknowledged", date(2026, 9, 1), "at-dsb", public="It is there.")
    clear("C001", references=["C001-01"], updates=[1, 2, 3, 4], hearings=numbers, **_filings())


def _filings() -> dict[str, Any]:
    return {"filings": ["C001-01", "C001-02", "C001-03"]}


def make_hostile() -> None:
    """Write what nobody can clear into the texts of the copy: what is given away holds it all the same."""
    make_reused()
    with transaction(PUBLIC):
        for table, names in (
            (PublishedCase, "title summary ngo outcome_text"),
            (PublishedUpdate, "label actor words reference"),
            (PublishedHearing, "court what place"),
            (PublishedAuthority, "name name_en address phone"),
            (PublishedTotal, "label"),
        ):
            columns: Any = table
            which = sa.true() if table is not PublishedCase else PublishedCase.withdrawn.is_(False)
            values = dict.fromkeys(names.split(), HOSTILE)
            db.session.execute(sa.update(columns).where(which).values(values))
        db.session.execute(sa.update(PublishedUpdate).values(actor_slug=None))
        for row in db.session.scalars(sa.select(PublishedContent)):
            row.content = _hostile(row.content)


def _hostile(content: dict[str, Any]) -> dict[str, Any]:
    case = {**content["case"], **dict.fromkeys(("title", "summary", "ngo", "outcome_text"), HOSTILE)}
    return {
        **content,
        "case": case,
        "updates": [
            {**it, "words": HOSTILE, "reference": HOSTILE, "actor": {"words": HOSTILE, "slug": None}}
            for it in content["updates"]
        ],
        "hearings": [{**it, "court": HOSTILE, "what": HOSTILE} for it in content["hearings"]],
    }
