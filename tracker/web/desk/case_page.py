"""What the pages of a case, a filing and an exhibit show, put into the words and rows of their templates."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from markupsafe import Markup

from tracker import clock
from tracker.reference.authorities import authorities, in_words, label
from tracker.reference.names import country_name, language_name, place_name, place_names
from tracker.rules import days, provisions
from tracker.rules.decisions import FINDINGS
from tracker.rules.standing import OUTCOME_NAMES, TONES
from tracker.rules.vocabulary import Answer, Finding, Outcome, Precision
from tracker.services import journal
from tracker.services.cases_controllers import said_of
from tracker.services.status import Described
from tracker.web.desk.further import further_said, matters
from tracker.web.desk.rows import authority_words, lead_cells
from tracker.web.jinja import host, show_day, show_moment

Fact = tuple[str, Any]
#: Shape and tone of a finding: for whoever complains.
LOOKS = {
    Finding.OPEN: ("open", "neutral"),
    Finding.UPHELD: ("full", "good"),
    Finding.PARTLY: ("half", "mixed"),
    Finding.REJECTED: ("full", "bad"),
    Finding.NOT_EXAMINED: ("bar", "neutral"),
}


def link(url: str | None) -> Any:
    """Return a web address as a link named by its host, anything else as the text it is, None for none."""
    if not url or not url.lower().startswith(("https://", "http://")):
        return url or None  # an imported source may say anything, javascript: included
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, host(url))


def known(facts: list[Fact]) -> list[Fact]:
    """Return the facts that say something."""
    return [(label, value) for label, value in facts if value not in (None, "", [])]


def outcome_words(outcome: Outcome, sentence: str) -> str:
    """Return how a filing ended, as it stands before its status sentence; nothing where that says it."""
    words = OUTCOME_NAMES[outcome].capitalize()
    return "" if outcome is Outcome.PENDING or sentence.startswith(words) else f"{words}."


def case_status(case: Any, told: list[Described]) -> dict[str, str]:
    """Return the status sentence of a case as a whole: what its filings have in common, counted."""
    if not told:
        return {"sentence": "Not lodged anywhere yet.", "mark": "none", "words": "", "tone": "neutral"}
    if len(told) == 1:
        only = case.filings[0]
        return {
            "sentence": told[0].sentence,
            "mark": told[0].mark,
            "words": outcome_words(only.outcome, told[0].sentence),
            "tone": TONES.get(only.outcome, "neutral"),
        }
    counted = Counter(OUTCOME_NAMES[it.outcome] for it in case.filings)
    pending = counted.pop("pending", 0)
    listed = ", ".join(f"{count} {words}" for words, count in counted.most_common())
    first = days.earliest(it.lodged for it in case.filings)
    since = f" {_first_lodged(first)}" if first.value else ""
    if not pending:
        mark, words, ended = "full", "Ended.", f"{len(told)} filings: {listed}."
    elif not listed:
        mark, words, ended = "open", "Pending.", f"{len(told)} filings."
    else:
        mark, words, ended = (
            "half",
            f"{pending} of {len(told)} filings are pending.",
            f"The others: {listed}.",
        )
    return {
        "sentence": f"{ended}{since}",
        "mark": mark,
        "words": words,
        "tone": "neutral",
    }


def _first_lodged(first: days.Day) -> str:
    """Return when the first filing was lodged, and how long ago; what happened today is not so long ago."""
    today = days.Day(clock.today(), Precision.DAY)
    if first == today:
        return f"First lodged today, {first.words}."
    time = days.how_long(first, today)
    return f"First lodged {first.when}, {time} ago." if time else f"First lodged {first.when}."


def affected_words(places: Sequence[str] | None) -> str:
    """Return the places whose people are affected in words."""
    if places is None:
        return "not known"
    return place_names(places)


def controller_facts(respondent: Any) -> list[Fact]:
    """Return what the records know about a controller of a case, and about its processing there."""
    it, said = respondent.controller, said_of(respondent)
    origins = {each.id: each.origin for each in it.establishments}
    places = [
        f"{place_name(each.place)}: decides {words(each.decides)}, head office {words(each.central)}"
        + (f", main processing {words(each.main_processing)}" if matters(said, each) else "")
        + (f", since {days.words(each.since)}" if each.since else "")
        + (f", until {days.words(each.until)}" if each.until else "")
        + f"; {origins[each.key]}"
        for each in said.places
        if each.key
    ]
    none = {"no": "none in the EEA", "unknown": "not known", "yes": None}[it.establishments_known.value]
    outside, targets = said.decided_outside_eea, said.targets_eea
    return known(
        [
            ("Brand", respondent.brand),
            ("Seat", country_name(it.country) if it.country else "not known"),
            ("Establishments", Markup("<br>").join(places) if places else none),
            (
                "People affected",
                affected_words(respondent.affected)
                + (
                    " (presumed from the filings)"
                    if respondent.affected and respondent.affected_presumed
                    else ""
                ),
            ),
            ("Decided outside the EEA", None if outside is Answer.UNKNOWN else words(outside)),
            ("Offers to people in the EEA", None if targets is Answer.UNKNOWN else words(targets)),
            *further_said(said.further),
            ("Source", "identity not checked against the source" if it.verified is False else None),
            ("Note", respondent.note),
        ]
    )


def words(answer: Any) -> str:
    """Return an answer as a word: yes, no, not known."""
    return "not known" if answer.value == "unknown" else str(answer.value)


def claim_rows(case: Any, found: Any = None) -> list[dict[str, Any]]:
    """Return the claims of a case as rows; `found` has the findings by a claim and a filing."""
    rows = []
    for it in case.claims:
        read = provisions.read(it.provision)
        rows.append(
            {
                "provision": Markup('<a class="provision" href="{}" rel="noreferrer">{}</a>').format(
                    read.url, read.label
                ),
                "alleged": it.conduct or "not described",
                "measure": it.measure,
                "finding": _finding_together(case, it, found),
            }
        )
    return rows


def _finding_together(case: Any, claim: Any, found: Any) -> dict[str, str] | None:
    """Return what was found on a claim in all filings together, None where it is open in all."""
    if found is None:
        return None
    each = Counter(found.cell(it.id, claim.id).finding for it in case.filings)
    if set(each) <= {Finding.OPEN}:
        return None
    if len(each) == 1:
        [finding] = each
        mark, tone = LOOKS[finding]
        return {"mark": mark, "words": FINDINGS[finding], "tone": tone}
    told = ", ".join(f"{FINDINGS[it]} in {count}" for it, count in each.most_common())
    return {"mark": "half", "words": told, "tone": "neutral"}


def said_facts(case: Any) -> list[Fact]:
    """Return what the source says about a case as a whole."""
    said = case.outcome_said or {}
    totals = case.totals or {}
    fines = [
        f"{it.get('currency', '')} {it.get('amount', 0):,} ({label(it.get('authority'))})"
        for it in said.get("fines") or []
    ]
    return known(
        [
            ("Number in the source", case.internal_ref),
            ("Status", said.get("status")),
            ("Outcome", said.get("summary")),
            ("Fines", Markup("<br>").join(fines) if fines else None),
            *(
                (key.replace("_", " ").capitalize(), link(value) if key == "source" else value)
                for key, value in totals.items()
            ),
        ]
    )


@dataclass(frozen=True, slots=True)
class Done:
    """The journal of a page: its newest lines, or all that a page can bear."""

    lines: Sequence[Any]
    #: Whether there are older ones.
    more: bool
    all: bool


#: Lines of the journal on a page, and where somebody asked for all of them.
JOURNAL, WHOLE_JOURNAL = 60, 2_000


def journal_wanted(asked: Mapping[str, str], read: Callable[[int], Sequence[Any]]) -> Done:
    """Return the newest lines, or all where the address asks for them; `read` returns so many of them."""
    everything = asked.get("journal") == "all"
    limit = WHOLE_JOURNAL if everything else JOURNAL
    lines = read(limit + 1)
    return Done(lines[:limit], len(lines) > limit and not everything, everything)


def journal_rows(lines: Any, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return lines of the journal as rows.

    The same act at the same minute on many filings is one row, and so is the same act on the same thing
    several times in a row.
    """
    repeated: list[tuple[str, str, str, str]] = []

    def told(line: Any) -> tuple[str, str, str]:
        act = journal.ACTS.get(line.act, line.act)
        return names.get(line.actor, line.actor), act, journal_subject(line)

    for (who, act, what), same in groupby(lines, key=told):
        moments = [show_moment(it.at) for it in same]
        times = f", {len(moments)} times since {moments[-1]}" if len(moments) > 1 else ""
        repeated.append((moments[0], who, f"{act}{times}", what))
    rows = []
    for (when, who, act), together in groupby(repeated, key=lambda it: it[:3]):
        subjects = list(dict.fromkeys(it[3] for it in together))
        rows.append({"href": None, "cells": [when, who, act, _together(subjects)]})
    return rows


