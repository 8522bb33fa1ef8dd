"""The languages in which the public site speaks, and which of them a case can be translated into."""

from collections.abc import Mapping
from types import MappingProxyType

#: ISO 639 -> the name of the language in English.
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "German", "fr": "French"})
#: The language in which a case is written where nobody says otherwise.
ORIGINAL = "en"


def others(original: str) -> tuple[str, ...]:
    """Return the languages of the site other than that in which a case is written, in their order."""
    return tuple(it for it in LANGUAGES if it != original)
