"""The languages of the public site: taken from the address, spoken by the templates.

English has no prefix, the others stand first in the path (/de/cases/C081). A wrapper in front of the app
takes the prefix off and adds it to the place where the app is mounted: no route knows of languages, and
every link that a page makes stays in its language. There is one template environment for each language, with
its words bound once: looking for the language at every word would cost more than the words.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, request
from flask_babel import Babel, Domain, get_locale
from jinja2 import Environment
from markupsafe import Markup

import tracker
from tracker.db import let_go
from tracker.reference.chronology_sentences import (
    country_words,
    label_words,
    numbers_words,
    proper_words,
    provision_words,
    short_words,
    title_words,
)
from tracker.reference.chronology_sentences import said as translated
from tracker.reference.chronology_words import day_words, language_words, number_words, time_words, words
from tracker.reference.eurlex import cited_in, law_in
from tracker.reference.names import country_name
from tracker.rules.money import Money
from tracker.web import jinja
from tracker.web.pages_kept import TYPED, known_in

#: Each language in itself, the one without a prefix first.
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "fr": "Français"}
ORIGINAL = "en"
CATALOGUES = Path(tracker.__file__).parent / "translations"

Environ = dict[str, Any]
#: Where the wrapper writes the language, and where the site is mounted without it.
KEY, MOUNT = "tracker.language", "tracker.mount"


class InLanguage:
    """Takes the language off the path. Files are the same in every language and have no prefix."""

    def __init__(self, wsgi: Callable[[Environ, Callable[..., Any]], Iterable[bytes]]) -> None:
        """Wrap an app."""
        self._wsgi = wsgi

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer by the app, which finds path and mount without and with the language."""
        path = environ.get("PATH_INFO", "")
        prefix, rest = path[:3], path[3:]
        mount = environ.get("SCRIPT_NAME", "")
        if prefix in PREFIXES and rest[:1] in ("", "/") and not rest.startswith("/static/"):
            named = {KEY: prefix[1:], MOUNT: mount, "SCRIPT_NAME": mount + prefix, "PATH_INFO": rest or "/"}
            environ = {**environ, **named}
        return self._wsgi(environ, start)


PREFIXES = frozenset(f"/{it}" for it in LANGUAGES if it != ORIGINAL)


def language() -> str:
    """Return the language in which the request is answered."""
    return str(request.environ.get(KEY, ORIGINAL))


def mount() -> str:
    """Return the path under which the site lies, without a language."""
    return str(request.environ.get(MOUNT, request.environ.get("SCRIPT_NAME", "")))


def prefix_of(code: str) -> str:
    """Return what stands in front of a path in a language: "" or "/de"."""
    return "" if code == ORIGINAL else f"/{code}"


@cache
def catalogue(code: str) -> NullTranslations:
    """Return the words of a language, read from the catalogue itself: nothing has to be compiled before."""
    file = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if code == ORIGINAL or not file.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as text:
        messages = read_po(text, locale=code)
    if code == "fr":
        for it in messages:
            several = isinstance(it.string, tuple | list)
            it.string = tuple(map(unbroken, it.string)) if several else unbroken(it.string)
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def unbroken(french: str) -> str:
    """Return French words in which no high sign begins a line, and no quotation mark ends one."""
    narrow = _NARROW.sub("\N{NARROW NO-BREAK SPACE}", french)
    return _WIDE.sub("\N{NO-BREAK SPACE}", narrow)


def joined(before: str, after: str) -> str:
    """Return two texts with a colon between them, as the language of the request writes it."""
    return f"{before}{COLONS.get(language(), ':')} {after}"


#: The blanks that French has before high signs and inside its quotation marks, as it sets them: narrow before
#: a semicolon, a question and an exclamation mark, wide before a colon.
_NARROW = re.compile(r" (?=[;?!])")
_WIDE = re.compile(r" (?=[:»])|(?<=«) ")
#: The colon and the semicolon with the blank before them, where a language has one.
COLONS: Mapping[str, str] = {"fr": "\N{NO-BREAK SPACE}:"}
SEMICOLONS: Mapping[str, str] = {"fr": "\N{NARROW NO-BREAK SPACE};"}


class _Catalogues(Domain):
    """The same words for what is said outside of templates."""

    def get_translations(self) -> NullTranslations:
        return catalogue(str(get_locale() or ORIGINAL))


def install(app: Flask) -> None:
    """Let the app answer in all languages. Comes last: the languages share what templates know by then."""
    babel = Babel(app, configure_jinja=False, locale_selector=language)
    babel.domain_instance = _Catalogues()
    app.extensions["languages"] = {code: _environment(app, code) for code in LANGUAGES}
    # Flask names this assignment as the way to put something in front of an app.
    app.wsgi_app = InLanguage(app.wsgi_app)  # type: ignore[method-assign]


def render(template: str, **values: Any) -> str:
    """Return a page in the language of the request. It knows nothing of who reads, and sets nothing."""
    let_go()
    environment: Environment = current_app.extensions["languages"][language()]
    return environment.get_template(template).render(values)


def page(template: str, **values: Any) -> str:
    """Return a page that is there in every language, with the way to the others."""
    return render(template, elsewhere=elsewhere(), **values)


def said(english: str) -> str:
    """Return a sentence of the program in the language of the request, or as it is where that has none."""
    return translated(english, language()) or english


def typeset(words: str) -> str:
    """Return words as the language of the request sets them on a page."""
    return unbroken(words) if language() == "fr" else words


def proper(name: str) -> str:
    """Return a name as somebody wrote it, or as the language of the request has it."""
    return proper_words(name, language())


def country(code: str) -> str:
    """Return the name of a country in the language of the request."""
    return _country(code, language())


