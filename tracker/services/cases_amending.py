"""What a case says about itself, changed: its head, its claims, the people for whom it is brought."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from tracker.db import db
from tracker.errors import RuleBroken, Stale, under
from tracker.models import Case, Claim, Complainant, Decision, DecisionFinding
from tracker.reference import tables
from tracker.reference.names import language_name
from tracker.rules import days, provisions
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.languages import ORIGINAL
from tracker.rules.processing import Processing
from tracker.services import deadlines, journal, routing
from tracker.services.cases import check_facts, check_language, check_pseudonyms, project_named
from tracker.services.cases_texts import texts_of
from tracker.services.controllers import fold
from tracker.services.routing import Anew


@dataclass(frozen=True, slots=True)
class SaidClaim:
    """A claim as typed; `key` None is a new one, `out` takes one out."""

    provision: str
    conduct: str | None = None
    measure: str | None = None
    key: int | None = None
    out: bool = False


@dataclass(frozen=True, slots=True)
class SaidComplainant:
    """A person represented as typed; `key` None is a new one, `out` takes one out."""

    pseudonym: str
    residence: str | None = None
    key: int | None = None
    out: bool = False
    workplace: str | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """A case as it shall be. Claims and complainants that are not named stay as they are."""

    title: str
    summary: str
    project: str
    facts: Day
    requested: tuple[str, ...] = ()
    claims: tuple[SaidClaim, ...] = ()
    complainants: tuple[SaidComplainant, ...] = ()
    infringement_place: str | None = None
    language: str = ORIGINAL


def amend_case(case: Case, said: Amended, *, seen: int, by: Actor) -> list[Anew]:
    """Change what a case, loaded as `get_case` does, says of itself; return the routes that came of it.

    Raises Stale when somebody saved it since version `seen`; RuleBroken for facts after a lodging or after
    the end of the infringement, for a provision that cannot be read, a pseudonym that is there twice, and for
    taking out a complainant for whom a filing was lodged, or a claim on which a decision found something, for
    another provision of such a claim, for a language that there is not, or in which there is a translation.
    """
    if case.version != seen:
        raise Stale("Somebody else changed this case while you were writing.", theirs=[case])
    check_facts(said.facts)
    first = said.facts.first
    early = [it for it in case.filings if first and it.lodged.last and it.lodged.last < first]
    if early:
        raise RuleBroken(
            f"{early[0].number} was lodged before that ({early[0].lodged.words}).", field="facts"
        )
    _check_ends(case, said.facts)
    _check_language(case, said.language)
    case.language = said.language
    case.title, case.folded, case.summary = said.title, fold(said.title), said.summary
    case.project, case.requested = project_named(said.project), list(said.requested)
    case.facts_on, case.facts_precision = said.facts.value, said.facts.precision
    _amend_claims(case, said.claims)
    elsewhere = case.infringement_place != said.infringement_place
    case.infringement_place = said.infringement_place
    moved = _amend_complainants(case, said.complainants)
    # Where only claims or people changed, the case is another version all the same.
    flag_modified(case, "title")
    journal.note("case.amend", case.number, by=by, case_id=case.id)
    db.session.flush()
    anew = routing.route_filings(case.filings, case.controllers) if moved or elsewhere else []
    deadlines.recompute({it.after.filing_id for it in anew}, why="another route", by=by)
    return anew


def _check_language(case: Case, language: str) -> None:
    """Refuse what is no language, and one into which the case is translated: it has one text in each."""
    check_language(language)
    if language in {it.language for it in texts_of(case.id)}:
        name = language_name(language)
        raise RuleBroken(
            f"There is a text in {name} among the texts in other languages: empty that one first.",
            field="language",
        )


def _check_ends(case: Case, facts: Day) -> None:
    """Refuse facts that begin after an infringement by one of the controllers ended. Raises RuleBroken."""
    for it in case.controllers:
        ended = Processing.from_json(it.processing).further.infringement_ended
        if ended and facts.first and ended < facts.first:
            raise RuleBroken(
                f"The infringement by {it.controller.name} ended before that ({days.words(ended)}): correct "
                "one of the two.",
                field="facts",
            )


def _amend_claims(case: Case, said: Sequence[SaidClaim]) -> None:
    rows = {it.id: it for it in case.claims}
    found = _found_on({it.key for it in said if it.key in rows})
    for number, it in enumerate(said):
        row = rows.get(it.key) if it.key is not None else None
        if it.key is not None and row is None:
            if it.out:
                continue
            raise RuleBroken(
                f"The claim of {it.provision} is not there any more.", field=f"claims-{number}-provision"
            )
        if it.out:
            if row is not None:
                if row.id in found:
                    raise RuleBroken(
                        f"Decision {found[row.id]} says what it found on the claim of Art {row.provision}: "
                        "the claim stays.",
                        field=f"claims-{number}-out",
                    )
                case.claims.remove(row)
                db.session.delete(row)
            continue
        with under(f"claims-{number}"):
            code = provisions.read(it.provision, tables.provisions()).code
        if row is None:
            place = max((each.position for each in case.claims), default=-1) + 1
            row = Claim(position=place)
            case.claims.append(row)
        elif row.provision != code and row.id in found:
            raise RuleBroken(
                f"Decision {found[row.id]} says what it found on the claim of Art {row.provision}: leave it "
                "as it is, and add a claim.",
                field=f"claims-{number}-provision",
            )
        row.provision, row.conduct, row.measure = code, it.conduct, it.measure


def _found_on(claims: set[int | None]) -> dict[int, int]:
    """Return by the key of a claim the number of a decision that found something on it."""
    query = (
        sa.select(DecisionFinding.claim_id, Decision.number)
        .join(Decision, Decision.id == DecisionFinding.decision_id)
        .where(DecisionFinding.claim_id.in_(claims))
    )
    rows = db.session.execute(query.order_by(Decision.number)) if claims else ()
    return {row.claim_id: row.number for row in rows}


def _amend_complainants(case: Case, said: Sequence[SaidComplainant]) -> bool:
    """Write what differs; return whether somebody lives or works elsewhere, which routes depend on."""
    rows = {it.id: it for it in case.complainants}
    fields = {id(it): f"complainants-{number}-pseudonym" for number, it in enumerate(said)}
    for it in said:
        if it.key is not None and it.key not in rows and not it.out:
            raise RuleBroken(f"The complainant {it.pseudonym} is not there any more.", field=fields[id(it)])
        if it.out and it.key in rows:
            with under(fields[id(it)].removesuffix("-pseudonym")):
                _take_out(case, rows.pop(it.key))
    staying = [it for it in said if not it.out]
    named = {it.key: it.pseudonym for it in staying if it.key in rows}
    check_pseudonyms(
        [(row.pseudonym, "complainants") for key, row in rows.items() if key not in named]
        + [(it.pseudonym, fields[id(it)]) for it in staying]
    )
    # A pseudonym may pass from one person to another: first all are free, then each gets its own.
    for key in named:
        rows[key].pseudonym = f"({key})"
    db.session.flush()
    moved = False
    for it in staying:
        if it.key is None:
            case.complainants.append(
                Complainant(pseudonym=it.pseudonym, residence=it.residence, workplace=it.workplace)
            )
        else:
            row = rows[it.key]
            moved = moved or (row.residence, row.workplace) != (it.residence, it.workplace)
            row.pseudonym, row.residence, row.workplace = it.pseudonym, it.residence, it.workplace
    return moved


def _take_out(case: Case, row: Complainant) -> None:
    lodged = [it.number for it in case.filings if it.complainant_id == row.id]
    if lodged:
        raise RuleBroken(
            f"{row.pseudonym} cannot be taken out: {', '.join(lodged)} "
            f"{'was' if len(lodged) == 1 else 'were'} lodged for this person.",
            field="out",
        )
    case.complainants.remove(row)
    db.session.delete(row)
