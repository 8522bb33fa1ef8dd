"""How long something takes where some still wait: the Kaplan-Meier estimate with its confidence band.

Whoever still waits has waited so long already, and counts with that. An average of those whose wait has ended
would leave out the longest waits, and would call an authority quick that answers only what is easy.

Sources: Kaplan and Meier, JASA 53 (1958) 457; the variance is Greenwood's, the band the log-log one of
Kalbfleisch and Prentice, the limits of a quantile those of Brookmeyer and Crowley, Biometrics 38 (1982) 29.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

#: How often the band covers the truth, at each single day.
CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
#: Shares are products of fractions: a half that came out as 0.5000000000000001 is a half.
_TINY = 1e-9


class Observation(NamedTuple):
    """How many days somebody waited, and whether what they waited for came then (`ended`).

    Where it did not, the wait was watched no longer: it lasts still, or something else ended it.
    """

    days: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Share:
    """The share that still waits after a number of days, with its band, and how many were watched until then.

    `at_risk` counts those who had waited just before; `ended` those whose wait ended on this very day.
    """

    days: int
    at_risk: int
    ended: int
    waiting: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Quantile:
    """After how many days a share has what it waited for, and between which days that lies.

    None in each place: not reached while they were watched.
    """

    days: int | None
    earliest: int | None
    latest: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The estimate. `steps` are the days on which a wait ended, `unended` the others as (days, how many).

    `n` is the number of observations, `ended` how many ended; `longest` is the last day of the curve, beyond
    which nothing is known or told.
    """

    n: int
    ended: int
    longest: int
    steps: tuple[Share, ...]
    unended: tuple[tuple[int, int], ...]

    def at(self, days: int) -> Share | None:
        """Return the share that still waits after so many days; None where the curve does not go so far.

        Once nobody waits any more that holds for ever.
        """
        place = bisect_right(self.steps, days, key=lambda it: it.days)
        before = self.steps[place - 1] if place else Share(0, self.n, 0, 1.0, 1.0, 1.0)
        if days > self.longest and before.waiting > 0:
            return None
        here = before.ended if place and before.days == days else 0
        return Share(days, self._at_risk(days), here, before.waiting, before.lower, before.upper)

    def quantile(self, share: float) -> Quantile:
        """Return after how many days `share` (0.5 for the median) has what it waited for.

        That is the first day on which no more than the rest waits; its limits are the first days of which the
        lower and the upper bound of the band say so.
        """
        rest = 1 - share + _TINY
        return Quantile(
            days=next((it.days for it in self.steps if it.waiting <= rest), None),
            earliest=next((it.days for it in self.steps if it.lower <= rest), None),
            latest=next((it.days for it in self.steps if it.upper <= rest), None),
        )

    def _at_risk(self, days: int) -> int:
        ended = sum(it.ended for it in self.steps[: bisect_left(self.steps, days, key=lambda it: it.days)])
        place = bisect_left(self.unended, days, key=lambda it: it[0])
        return self.n - ended - sum(count for _, count in self.unended[:place])


def estimate(observations: Iterable[Observation] | Mapping[Observation, int], *, fewest: int = 1) -> Curve:
    """Return the estimate over the observations, or over how often there is each of them.

    Whoever is watched until a day counts on that day. The curve goes as far as at least `fewest` were
    watched: what a handful of the longest waits would make of its end tells of these, and of nobody else.
    Raises ValueError for days below nought.
    """
    ended: Counter[int] = Counter()
    unended: Counter[int] = Counter()
    for it, times in Counter(observations).items():
        if it.days < 0:
            raise ValueError(f"Nobody waits {it.days} days.")
        (ended if it.ended else unended)[it.days] += times
    n = at_risk = ended.total() + unended.total()
    share, variance, upper = 1.0, 0.0, 1.0
    steps, longest = [], 0
    for days in sorted(ended.keys() | unended.keys()):
        if at_risk < fewest:
            break
        longest = days
        if count := ended[days]:
            left = at_risk - count
            share *= left / at_risk
            if left:
                variance += count / (at_risk * left)
                lower, upper = _band(share, variance)
            else:
                # Nobody is left: the variance has no bound, so the upper one stays what it was.
                share = lower = 0.0
            steps.append(Share(days, at_risk, count, share, lower, upper))
        at_risk -= count + unended[days]
    return Curve(
        n=n,
        ended=ended.total(),
        longest=longest,
        steps=tuple(steps),
        unended=tuple(sorted(it for it in unended.items() if it[0] <= longest)),
    )


def _band(share: float, variance: float) -> tuple[float, float]:
    """Return the bounds of a share, counted on the scale of log(-log), where they stay between 0 and 1."""
    power = math.exp(_Z * math.sqrt(variance) / abs(math.log(share)))
    return share**power, share ** (1 / power)
