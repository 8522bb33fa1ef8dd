"""A cleared case as the public store keeps it in one piece, read into values. One SQL statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import NotFound, Withdrawn
from tracker.models import PublishedCase, PublishedContent
from tracker.rules.days import Day
from tracker.rules.party_slugs import party_slug
from tracker.rules.vocabulary import Precision
from tracker.services.controllers import fold

#: The same for a case that is not public and one that does not exist.
NOTHING_HERE = "There is no such page."
#: Cases that are held as values, in each language, because they were read last.
MOST_READ = 64


class AFiling(Protocol):
    """What the words about a filing need of it: a record below, or a row of the public store."""

    @property
    def number(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def authority(self) -> str | None: ...  # noqa: D102
    @property
    def country(self) -> str: ...  # noqa: D102
    @property
    def reference(self) -> str | None: ...  # noqa: D102
    @property
    def lodged(self) -> Day: ...  # noqa: D102
    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def since(self) -> Day: ...  # noqa: D102
    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def entered_by_authority(self) -> str | None: ...  # noqa: D102
    @property
    def lead(self) -> str | None: ...  # noqa: D102
    @property
    def lead_presumed(self) -> bool: ...  # noqa: D102
    @property
    def lead_sentence(self) -> str: ...  # noqa: D102
    @property
    def lead_short(self) -> str: ...  # noqa: D102
    @property
    def handling(self) -> str | None: ...  # noqa: D102
    @property
    def open_claims(self) -> Sequence[str]: ...  # noqa: D102


class AnUpdate(Protocol):
    """What the words about an entry need of it."""

    @property
    def number(self) -> int: ...  # noqa: D102 - the names say it
    @property
    def other_proceedings(self) -> bool: ...  # noqa: D102
    @property
    def day(self) -> Day: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102
    @property
    def actor_slug(self) -> str | None: ...  # noqa: D102
    @property
    def words(self) -> str: ...  # noqa: D102
    @property
    def filings(self) -> Sequence[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class FilingRecord:
    """A cleared filing of a cleared case, as PublishedFiling has it.

    `open_claims` are the provisions of those that nobody decided though the filing has a decision.
    """

    number: str
    authority: str | None
    country: str
    reference: str | None
    lodged: Day
    stage: str
    since: Day
    outcome: str
    entered_by_authority: str | None
    lead: str | None
    lead_presumed: bool
    lead_sentence: str
    lead_short: str
    handling: str | None
    controllers: tuple[str, ...]
    open_claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    """A cleared entry of the protocol, as PublishedUpdate has it."""

    number: int
    day: Day
    kind: str
    label: str
    actor: str
    actor_slug: str | None
    words: str
    reference: str | None
    source: str | None
    filings: Sequence[str]
    other_proceedings: bool


@dataclass(frozen=True, slots=True)
class Party:
    """A controller by name, with what stands for it in an address."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a case and the language in which it stands here."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What the public knows of a case as a whole, title and summary in the language asked for, if any."""

    number: str
    title: Text
    summary: Text
    #: Languages in which there is a text, that of the original first.
    written_in: tuple[str, ...]
    ngo: str
    #: Name and slug.
    project: tuple[str, str] | None
    parties: tuple[Party, ...]
    claims: Sequence[Mapping[str, Any]]
    requested: Sequence[str]
    outcome_text: str
    sources: Sequence[str]
    cleared_at: datetime | None
    published_at: datetime | None

    @property
    def language(self) -> str:
        """Return the language of the original, in which entries are written."""
        return self.written_in[0]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A cleared case with all that belongs to it, in the order of the pages. Deadlines are by filing.

    The same text of the store gives the same object again: nothing may be changed in it.
    """

    case: CaseRecord
    filings: tuple[FilingRecord, ...]
    updates: tuple[UpdateRecord, ...]
    decisions: Sequence[Mapping[str, Any]]
    deadlines: Mapping[str, Sequence[Mapping[str, Any]]]
    hearings: Sequence[Mapping[str, Any]]


_ASKED = (
    sa.select(
        PublishedCase.withdrawn,
        PublishedCase.withdrawn_filings,
        PublishedCase.cleared_at,
        PublishedCase.published_at,
        # The text itself: it is read into values once for all who ask, as long as it stays the same.
        sa.cast(PublishedContent.content, sa.Text).label("text"),
    )
    .outerjoin(PublishedContent, PublishedContent.case_number == PublishedCase.number)
    .where(PublishedCase.number == sa.bindparam("asked"))
)


