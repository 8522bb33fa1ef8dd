"""What an event of a file says of a deadline: begun by hand, extended, stopped, fixed, done, waived.

The deadlines themselves are in no file: they are computed again from what happened.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.errors import RuleBroken
from tracker.models import DeadlineAct, Update
from tracker.reference import tables
from tracker.reference.periods import periods
from tracker.rules.days import words
from tracker.rules.decisions import DECIDES
from tracker.rules.happened import LODGING_NUMBER, STEPS, WHAT_BEGINS, WITH_DAY, Act
from tracker.rules.lengths import Length
from tracker.rules.periods import Period, extended, ours_from
from tracker.services import deadlines_orders
from tracker.services.import_forms import Campaign, Form, codes_of, first_places
from tracker.services.reading import Faults
from tracker.services.reading_faults import fit

if TYPE_CHECKING:
    from tracker.services.import_plan import Planned

#: What needs a reason, and what the reason is of.
_WITH_REASON: Mapping[Act, str] = {
    Act.PAUSE: "why no time passes",
    Act.WAIVE: "why nobody waits for it any more",
}


def _begins_here(act: Form) -> bool:
    """Return whether it is said of a period that begins with the event itself."""
    return act["act"] == Act.BEGIN.value or (act["act"] == Act.FIX.value and "period" not in act)


def check(it: Campaign, faults: Faults) -> None:
    """Add what is wrong with that which the events of a campaign say of deadlines."""
    lines = _lines(it.events)
    for place, event in enumerate(it.events):
        if "deadline" in event:
            _Checking(it, place, lines, faults).check()


def _lines(events: Sequence[Form]) -> dict[int, list[Form]]:
    """Return the lines of corrections of events, by the place of the first in each."""
    lines: dict[int, list[Form]] = defaultdict(list)
    for first, event in zip(first_places(events), events, strict=True):
        lines[first].append(event)
    return lines


class _Checking:
    """One event that says something of a deadline; `lines` are those of corrections, by their first place."""

    def __init__(self, it: Campaign, place: int, lines: Mapping[int, list[Form]], faults: Faults) -> None:
        self.campaign, self.place, self.lines, self.faults = it, place, lines, faults
        self.event = it.events[place]
        self.said: Form = self.event["deadline"]
        self.act = Act(self.said["act"])
        self.here = _begins_here(self.said)

    def _fault(self, text: str, *way: str) -> None:
        self.faults.add((*self.campaign.way, "events", self.place, *way), text)

    def check(self) -> None:
        """Check its parts; the days only where the others are sound."""
        before = len(self.faults.found)
        if not self.event["filings"]:
            self._fault("is that of a filing: name the filings", "deadline")
        self._check_step()
        period = self._period()
        self._check_from()
        self._check_needed(period)
        if self.act in _WITH_REASON and not self.event["summary"].strip():
            self._fault(f"is empty: say {_WITH_REASON[self.act]}", "summary")
        if len(self.faults.found) == before:
            self._check_days(period)

    def _check_step(self) -> None:
        codes, kinds = codes_of(self.event), tables.event_kinds()
        if self.here and self.act is Act.FIX:
            # Which step a decision is, is worked out later where the file does not say it.
            known = {kinds[code].step if code in kinds else code for code in codes - {"decision"}}
            if known and not any(ours_from(periods().values(), code or "") for code in known):
                text = "is missing: no period of ours begins with this event"
                self._fault(text, "deadline", "period")
        elif codes != {STEPS[self.act]}:
            told = fit(" and ".join(sorted(codes)))
            self._fault(
                f"'{self.act.value}' belongs to an event of the kind {STEPS[self.act]}, not {told}",
                "deadline",
                "act",
            )

    def _period(self) -> Period | None:
        if self.here and self.act is Act.FIX:
            return None
        if "period" not in self.said:
            self._fault("is missing: name it, such as G15", "deadline", "period")
            return None
        found = periods().get(self.said["period"])
        if found is None:
            self._fault(f"there is no period '{fit(self.said['period'])}'", "deadline", "period")
        return found

    def _check_from(self) -> None:
        """Check that it runs from an event which stands before this one, and is about the same filings."""
        start = self.said.get("from")
        if start is None:
            return
        if self.here:
            text = "is for a period that runs already; one that begins with this event has none"
            self._fault(text, "deadline", "from")
        elif start > self.place:
            which = f"from 1 to {self.place}, or " if self.place else ""
            self._fault(
                f"must be the place of an earlier event, {which}0 for the day of lodging", "deadline", "from"
            )
        elif start != LODGING_NUMBER:
            about = {key for each in self.lines[start] for key in each["filings"]}
            for key in self.event["filings"]:
                if key not in about:
                    self._fault(f"event {start} is not about {fit(key)}", "deadline", "from")

    def _check_needed(self, period: Period | None) -> None:
        """Check that there are a last day and a length where they are needed, and nowhere else."""
        until, more = "until" in self.said, self.said.get("more")
        if until and self.act not in WITH_DAY:
            self._fault(f"says nothing with '{self.act.value}': leave it out", "deadline", "until")
        if more and self.act is not Act.EXTEND:
            self._fault(f"says nothing with '{self.act.value}': leave it out", "deadline", "more")
        if self.act is Act.EXTEND and not until and not more:
            text = "is missing: the new last day, or in `more` how much longer it is"
            self._fault(text, "deadline", "until")
        if self.act is Act.FIX and not until:
            self._fault("is missing: the last day that was fixed", "deadline", "until")
        if period is None or until:
            return
        if self.act is Act.BEGIN and period.length is None:
            self._fault("is missing: the law gives no length for this period", "deadline", "until")
        if self.act is Act.EXTEND and more:
            try:
                extended(period, Length.parse(more))
            except RuleBroken as refusal:
                self._fault(str(refusal).rstrip("."), "deadline", "more")

    def _check_days(self, period: Period | None) -> None:
        """Check that neither the event nor the last day lies before the period begins, as far as known."""
        begins = max((day for day in self._begins(period) if day), default=None)
        if begins is None:
            return
        day, until = self.event["date"].first, self.said.get("until")
        if not self.here and day and day < begins:
            self._fault(f"lies before the period begins, on {words(begins)}", "date")
        if until and until < begins:
            self._fault(f"lies before the period begins, on {words(begins)}", "deadline", "until")

    def _begins(self, period: Period | None) -> Iterator[date | None]:
        """Give for each filing the first day on which the period can have begun, None where not known.

        A start that was corrected later may lie after what was said before: the earliest day counts.
        """
        if self.here:
            received = self.event.get("received") if self.act is Act.FIX else None
            yield received or self.event["date"].first
        elif (start := self.said.get("from")) is None:
            return
        elif start != LODGING_NUMBER:
            yield _earliest(
                (period and period.received and each.get("received")) or each["date"].first
                for each in self.lines[start]
            )
        else:
            corrected = [it for line in self.lines.values() for it in line[:-1]]
            for key in self.event["filings"]:
                lodged = [it["date"].first for it in self.campaign.filings if it["id"] == key]
                yield _earliest([*lodged, *(it["date"].first for it in corrected if key in it["filings"])])


def _earliest(days: Any) -> date | None:
    """Return the earliest of some days; None where one is not known."""
    found = list(days)
    return min(found) if found and all(found) else None


def remarks(it: Campaign) -> list[str]:
    """Return which events say something of a deadline by which nothing is counted."""
    steps, lines = set(STEPS.values()), _lines(it.events)
    told = []
    for place, event in enumerate(it.events, 1):
        said = event.get("deadline", {})
        if not said and steps & codes_of(event):
            text = "says of no deadline what happened to it"
        elif "from" in said and not _begins_with(said["period"], said["from"], lines):
            start = f"event {said['from']}" if said["from"] else "the day of lodging"
            text = f"{said['period']} does not run from {start}"
        else:
            continue
        told.append(f"{it.id}, event {place}: {text}, so nothing is counted by it")
    return told


def _begins_with(name: str, start: int, lines: Mapping[int, list[Form]]) -> bool:
    """Return whether a period can run from a line of events, or (0) the lodging; True where not known."""
    period, kinds = periods()[name], tables.event_kinds()
    if any(_begins_with(base, start, lines) for base in period.start.ends):
        return True
    if start == LODGING_NUMBER:
        return period.start.lodging
    # Which step a decision is, is worked out later where the file does not say it.
    begins = {"decision", *period.start.steps, *period.start.otherwise}
    if name == deadlines_orders.PERIOD:
        begins |= set(DECIDES)
    for each in lines[start]:
        begun = each.get("deadline", {})
        by_hand = (begun.get("act"), begun.get("period")) == (Act.BEGIN.value, name)
        codes = codes_of(each)
        if by_hand or begins & (codes | {kinds[code].step for code in codes if code in kinds}):
            return True
    return False


def as_here(event: Form, known: Mapping[int, int]) -> Form:
    """Return an event with the place of the one from which its deadline runs as the store counts it.

    `known` gives, by place from 0 in the file, the number of the entry that an event is already.
    """
    start = event.get("deadline", {}).get("from")
    if not start:
        return event
    return {**event, "deadline": {**event["deadline"], "from": known.get(start - 1)}}


def acts_out(updates: Sequence[Update]) -> list[Form | None]:
    """Return what each entry of a protocol says of a deadline, in the words of the file."""
    places = {it.number: place for place, it in enumerate(updates, 1)}
    return [_act_out(it.says, places) if it.says else None for it in updates]


def _act_out(said: DeadlineAct, places: Mapping[int, int]) -> Form:
    out: Form = {"act": said.act}
    if said.period != WHAT_BEGINS:
        out["period"] = said.period
    if not _begins_here(out) and said.start_number is not None:
        out["from"] = places.get(said.start_number, LODGING_NUMBER)
    act = Act(said.act)
    if said.until_on and act in WITH_DAY:
        out["until"] = said.until_on.isoformat()
    if said.more and act is Act.EXTEND:
        out["more"] = said.more
    return out


def rows(planned: "Planned", by_place: Mapping[int, Update]) -> list[dict[str, Any]]:
    """Return the rows for what the new events say of deadlines; `by_place` are the entries of all events."""
    here = planned.held.updates if planned.held else ()
    first = _first_numbers([*here, *(by_place[place] for place in planned.events)])
    found = []
    for place in planned.events:
        said = planned.campaign.events[place].get("deadline")
        if said is None:
            continue
        start = said.get("from")
        if _begins_here(said):
            start = first[by_place[place].id]
        elif start:
            start = first[by_place[start - 1].id]
        found.append(
            {
                "update_id": by_place[place].id,
                "act": said["act"],
                "period": said.get("period", WHAT_BEGINS),
                "start_number": start,
                "until_on": said.get("until"),
                "more": said.get("more"),
            }
        )
    return found


def _first_numbers(updates: Sequence[Update]) -> dict[int, int]:
    """Return by entry the number of the first in its line of corrections; the oldest entries come first."""
    found: dict[int, int] = {}
    for it in updates:
        found[it.id] = found.get(it.corrects_id or 0, it.number)
    return found
