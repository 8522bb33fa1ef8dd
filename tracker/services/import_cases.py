"""New cases of a file as rows, each with its claims and its project."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Claim, Project
from tracker.rules.access import Actor
from tracker.rules.days import UNKNOWN_DAY
from tracker.rules.languages import ORIGINAL
from tracker.services.controllers import fold
from tracker.services.import_plan import Planned


def projects_of(planned: Sequence[Planned]) -> dict[str, Project]:
    """Return the projects that new cases name, by name; made where they are new."""
    names = [one.campaign.case["project"] for one in planned if "project" in one.campaign.case]
    present = {it.slug: it for it in db.session.scalars(sa.select(Project))} if names else {}
    found: dict[str, Project] = {}
    for name in names:
        letters = "".join(it if it.isalnum() else " " for it in fold(name))
        slug = "-".join(letters.split()) or "project"
        if slug not in present:
            present[slug] = Project(slug=slug, name=name)
            db.session.add(present[slug])
        found[name] = present[slug]
    return found


def new_case(one: Planned, projects: Mapping[str, Project], now: datetime, by: Actor) -> Case:
    """Return the row of a new case with its claims; controllers, complainants and filings follow."""
    it = one.campaign.case
    ref = it.get("internal_ref")
    facts = it.get("facts_date", UNKNOWN_DAY)
    return Case(
        number=one.number,
        own_number=ref == one.number,
        key=one.campaign.id,
        title=it["title"],
        folded=fold(it["title"]),
        ngo=it["ngo"],
        internal_ref=None if ref == one.number else ref,
        summary=it["summary"],
        language=it.get("language", ORIGINAL),
        project=projects.get(it["project"]) if "project" in it else None,
        facts_on=facts.value,
        facts_precision=facts.precision,
        infringement_place=it.get("infringement_place"),
        requested=it["legal_issues.requested"],
        legal_source=it.get("legal_issues.source"),
        legal_verified=it.get("legal_issues.verified"),
        legal_note=it.get("legal_issues.note"),
        totals=it.get("totals"),
        outcome_said=it.get("outcome"),
        opened_at=now,
        opened_by=by.key,
        claims=[
            Claim(
                position=place,
                provision=claim["article"],
                conduct=claim.get("conduct"),
                measure=claim.get("measure"),
            )
            for place, claim in enumerate(it["legal_issues.articles"])
        ],
        complainants=[],
        controllers=[],
        filings=[],
    )
