"""The words of public cases in the search of the public store: FTS5 on SQLite, tsvector on PostgreSQL.

What goes in is folded and taken apart here, so that both find the same: no case, no accents, no signs. The
words of a withdrawn case leave the store with it, also the dictionary that SQLite keeps of them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from tracker.db import PUBLIC, db
from tracker.models import PublishedAuthority
from tracker.rules.text import WORD
from tracker.services.controllers import fold

#: The parts of a case by how much a word in them says: title; names; summary and claims; the protocol.
PARTS = ("best", "good", "further", "rest")
#: What PostgreSQL takes into one document; longer protocols are found by what comes first.
LONGEST = 400_000

Parts = dict[str, str]


def words_in(text: str) -> list[str]:
    """Return the words of a text as the search knows them."""
    return WORD.findall(fold(text))


def _run(statement: str, values: Any = None) -> Any:
    return db.session.execute(sa.text(statement), values, bind_arguments={"bind": db.engines[PUBLIC]})


def on_postgres() -> bool:
    """Return whether the public store is one of PostgreSQL."""
    return db.engines[PUBLIC].dialect.name == "postgresql"


def write_words(keys: Collection[int], words: Mapping[int, Parts]) -> None:
    """Let the search know these words of the cases with these keys; of one that has none here, nothing.

    FTS5 only marks what is deleted, and keeps its words until parts of the index are merged. So they are
    merged at once where a word goes: what was withdrawn is not in the file any more.
    """
    if on_postgres():
        _run("DELETE FROM published_search WHERE key = ANY(:keys)", {"keys": list(keys)})
        _insert(words)
        return
    before = _present(keys)
    changed = {key for key, parts in before.items() if words.get(key) != parts}
    if changed:
        _run("DELETE FROM published_search WHERE rowid = :key", [{"key": it} for it in sorted(changed)])
    _insert({key: parts for key, parts in words.items() if key in changed or key not in before})
    if any(_set_of(before[key]) - _set_of(words.get(key, {})) for key in changed):
        _merge()


def forget_all_words() -> None:
    """Empty the search."""
    _run("DELETE FROM published_search")
    if not on_postgres():
        _merge()


def _merge() -> None:
    _run("INSERT INTO published_search (published_search) VALUES ('optimize')")


def _set_of(parts: Parts) -> set[str]:
    return {word for text in parts.values() for word in text.split()}


def _present(keys: Collection[int]) -> dict[int, Parts]:
    wanted = ",".join(str(int(it)) for it in keys)
    columns = ", ".join(PARTS)
    there = _run(f"SELECT rowid, {columns} FROM published_search WHERE rowid IN ({wanted})")  # noqa: S608 - numbers
    return {key: dict(zip(PARTS, parts, strict=True)) for key, *parts in there}


def _insert(words: Mapping[int, Parts]) -> None:
    rows = [{"key": key, **parts} for key, parts in words.items()]
    if not rows:
        return
    if on_postgres():
        weighed = " || ".join(
            f"setweight(to_tsvector('simple', :{part}), '{weight}')"
            for part, weight in zip(PARTS, "ABCD", strict=True)
        )
        _run(f"INSERT INTO published_search (key, words) VALUES (:key, {weighed})", rows)  # noqa: S608
        return
    columns, values = ", ".join(PARTS), ", ".join(f":{it}" for it in PARTS)
    _run(f"INSERT INTO published_search (rowid, {columns}) VALUES (:key, {values})", rows)  # noqa: S608


def authority_names() -> dict[str, str]:
    """Return by slug how the authorities of the public directory are called, in all ways."""
    it = PublishedAuthority
    query = sa.select(it.slug, it.abbr, it.name, it.name_en)
    return {slug: " ".join(names) for slug, *names in db.session.execute(query)}


def words_of(
    case: Any,
    filings: Sequence[Any],
    updates: Sequence[Any],
    decisions: Sequence[Any],
    names: Mapping[str, str],
) -> Parts:
    """Return what is found by the words of a case. `names` are those of the authorities by slug."""
    translated = list(case.texts.values())
    authorities = {slug for it in filings for slug in (it.authority, it.lead, it.handling) if slug}
    controllers = dict.fromkeys([*case.controllers, *(name for it in filings for name in it.controllers)])
    parts = {
        "best": [case.number, case.title, *(it.get("title") for it in translated)],
        "good": [case.ngo, case.project, *controllers],
        "further": [
            case.summary,
            *(it.get("summary") for it in translated),
            *(names.get(it, it) for it in sorted(authorities)),
            *(text for it in filings for text in (it.number, it.reference)),
            *(text for it in case.claims for text in (it.get("label"), it.get("conduct"))),
            *(text for it in decisions for text in (it.decided_by, it.reference, it.ecli, it.summary)),
            case.outcome_text,
        ],
        "rest": [text for it in updates for text in (it.label, it.actor, it.words, it.reference)],
    }
    return {
        name: " ".join(words_in(" ".join(it for it in texts if it)))[:LONGEST]
        for name, texts in parts.items()
    }
