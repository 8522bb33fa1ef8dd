"""Decisions with the fields that GDPRhub has for them, as JSON and as a table."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from tracker.reference.authorities import authorities, label
from tracker.reference.names import country_name, language_name
from tracker.rules import days, provisions
from tracker.rules import decisions as rules
from tracker.rules.cells import safe
from tracker.rules.money import Money
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Result
from tracker.services.decisions import Read, cases_of_all

#: What GDPRhub calls the result of a complaint.
_OUTCOMES = {
    Result.UPHELD: "Upheld",
    Result.PARTLY: "Partly Upheld",
    Result.REJECTED: "Rejected",
    Result.CONFIRMED: "Decision confirmed",
    Result.ANNULLED: "Decision annulled",
}
#: What GDPRhub calls what became of a decision before a court.
_APPEALS = {
    AppealStatus.NONE_KNOWN: "Unknown",
    AppealStatus.OPEN: "Unknown",
    AppealStatus.LODGED: "Appealed",
    AppealStatus.CONFIRMED: "Appealed - Confirmed",
    AppealStatus.ANNULLED: "Appealed - Overturned",
    AppealStatus.FINAL: "Not appealed",
}
#: What the directory adds to tell authorities with one abbreviation apart.
_COUNTRY = re.compile(r" \([A-Z]{2}\)$")
_APPLIED = frozenset({Finding.UPHELD, Finding.PARTLY, Finding.REJECTED})
#: Names as the template of GDPRhub has them; those with a number end in 1, 2, 3 there.
COLUMNS = (
    "Jurisdiction",
    "DPA_Abbrevation",
    "DPA_With_Country",
    "Court_Original_Name",
    "Case_Number_Name",
    "ECLI",
    "Original_Source_Name_1",
    "Original_Source_Link_1",
    "Original_Source_Language_1",
    "Original_Source_Language__Code_1",
    "Type",
    "Outcome",
    "Date_Started",
    "Date_Decided",
    "Date_Published",
    "Year",
    "Fine",
    "Currency",
    "GDPR_Articles",
    "National_Law",
    "Parties",
    "Appeal_To_Body",
    "Appeal_To_Status",
    "Cases",
    "Filings",
    "Decision_Kind",
    "Decision",
)


def entries(read: Sequence[Read]) -> list[dict[str, Any]]:
    """Return decisions in force as GDPRhub would have them; what is not known is null or an empty list.

    Findings that are open say nothing: an article is named where the decision is recorded to apply it.
    """
    standing = [it for it in read if it.in_force]
    cases = cases_of_all(standing)
    return [_entry(it, cases[it.it.id]) for it in standing]


def _entry(read: Read, cases: Sequence[Any]) -> dict[str, Any]:
    it = read.it
    authority = authorities().get(it.decided_by_slug) if it.decided_by_slug else None
    started = it.proceeding.opened if it.proceeding else days.UNKNOWN_DAY
    if started.value is None and authority is not None:
        started = days.earliest(each.filing.lodged for each in it.filings)
    applied = {each.claim.provision for each in it.findings if each.finding in _APPLIED}
    applied = {code for code in applied if not any(each.startswith(f"{code}(") for each in it.provisions)}
    codes = list(dict.fromkeys([*it.provisions, *sorted(applied)]))
    short = _COUNTRY.sub("", authority.abbr or authority.name) if authority else it.decided_by
    return {
        "jurisdiction": _jurisdiction(authority, it),
        "authority": {
            "slug": it.decided_by_slug,
            "abbreviation": short,
            "name": label(it.decided_by_slug) if authority else it.decided_by,
            "court": authority is None,
        },
        "case_number_name": it.reference,
        "ecli": it.ecli,
        "sources": [{"name": urlsplit(it.source).hostname, "link": it.source, "language": it.language}]
        if it.source
        else [],
        "type": _kind(it),
        "decision_type": it.type.value if it.type else None,
        "outcome": _outcome([each.result for each in it.filings]),
        "date_started": started.iso,
        "date_decided": it.decided.iso,
        "date_published": it.published.iso,
        "year": it.decided.value.year if it.decided.value else None,
        "fines": [
            {
                "amount": each.money.plain,
                "currency": each.currency,
                "against": each.controller.name if each.controller else each.words,
            }
            for each in it.fines
        ],
        "gdpr_articles": [
            {"article": f"Article {code} GDPR", "link": provisions.read(code).url} for code in codes
        ],
        "national_provisions": list(it.national),
        "measures": [
            {
                "power": f"Art 58(2)({each.letter})",
                "words": each.words,
                "comply_by": each.comply_by.isoformat() if each.comply_by else None,
            }
            for each in it.measures
        ],
        "parties": _parties(it, cases),
        "appeal": {"body": it.appeal_to, "status": _APPEALS[it.appeal], "recorded": it.appeal.value},
        "original_language": it.language,
        "summary": it.summary or None,
        "cases": [case.number for case in cases],
        "filings": [{"number": each.filing.number, "result": each.result.value} for each in it.filings],
        "checked": it.verified,
        "decision": it.number,
    }


def _kind(it: Any) -> str | None:
    """Return what GDPRhub calls what an authority decided on: a judgment has no such field there."""
    if it.decided_by_slug == rules.BOARD:
        return "Other"
    return "Complaint" if it.decided_by_slug and it.filings else None


def _parties(it: Any, cases: Sequence[Any]) -> list[str]:
    """Return the parties: as the proceeding names them, else those of the complaints that were decided on.

    Who was before a court does not follow from a complaint.
    """
    if it.proceeding and it.proceeding.parties:
        return [it.proceeding.parties]
    if it.decided_by_slug is None:
        return []
    controllers = {each.id: each.name for link in it.filings for each in link.filing.controllers}
    return [*dict.fromkeys(case.ngo for case in cases), *controllers.values()] if controllers else []


def _jurisdiction(authority: Any, it: Any) -> str | None:
    if authority is not None:
        return country_name(authority.country)
    if it.ecli:
        country = it.ecli.split(":")[1]
        return "European Union" if country == "EU" else country_name(country)
    return None


def _outcome(results: Sequence[Result]) -> str | None:
    """Return the result of all filings together: in part where they differ, None where none is recorded."""
    said = {it for it in results if it is not Result.OPEN}
    if not said:
        return None
    if len(said) == 1:
        return _OUTCOMES[said.pop()]
    return "Partly Upheld" if said & {Result.UPHELD, Result.PARTLY} else "Other Outcome"


def as_json(read: Sequence[Read]) -> str:
    """Return decisions as JSON, the newest first."""
    return json.dumps({"decisions": entries(read)}, ensure_ascii=False, indent=2) + "\n"


def as_csv(read: Sequence[Read]) -> str:
    """Return decisions as a table: several values of one field are set apart by semicolons.

    A split fine is its sum where it has one currency; the JSON has its parts.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one, it in zip((each.it for each in read if each.in_force), entries(read), strict=True):
        total = [each.money for each in one.fines]
        if len({each.currency for each in total}) == 1:
            total = [Money(sum(each.minor for each in total), total[0].currency)]
        source = it["sources"][0] if it["sources"] else {"name": "", "link": "", "language": ""}
        authority = it["authority"]
        row: Iterable[Any] = (
            it["jurisdiction"],
            "" if authority["court"] else authority["abbreviation"],
            "" if authority["court"] else f"{authority['abbreviation']} ({it['jurisdiction']})",
            authority["name"] if authority["court"] else "",
            it["case_number_name"],
            it["ecli"],
            source["name"],
            source["link"],
            language_name(source["language"]) if source["language"] else "",
            (source["language"] or "").upper(),
            it["type"],
            it["outcome"],
            it["date_started"],
            it["date_decided"],
            it["date_published"],
            it["year"],
            "; ".join(each.plain for each in total),
            "; ".join(each.currency for each in total),
            "; ".join(each["article"] for each in it["gdpr_articles"]),
            "; ".join(it["national_provisions"]),
            "; ".join(it["parties"]),
            it["appeal"]["body"],
            it["appeal"]["status"],
            "; ".join(it["cases"]),
            "; ".join(each["number"] for each in it["filings"]),
            rules.TYPES[DecisionType(it["decision_type"])] if it["decision_type"] else "",
            it["decision"],
        )
        writer.writerow([safe(str(cell)) if cell is not None else "" for cell in row])
    return out.getvalue()