def _together(subjects: Sequence[str]) -> str:
    """Return up to three subjects, more as a range where nothing is missing in it, else three and a count."""
    if len(subjects) <= 3:
        return ", ".join(subjects)
    in_order = sorted(subjects, key=lambda it: (len(it), it))
    if _is_run(in_order):
        return f"{in_order[0]} to {in_order[-1]} ({len(in_order)})"
    return f"{', '.join(in_order[:3])} and {len(in_order) - 3} more"


def _is_run(subjects: Sequence[str]) -> bool:
    """Return whether these differ in one number alone, and it counts up by one: "C081-07", "C081-08"."""
    split = [re.split(r"(\d+)", it) for it in subjects]
    if len({tuple(it[::2]) for it in split}) > 1:
        return False
    columns = [[int(it) for it in numbers] for numbers in zip(*(it[1::2] for it in split), strict=True)]
    running = [it for it in columns if len(set(it)) > 1]
    return len(running) == 1 and all(after == it + 1 for it, after in pairwise(running[0]))


def journal_subject(line: Any) -> str:
    """Return what a line of the journal is about: "C081-07, entry 12"."""
    parts = [line.subject]
    parts += [f"entry {line.detail['update']}"] if "update" in line.detail else []
    parts += [
        f"{name} {line.detail[name]}"
        for name in ("exhibit", "decision", "proceeding", "hearing")
        if name in line.detail
    ]
    # What another case said of a common controller; "case" is its number.
    parts += [f"by what was said in {line.detail['case']}"] if "case" in line.detail else []
    return ", ".join(parts)


