"""Texts of the rules as people read them: names where the rules write slugs and codes of places."""

import re

from tracker.reference.authorities import authorities, in_words
from tracker.reference.names import spoken_place
from tracker.reference.places import countries

#: A slug, or a code in capitals that stands alone: "no" and "it" are words, NO and IT are Norway and Italy.
_CODE = re.compile(r"(?<![\w-])(?:[a-z]{2}-[a-z0-9-]*[a-z0-9]|[A-Z]{2}(?:-[A-Z0-9]{1,3})?)(?![\w-])")
#: Codes of countries that are short for something else in a text about the law.
_OTHER_WORDS = frozenset("AI CA EU ID IP MS PR SA".split())


def readable(text: str) -> str:
    """Return a step of the rules with names: "the Irish DPC" for ie-dpc, "Ireland" for IE.

    Only slugs of the directory and codes of places are taken for such; everything else stays as it is.
    """
    return opened(_CODE.sub(_named, text))


def opened(words: str) -> str:
    """Return words as a line begins with them; "ePrivacy" keeps its small letter."""
    return words if words[1:2].isupper() else f"{words[:1].upper()}{words[1:]}"


def _named(found: re.Match[str]) -> str:
    code = found[0]
    if code in authorities():
        return in_words(code)
    state = code.partition("-")[0]
    if state.isupper() and state in countries() and code not in _OTHER_WORDS:
        return spoken_place(code)
    return code
