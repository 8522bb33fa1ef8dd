"""The languages in which the public site speaks, and that of a case which says no other."""

from collections.abc import Mapping
from types import MappingProxyType

#: ISO 639 -> the name of the language in English.
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "German", "fr": "French"})
#: The language in which a case is written where nobody says otherwise.
ORIGINAL = "en"
