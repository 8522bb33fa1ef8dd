"""What templates know: filters, strict names, autoescape everywhere."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations
from flask import Flask, request
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from werkzeug.routing import BaseConverter, ValidationError

import tracker
from tracker import clock
from tracker.errors import RuleBroken
from tracker.reference import tables
from tracker.reference.authorities import authorities, label, short_name
from tracker.reference.names import country_name, language_name, place_name
from tracker.rules import days, numbers, provisions
from tracker.rules.money import Money
from tracker.rules.sizes import size_words
from tracker.web import templating

PACKAGE = Path(tracker.__file__).parent


def folder(name: str) -> Path:
    """Return where templates or static files lie: inside an installed package, else beside it."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


class CaseNumber(BaseConverter):
    """C081 in an address; anything else is 404 before a view runs."""

    regex = r"[Cc][0-9]{1,6}"
    part_isolating = True

    def to_python(self, value: str) -> str:
        """Return the number; raises ValidationError (404) for one that is none."""
        if not numbers.is_case_number(value.upper()):
            raise ValidationError
        return value


class FilingNumber(BaseConverter):
    """C081-07 in an address; anything else is 404 before a view runs."""

    regex = r"[Cc][0-9]{1,6}-[0-9]{1,6}"
    part_isolating = True

    def to_python(self, value: str) -> str:
        """Return the number; raises ValidationError (404) for one that is none."""
        if not numbers.is_filing_number(value.upper()):
            raise ValidationError
        return value


class Small(BaseConverter):
    """A whole number that a database takes."""

    regex = r"[0-9]{1,18}"
    part_isolating = True

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)


def show_day(value: days.Day | date | datetime | str | None) -> str:
    """Return "6 June 2024", or as much of it as is known; "not known" for nothing; words as they are."""
    if value is None:
        return "not known"
    if isinstance(value, str):
        return value
    if isinstance(value, days.Day):
        return value.words
    return days.words(value.date() if isinstance(value, datetime) else value)


def show_moment(value: datetime | None) -> str:
    """Return "6 June 2024, 14:05 UTC"."""
    return "" if value is None else f"{days.words(value.date())}, {value:%H:%M} UTC"


def show_provision(code: str) -> str:
    """Return "Art 6(1)(f)" for a normalised code."""
    try:
        return provisions.read(code).label
    except RuleBroken:
        return code


def provision_url(code: str) -> str:
    """Return the address of the provision's text at EUR-Lex."""
    return provisions.read(code).url


def host(url: str) -> str:
    """Return the host of a web address, without www."""
    return url.split("/")[2].removeprefix("www.") if url.count("/") >= 2 else url


def paragraphs(text: str) -> Markup:
    """Return plain text as paragraphs, escaped."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    joined = [Markup("<br>").join(part.split("\n")) for part in parts]
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in joined)


def short_of(slug: str) -> str:
    """Return the short name of an authority by slug, without its country."""
    it = authorities().get(slug)
    return short_name(it.abbr, it.name, it.country) if it else slug


def show_money(money: Money) -> str:
    """Return "EUR 5,500,000"."""
    return money.words


def show_clock(moment: datetime, zone: str) -> str:
    """Return the time of day at a place: "09:30"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def steady(words: str) -> str:
    """Return a sentence in which no section sign stands at the end of a line, away from its number."""
    return words.replace("§ ", "§\N{NO-BREAK SPACE}")


def static_link(name: str) -> str:
    """Return the address of a file of the style, which has none for each language."""
    mount = request.environ.get("tracker.mount", request.environ.get("SCRIPT_NAME", ""))
    return f"{mount}/static/{name}"


def as_it_is(words: Any) -> Any:
    """Return words as they are: what the program says, it says in English."""
    return words


def acted(update: Any) -> str:
    """Return who acted in an update: an authority by its present label, anybody else as it was written."""
    return label(update.actor_slug) if update.actor_slug else str(update.actor)


def furnish(environment: Environment, translations: NullTranslations) -> None:
    """Make a template environment strict, and let it speak a language."""
    environment.undefined = StrictUndefined
    environment.autoescape = True
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.globals.pop("config", None)
    environment.add_extension("jinja2.ext.i18n")
    # A text that is the same everywhere in a template: leading blanks do not make it another one.
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    if isinstance(environment, templating.Environment):
        environment.words = translations
        pieces = templating.Pieces()
        environment.globals.update(piece=pieces.piece, pieces=pieces)


def install(app: Flask) -> None:
    """Give the app its template environment and converters."""
    app.jinja_environment = templating.Environment
    app.url_map.converters.update(case=CaseNumber, filing=FilingNumber, small=Small)
    furnish(app.jinja_env, NullTranslations())
    app.jinja_env.globals.update(today=lambda: clock.today(), static_link=static_link, language="en")
    app.jinja_env.globals.update(colon=":", semicolon=";")
    app.jinja_env.globals["stages"] = tables.procedure().stages
    app.jinja_env.globals["steps"] = tables.procedure().steps
    app.jinja_env.globals["kinds"] = {code: it.label for code, it in tables.event_kinds().items()}
    app.jinja_env.filters.update(
        day=show_day,
        moment=show_moment,
        size=size_words,
        country=country_name,
        place=place_name,
        language=language_name,
        authority=label,
        acted=acted,
        steady=steady,
        short=short_of,
        provision=show_provision,
        provision_url=provision_url,
        paragraphs=paragraphs,
        host=host,
        said=as_it_is,
        basis=as_it_is,
        money=show_money,
        clock=show_clock,
        said_plain=as_it_is,
        worded=as_it_is,
        fact=as_it_is,
        named=as_it_is,
        proper=as_it_is,
        typeset=as_it_is,
        cited=as_it_is,
        numbers=as_it_is,
        title_of=as_it_is,
        law=as_it_is,
        time=as_it_is,
    )
