"""What the file keeps to itself, looked for in words that are to become public.

Pseudonyms of complainants of this case and of any other, names of people who work here, places where
complainants live and work, words for the file, names of kept files, and numbers at authorities that are not
cleared. Somebody typed each of them somewhere else, so nobody sees by the text alone that it is private.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Complainant, Evidence, Filing, Reference, User
from tracker.reference.names import place_name
from tracker.services.publication_fields import Content
from tracker.services.publication_records import Records

#: Where somebody may have to change something: what it is, and its number or name.
Place = tuple[str, Any]
Found = Iterator[tuple[str, Place]]

#: A pseudonym of another case, the name of a file or a number is looked for from this length on: shorter
#: ones are ordinary words too often.
SHORTEST = 4
#: As many signs in a row of the words for the file are no chance.
SENTENCE = 30
#: What tells that a sentence with the name of a place is about where somebody lives or works.
ABOUT_SOMEBODY = re.compile(
    r"\b(?:complainants?|data subjects?|lives?|living|lived|resid\w+|domicile\w*|works?|worked|working"
    r"|employe[dr]\w*|home|workplace|wohn\w+|arbeit\w+|beschwerdeführer\w*|habit\w+|travail\w+|plaignante?s?)\b",
    re.IGNORECASE,
)
ENDS = re.compile(r"(?<=[.:;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Told:
    """A text that is to become public: the words for where it stands, and where it is changed."""

    what: str
    text: str
    place: Place


def private_in(texts: Sequence[Told], content: Content, records: Records) -> Found:
    """Give a sentence, with the place to change, for each private thing in the texts.

    It takes one SQL statement for each kind, however long the case is.
    """
    case = records.case
    whole = "\n".join(it.text for it in texts)
    folded = whole.casefold()
    yield from _pseudonyms(texts, case, folded)
    yield from _people(texts, folded)
    yield from _places(texts, case)
    yield from _words_for_the_file(texts, content, records)
    yield from _files(texts, case, folded)
    yield from _references(texts, content, records, folded)


def as_a_word(name: str) -> re.Pattern[str]:
    """Return what finds a name as words of their own.

    A single letter counts as written, within a sentence: "A complaint" and "Bank A/S" are about nobody.
    """
    if len(name) > 1:
        return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?:(?<=[\w,;] )|(?<=\()){re.escape(name)}(?!\w|[./&]\w)")


def _holding(texts: Sequence[Told], name: str) -> Iterator[Told]:
    pattern = as_a_word(name)
    return (it for it in texts if pattern.search(it.text))


def _pseudonyms(texts: Sequence[Told], case: Case, folded: str) -> Found:
    query = sa.select(Complainant.pseudonym, Complainant.case_id).order_by(Complainant.id)
    own: dict[str, None] = {}
    others: dict[str, None] = {}
    for name, case_id in db.session.execute(query):
        if case_id == case.id:
            own[name] = None
        elif len(name) >= SHORTEST and name.casefold() in folded:
            others[name] = None
    for it in texts:
        for name in own:
            if as_a_word(name).search(it.text):
                yield f"{it.what} holds “{name}”, the pseudonym of a complainant.", it.place
    for name in others:
        if name not in own:
            for it in _holding(texts, name):
                yield f"{it.what} holds “{name}”, the pseudonym of a complainant in another case.", it.place


def _people(texts: Sequence[Told], folded: str) -> Found:
    for name in db.session.scalars(sa.select(User.name).order_by(User.id)):
        if len(name) >= SHORTEST and name.casefold() in folded:
            for it in _holding(texts, name):
                yield f"{it.what} names “{name}”, who has an account here.", it.place


def _places(texts: Sequence[Told], case: Case) -> Found:
    """Give sentences that name a place of a complainant and say something of a person."""
    columns = (Complainant.residence, Complainant.workplace)
    query = sa.select(*columns).where(Complainant.case_id == case.id).order_by(Complainant.id)
    codes = dict.fromkeys(code for row in db.session.execute(query) for code in row if code)
    for code in codes:
        name = place_name(code)
        pattern = as_a_word(name)
        for it in texts:
            for sentence in ENDS.split(it.text):
                if pattern.search(sentence) and ABOUT_SOMEBODY.search(sentence):
                    yield (
                        f"{it.what} names {name}, where a complainant lives or works, in a sentence that may "
                        "be about a person.",
                        it.place,
                    )
                    break


def _words_for_the_file(texts: Sequence[Told], content: Content, records: Records) -> Found:
    """Give where words of an entry that is not cleared stand in words that are."""
    chosen = {it["number"] for it in content["updates"]}
    public = [(it, _plain(it.text)) for it in texts]
    for update in records.counting:
        if update.number in chosen:
            continue
        sentences = [_plain(it) for it in ENDS.split(update.words)]
        for it, text in public:
            if any(len(each) >= SENTENCE and each in text for each in sentences):
                yield f"{it.what} repeats words of entry {update.number}, which is not chosen.", it.place


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".,;:")


def _files(texts: Sequence[Told], case: Case, folded: str) -> Found:
    query = sa.select(Evidence.original_name, Evidence.exhibit).where(
        Evidence.case_id == case.id, Evidence.source_note.is_(False)
    )
    for name, exhibit in db.session.execute(query.order_by(Evidence.exhibit)):
        if len(name) >= SHORTEST and "." in name and name.casefold() in folded:
            for it in _holding(texts, name):
                yield f"{it.what} holds the name of a kept file, {name} (exhibit {exhibit}).", it.place


def _references(texts: Sequence[Told], content: Content, records: Records, folded: str) -> Found:
    """Give where words hold a number at an authority that is not cleared as such."""
    query = (
        sa.select(Reference.value, Filing.number)
        .join(Filing, Filing.id == Reference.filing_id)
        .where(Filing.case_id == records.case.id)
    )
    kept: dict[str, str] = {}
    for value, number in db.session.execute(query.order_by(Filing.number, Reference.position)):
        kept.setdefault(value, number)
    for update in records.updates:
        about = records.filings.get(update.id, ())
        if update.reference and about:
            kept.setdefault(update.reference, about[0])
    cleared = _cleared(content)
    for value, number in kept.items():
        if len(value) < SHORTEST or value.casefold() not in folded or _is_in(value, cleared):
            continue
        for it in _holding(texts, value):
            yield f"{it.what} holds {value}, a number of {number} that is not cleared.", it.place


def _cleared(content: Content) -> list[str]:
    parts = ("filings", "updates", "decisions")
    return [it["reference"] for part in parts for it in content[part] if it["reference"]]


def _is_in(value: str, cleared: Collection[str]) -> bool:
    return any(as_a_word(value).search(it) for it in cleared)
