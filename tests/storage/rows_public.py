"""Rows for the tables of the public store, revision by revision."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker import models as m
from tracker.rules.vocabulary import Precision

DAY = date(2024, 6, 6)
NOON = datetime(2024, 6, 6, 12, tzinfo=UTC)
#: The columns of text in the public directory.
PUBLIC_DIRECTORY = (
    "slug country region scope name name_en abbr languages website email phone address "
    "complaint_form accepts_email source"
).split()


def write(session: Session, table: str, **values: object) -> None:
    """Insert a row in SQL, for a table in an older form than that of the models."""
    session.execute(sa.insert(sa.table(table, *(sa.column(it) for it in values))), values)


def first_public(session: Session) -> None:
    """Write one row into every table of public_0001."""
    write(session, "published_authorities", **dict.fromkeys(PUBLIC_DIRECTORY, "é"), retired=False)
    empty = dict.fromkeys(("ngo", "summary", "project", "project_slug", "outcome_text", "searched"), "")
    lists = dict.fromkeys(("controllers", "claims", "requested", "sources"), "[]")
    write(session, "published_cases", number="C081", withdrawn=False, title="T", **empty, **lists)
    write(
        session,
        "published_filings",
        number="C081-01",
        case_number="C081",
        country="AT",
        lodged_precision="unknown",
        stage="lodged",
        since_precision="unknown",
        outcome="pending",
        lead="ie-dpc",
        lead_sentence="The DPC (Ireland) is presumed to lead: nobody knows.",
        controllers='["Meta"]',
    )
    write(
        session,
        "published_updates",
        case_number="C081",
        number=1,
        position=1,
        happened_precision="unknown",
        kind="lodged",
        label="Lodged",
        actor="noyb",
        words="",
        filings='["C081-01"]',
    )


def presumed_public(session: Session, **more: object) -> None:
    """Write one row into every table of public_0002, with what later revisions add to a filing."""
    write(session, "published_authorities", **dict.fromkeys(PUBLIC_DIRECTORY, "é"), retired=False)
    empty = dict.fromkeys(("ngo", "summary", "project", "project_slug", "outcome_text", "searched"), "")
    lists = dict.fromkeys(("controllers", "claims", "requested", "sources", "withdrawn_filings"), "[]")
    write(session, "published_cases", number="C081", withdrawn=False, title="T", **empty, **lists)
    write(
        session,
        "published_filings",
        number="C081-01",
        case_number="C081",
        country="AT",
        lodged_precision="unknown",
        stage="lodged",
        since_precision="unknown",
        outcome="pending",
        lead="ie-dpc",
        lead_presumed=True,
        lead_sentence="The DPC (Ireland) is presumed to lead: nobody knows.",
        controllers='["Meta"]',
        **more,
    )
    write(
        session,
        "published_updates",
        case_number="C081",
        number=1,
        position=1,
        happened_precision="unknown",
        kind="lodged",
        label="Lodged",
        actor="noyb",
        words="",
        filings='["C081-01"]',
    )


def in_one_line_public(session: Session) -> None:
    """Write one row into every table of public_0003."""
    presumed_public(session, lead_short="é")


def handled_public(session: Session) -> None:
    """Write one row into every table of public_0004."""
    presumed_public(session, lead_short="é", handling="at-dsb")


def course_public(session: Session, *, searched: bool = True) -> None:
    """Write one row into every table of public_0005; a case has folded words beside it until public_0007."""
    session.add(m.PublishedAuthority(**dict.fromkeys(PUBLIC_DIRECTORY, "é"), retired=False))
    session.flush()
    cases = sa.inspect(m.PublishedCase).local_table.to_metadata(sa.MetaData())
    words = {"searched": "kunstliche"} if searched else {}
    for it in words:
        cases.append_column(sa.Column(it, sa.Text()))
    case = {"number": "C081", "title": "Künstliche Intelligenz", "lodged_on": DAY, "cleared_at": NOON}
    session.execute(sa.insert(cases).values({**case, **words}))
    there = {it["name"] for it in sa.inspect(session.connection()).get_columns("published_updates")}
    entry = {
        "case_number": "C081",
        "number": 1,
        "position": 1,
        "happened_precision": "unknown",
        "kind": "lodged",
    }
    entry |= {"label": "Lodged", "actor": "noyb", "words": "", "filings": '["C081-01"]'}
    # What public_0008 wants of every entry, which no revision before has a place for.
    entry |= {"other_proceedings": True} if "other_proceedings" in there else {}
    write(session, "published_updates", **entry)
    session.add_all(
        [
            m.PublishedFiling(
                number="C081-01",
                case_number="C081",
                country="AT",
                lodged_on=DAY,
                lodged_precision=Precision.DAY,
                stage="lodged",
                since_precision=Precision.UNKNOWN,
                outcome="pending",
                lead_presumed=False,
                lead_sentence="",
                lead_short="",
                handling="at-dsb",
                controllers=["Meta"],
            ),
            m.PublishedContent(case_number="C081", content={"case": {}}),
            m.PublishedParty(case_number="C081", position=0, slug="meta", name="Métä"),
            m.PublishedDecision(
                case_number="C081",
                position=1,
                decided_by="DSB",
                decided_precision=Precision.UNKNOWN,
                summary="é",
                appeal="none_known",
                filings=[],
                findings=[],
                fines=[],
                measures=[],
                entries=[1],
            ),
            m.PublishedHearing(
                case_number="C081",
                uid="é",
                sequence=0,
                filings=[],
                court="BVwG",
                day=DAY,
                zone="Europe/Vienna",
                what="é",
                cancelled=False,
            ),
        ]
    )
    session.flush()
    session.add(
        m.PublishedDeadline(
            filing_number="C081-01",
            position=1,
            case_number="C081",
            period="G15",
            start_number=0,
            due_on=DAY,
            open=True,
            reasons=[],
        )
    )


def index_public(session: Session, *, searched: bool = True) -> None:
    """Write one row into every table of public_0006."""
    course_public(session, searched=searched)
    session.add_all(
        [
            m.PublishedLine(
                case_number="C081",
                key=1,
                rank="004C081",
                newest=1,
                waiting=1,
                last_on=1,
                last_number=1,
                moving=1,
                filings=1,
                pending=1,
            ),
            m.PublishedFacet(
                name="controller",
                value="meta",
                case_number="C081",
                label="Métä",
                filings=1,
                pending=1,
                amount=0,
                news_at=NOON,
            ),
            m.PublishedTotal(
                name="controller",
                value="meta",
                label="Métä",
                sorted="meta",
                cases=1,
                filings=1,
                pending=1,
                amount=0,
            ),
        ]
    )
    if session.get_bind().dialect.name == "sqlite":
        words = "INSERT INTO published_search (rowid, best, good, further, rest) VALUES (1, 'a', '', '', '')"
    else:
        words = "INSERT INTO published_search (key, words) VALUES (1, to_tsvector('simple', 'a'))"
    session.execute(sa.text(words))


def wordless_public(session: Session) -> None:
    """Write one row into every table of public_0007."""
    index_public(session, searched=False)


def taken_back_public(session: Session) -> None:
    """Write the rows of public_0007, and one into the table that public_0008 adds."""
    wordless_public(session)
    session.add(m.PublishedTakenBack(case_number="C081", number=2, taken_back_at=NOON))
