"""What is derived from the cleared copies so that lists, counts and the search stay quick at any size.

Nothing here says more than the copies do: services/publication_index.py writes all of it from them, and
again the same when it is asked again. No row points to the copy by a key, because the copy goes first.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import PUBLIC, db

#: Facets that are no filters: everything; what an authority has a role in, was lodged with it, is led by it;
#: the fines of a currency; filings that were decided in part.
ALL, INVOLVED, LODGED, LED, FINE, PARTLY = "all", "involved", "lodged", "led", "fine", "partly"
#: Stands for a day of lodging where nothing waits.
NEVER = 9_999_999


class PublishedLine(db.Model):
    """Where a public case stands in every order of the list. Days are ordinal numbers, 0 where not known."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_lines"
    __table_args__ = tuple(
        sa.Index(f"ix_published_lines_{it}", it, "rank")
        for it in ("newest", "waiting", "last_on", "moving", "pending")
    )
    case_number: Mapped[str] = mapped_column(primary_key=True)
    #: Made of the number: under it the search knows the case.
    key: Mapped[int] = mapped_column(unique=True)
    #: The number as text that sorts as it counts: C081 before C1001.
    rank: Mapped[str] = mapped_column(index=True)
    #: First day of lodging.
    newest: Mapped[int]
    #: First day of lodging of the filings that are pending; NEVER where none is.
    waiting: Mapped[int]
    #: Day and number of the last entry of the protocol; number 0 where there is none.
    last_on: Mapped[int]
    last_number: Mapped[int]
    #: Day of the third entry from the end: the later it is, the more is going on.
    moving: Mapped[int]
    filings: Mapped[int]
    pending: Mapped[int]


class PublishedFacet(db.Model):
    """That a choice of a filter fits a public case, and in how many of its filings."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_facets"
    __table_args__ = (
        sa.Index("ix_published_facets_case_number", "case_number", "name", "value"),
        # With what is summed, so that a total is read from the index alone.
        sa.Index(
            "ix_published_facets_news_at",
            *("name", "value", "news_at", "filings", "pending", "amount", "label"),
        ),
    )
    #: A filter ("authority"), or one of those above.
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(primary_key=True)
    #: Its words, where the program does not know them by the value.
    label: Mapped[str]
    filings: Mapped[int]
    pending: Mapped[int]
    #: Of a fine: in minor units of the currency that is the value.
    amount: Mapped[int]
    #: When the newest entry of the case became public.
    news_at: Mapped[datetime | None]


class PublishedTotal(db.Model):
    """The sum of the facets with one name and value: what an unfiltered page says of all cases."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_totals"
    __table_args__ = (
        sa.Index("ix_published_totals_cases", "name", "cases", "value"),
        sa.Index("ix_published_totals_sorted", "name", "sorted", "value"),
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    #: The label, folded: for the order by name.
    sorted: Mapped[str]
    cases: Mapped[int]
    filings: Mapped[int]
    pending: Mapped[int]
    amount: Mapped[int]
