"""A chronology as an HTML document: words in the language of its headings, facts as they are."""

from datetime import date
from functools import cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from tracker.reference.authorities import label
from tracker.reference.chronology_words import (
    day_words,
    number_words,
    time_words,
    weekday_words,
    words,
)
from tracker.reference.names import language_name
from tracker.rules.days import Day, how_long, span
from tracker.rules.deadlines import State
from tracker.rules.vocabulary import Precision
from tracker.web.jinja import folder


class Say:
    """The words of a chronology in one language; called with a key and what stands in its slots."""

    def __init__(self, language: str) -> None:
        """Take the words of the language."""
        self.language = language
        self._words = words(language)

    def __call__(self, key: str, **slots: Any) -> str:
        """Return the words of a key."""
        return self._words[key].format(**slots)

    def day(self, value: Day | date | None) -> str:
        """Return a day as exactly as it is known."""
        return day_words(value, self.language)

    def weekday(self, value: date | None) -> str:
        """Return a day with its weekday."""
        return weekday_words(value, self.language)

    def number(self, value: int) -> str:
        """Return a whole number."""
        return number_words(value, self.language)

    def between(self, start: Day | date, end: Day | date) -> str | None:
        """Return the time between two days, None where nobody can say or none lies between."""
        told = how_long(_day(start), _day(end))
        return time_words(told, self.language) if told else None

    def time(self, gap: Any) -> str | None:
        """Return how long a gap (rules.silence) lasted, None where nobody can say."""
        return self.between(gap.start, gap.end)

    def days(self, gap: Any) -> str:
        """Return its days: "814", "790\N{EN DASH}820" where they are not known exactly."""
        if gap.least is None or gap.most is None:
            return self("not_known")
        least, most = self.number(gap.least), self.number(gap.most)
        return most if gap.exact else f"{least}\N{EN DASH}{most}"

    def authority(self, slug: str | None) -> str:
        """Return an authority by its label, or that it is none."""
        return label(slug) if slug else self("nobody")

    def owner(self, owner: str) -> str:
        """Return whose number it is."""
        key = f"ref_{owner}"
        return self(key) if key in self._words else owner

    def more(self, step: Any) -> str:
        """Return how an entry came, and under which number, on one line."""
        told = [self(step.medium.value)] if step.medium else []
        told += [f"{self('sent')} {self.day(step.sent_on)}"] if step.sent_on else []
        told += [f"{self('received')} {self.day(step.received_on)}"] if step.received_on else []
        told += [self("in_language", language=self._language(step.language))] if step.language else []
        parts = [f"{self('reference')}: {step.reference}"] if step.reference else []
        parts += [f"{self('fine')}: {step.fine}"] if step.fine else []
        parts += [", ".join(told)] if told else []
        return "; ".join(parts)

    def result(self, owed: Any, as_of: date) -> str:
        """Return how a period stands on the day of the chronology."""
        by = f" ({self('by_entry', number=owed.met_by)})" if owed.met_by else ""
        if owed.met_on is not None:
            if owed.days_over:
                return self("met_late", days=self.number(owed.days_over), day=self.day(owed.met_on)) + by
            return self("met", day=self.day(owed.met_on)) + by
        if owed.state is State.MISSED:
            time = time_words(span(owed.certain_on or owed.due_on, as_of), self.language)
            return self("missed", time=time, days=self.number(owed.days_over))
        if owed.state is State.PAUSED:
            return self("paused", day=self.day(owed.paused_on))
        return self("extended" if owed.state is State.EXTENDED else "running")

    def _language(self, code: str) -> str:
        return language_name(code)


def _day(value: Day | date) -> Day:
    return value if isinstance(value, Day) else Day(value, Precision.DAY)


@cache
def style() -> Markup:
    """Return the style sheet of the document, as it stands in the document itself."""
    sheet = (folder("static") / "css" / "chronology.css").read_text(encoding="utf-8")
    return Markup("<style>\n{}</style>").format(Markup(sheet))  # noqa: S704 - a packaged file


def document(it: Any) -> str:
    """Return a chronology as a whole page that needs nothing else; the same for the same chronology.

    It is rendered without what pages know of whoever reads them.
    """
    template = current_app.jinja_env.get_template("chronology/document.html")
    return template.render(it=it, say=Say(it.language), style=style())
