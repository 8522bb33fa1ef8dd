"""What a file of cases says of a controller, written to the register."""

from collections.abc import Iterable

from tracker.db import db
from tracker.models import Controller, Establishment
from tracker.rules.access import Actor
from tracker.rules.vocabulary import Answer
from tracker.services.controllers import fold, found_by
from tracker.services.controllers_history import remember
from tracker.services.import_entities import Entity
from tracker.services.import_forms import Form, establishments

#: What holds for a company in general and counts for the routes of its cases.
FACTS = ("targets_eea", "decided_outside_eea")


def row_of(entity: Entity) -> Controller:
    """Add the row of a controller that the register does not have, and return it."""
    form = entity.said
    places, known = establishments(form)
    row = Controller(
        id=entity.key,
        name=form["legal_entity"],
        folded=fold(form["legal_entity"]),
        country=form.get("hq_country"),
        main_establishment_said=form.get("main_establishment_eu"),
        establishments_known=known,
        targets_eea=Answer(form.get("targets_eea", "unknown")),
        decided_outside_eea=Answer(form.get("decided_outside_eea", "unknown")),
        verified=form.get("verified"),
        website=form.get("website"),
        note=None,
        searched=found_by(None, form.get("website"), None),
        establishments=[_establishment(it) for it in places],
    )
    db.session.add(row)
    return row


def _establishment(it: Form) -> Establishment:
    return Establishment(
        place=it["place"],
        central=Answer(it["central"]),
        decides=Answer(it["decides"]),
        implements=Answer(it["implements"]),
        main_processing=Answer(it.get("main_processing", Answer.UNKNOWN.value)),
        since=it["since"],
        until=it["until"],
        origin=it["origin"] or "stated in an imported file",
        evidence=None,
    )


def learn(those: Iterable[Entity], *, by: Actor) -> set[int]:
    """Write to controllers of the register what a file says about each for the first time.

    Return the keys of those of which more facts of routes are known now: other cases may be against them.
    """
    learned = set()
    rows = []
    for entity in those:
        if (row := entity.row) is None:
            continue
        new = entity.learned
        rows.append(row)
        if "hq_country" in new:
            row.country = new["hq_country"]
        if "main_establishment_eu" in new:
            row.main_establishment_said = new["main_establishment_eu"]
        if "verified" in new:
            row.verified = new["verified"]
        if "website" in new:
            row.website = new["website"]
            row.searched = found_by(row.brands, row.website, row.group_name)
        for name in FACTS:
            if name in new:
                setattr(row, name, Answer(new[name]))
                learned.add(row.id)
        if "establishments" in new:
            places, row.establishments_known = establishments(new["establishments"])
            row.establishments += [_establishment(it) for it in places]
            learned.add(row.id)
    remember(rows, by=by, why="What the source of an imported case says.")
    return learned
