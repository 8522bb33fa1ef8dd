"""The pictures of the public pages: what of a page goes into which drawing, with its words."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import takewhile

from flask_babel import gettext, ngettext

from tracker import clock
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.positions import COMPLETE, phase, phase_then
from tracker.services import public_site as site
from tracker.services.public_site_flows import Flow, has_reached_lead, was_elsewhere
from tracker.services.public_site_positions import is_unclear
from tracker.services.public_site_words import Named
from tracker.web import languages
from tracker.web.drawings import bars, flow, map, stages
from tracker.web.public import site_link

#: The phases of a filing, in the order in which they are drawn.
PHASES = ("in_progress", "action_needed", "complete")
#: So many authorities are drawn by themselves in a flow.
MOST_SOURCES = 24
UNKNOWN = "?"


def map_of(page: site.CasePage) -> map.Map | None:
    """Return where filings of a case lie and who leads; None where no country is known, or only one."""
    filings = page.filings
    lodged = Counter(it.authority.country for it in filings if it.authority.country)
    leads = Counter(it.lead.country for it in filings if it.lead and it.lead.country)
    if len(lodged | leads) < 2:
        return None
    ways: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    expected = Counter[str]()
    for it, course in zip(filings, page.courses, strict=True):
        if it.lead and was_elsewhere(it.authority.slug, it.authority.country, it.lead.slug):
            reached = has_reached_lead(stage for stage, _ in course)
            expected[it.lead.country] += not reached
            if it.authority.country:
                ways[reached].append((it.authority.country, it.lead.country))
    states = _states(lodged, leads, expected, lambda code: _to(code, filings))
    return map.draw(states, ways[True], ways[False])


def map_of_flows(found: Sequence[Flow]) -> map.Map | None:
    """Return where all filings lie and where they are led; None where no country is known."""
    lodged, leads, expected = Counter[str](), Counter[str](), Counter[str]()
    for it in found:
        lodged[it.lodged_with.country] += it.filings
        if it.to:
            leads[it.to.country] += it.filings
            expected[it.to.country] += it.filings * it.expected
    states = _states(lodged, leads, expected, lambda code: site_link("authorities", country=code))
    return map.draw(states) if states else None


def _states(
    lodged: Counter[str], leads: Counter[str], expected: Counter[str], to: Callable[[str], str | None]
) -> list[map.State]:
    """Return the countries by name; `to` gives the address to which one leads."""
    names = {code: languages.country(code) for code in lodged | leads if code}
    return [
        map.State(
            code,
            names[code],
            lodged[code],
            leads[code],
            _said(names[code], lodged[code], leads[code]),
            to(code),
            expected[code],
        )
        for code in sorted(names, key=names.__getitem__)
    ]


def bars_of(page: site.CasePage) -> bars.Bars | None:
    """Return how long each filing of a case has been where; None where there is nothing to compare."""
    if not any(it.lodged.value for it in page.records):
        return None
    spans = [
        _span(row, record, course)
        for row, record, course in zip(page.filings, page.records, page.courses, strict=True)
    ]
    return bars.draw(spans, clock.today())


def flow_of(found: Sequence[Flow]) -> flow.Flow | None:
    """Return where filings were lodged and who leads them; None where there is nothing to draw.

    Beyond MOST_SOURCES the authorities with the fewest filings are drawn as one.
    """
    if not found:
        return None
    targets = {it.to.slug: _target(it.to) for it in found if it.to and it.to.slug}
    unknown = flow.Target(UNKNOWN, gettext("Not known"), gettext("or none"), known=False)
    busiest = Counter[Named]()
    for it in found:
        busiest[it.lodged_with] += it.filings
    drawn = {it for it, _ in busiest.most_common(MOST_SOURCES)}
    sources = [
        flow.Source(
            label=_short(it.lodged_with) if it.lodged_with in drawn else gettext("Others"),
            under=_land(it.lodged_with) if it.lodged_with in drawn else "",
            to=it.to.slug if it.to and it.to.slug else UNKNOWN,
            filings=it.filings,
            sure=it.to is not None and not it.presumed,
            expected=it.expected,
        )
        for it in found
    ]
    return flow.draw(sources, [*targets.values(), *([unknown] if any(it.to is None for it in found) else [])])


def stages_of(found: Iterable[Sequence[tuple[date, str]]]) -> stages.Stages | None:
    """Return in which phase filings stood month by month; None where no day is known."""
    months = stages.by_month(found, PHASES, clock.today())
    return stages.draw(months, PHASES) if months else None


def _target(it: Named) -> flow.Target:
    return flow.Target(it.slug or UNKNOWN, _short(it), _land(it))


def _land(it: Named) -> str:
    return languages.country(it.country) if it.country else ""


def _short(it: Named) -> str:
    return it.short if it.slug else gettext("not known")


def _said(name: str, lodged: int, leads: int) -> str:
    words = languages.joined(name, ngettext("%(num)s filing", "%(num)s filings", lodged))
    # What stands within another string is not gathered for the catalogues.
    led = gettext("leads in %(number)s", number=leads)
    return f"{words}, {led}" if leads else words


def _to(code: str, filings: Sequence[site.FilingRow]) -> str | None:
    """Return the way to the filing of a country; to the list where it has several, nowhere without any."""
    there = [it.number for it in filings if it.authority.country == code]
    return site_link("filing", number=there[0]) if len(there) == 1 else "#filings" if there else None


def _span(row: site.FilingRow, record: site.FilingRecord, course: Sequence[tuple[str, Day]]) -> bars.Span:
    known = tables.procedure().stages
    steps = [(known[stage], day) for stage, day in course if stage in known]
    # Where it stands now its result says how it looks; before, the stages themselves.
    kinds = [*(phase_then(it) for it, _ in steps[:-1]), phase(known.get(record.stage), record.outcome)]
    complete = sum(1 for _ in takewhile(lambda it: it == COMPLETE, reversed(kinds)))
    until = steps[-complete][1] if complete else None
    # What goes on after a decision has a result, and no end yet.
    goes_on = record.open_claims or (record.stage in known and known[record.stage].phase != COMPLETE)
    ended = until if until and not goes_on else None
    where = languages.country(row.authority.country) if row.authority.country else ""
    return bars.Span(
        label=" · ".join(it for it in (f"{row.number} {_short(row.authority)}", where) if it),
        # Of what ended on a day that nobody knows no length can be drawn.
        start=None if until and until.value is None else record.lodged.value,
        stretches=tuple(
            bars.Stretch(
                day.value, kind, languages.typeset(f"{languages.said(it.plain)}, {languages.day(day)}")
            )
            for (it, day), kind in zip(steps, kinds, strict=True)
            if day.value is not None
        ),
        end=ended.value if ended else None,
        mark=row.state.mark,
        state=languages.typeset(languages.said(row.state.words)),
        vague=record.lodged.iso is not None and len(record.lodged.iso) < 10,
        href=site_link("filing", number=row.number),
        since=record.lodged,
        until=until,
        unclear=is_unclear(record),
    )
