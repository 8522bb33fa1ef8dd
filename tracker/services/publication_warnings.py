"""What somebody should look at before a text becomes public: likely slips, none of them a refusal."""

import re
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Complainant
from tracker.services.publication_content import Content

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def warnings(case: Case, content: Content) -> list[str]:
    """Return a sentence for every place that may say too much about a person.

    That is an e-mail address, the pseudonym of a complainant of the case, and an actor in words that is
    neither the organisation nor a controller that is named anyway.
    """
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
    return found


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
    yield "The project", case["project"]["name"] if case["project"] else ""
    yield "A claim", _lines(it["conduct"] for it in case["claims"])
    yield "A measure asked for", _lines(case["requested"])
    yield "The outcome", case["outcome_text"]
    yield "A source", _lines(case["sources"])
    for it in content["filings"]:
        yield f"The number of filing {it['number']}", it["reference"] or ""
    for it in content["updates"]:
        yield f"Entry {it['number']}", _lines([it["actor"]["words"], it["words"], it["reference"]])


def _lines(texts: Iterable[str | None]) -> str:
    return "\n".join(it for it in texts if it)
