"""What the public would read of a content, in lines of text for the person who clears it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.reference import tables
from tracker.reference.authorities import in_words, label
from tracker.reference.names import language_name
from tracker.reference.periods import periods
from tracker.rules.days import Day, words
from tracker.rules.decisions import APPEALS, FINDINGS, RESULTS, TYPES
from tracker.rules.money import Money
from tracker.rules.standing import outcome_words
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Precision, Result
from tracker.services.decisions_hearings import when
from tracker.services.publication_fields import Content, completed

#: Before the number of a filing, what stands for its deadlines.
DEADLINES = "Deadlines of"


def lines_of(content: Content | None) -> Iterator[tuple[str, str]]:
    """Give everything that the public would read of a content: what it is, and its text in lines."""
    if content is None:
        return
    content = completed(content)
    case = content["case"]
    yield "Title", case["title"]
    yield "Summary", case["summary"]
    yield "Language in which it is written", language_name(case["language"])
    for it in content["texts"]:
        yield f"Title in {language_name(it['language'])}", it["title"]
        yield f"Summary in {language_name(it['language'])}", it["summary"]
    yield "Brought by", case["ngo"]
    yield "Project", case["project"]["name"] if case["project"] else ""
    yield "Controllers", "\n".join(case["controllers"])
    yield "Claims", "\n".join(_joined(f"Art {it['provision']}", it["conduct"]) for it in case["claims"])
    yield "Measures asked for", "\n".join(case["requested"])
    yield "Outcome as the source tells it", case["outcome_text"]
    yield "Sources", "\n".join(case["sources"])
    for it in content["filings"]:
        yield f"Filing {it['number']}", _filing(it)
    for it in content["updates"]:
        yield f"Entry {it['number']}", _update(it)
    for it in content["decisions"]:
        yield f"Decision {it['number']}", "\n".join(_decision(it))
    owed: dict[str, list[str]] = {}
    for it in content["deadlines"]:
        owed.setdefault(it["filing"], []).append(_deadline(it))
    for number, each in owed.items():
        yield f"{DEADLINES} {number}", "\n".join(each)
    for place, it in enumerate(content["hearings"], start=1):
        yield f"Hearing {place}", _hearing(it)


def _joined(*parts: str | None) -> str:
    return ": ".join(it for it in parts if it)


def _day(day: Mapping[str, Any]) -> Day:
    return Day(date.fromisoformat(day["on"]) if day["on"] else None, Precision(day["precision"]))


def _filing(it: Mapping[str, Any]) -> str:
    stage = tables.procedure().stages.get(it["stage"])
    where = in_words(it["authority"], it["country"])
    lead = "Presumed lead" if it["lead_presumed"] else "Lead"
    lines = [
        f"Lodged with {where} {_day(it['lodged']).when}",
        f"Against {', '.join(it['controllers'])}" if it["controllers"] else "",
        f"{stage.plain if stage else it['stage']}, since {_day(it['since']).words}",
        f"Outcome: {outcome_words(it['outcome'])}",
        f"By act of {in_words(it['entered_by_authority'])}" if it["entered_by_authority"] else "",
        f"{lead}: {label(it['lead'])}" if it["lead"] else "Lead: none or not known",
        f"Handled by {in_words(it['handling'])}" if it["handling"] else "",
        *it["lead_sentence"].split("\n\n"),
        f"In one line: {it['lead_short']}" if it["lead_short"] else "",
        f"Number at the authority: {it['reference']}"
        if it["reference"]
        else "Number at the authority: not cleared",
    ]
    return "\n".join(line for line in lines if line)


def _update(it: Mapping[str, Any]) -> str:
    about = it["filings"]
    lines = [
        f"{_day(it['day']).words}: {it['label']}",
        f"By {it['actor']['words']}",
        it["words"],
        f"Concerns {', '.join(about)}" if about else "Concerns the case as a whole",
        f"Reference: {it['reference']}" if it["reference"] else "",
        f"Source: {it['source']}" if it["source"] else "",
    ]
    return "\n".join(line for line in lines if line)


def _decision(it: Mapping[str, Any]) -> Iterator[str]:
    kind = TYPES[DecisionType(it["type"])] if it["type"] else "Decision"
    yield f"{kind} of {it['decided_by']}, {_day(it['decided']).words}"
    if it["reference"] or it["ecli"]:
        yield f"Number: {', '.join(name for name in (it['reference'], it['ecli']) if name)}"
    yield it["summary"] or "No summary is cleared"
    for each in it["filings"]:
        yield f"{each['number']}: {RESULTS[Result(each['result'])]}"
    for each in it["findings"]:
        said = _joined(FINDINGS[Finding(each["finding"])], each["words"])
        yield f"{each['filing']}, Art {each['provision']}: {said}"
    for each in it["fines"]:
        against = f" against {each['against']}" if each["against"] else ""
        yield f"Fine of {Money(each['minor'], each['currency']).words}{against}"
    for each in it["measures"]:
        until = f", by {words(date.fromisoformat(each['comply_by']))}" if each["comply_by"] else ""
        yield _joined(f"Art 58(2)({each['letter']}){until}", each["words"])
    before = f", {it['appeal_to']}" if it["appeal_to"] else ""
    yield f"Appeal: {APPEALS[AppealStatus(it['appeal'])]}{before}"
    if it["entries"]:
        yield f"Told by {_numbers(it['entries'])}"
    if it["source"]:
        yield f"Source: {it['source']}"


def _numbers(entries: Sequence[int]) -> str:
    return f"{'entry' if len(entries) == 1 else 'entries'} {', '.join(map(str, entries))}"


def _deadline(it: Mapping[str, Any]) -> str:
    period = periods().get(it["period"])
    what = period.label if period else it["period"]
    due, certain = date.fromisoformat(it["due_on"]), date.fromisoformat(it["certain_on"])
    told = [f"{in_words(it['owed_by'])} owes {what} by {words(due)}"]
    if certain != due:
        told.append(f"late for certain after {words(certain)}")
    if it["met_on"]:
        told.append(f"done on {words(date.fromisoformat(it['met_on']))}")
    elif not it["open"]:
        told.append("nobody waits for it any more")
    elif it["paused_on"]:
        told.append(f"stands still since {words(date.fromisoformat(it['paused_on']))}")
    said = ", ".join(told)
    return said[:1].upper() + said[1:]


def _hearing(it: Mapping[str, Any]) -> str:
    at = datetime.fromisoformat(it["starts_at"]) if it["starts_at"] else None
    lines = [
        f"{when(date.fromisoformat(it['day']), at, it['zone'])}, {it['court']}",
        it["place"] or "",
        it["what"],
        "Cancelled" if it["cancelled"] else "",
        f"Concerns {', '.join(it['filings'])}",
    ]
    return "\n".join(line for line in lines if line)
