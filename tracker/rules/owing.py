"""Who owes a period in one filing, and the places whose calendars count for it."""

from tracker.rules.happened import Course
from tracker.rules.periods import Kind, Period

#: A slug where it is an authority that is known, places, and what is not known of both.
Who = tuple[str | None, tuple[str, ...], list[str]]
EITHER_ADOPTS = (
    "Who adopts the decision depends on what it says, Art 65(6): a rejection is for the authority lodged "
    "with, anything else for the lead. The calendars of both count."
)
ASKED = (
    "The entry does not say which authority was asked: taken for the other one of the lead and the authority "
    "lodged with."
)
NOBODY = "Who has to act is not known: only Saturdays and Sundays are counted as no working days."


def who(period: Period, course: Course, index: int, actor: str | None) -> Who:
    """Return who owes a period that starts with the entry at `index`, which is an act of `actor`."""
    if period.owes == "adopting":
        return _adopting(course, index)
    if period.owes == "requested":
        return _asked(course, index, actor)
    slug = None if period.own else course.party(period.owes)
    if period.kind is Kind.VALIDITY and actor:
        slug = actor
    where = period.place
    if where == "concerned" and slug is None:
        places = tuple(dict.fromkeys(course.places[it] for it in course.concerned if it in course.places))
        return None, places, [] if places else ["Which authorities are concerned is not known."]
    named = actor if period.own and where == "handling" and actor else course.party(where) or slug
    if named is not None:
        place = course.places.get(named)
        return slug, (place,) if place else (), [] if place else [f"The place of {named} is not known."]
    if where in ("lodged_with", "lead", "handling"):
        if where == "lodged_with" and course.country:
            return slug, (course.country,), []
        return slug, (), [NOBODY]
    return slug, (where,), []


def _adopting(course: Course, index: int) -> Who:
    """Return who adopts the final decision: known once it is there, or where one authority is both."""
    lead, lodged_with = course.party("lead"), course.lodged_with
    slug, both = lead, {it: None for it in (lead, lodged_with) if it is not None}
    for it in course.entries[index + 1 :]:
        if it.step in ("final_upheld", "final_split", "final_rejected"):
            slug = lodged_with if it.step == "final_rejected" else lead
            both = {slug: None} if slug else {}
            break
    places = tuple(dict.fromkeys(course.places[it] for it in both if it in course.places))
    return slug, places, [EITHER_ADOPTS] if len(both) > 1 else [] if places else [NOBODY]


def _asked(course: Course, index: int, actor: str | None) -> Who:
    """Return which authority was asked for assistance: the one that answered, or the other one of two."""
    for it in course.entries[index + 1 :]:
        if it.step == "assistance_answer" and it.actor is not None:
            return _at(course, it.actor, [])
    pair = {it for it in (course.lead, course.lodged_with) if it is not None}
    if actor in pair and len(pair) == 2:
        return _at(course, (pair - {actor}).pop(), [ASKED])
    return None, (), [NOBODY]


def _at(course: Course, slug: str, doubts: list[str]) -> Who:
    place = course.places.get(slug)
    return (
        slug,
        (place,) if place else (),
        doubts if place else [*doubts, f"The place of {slug} is not known."],
    )
