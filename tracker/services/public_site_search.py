"""The search over what is public: what somebody typed as a question to the index, and where it was found.

Signs that mean something to a database are none here: a text is taken apart into words, and only words are
asked for. Words in quotes, or joined by signs as in C081-07, have to stand together; the last one may go on.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.db import PUBLIC, db
from tracker.models import PublishedCase, PublishedDecision, PublishedLine, PublishedUpdate
from tracker.rules.text import WORD
from tracker.services.controllers import fold

#: What is typed together: in quotes, or between spaces.
TOGETHER = re.compile(r'"([^"]*)"|(\S+)')
#: By how much a word counts in title, names, summary and protocol.
WEIGHTS = (10.0, 5.0, 2.0, 1.0)
#: Signs before and after the first word that was found.
BEFORE, AFTER = 60, 140

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words were found in a case. `parts` are its text in pieces, with whether it is one of them.

    `kind` is "title", "summary", "names", "entry" or "decision"; `number` is that of an entry in the
    protocol. `language` is that of the text.
    """

    kind: str
    number: int | None
    language: str
    parts: tuple[tuple[str, bool], ...]


def phrases_of(text: str) -> tuple[Phrase, ...]:
    """Return the words that somebody typed, folded, those together that have to stand together."""
    typed = (quoted or plain for quoted, plain in TOGETHER.findall(text))
    found = (tuple(WORD.findall(fold(it))) for it in typed)
    return tuple(it for it in found if it)


def asked_of_store(query: sa.Executable) -> sa.Result[*tuple[Any, ...]]:
    """Return the answer of the public store to a question whose parts do not say which store they mean."""
    return db.session.execute(query, bind_arguments={"bind": db.engines[PUBLIC]})


def _on_postgres() -> bool:
    return db.engines[PUBLIC].dialect.name == "postgresql"


def _for_sqlite(phrases: Sequence[Phrase]) -> str:
    said = ['"' + " ".join(it) + '"' for it in phrases]
    return " AND ".join(said) + "*"


def _for_postgres(phrases: Sequence[Phrase]) -> str:
    said = [" <-> ".join(f"'{word}'" for word in it) for it in phrases]
    return " & ".join(said) + ":*"


def matching(text: str) -> sa.FromClause:
    """Return the cases in which all of the words occur, with `key` and `score`: the lowest fits best."""
    phrases = phrases_of(text)
    if not phrases:
        none = sa.select(PublishedLine.key, sa.literal(0.0).label("score")).where(sa.false())
        return none.subquery("matching")
    if _on_postgres():
        words: Any = sa.column("words")
        asked = sa.func.to_tsquery(sa.literal_column("'simple'"), _for_postgres(phrases))
        table = sa.table("published_search", sa.column("key"), words)
        found = sa.select(table.c.key.label("key"), (-sa.func.ts_rank(words, asked)).label("score"))
        return found.where(words.op("@@")(asked)).subquery("matching")
    index: Any = sa.literal_column("published_search")
    table = sa.table("published_search", sa.column("rowid"))
    score = sa.func.bm25(index, *(sa.literal_column(str(it)) for it in WEIGHTS))
    found = sa.select(table.c.rowid.label("key"), score.label("score"))
    return found.where(index.op("MATCH")(_for_sqlite(phrases))).subquery("matching")


def places_of(text: str, numbers: Sequence[str]) -> dict[str, Place]:
    """Return by case where the words stand that were looked for, in three SQL statements for all of them.

    A case that is found by the name of an authority or a claim has no place.
    """
    phrases = phrases_of(text)
    if not phrases or not numbers:
        return {}
    words = {word for it in phrases for word in it}
    beginning = phrases[-1][-1]
    found: dict[str, tuple[int, Place]] = {}
    for number, kind, entry, language, written in _texts(numbers):
        marked = _marked(written, words, beginning)
        if marked is None:
            continue
        fits, parts = marked
        # The first text that has the most of the words: title, then summary, then the protocol.
        if number not in found or fits > found[number][0]:
            found[number] = fits, Place(kind, entry, language, parts)
    return {number: place for number, (_, place) in found.items()}


Text = tuple[str, str, int | None, str, str]


def _texts(numbers: Sequence[str]) -> list[Text]:
    """Return the texts of the cases in the order in which a place is looked for."""
    case, update, decision = PublishedCase, PublishedUpdate, PublishedDecision
    columns = (case.number, case.language, case.title, case.summary, case.texts, case.ngo, case.controllers)
    titles: list[Text] = []
    summaries: list[Text] = []
    names: list[Text] = []
    languages: dict[str, str] = defaultdict(str)
    for it in db.session.execute(sa.select(*columns).where(case.number.in_(numbers))):
        languages[it.number] = it.language
        written = {it.language: {"title": it.title, "summary": it.summary}} | it.texts
        for language, texts in written.items():
            titles.append((it.number, "title", None, language, texts.get("title") or ""))
            summaries.append((it.number, "summary", None, language, texts.get("summary") or ""))
        names.append((it.number, "names", None, it.language, ", ".join([it.ngo, *it.controllers])))
    told = sa.select(update.case_number, update.number, update.words).where(update.case_number.in_(numbers))
    entries: list[Text] = [
        (number, "entry", entry, languages[number], words)
        for number, entry, words in db.session.execute(told.order_by(update.case_number, update.position))
    ]
    said = sa.select(decision.case_number, decision.summary)
    said = said.where(decision.case_number.in_(numbers))
    decisions: list[Text] = [
        (number, "decision", None, languages[number], words)
        for number, words in db.session.execute(said.order_by(decision.case_number, decision.position))
    ]
    return [*titles, *names, *summaries, *entries, *decisions]


def _marked(text: str, words: set[str], beginning: str) -> tuple[int, tuple[tuple[str, bool], ...]] | None:
    """Return how many different words a text has, and its piece around the first of them."""
    spots: list[tuple[int, int]] = []
    fits = set()
    for it in WORD.finditer(text):
        folded = fold(it[0])
        whole = folded if folded in words else None
        if whole is None and folded.startswith(beginning):
            whole = beginning
        if whole is not None:
            spots.append(it.span())
            fits.add(whole)
    if not spots:
        return None
    start, end = _piece(text, spots[0][0])
    parts: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for first, last in spots:
        if last > end:
            break
        if first > at:
            parts.append((text[at:first], False))
        parts.append((text[first:last], True))
        at = last
    if at < end:
        parts.append((text[at:end], False))
    if end < len(text):
        parts.append((" …", False))
    return len(fits), tuple(parts)


def _piece(text: str, at: int) -> tuple[int, int]:
    """Return where the piece around a word begins and ends: between words."""
    start = 0 if at <= BEFORE else text.find(" ", at - BEFORE, at) + 1 or at
    end = len(text) if len(text) <= at + AFTER else text.rfind(" ", at, at + AFTER)
    if end <= at:
        end = next((it.end() for it in WORD.finditer(text, at)), len(text))
    return start, end
