"""What somebody should know before a case is opened: an earlier one like it, a controller that is there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

import sqlalchemy as sa

from tracker.db import by_number, db
from tracker.models import Case, CaseController, Controller
from tracker.reference.names import country_name
from tracker.services.cases import Learned, NewCase, Respondent
from tracker.services.controllers import fold
from tracker.services.controllers_alike import bare_name
from tracker.services.routing_anew import Rerouted

#: From here on two titles are taken for one that was typed twice; 1 is the same.
SAME_TITLE = 0.85
#: Controllers of the register that are named beside one that is typed.
MOST_TWINS = 8


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to read first. `use` is a controller of the register that could be meant in row `row`."""

    text: str
    row: int | None = None
    use: int | None = None


def doubts(new: NewCase) -> list[Doubt]:
    """Return what speaks for this case being there already, and for a controller being another's twin."""
    return [*_alike(new), *twins(new.respondents)]


def _alike(new: NewCase) -> list[Doubt]:
    """Return a doubt for each earlier case against one of the controllers with these facts or this title.

    A title that is the same but for case and accents counts whoever it is against.
    """
    known = [it.known for it in new.respondents if it.known]
    against = sa.select(CaseController.case_id).where(CaseController.controller_id.in_(known))
    found = db.session.execute(
        sa.select(Case.number, Case.title, Case.folded, Case.facts_on, Case.facts_precision)
        .where(sa.or_(Case.folded == fold(new.title), Case.id.in_(against)))
        .order_by(*by_number(Case.number))
    )
    told = []
    for number, title, folded, facts, precision in found:
        same_title = SequenceMatcher(None, folded, fold(new.title)).ratio() >= SAME_TITLE
        same_day = facts is not None and (facts, precision) == (new.facts.value, new.facts.precision)
        if same_title or same_day:
            why = "has the same title" if folded == fold(new.title) else "has nearly the same title"
            why = why if same_title else f"is about the same controller since {new.facts.words}"
            told.append(Doubt(f"{number}, “{title}”, {why}."))
    return told


def twins(respondents: Sequence[Respondent]) -> list[Doubt]:
    """Return a doubt for each new controller whose name, but for its legal form, the register has.

    The name of a brand there counts as one.
    """
    told = []
    for row, it in enumerate(respondents):
        if it.known is not None or it.new is None:
            continue
        folded = fold(it.new.name)
        bare, first = bare_name(folded), re.search(r"\w+", folded)
        if not bare or first is None:
            continue
        near = sa.or_(
            Controller.folded.contains(first[0], autoescape=True),
            Controller.searched.contains(folded, autoescape=True),
        )
        alike = (
            each
            for each in db.session.scalars(sa.select(Controller).where(near).order_by(Controller.id))
            if bare_name(each.folded) == bare or folded in each.searched.split("\n")
        )
        for each in islice(alike, MOST_TWINS):
            seat = country_name(each.country) if each.country else "seat not known"
            text = f"{each.name} ({seat}) is in the register. As typed, another controller is added."
            told.append(Doubt(text, row, each.id))
    return told


def consequences(learned: Sequence[Learned], rerouted: Sequence[Rerouted]) -> list[str]:
    """Return in sentences what the register learns, and what becomes of other cases by it."""
    told = [f"The register learns of {it.controller.name}: {'; '.join(it.words)}." for it in learned]
    for it in rerouted:
        routes = "1 route is" if it.routes == 1 else f"{it.routes} routes are"
        answer = f"the answer is another in {it.differs}" if it.differs else "the answer stays the same"
        told.append(f"{it.number}: {routes} worked out anew; {answer}.")
    return told