def kept(number: str, language: str, *, filing: str | None = None) -> Kept:
    """Return a public case; raises NotFound, or Withdrawn when it was public and is not now.

    With `filing` the latter says so of this one, which may never have been public though its case was.
    """
    row = db.session.execute(_ASKED, {"asked": number}).one_or_none()
    if row is None or (row.text is None and not row.withdrawn):
        raise NotFound(NOTHING_HERE)
    if filing is not None and filing in row.withdrawn_filings:
        raise Withdrawn("This filing was withdrawn.")
    if row.withdrawn and filing is not None:
        raise NotFound(NOTHING_HERE)
    if row.withdrawn:
        raise Withdrawn("This case was withdrawn.")
    return _read(row.text, language, row.cleared_at, row.published_at)


@lru_cache(maxsize=MOST_READ)
def _read(text: str, language: str, cleared_at: datetime | None, published_at: datetime | None) -> Kept:
    content = json.loads(text)
    deadlines: dict[str, list[Mapping[str, Any]]] = {}
    for it in content["deadlines"]:
        deadlines.setdefault(it["filing"], []).append(it)
    left = open_claims_of(content["case"]["claims"])
    return Kept(
        case=_case(content, language, cleared_at, published_at),
        filings=tuple(_filing(it, left.get(it["number"], ())) for it in content["filings"]),
        updates=tuple(_update(it) for it in content["updates"]),
        decisions=content["decisions"],
        deadlines=deadlines,
        hearings=content["hearings"],
    )


def forget_read() -> None:
    """Forget what was read: for benchmarks."""
    _read.cache_clear()


def open_claims_of(claims: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the provisions of the claims that were left open, by the number of the filing."""
    found: dict[str, tuple[str, ...]] = {}
    for it in claims:
        # A copy that an older program made says nothing of it.
        for number in it.get("open", ()):
            found[number] = (*found.get(number, ()), it["label"])
    return found


def day_of(said: Mapping[str, str | None]) -> Day:
    """Return a day as a publication keeps it."""
    on = said["on"]
    return Day(date.fromisoformat(on) if on else None, Precision(said["precision"]))


def text_in(language: str, original: str, words: str, others: Mapping[str, str]) -> Text:
    """Return a text in the language asked for, else in the original."""
    found = others.get(language) if language != original else None
    return Text(found, language) if found else Text(words, original)


def _case(
    content: Mapping[str, Any], language: str, cleared_at: datetime | None, published_at: datetime | None
) -> CaseRecord:
    it = content["case"]
    texts = {each["language"]: each for each in content["texts"]}
    original = it["language"]
    return CaseRecord(
        number=it["number"],
        title=text_in(language, original, it["title"], {code: of["title"] for code, of in texts.items()}),
        summary=text_in(
            language, original, it["summary"], {code: of["summary"] for code, of in texts.items()}
        ),
        written_in=(original, *(code for code in texts if code != original)),
        ngo=it["ngo"],
        project=(it["project"]["name"], it["project"]["slug"]) if it["project"] else None,
        parties=tuple(Party(name, party_slug(fold(name))) for name in it["controllers"]),
        claims=it["claims"],
        requested=it["requested"],
        outcome_text=it["outcome_text"],
        sources=it["sources"],
        cleared_at=cleared_at,
        published_at=published_at,
    )


def _filing(it: Mapping[str, Any], left: tuple[str, ...]) -> FilingRecord:
    return FilingRecord(
        number=it["number"],
        authority=it["authority"],
        country=it["country"],
        reference=it["reference"],
        lodged=day_of(it["lodged"]),
        stage=it["stage"],
        since=day_of(it["since"]),
        outcome=it["outcome"],
        entered_by_authority=it["entered_by_authority"],
        lead=it["lead"],
        lead_presumed=it["lead_presumed"],
        lead_sentence=it["lead_sentence"],
        lead_short=it["lead_short"],
        handling=it["handling"],
        controllers=tuple(it["controllers"]),
        open_claims=left,
    )


def _update(it: Mapping[str, Any]) -> UpdateRecord:
    return UpdateRecord(
        number=it["number"],
        day=day_of(it["day"]),
        kind=it["step"],
        label=it["label"],
        actor=it["actor"]["words"],
        actor_slug=it["actor"]["slug"],
        words=it["words"],
        reference=it["reference"],
        source=it["source"],
        filings=it["filings"],
        other_proceedings=it["other_proceedings"],
    )
