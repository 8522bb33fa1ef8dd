"""A chronology as an HTML document in one language; words that people typed stay as they are.

What the program put into English is translated by a table. What the table does not know is quoted, with a
word that says that it is English.
"""

import re
from datetime import date
from functools import cache
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

from tracker.reference.authorities import label
from tracker.reference.chronology_sentences import country_words, label_words, provision_words, said
from tracker.reference.chronology_words import (
    day_words,
    language_words,
    number_words,
    time_words,
    weekday_words,
    words,
)
from tracker.rules.days import Day, how_long, span
from tracker.rules.deadlines import State
from tracker.rules.sizes import size_words
from tracker.rules.vocabulary import Precision
from tracker.web.jinja import folder, steady

#: In provisions: what must not stand at the end of a line, away from its number.
_BEFORE_SIGNS = re.compile(r" (?=[:;])")
_BEFORE_NUMBERS = re.compile(r"\b(Art\.|Abs\.|Nr\.|lit\.|articles?|paragraphes?|point|VO|nº) ")


class Say:
    """The words of a chronology in one language; called with a key and what stands in its slots."""

    def __init__(self, language: str) -> None:
        """Take the words of the language."""
        self.language = language
        self._words = {key: self._steady(it) for key, it in words(language).items()}

    def __call__(self, key: str, **slots: Any) -> str:
        """Return the words of a key."""
        return self._words[key].format(**slots)

    def told(self, english: str) -> Markup:
        """Return what the program says in the language; quoted where it knows it in English only."""
        found = said(english, self.language)
        if found is not None:
            return escape(self._steady(found))
        quoted = self("quotation", words=Markup('<span lang="en">{}</span>').format(steady(english)))
        return Markup("{} {}").format(Markup(quoted), self("in_english"))  # noqa: S704 - escaped above

    def clause(self, english: str) -> Markup:
        """Return told() as a part of a sentence, which French begins with a small letter after a colon."""
        found = self.told(english)
        return found[:1].lower() + found[1:] if self.language == "fr" else found

    def quoted(self, text: str) -> str:
        """Return what somebody else wrote, in quotation marks."""
        return self("quotation", words=text)

    @property
    def colon(self) -> str:
        """Return a colon as the language sets it."""
        return "\N{NO-BREAK SPACE}:" if self.language == "fr" else ":"

    @property
    def semicolon(self) -> str:
        """Return a semicolon as the language sets it."""
        return "\N{NO-BREAK SPACE};" if self.language == "fr" else ";"

    def typed(self, text: str) -> str:
        """Return what stands in a record: in the language where the program wrote it, else as it stands."""
        return said(text, self.language) or text

    def provision(self, basis: str) -> str:
        """Return a provision as the language cites it."""
        return self._steady(provision_words(basis, self.language))

    def who(self, actor: str) -> str:
        """Return who acted or owes: an authority with its country, a party, or a name as it stands."""
        labelled = label_words(actor, self.language)
        return self.typed(actor) if labelled == actor else labelled

    def country(self, line: str) -> str:
        """Return a line of an address; where it is a country, as the language calls it."""
        return country_words(line, self.language)

    def _steady(self, text: str) -> str:
        """Return a text in which no sign ends or begins a line that belongs to the line before or after."""
        text = _BEFORE_SIGNS.sub("\N{NO-BREAK SPACE}", text) if self.language == "fr" else text
        return _BEFORE_NUMBERS.sub("\\1\N{NO-BREAK SPACE}", steady(text))

    def day(self, value: Day | date | None) -> str:
        """Return a day as exactly as it is known."""
        return day_words(value, self.language)

    def weekday(self, value: date | None) -> str:
        """Return a day with its weekday."""
        return weekday_words(value, self.language)

    def number(self, value: int) -> str:
        """Return a whole number."""
        return number_words(value, self.language)

    def size(self, count: int) -> str:
        """Return a number of bytes: "1,5 MiB", "600 octets"."""
        if self.language == "en":
            return size_words(count)
        number, _, unit = size_words(count).partition(" ")
        number = number.replace(".", "\0").replace(",", ".").replace("\0", ",")
        if unit in ("byte", "bytes"):
            return f"{number} {self(unit)}"
        return f"{number} {unit.replace('B', 'o') if self.language == 'fr' else unit}"

    def versions(self, names: Any) -> str:
        """Return by which versions of rules and calendars it was counted."""
        told = f"{self.semicolon} ".join(names)
        return re.sub(r"\b(rules|periods|holidays|corrections)\b", lambda it: self(f"version_{it[1]}"), told)

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

    def lasted(self, gap: Any) -> str | None:
        """Return how long a gap lasted, with its days where that is told in months: "2 years (730 days)"."""
        time = self.time(gap)
        days = self("one_day_counted" if gap.most == 1 else "days_counted", number=self.days(gap))
        return time if time in (None, days) else self("time_and_days", time=time, days=days)

    def over(self, last: date, end: date) -> str:
        """Return by how much a last day was passed: "1 year (366 days)", "24 days"."""
        number = (end - last).days
        days = self("one_day_counted" if number == 1 else "days_counted", number=self.number(number))
        time = time_words(span(last, end), self.language)
        return days if time == days else self("time_and_days", time=time, days=days)

    def authority(self, slug: str | None) -> str:
        """Return an authority by its label, or that it is none."""
        return label_words(label(slug), self.language) if slug else self("nobody")

    def owner(self, owner: str) -> str:
        """Return whose number it is."""
        key = f"ref_{owner}"
        return self(key) if key in self._words else self.who(owner)

    def more(self, step: Any) -> str:
        """Return how an entry came, and under which number, on one line."""
        told = [self(step.medium.value)] if step.medium else []
        told += [self("sent", day=self.day(step.sent_on))] if step.sent_on else []
        told += [self("received", day=self.day(step.received_on))] if step.received_on else []
        told += [self("in_language", language=self.spoken(step.language))] if step.language else []
        parts = [f"{self('reference')}{self.colon} {step.reference}"] if step.reference else []
        parts += [f"{self('fine')}{self.colon} {self.typed(step.fine)}"] if step.fine else []
        parts += [", ".join(told)] if told else []
        return f"{self.semicolon} ".join(parts)

    def result(self, owed: Any, as_of: date) -> str:
        """Return how a period stands on the day of the chronology."""
        by = f" ({self('by_entry', number=owed.met_by)})" if owed.met_by else ""
        last = owed.certain_on or owed.due_on
        if owed.shown_on is not None:
            return self("met_by", day=self.day(owed.shown_on)) + by
        if owed.met_on is not None:
            if owed.days_over:
                return self("met_late", time=self.over(last, owed.met_on), day=self.day(owed.met_on)) + by
            return self("met", day=self.day(owed.met_on)) + by
        if owed.not_shown:
            return self("not_shown", time=self.over(last, as_of))
        if owed.state is State.MISSED:
            return self("missed", time=self.over(last, as_of))
        if owed.state is State.PAUSED:
            return self("paused", day=self.day(owed.paused_on))
        return self("extended" if owed.state is State.EXTENDED else "running")

    def spoken(self, code: str) -> str:
        """Return the name of a language."""
        return language_words(code, self.language)


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
