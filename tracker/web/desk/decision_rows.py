"""Decisions, findings, proceedings and hearings put into the words and rows of their templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup

from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.reference.names import language_name
from tracker.rules import days, provisions
from tracker.rules import decisions as rules
from tracker.rules.standing import OUTCOME_NAMES
from tracker.rules.vocabulary import Finding, Outcome, Result
from tracker.services.decisions import Cell, Matrix, Read
from tracker.services.decisions_proceedings import called
from tracker.web.desk.case_page import LOOKS, Fact, known, link
from tracker.web.desk.rows import authority_words, unbroken
from tracker.web.jinja import show_day

_RESULT_LOOKS = {
    Result.OPEN: ("open", "neutral"),
    Result.UPHELD: ("full", "good"),
    Result.PARTLY: ("half", "mixed"),
    Result.REJECTED: ("full", "bad"),
    Result.CONFIRMED: ("full", "neutral"),
    Result.ANNULLED: ("half", "neutral"),
}
#: So many filings stand side by side in one table.
ABREAST = 8


def name_of(it: Any) -> str:
    """Return what a decision is called: "Final decision IN-18-5-6"."""
    kind = rules.TYPES[it.type] if it.type else "Decision"
    named = f"{kind}, urgent" if it.urgent else kind
    if not it.reference:
        return named
    # Some numbers say themselves what they are one of: "Urgent Binding Decision 01/2023".
    return it.reference if "decision" in it.reference.lower() else f"{named} {it.reference}"


def decider(it: Any) -> Any:
    """Return who decided, as a link where the directory has it."""
    return authority_words(it.decided_by_slug) if it.decided_by_slug else it.decided_by


def fines_of(it: Any) -> list[str]:
    """Return the fines of a decision in words, each with whom it is against."""
    found = []
    for fine in it.fines:
        whom = fine.controller.name if fine.controller else fine.words
        found.append(f"{fine.money.words} ({whom})" if whom else fine.money.words)
    return found


def result_cell(result: Result) -> dict[str, str]:
    """Return mark, words and tone of what a decision says of a filing."""
    mark, tone = _RESULT_LOOKS[result]
    return {"mark": mark, "words": rules.RESULTS[result], "tone": tone}


def finding_cell(cell: Cell) -> dict[str, Any]:
    """Return mark, words and tone of a finding, with the decision that says it."""
    mark, tone = LOOKS[cell.finding]
    return {
        "mark": mark,
        "words": rules.FINDINGS[cell.finding],
        "tone": tone,
        "said": cell.words,
        "decision": cell.decision,
        "href": url_for("desk.decision", key=cell.decision) if cell.decision else None,
        "proposed": cell.proposed,
    }


def decision_row(read: Read, *, here: int | None = None) -> dict[str, Any]:
    """Return a decision as a row of a list; `here` is the key of the filing on whose page it stands."""
    it = read.it
    results = [each for each in it.filings if here is None or each.filing_id == here]
    counted: dict[Result, int] = {}
    for each in results:
        counted[each.result] = counted.get(each.result, 0) + 1
    said = [
        {**result_cell(result), "count": count if len(counted) > 1 else None}
        for result, count in counted.items()
    ]
    return {
        "number": it.number,
        "href": url_for("desk.decision", key=it.number),
        "name": name_of(it),
        "by": decider(it),
        "day": it.decided,
        "results": said,
        "filings": ", ".join(each.filing.number for each in it.filings[:4])
        + (f" and {len(it.filings) - 4} more" if len(it.filings) > 4 else ""),
        "fines": fines_of(it),
        "measures": measures_of(it),
        "state": state_of(read),
        "derived": it.derived,
    }


def measures_of(it: Any) -> str:
    """Return the letters of Art 58(2) in a row: "Art 58(2)(d), (i)"; nothing where none is recorded."""
    letters = sorted({each.letter for each in it.measures} | ({"i"} if it.fines else set()))
    return f"Art 58(2){', '.join(f'({each})' for each in letters)}" if letters else ""


def state_of(read: Read) -> str | None:
    """Return why a decision does not stand any more, None where it does."""
    if read.corrected_by is not None:
        return f"replaced by decision {read.corrected_by}"
    return None if read.in_force else "taken back: its entry was corrected"


def decision_facts(read: Read, started: days.Day) -> list[Fact]:
    """Return what is recorded of a decision, apart from filings, findings, fines and measures."""
    it = read.it
    proceeding = it.proceeding
    return known(
        [
            ("Type", f"{rules.TYPES[it.type]} ({rules.BASES[it.type]})" if it.type else "not recorded"),
            ("Urgent", "under Art 66" if it.urgent else None),
            ("Decided by", decider(it)),
            ("Number", it.reference),
            ("ECLI", it.ecli),
            ("Started", show_day(started) if started.value else None),
            ("Decided", show_day(it.decided)),
            ("Received", show_day(it.received) if it.received.value else None),
            ("Made public", show_day(it.published) if it.published.value else None),
            (
                "Proceeding",
                Markup('<a href="{}">{}</a>').format(
                    url_for("desk.proceeding", key=proceeding.number), called(proceeding)
                )
                if proceeding
                else None,
            ),
            ("Appeal", rules.APPEALS[it.appeal]),
            ("Appeal to", it.appeal_to),
            ("Provisions of the GDPR", provision_links(it.provisions) if it.provisions else None),
            ("National provisions", Markup("<br>").join(it.national) if it.national else None),
            ("Language of the original", language_name(it.language) if it.language else None),
            ("Source", link(it.source)),
            ("Checked", "not checked against the source" if it.verified is False else None),
            ("Note", it.note),
        ]
    )


def court_rows(read: Read, later: Sequence[Read]) -> list[dict[str, Any]]:
    """Return what courts said later of the filings of a decision, each as one sentence with its judgment."""
    ours = {each.filing_id for each in read.it.filings}
    rows = []
    for it in later:
        told: dict[Result, list[str]] = {}
        for each in it.it.filings:
            if each.filing_id in ours and each.result in rules.OF_A_COURT:
                told.setdefault(each.result, []).append(each.filing.number)
        says = "; ".join(f"{rules.RESULTS[key]} ({', '.join(those)})" for key, those in told.items())
        rows.append(
            {
                "words": f"{it.it.decided_by}, {it.it.decided.words}: {says}.",
                "href": url_for("desk.decision", key=it.it.number),
                "number": it.it.number,
            }
        )
    return rows


def provision_links(codes: Sequence[str]) -> Markup:
    """Return provisions of the GDPR as links to their text."""
    links = []
    for code in codes:
        read = provisions.read(code)
        links.append(
            Markup('<a class="provision" href="{}" rel="noreferrer">{}</a>').format(read.url, read.label)
        )
    return Markup(", ").join(links)


def measure_rows(it: Any) -> list[dict[str, Any]]:
    """Return the measures of a decision as rows, with the fine where only its amount is recorded."""
    rows = [
        {
            "href": None,
            "cells": [
                unbroken(f"Art 58(2)({each.letter})"),
                rules.MEASURES[each.letter],
                each.words or "",
                unbroken(days.words(each.comply_by)) if each.comply_by else "no day recorded",
            ],
        }
        for each in it.measures
    ]
    if it.fines and all(each.letter != "i" for each in it.measures):
        rows.append({"href": None, "cells": [unbroken("Art 58(2)(i)"), rules.MEASURES["i"], "", ""]})
    return rows


def filing_rows(read: Read) -> list[dict[str, Any]]:
    """Return the filings of a decision, each with the result and the step and outcome of its entry."""
    told: dict[int, Any] = {}
    for entry in read.entries:
        for each in entry.filings:
            told[each.filing_id] = (entry, each)
    rows = []
    for it in read.it.filings:
        entry, says = told.get(it.filing_id, (None, None))
        # Of a draft it is pending before and after; what a court annuls is pending again.
        was = None if it.result is Result.ANNULLED else Outcome.PENDING
        outcome = outcome_by(says.step, says.outcome, was) if says is not None else "stays as it is"
        rows.append(
            {
                "number": it.filing.number,
                "href": url_for("desk.filing", number=it.filing.number),
                "where": authority_words(it.filing.authority_slug, it.filing.country),
                "result": result_cell(it.result),
                "outcome": outcome,
                "entry": entry.number if entry is not None else None,
                "entry_href": url_for("desk.case", number=it.filing.case.number)
                + (f"#entry-{entry.number}" if entry is not None else ""),
            }
        )
    return rows


def outcome_by(step: str | None, outcome: Outcome | None, before: Outcome | None) -> str:
    """Return the outcome that a step brings, in words; `before` is the one that the filing had, if known.

    Whoever goes back to an open stage waits again, whatever had been decided: see rules.standing.course.
    """
    known = tables.steps().get(step or "")
    if outcome is None and known is not None and known.stage and before is not Outcome.PENDING:
        outcome = Outcome.PENDING if tables.stages()[known.stage].mark == "open" else None
    return OUTCOME_NAMES[outcome] if outcome else "stays as it is"


def matrix_tables(found: Matrix, *, only_differing: bool = False) -> list[dict[str, Any]]:
    """Return the findings as tables: claims below each other, a few filings side by side in each."""
    claims = [it for it in found.claims if not only_differing or found.differs(it)]
    told = [it for it in found.filings if it not in without_findings(found)]
    tables = []
    for start in range(0, len(told), ABREAST):
        filings = told[start : start + ABREAST]
        tables.append(
            {
                "filings": [
                    {
                        "number": it.number,
                        "href": url_for("desk.filing", number=it.number),
                        "where": label(it.authority_slug, it.country),
                    }
                    for it in filings
                ],
                "rows": [
                    {
                        "provision": claim_link(claim),
                        "conduct": claim.conduct,
                        "differs": found.differs(claim),
                        "cells": [finding_cell(found.cell(it.id, claim.id)) for it in filings],
                    }
                    for claim in claims
                ],
            }
        )
    return tables if claims else []


def without_findings(found: Matrix) -> list[Any]:
    """Return the filings that are left out of the tables: those of many for which all is open."""
    if len(found.filings) <= ABREAST:
        return []
    said = {filing for filing, _ in found.cells}
    return [it for it in found.filings if it.id not in said]


def claim_link(claim: Any) -> Markup:
    """Return the provision of a claim as a link to its text."""
    read = provisions.read(claim.provision)
    return Markup('<a class="provision" href="{}" rel="noreferrer">{}</a>').format(read.url, read.label)


def findings_of(read: Read, claims: Mapping[int, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return what a decision says of the claims of each case: claim, finding, words, and of which filings.

    `claims` are those of the cases by their key. What it says of all filings of a case is one row.
    """
    said = {(it.filing_id, it.claim_id): it for it in read.it.findings}
    by_case: dict[int, list[Any]] = {}
    for it in read.it.filings:
        by_case.setdefault(it.filing.case_id, []).append(it.filing)
    groups = []
    for case_id, filings in by_case.items():
        rows = []
        for claim in claims.get(case_id, ()):
            together: dict[tuple[Finding, str], list[str]] = {}
            for filing in filings:
                it = said.get((filing.id, claim.id))
                what = (it.finding, it.words or "") if it is not None else (Finding.OPEN, "")
                together.setdefault(what, []).append(filing.number)
            for (finding, words), numbers in together.items():
                mark, tone = LOOKS[finding]
                rows.append(
                    {
                        "provision": claim_link(claim),
                        "conduct": claim.conduct or "",
                        "finding": {"mark": mark, "words": rules.FINDINGS[finding], "tone": tone},
                        "said": words,
                        "filings": "all" if len(numbers) == len(filings) else ", ".join(numbers),
                    }
                )
        ours = {it.id for it in filings}
        told = any(filing in ours for filing, _ in said)
        groups.append({"case": filings[0].case, "rows": rows, "told": told})
    return groups
