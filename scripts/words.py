"""Gathers the words of the public pages into the catalogues of their languages: `make words`.

What is new stands there empty, to be filled in by a person; what is said no more is taken out. Nothing is
guessed from words that are alike, and what stands in the catalogues does not depend on the day.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = ROOT / "tracker" / "translations"
LANGUAGES = {"de": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
#: What a visitor of the public site can come to see. Macros say the same words at the desk, in English.
TEMPLATES = ("base.html", "public.html", "public/**/*.html", "macros/*.html", "errors/public.html")
CODE = ("tracker/web/public*.py", "tracker/web/errors.py", "tracker/web/forms/*.py", "tracker/web/route_*.py")
#: Functions that are given words; N_ only marks some that are said later.
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
HEADER = """\
# Words of the public pages. `make words` takes in what is new and takes out what is gone; the translations
# are written here by hand.
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def file_of(code: str) -> Path:
    """Return the catalogue of a language."""
    return CATALOGUES / code / "LC_MESSAGES" / "messages.po"


def read(code: str) -> Catalog:
    """Return the catalogue of a language as it is kept; an empty one where there is none yet."""
    file = file_of(code)
    if not file.is_file():
        return Catalog(locale=code)
    with file.open("rb") as text:
        return read_po(text, locale=code)


def _found() -> Iterator[object]:
    """Give each message that is said."""
    for patterns, folder, method, options in (
        (TEMPLATES, ROOT / "templates", babel_extract, JINJA),
        (CODE, ROOT, "python", {}),
    ):
        for file in sorted({it for pattern in patterns for it in folder.glob(pattern)}):
            for _, message, _, _ in extract_from_file(method, file, keywords=KEYWORDS, options=options):
                yield message


def gathered() -> Catalog:
    """Return every message of the pages."""
    found = Catalog()
    for message in _found():
        found.add(message)
    return found


def renewed(code: str) -> Catalog:
    """Return the catalogue of a language with exactly the messages that are said now."""
    catalogue, known = Catalog(locale=code), read(code)
    # A language has as many forms as the header says: what its locale says differs between releases of Babel.
    catalogue.mime_headers = [("Plural-Forms", LANGUAGES[code])]
    for it in gathered():
        if it.id:
            before = known.get(it.id)
            catalogue.add(it.id, before.string if before else "")
    return catalogue


def written(catalogue: Catalog, code: str) -> str:
    """Return a catalogue as it is kept."""
    body = io.BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, sort_output=True, no_location=True)
    return HEADER.format(code=code, plurals=LANGUAGES[code]) + body.getvalue().decode()


def main() -> None:
    """Write the catalogues, and say what has no translation yet."""
    for code in LANGUAGES:
        catalogue = renewed(code)
        file_of(code).parent.mkdir(parents=True, exist_ok=True)
        file_of(code).write_text(written(catalogue, code), encoding="utf-8")
        empty = [it.id for it in catalogue if it.id and not all(strings(it.string))]
        sys.stdout.write(f"{code}: {len(catalogue)} messages, {len(empty)} without a translation\n")
        sys.stdout.writelines(f"  {it}\n" for it in empty)


def strings(string: object) -> tuple[str, ...]:
    """Return the translations of a message: one, or one for each number."""
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


if __name__ == "__main__":
    main()
