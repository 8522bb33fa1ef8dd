"""What somebody should look at before a text becomes public: likely slips, none of them a refusal."""

import re
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Complainant, Update
from tracker.rules.languages import language_name
from tracker.rules.standing import NOT_KNOWN
from tracker.services.publication_decisions import annulled_by
from tracker.services.publication_fields import Content, completed
from tracker.services.publication_records import Records, records_of

#: How a source says that it does not know a status.
NOTHING_KNOWN = frozenset({"unknown", "not known"})
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def warnings(case: Case, content: Content, *, records: Records | None = None) -> list[str]:
    """Return a sentence for every place that may say too much, about a person or of what was not checked.

    That is an e-mail address, the pseudonym of a complainant of the case, an actor in words that is neither
    the organisation nor a controller that is named anyway; what nobody compared with its source; words about
    the whole case where only some of its filings are chosen; a decision that is about others too, or that a
    judgment which is not chosen annulled; and a filing whose source knows another result. Whoever has the
    `records` of the case gives them.
    """
    content = completed(content)
    records = records or records_of(case)
    query = sa.select(Complainant.pseudonym).where(Complainant.case_id == case.id)
    pseudonyms = {it: _as_a_word(it) for it in db.session.scalars(query.order_by(Complainant.id))}
    found = []
    for what, text in _texts(content):
        found += [f"{what} holds the e-mail address {it}." for it in dict.fromkeys(EMAIL.findall(text))]
        found += [
            f"{what} holds “{name}”, the pseudonym of a complainant."
            for name, pattern in pseudonyms.items()
            if pattern.search(text)
        ]
    known = "\n".join([content["case"]["ngo"], *content["case"]["controllers"]])
    found += [
        f"Entry {it['number']} says in words who acted, “{it['actor']['words']}”: name no person there."
        for it in content["updates"]
        if it["actor"]["slug"] is None and not _as_a_word(it["actor"]["words"]).search(known)
    ]
    return [
        *found,
        *_unchecked(case, content, records),
        *_whole(case, content),
        *_decisions(content, records),
        *_other_results(case, content),
    ]


def _unchecked(case: Case, content: Content, records: Records) -> list[str]:
    """Return a sentence for what of filings, entries, decisions and so on does not count as checked."""
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
    told = (
        ("filing", filings),
        ("controller", [it.name for it in controllers if it.verified is False]),
        ("claim", [f"Art {it}" for it in claims]),
        ("entry", sorted(entries, key=int)),
        ("decision", decisions),
    )
    return [_not_checked(word, names) for word, names in told if names]


def _not_checked(word: str, names: Sequence[str]) -> str:
    many = {"entry": "entries"}.get(word, f"{word}s")
    subject = f"The {word} {names[0]} was" if len(names) == 1 else f"The {many} {_listed(names)} were"
    return f"{subject} not checked against the source."


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _whole(case: Case, content: Content) -> list[str]:
    """Return what to look at where some filings of the case stay inside: its words are about all of them."""
    some, every = len(content["filings"]), len(case.filings)
    if not 0 < some < every:
        return []
    return [
        f"{some} of {every} filings {'is' if some == 1 else 'are'} chosen, but title, summary, claims, "
        "measures and outcome are those of the whole case: read whether they tell of the others."
    ]


def _decisions(content: Content, records: Records) -> list[str]:
    """Return what to look at in decisions of which only a part is public."""
    chosen = {it["number"] for it in content["decisions"]}
    filings = {it["number"] for it in content["filings"]}
    shared = [
        str(it.it.number)
        for it in records.decisions
        if it.it.number in chosen and {each.filing.number for each in it.it.filings} - filings
    ]
    found = [
        f"Decision {it} is about filings that are not chosen too: read whether its summary, its fines or its "
        "measures tell of them."
        for it in shared
    ]
    found += [
        f"Decision {number} was annulled by decision {by}, which is not chosen: the public reads that it "
        "stands."
        for number, by in annulled_by(records, chosen).items()
    ]
    return found


def _other_results(case: Case, content: Content) -> list[str]:
    """Return a sentence for every filing whose source says more than its steps, with its words."""
    said = {it.number: it.status_said for it in case.filings}
    silent = [it["number"] for it in content["filings"] if it["outcome"] == NOT_KNOWN]
    unknown = [it for it in silent if (said[it] or "").casefold() in NOTHING_KNOWN]
    told = [
        f"The source says “{said[it]}” of {it}, and no step says so: the public reads that its result is not "
        "known until the step is recorded and cleared."
        for it in silent
        if it not in unknown
    ]
    if unknown:
        which = unknown[0] if len(unknown) == 1 else _listed(unknown)
        told.append(
            f"The source does not know what became of {which}: the public reads that the result is not known."
        )
    return told


def _as_a_word(name: str) -> re.Pattern[str]:
    """Return what finds a name as words of their own.

    A single letter counts as written, within a sentence: "A complaint" and "Bank A/S" are about nobody.
    """
    if len(name) > 1:
        return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?:(?<=[\w,;] )|(?<=\()){re.escape(name)}(?!\w|[./&]\w)")


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    """Give every text that somebody wrote, with the words for where it stands."""
    case = content["case"]
    yield "The title", case["title"]
    yield "The summary", case["summary"]
    for it in content["texts"]:
        language = language_name(it["language"])
        yield f"The title in {language}", it["title"]
        yield f"The summary in {language}", it["summary"]
    yield "The project", case["project"]["name"] if case["project"] else ""
    yield "A claim", _lines(it["conduct"] for it in case["claims"])
    yield "A measure asked for", _lines(case["requested"])
    yield "The outcome", case["outcome_text"]
    yield "A source", _lines(case["sources"])
    for it in content["filings"]:
        yield f"The number of filing {it['number']}", it["reference"] or ""
    for it in content["updates"]:
        yield f"Entry {it['number']}", _lines([it["actor"]["words"], it["words"], it["reference"]])
    for it in content["decisions"]:
        said = [it["decided_by"], it["reference"], it["summary"], it["appeal_to"]]
        said += [each["words"] for part in ("findings", "measures") for each in it[part]]
        said += [each["against"] for each in it["fines"]]
        yield f"Decision {it['number']}", _lines(said)
    for place, it in enumerate(content["hearings"], start=1):
        yield f"Hearing {place}", _lines([it["court"], it["place"], it["what"]])


def _lines(texts: Iterable[str | None]) -> str:
    return "\n".join(it for it in texts if it)
