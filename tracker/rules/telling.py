"""When a person is told of a deadline: some days before, on the last day, and once it is over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.errors import RuleBroken
from tracker.rules.vocabulary import Role

#: Days before the end, where a person chose no others.
DAYS = (14, 7, 3, 1)
MOST_DAYS, LONGEST = 8, 366
#: Roles that act on filings: they are told by mail unless they say otherwise.
TOLD = frozenset({Role.ADVOCATE, Role.LAWYER})

#: Steps after the last of the days before: the smaller, the later. After the day to go by it is in doubt, and
#: the same days are counted once more, to the legal last day: DOUBT and the number of days. The store keeps
#: them with what was told, so that another number needs a migration.
TODAY, OVER_STRICTLY, DOUBT, OVER = 0, -1, -1000, -1001


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person wants to be told."""

    mail: bool
    #: Days before the end, the largest first.
    days: tuple[int, ...] = DAYS
    #: All filings, or those that this person or nobody sees to.
    everything: bool = False


def suggested(role: Role, days: Sequence[int] = DAYS) -> Choices:
    """Return what somebody is told who never chose; `days` are those of the installation."""
    return Choices(mail=role in TOLD, days=tuple(days))


def parse_days(text: str, *, field: str = "days") -> tuple[int, ...]:
    """Return the days of "14, 7, 3 and 1", the largest first, each once.

    Raises RuleBroken for what is no such list, for too many, and for a day outside 1 to 366.
    """
    parts = [it for it in re.split(r"[\s,;]+|\band\b", text) if it]
    if not parts or not all(it.isascii() and it.isdigit() and len(it) < 4 for it in parts):
        raise RuleBroken("Write whole numbers with commas between them: 14, 7, 3, 1.", field=field)
    days = tuple(sorted({int(it) for it in parts}, reverse=True))
    if not 1 <= min(days) <= max(days) <= LONGEST:
        raise RuleBroken(f"Each number lies between 1 and {LONGEST}.", field=field)
    if len(days) > MOST_DAYS:
        raise RuleBroken(f"At most {MOST_DAYS} numbers are possible.", field=field)
    return days


def step(today: date, *, shown: date, last: date, days: Sequence[int]) -> int | None:
    """Return how near the end is: the smallest of `days` that is reached, TODAY, OVER_STRICTLY or OVER.

    `shown` is the day to go by, `last` the day after which it is over without any doubt (both inclusive).
    Between them the end is `last`: DOUBT and the smallest of `days` that is reached to it, DOUBT on it, and
    OVER_STRICTLY while it is further away. None while `shown` is further away than the largest of the days.
    """
    if today > max(shown, last):
        return OVER
    if today > shown:
        left = (last - today).days
        reached = min((it for it in days if it >= left), default=None) if left else 0
        return OVER_STRICTLY if reached is None else DOUBT + reached
    left = (shown - today).days
    return min((it for it in days if it >= left), default=None) if left else TODAY


def to_tell(now: int | None, *, day: date, told: tuple[date, int] | None) -> bool:
    """Say whether a step is news for somebody who was told of a day and a step before, or of nothing.

    A clock that was put back makes no news, and neither does a second look on the same day.
    """
    if now is None:
        return False
    return told is None or told[0] != day or now < told[1]


def subject(*, own: Sequence[int], late: int, hearings: int) -> str:
    """Return the subject of a daily mail: counts and times, and nothing by which anybody is known.

    `own` are the steps of our own deadlines, `late` is the number of those that others missed.
    """
    parts: list[str] = []
    for words, these in (
        ("over", {OVER}),
        # By the strictest count it is over, by that of the law it is not: to call it over would be false.
        ("in doubt", {it for it in own if OVER < it < TODAY}),
        ("due today", {TODAY}),
        *((f"within {it} day{'' if it == 1 else 's'}", {it}) for it in sorted({it for it in own if it > 0})),
    ):
        if number := sum(it in these for it in own):
            parts.append(f"{number} {'' if parts else 'of ours '}{words}")
    if late:
        parts.append(f"{late} of others late")
    counted = len(own) + late
    heads = [f"{counted} deadline{'' if counted == 1 else 's'}: " + ", ".join(parts)] if counted else []
    if hearings:
        heads.append(f"{hearings} hearing{'' if hearings == 1 else 's'}")
    return "; ".join(heads)
