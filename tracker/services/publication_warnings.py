"""What somebody should look at before a text becomes public: likely slips, none of them a refusal."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Update
from tracker.reference.names import language_name
from tracker.rules import slips
from tracker.rules.standing import NOT_KNOWN
from tracker.services.publication_decisions import annulled_by
from tracker.services.publication_fields import Content, completed
from tracker.services.publication_late import told_late
from tracker.services.publication_private import Place, Told, as_a_word, private_in
from tracker.services.publication_records import Records, records_of

#: How a source says that it does not know a status.
NOTHING_KNOWN = frozenset({"unknown", "not known"})


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: its sentence, and the place that somebody may have to change."""

    text: str
    place: Place
    #: Whether it is answered also where the public reads the same already: the file may have gone on since.
    anew: bool = False

    @property
    def mark(self) -> str:
        """Return what stands for it where it is ticked: another sentence has another mark."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def warnings(case: Case, content: Content, *, records: Records | None = None) -> list[Warned]:
    """Return a warning for everything that may say too much, about a person or of what was not checked.

    That is what looks like a slip by its form (e-mail, telephone, account, secret link), what the file keeps
    as private (services.publication_private), an actor in words that is neither the organisation nor a
    controller that is named anyway; what nobody compared with its source; words about the whole case where
    only some of its filings are chosen; a decision that is about others too, or that a judgment which is not
    chosen annulled; a filing whose source knows another result; and an authority that the public would read
    to be late and the file does not. Whoever has the `records` gives them.
    """
    content = completed(content)
    records = records or records_of(case)
    texts = list(_texts(content))
    found = [
        Warned(f"{it.what} holds {words} {slip}.", it.place)
        for it in texts
        for words, find in slips.SLIPS.items()
        for slip in dict.fromkeys(find(it.text))
    ]
    found += [Warned(text, place) for text, place in private_in(texts, content, records)]
    known = "\n".join([content["case"]["ngo"], *content["case"]["controllers"]])
    found += [
        Warned(
            f"Entry {it['number']} says in words who acted, “{it['actor']['words']}”: name no person there.",
            ("entry", it["number"]),
        )
        for it in content["updates"]
        if it["actor"]["slug"] is None and not as_a_word(it["actor"]["words"]).search(known)
    ]
    return [
        *(Warned(text, place, anew=True) for text, place in told_late(case, content)),
        *found,
        *_unchecked(case, content, records),
        *_whole(case, content),
        *_decisions(content, records),
        *_other_results(case, content),
    ]


def known_marks(case: Case, public: Content | None, *, records: Records | None = None) -> set[str]:
    """Return the marks of the warnings about what is public already: nobody has to answer them again.

    `public` is None where nothing is. Who is called late without the file is answered each time.
    """
    if public is None:
        return set()
    return {it.mark for it in warnings(case, public, records=records) if not it.anew}


def late_in_public(case: Case, public: Content) -> list[Warned]:
    """Return what the public page says now, or will say, of authorities that are late without the file."""
    return [Warned(text, place, anew=True) for text, place in told_late(case, completed(public), now=True)]


def _unchecked(case: Case, content: Content, records: Records) -> Iterator[Warned]:
    """Give a warning for what of filings, entries, decisions and so on does not count as checked."""
    chosen = {it["number"] for it in content["filings"]}
    filings = [it.number for it in case.filings if it.number in chosen and it.verified is False]
    named = set(content["case"]["controllers"])
    controllers = [it.controller for it in case.controllers if it.controller.name in named]
    query = sa.select(Update.number).where(Update.case_id == case.id, Update.verified.is_(False))
    unchecked = set(db.session.scalars(query))
    entries = [str(it["number"]) for it in content["updates"] if it["number"] in unchecked]
    chosen_decisions = {it["number"] for it in content["decisions"]}
    decisions = [
        str(it.it.number)
        for it in records.decisions
        if it.it.number in chosen_decisions and it.it.verified is False
    ]
    claims = [it["provision"] for it in content["case"]["claims"]] if case.legal_verified is False else []
    told: tuple[tuple[str, Sequence[str]], ...] = (
        ("filing", filings),
        ("controller", [it.name for it in controllers if it.verified is False]),
        ("claim", [f"Art {it}" for it in claims]),
        ("entry", sorted(entries, key=int)),
        ("decision", decisions),
    )
    for word, names in told:
        if names:
            yield Warned(_not_checked(word, names), (word, names[0]) if word != "claim" else ("case", None))


def _not_checked(word: str, names: Sequence[str]) -> str:
    many = {"entry": "entries"}.get(word, f"{word}s")
    subject = f"The {word} {names[0]} was" if len(names) == 1 else f"The {many} {_listed(names)} were"
    return f"{subject} not checked against the source."


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _whole(case: Case, content: Content) -> list[Warned]:
    """Return what to look at where some filings of the case stay inside: its words are about all of them."""
    some, every = len(content["filings"]), len(case.filings)
    if not 0 < some < every:
        return []
    text = (
        f"{some} of {every} filings {'is' if some == 1 else 'are'} chosen, but title, summary, claims, "
        "measures and outcome are those of the whole case: read whether they tell of the others."
    )
    return [Warned(text, ("case", None))]


def _decisions(content: Content, records: Records) -> list[Warned]:
    """Return what to look at in decisions of which only a part is public."""
    chosen = {it["number"] for it in content["decisions"]}
    filings = {it["number"] for it in content["filings"]}
    shared = [
        it.it.number
        for it in records.decisions
        if it.it.number in chosen and {each.filing.number for each in it.it.filings} - filings
    ]
    found = [
        Warned(
            f"Decision {it} is about filings that are not chosen too: read whether its summary, its fines or "
            "its measures tell of them.",
            ("decision", it),
        )
        for it in shared
    ]
    found += [
        Warned(
            f"Decision {number} was annulled by decision {by}, which is not chosen: the public reads that it "
            "stands.",
            ("decision", by),
        )
        for number, by in annulled_by(records, chosen).items()
    ]
    return found


def _other_results(case: Case, content: Content) -> list[Warned]:
    """Return a warning for every filing whose source says more than its steps, with its words."""
    said = {it.number: it.status_said for it in case.filings}
    silent = [it["number"] for it in content["filings"] if it["outcome"] == NOT_KNOWN]
    unknown = [it for it in silent if (said[it] or "").casefold() in NOTHING_KNOWN]
    told = [
        Warned(
            f"The source says “{said[it]}” of {it}, and no step says so: the public reads that its result is "
            "not known until the step is recorded and cleared.",
            ("filing", it),
        )
        for it in silent
        if it not in unknown
    ]
    if unknown:
        which = unknown[0] if len(unknown) == 1 else _listed(unknown)
        text = (
            f"The source does not know what became of {which}: the public reads that the result is not known."
        )
        told.append(Warned(text, ("filing", unknown[0])))
    return told


def _texts(content: Content) -> Iterator[Told]:
    """Give every text that somebody wrote, with the words for where it stands."""
    case = content["case"]
    here: Place = ("case", None)
    yield Told("The title", case["title"], here)
    yield Told("The summary", case["summary"], here)
    for it in content["texts"]:
        language = language_name(it["language"])
        yield Told(f"The title in {language}", it["title"], ("text", it["language"]))
        yield Told(f"The summary in {language}", it["summary"], ("text", it["language"]))
    yield Told("The project", case["project"]["name"] if case["project"] else "", here)
    yield Told("A claim", _lines(it["conduct"] for it in case["claims"]), here)
    yield Told("A measure asked for", _lines(case["requested"]), here)
    yield Told("The outcome", case["outcome_text"], here)
    yield Told("A source", _lines(case["sources"]), here)
    for it in content["filings"]:
        number = it["number"]
        yield Told(f"The number of filing {number}", it["reference"] or "", ("filing", number))
    for it in content["updates"]:
        words = [it["actor"]["words"], it["words"], it["reference"]]
        yield Told(f"Entry {it['number']}", _lines(words), ("entry", it["number"]))
    for it in content["decisions"]:
        said = [it["decided_by"], it["reference"], it["summary"], it["appeal_to"]]
        said += [each["words"] for part in ("findings", "measures") for each in it[part]]
        said += [each["against"] for each in it["fines"]]
        yield Told(f"Decision {it['number']}", _lines(said), ("decision", it["number"]))
    for place, it in enumerate(content["hearings"], start=1):
        text = _lines([it["court"], it["place"], it["what"]])
        yield Told(f"Hearing {place}", text, ("hearing", it["uid"]))


def _lines(texts: Iterable[str | None]) -> str:
    return "\n".join(it for it in texts if it)