def number_label(owner: str, filing: Any) -> str:
    """Return who keeps a filing under a number: "Number at the Austrian DSB"."""
    slug = filing.authority_slug if owner == "authority" else owner.replace("_", "-")
    if slug in authorities():
        return f"Number at {in_words(slug)}"
    words = {
        "authority": "Number at the authority",
        "lead_authority": "Number at the lead authority",
        "imi": "IMI number",
        "edpb": "Number at the EDPB",
    }
    return words.get(owner) or owner.replace("_", " ").capitalize()


def lead_words(told: Described) -> Any:
    """Return who leads a filing, as links: certain, presumed, nobody, or not known."""
    shown = []
    for it in lead_cells(told):
        words = f"{it['short']} · {country_name(it['country'])}" if it["country"] else it["short"]
        named = Markup('<a href="{}">{}</a>').format(it["href"], words) if it["href"] else words
        shown.append(Markup("{} ({})").format(named, it["role"]) if it.get("role") else named)
    return Markup(", ").join(shown) if shown else "not known"


def filing_facts(filing: Any, told: Described) -> list[Fact]:
    """Return what the records know about a filing."""
    kinds = {
        "data_subject_represented_art80_1": "a represented person (Art 80(1))",
        "ngo_own_name": "the organisation in its own name",
        "ngo_with_partner": "the organisation with a partner",
    }
    return known(
        [
            ("Lodged with", authority_words(filing.authority_slug, filing.country)),
            ("Lodged on", show_day(filing.lodged)),
            ("In", country_name(filing.country)),
            *((number_label(it.owner, filing), it.value) for it in filing.references),
            ("Stage", told.plain),
            ("Since", show_day(filing.since)),
            ("Outcome", OUTCOME_NAMES[filing.outcome]),
            ("Lead", lead_words(told)),
            ("Who sees to it", filing.responsible.name if filing.responsible else "nobody named"),
            ("Complainant", filing.complainant.pseudonym if filing.complainant else "nobody named"),
            ("In the name of", kinds[filing.complainant_type.value] if filing.complainant_type else None),
            ("Language", language_name(filing.language) if filing.language else None),
            ("Against", ", ".join(it.name for it in filing.controllers)),
            ("Urgency under Art 66", "requested" if filing.urgency_requested else None),
            ("Status, as the source says", filing.status_said),
            ("Lead, as the source says", filing.lead_said and label(filing.lead_said)),
            ("Handled by, as the source says", filing.handling_said and label(filing.handling_said)),
            ("Note", filing.note),
            ("Source", link(filing.source)),
            ("Checked", "not checked against the source" if filing.verified is False else None),
            *((name.replace("_", " ").capitalize(), value) for name, value in filing.extra.items() if value),
        ]
    )
