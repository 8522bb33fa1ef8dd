"""The pictures of the public pages: what of a page goes into which drawing, with its words."""

from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext, ngettext

from tracker import clock
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.services import public_site as site
from tracker.web import languages
from tracker.web.drawings import bars, map
from tracker.web.public import site_link


def map_of(filings: Sequence[site.FilingRow]) -> map.Map | None:
    """Return where filings of a case lie and who leads; None where no country is known, or only one."""
    lodged = Counter(it.authority.country for it in filings if it.authority.country)
    leads = Counter(it.lead.country for it in filings if it.lead and it.lead.country)
    if len(lodged | leads) < 2:
        return None
    names = {code: languages.country(code) for code in lodged | leads}
    states = [
        map.State(
            code,
            names[code],
            lodged[code],
            leads[code],
            _said(names[code], lodged[code], leads[code]),
            _to(code, filings),
        )
        for code in sorted(names, key=names.__getitem__)
    ]
    ways = [(it.authority.country, it.lead.country) for it in filings if it.lead and it.authority.country]
    return map.draw(states, ways)


def bars_of(page: site.CasePage) -> bars.Bars | None:
    """Return how long each filing of a case has been where; None where there is nothing to compare."""
    if not any(it.lodged.value for it in page.records):
        return None
    spans = [
        _span(row, record, course)
        for row, record, course in zip(page.filings, page.records, page.courses, strict=True)
    ]
    return bars.draw(spans, clock.today())


def _said(name: str, lodged: int, leads: int) -> str:
    words = f"{name}: {ngettext('%(num)s filing', '%(num)s filings', lodged)}"
    return f"{words}, {gettext('leads in %(number)s', number=leads)}" if leads else words


def _to(code: str, filings: Sequence[site.FilingRow]) -> str | None:
    """Return the way to the filing of a country; to the list where it has several, nowhere without any."""
    there = [it.number for it in filings if it.authority.country == code]
    return site_link("filing", number=there[0]) if len(there) == 1 else "#filings" if there else None


def _span(row: site.FilingRow, record: site.FilingRecord, course: Sequence[tuple[str, Day]]) -> bars.Span:
    stages = tables.procedure().stages
    ended = record.since if row.pending is None and stages[record.stage].phase == "complete" else None
    where = languages.country(row.authority.country) if row.authority.country else ""
    short = row.authority.short if row.authority.slug else languages.said(row.authority.short)
    return bars.Span(
        label=" · ".join(it for it in (f"{row.number} {short}", where) if it),
        start=record.lodged.value,
        stretches=tuple(
            bars.Stretch(day.value, it.phase, f"{languages.said(it.plain)}, {languages.day(day)}")
            for it, day in ((stages[stage], day) for stage, day in course if stage in stages)
            if day.value is not None
        ),
        end=ended.value if ended else None,
        mark=row.state.mark,
        state=languages.said(row.state.words),
        vague=record.lodged.iso is not None and len(record.lodged.iso) < 10,
        href=site_link("filing", number=row.number),
        since=record.lodged,
        until=ended,
    )