def basis(words: str) -> str:
    """Return provisions as they are cited in the language of the request."""
    return provision_words(words, language()) if language() != ORIGINAL else words


def root() -> str:
    """Return what stands in front of the path in a whole address: the site as the settings name it."""
    return str(current_app.config["TRACKER"].base_url or request.host_url.rstrip("/"))


def whole(path: str, code: str = "") -> str:
    """Return the whole address of a path that is in the language of the request, in that of `code`.

    Without `code` it stays in the language that it has.
    """
    if not code:
        return f"{root()}{path}"
    plain = path.removeprefix(f"{mount()}{prefix_of(language())}")
    return f"{root()}{mount()}{prefix_of(code)}{plain}"


def day(value: Any) -> str:
    """Return a day in the language of the request."""
    return _day(value, language()) if language() != ORIGINAL else jinja.show_day(value)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same page in a language: its code, its name in itself, the link to it, the whole address."""

    code: str
    name: str
    href: str
    whole: str


def elsewhere() -> tuple[Elsewhere, ...]:
    """Return the page of the request in each of the languages."""
    query = request.query_string.decode("ascii", "replace")
    if request.path not in TYPED:
        # What the site does not know of a query stands on no page: the next reader would be given it.
        query = "&".join(f"{name}={it}" for name, it in (known_in(query) or {}).items())
    rest = quote(request.path) + (f"?{query}" if query else "")
    site = root()
    found = []
    for code, name in LANGUAGES.items():
        href = f"{mount()}{prefix_of(code)}{rest}"
        found.append(Elsewhere(code, name, href, f"{site}{href}"))
    return tuple(found)


def _environment(app: Flask, code: str) -> Environment:
    environment = app.create_jinja_environment()
    jinja.furnish(environment, catalogue(code))
    for name, it in app.jinja_env.globals.items():
        environment.globals.setdefault(name, it)
    for name in ("request", "session", "g", "get_flashed_messages"):
        environment.globals.pop(name, None)
    environment.globals["language"] = code
    environment.globals.update(colon=COLONS.get(code, ":"), semicolon=SEMICOLONS.get(code, ";"))
    environment.filters.update({**app.jinja_env.filters, **_filters(code)})
    return environment


def _filters(code: str) -> dict[str, Callable[..., Any]]:
    """Return the filters of a language; what English has already stays as it is."""
    if code == ORIGINAL:
        return {"number": lambda it: number_words(it, code)}

    def known(text: str) -> str | Markup:
        return _known(text, code)

    typeset: Callable[[str], str] = unbroken if code == "fr" else str
    return {
        "said": known,
        "said_plain": lambda text: translated(text, code) or text,
        "worded": lambda text: _worded(text, code),
        "fact": lambda text: typeset(_fact(text, code)),
        "named": lambda text: short_words(text, code),
        "typeset": typeset,
        "proper": lambda name: proper_words(name, code),
        "numbers": lambda text: numbers_words(text, code) if text else text,
        "title_of": lambda title: typeset(title_words(title, code)) if title else title,
        "cited": lambda parts: cited_in(parts, code),
        "law": lambda href: law_in(href, code) if href else href,
        "day": lambda it: it if isinstance(it, str) else _day(it, code),
        "time": lambda it: time_words(it, code) if it else it,
        "number": lambda it: number_words(it, code),
        "country": lambda it: _country(it, code),
        "language": lambda it: language_words(it, code),
        "place": lambda it: country_words(jinja.place_name(it), code),
        "basis": lambda it: provision_words(it, code),
        "money": lambda it: _money(it, code),
        "authority": lambda it: label_words(jinja.label(it), code),
        "provision": lambda it: provision_words(jinja.show_provision(it), code),
    }


def worded(text: str) -> str:
    """Return words of a form, or of an answer, in the language of the request."""
    return _worded(text, language())


def _worded(text: str, code: str) -> str:
    """Return words that were marked in the code; else a name, or what the rules or the program compute."""
    if not text or code == ORIGINAL:
        return text
    told = str(catalogue(code).gettext(text))
    return told if told != text else _fact(text, code)


def _fact(text: str, code: str) -> str:
    """Return a fact of the route finder: a word, a day, places, authorities; what is none stays as it is."""
    if " · " in text:
        return translated(text, code) or ", ".join(label_words(it, code) for it in _LABELS.split(text))
    return translated(text, code) or text


#: Between the labels of two authorities; a region stands behind a comma too.
_LABELS = re.compile(r", (?=[^,]+ · )")


def _known(text: str, code: str) -> str | Markup:
    """Return a sentence of the program in a language; one that it cannot say is labelled as English."""
    parts = text.split("\n\n")
    found = [translated(it, code) for it in parts]
    if all(it is not None for it in found):
        told = "\n\n".join(str(it) for it in found)
        return unbroken(told) if code == "fr" else told
    missing.update(it for it, there in zip(parts, found, strict=True) if there is None)
    return Markup('<span lang="en">{}</span>').format(text)


#: Sentences that could not be said in some language since the start: the tests want none.
missing: set[str] = set()


def _money(money: Money, code: str) -> str:
    """Return an amount, without decimals where it has none: "1.200.000 EUR"."""
    whole = money.amount == int(money.amount)
    form = "#,##0\u00a0¤¤" if whole else "#,##0.00\u00a0¤¤"
    return format_currency(money.amount, money.currency, format=form, locale=code, currency_digits=not whole)


def _day(value: Any, code: str) -> str:
    if value is None:
        return words(code)["not_known"]
    return day_words(value.date() if hasattr(value, "hour") else value, code)


@cache
def _country(country: str, code: str) -> str:
    return country_words(country_name(country), code) if len(country) == 2 else country
