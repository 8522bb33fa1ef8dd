"""The languages in which the public site speaks besides English, in which the records are kept."""

from collections.abc import Mapping
from types import MappingProxyType

#: ISO 639 -> the name of the language in English.
OTHER_LANGUAGES: Mapping[str, str] = MappingProxyType({"de": "German", "fr": "French"})


def language_name(code: str) -> str:
    """Return the name of a language, its code for one in which the site does not speak."""
    return OTHER_LANGUAGES.get(code, code)
