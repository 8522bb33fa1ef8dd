"""What nobody means to publish, found in a text by its form alone: addresses, numbers, secret links."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: A number in the form of other countries, or any after a word for a telephone.
PHONE = re.compile(
    r"(?<![\w+])(?:\+|00)[1-9](?:[ ()/.\u00a0-]{0,3}\d){7,14}(?![\w-])"
    r"|\b(?:tel|telephone|phone|mobile|cell|fax|telefon|handy|téléphone|tél|portable)\b[^\w+]{0,4}"
    r"(?P<local>\(?\d(?:[ ()/.\u00a0-]{0,3}\d){5,13})(?![\w-])",
    re.IGNORECASE,
)
#: How long an IBAN is, by its country.
IBANS: Mapping[str, int] = MappingProxyType(
    {
        **{"AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20},
        **{"ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26},
        **{"IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15},
        **{"PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27},
    }
)
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ \u00a0-]?[A-Za-z0-9]){10,30}")

LINK = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
#: Names of values in an address that open something to whoever has them.
SECRET_NAMES = re.compile(
    r"[?&#;](?:[\w-]*[_-])?(?:access_?token|token|secret|sig|signature|key|apikey|auth|authkey|passw(?:or)?d"
    r"|pwd|password|session|sessionid|sid|jwt|resourcekey|share|sharekey|invite|code)=[^&#;\s]{4,}",
    re.IGNORECASE,
)
USER_IN_LINK = re.compile(r"https?://[^/\s@:]+:[^/\s@]+@", re.IGNORECASE)
#: Services whose links open a file or a meeting to whoever has them.
SHARED = re.compile(
    r"https?://(?:[\w-]+\.)*(?:"
    r"(?:drive|docs|forms|photos)\.(?:google\.com|app\.goo\.gl)/|dropbox\.com/(?:s|sh|scl|t)/|1drv\.ms/"
    r"|onedrive\.live\.com/|sharepoint\.com/:|wetransfer\.com/|we\.tl/|mega\.nz/|drive\.proton\.me/"
    r"|cryptpad\.[a-z]+/|icloud\.com/|box\.com/s/|zoom\.us/[jw]/|teams\.microsoft\.com/l/|meet\.google\.com/"
    r"|tresorit\.com/|swisstransfer\.com/d/"
    r"|[\w.-]+/(?:index\.php/)?s/[A-Za-z0-9]{12,}(?:[/?#]|$))",
    re.IGNORECASE,
)
#: Addresses of our own that are for one person, or for the desk.
OURS = re.compile(r"/calendar/[^\s/]+\.ics|https?://[^\s/]+/desk(?:/|\b)", re.IGNORECASE)
#: Parts of an address that nobody can guess: mixed letters and figures, or many figures of base 16.
GUESSED_BY_NOBODY = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{18,}"
    r"(?![A-Za-z0-9_-])|(?<![A-Za-z0-9])[0-9a-f]{32,}(?![A-Za-z0-9])"
)

#: Ends that belong to the sentence, not to the address in it.
AFTER = ".,;:!?)]}»”'"


def emails(text: str) -> Iterator[str]:
    """Give the e-mail addresses in a text."""
    yield from EMAIL.findall(text)


def phones(text: str) -> Iterator[str]:
    """Give what is written like a telephone number: with the code of a country, or after such a word."""
    without_links = LINK.sub(" ", text)
    for found in PHONE.finditer(without_links):
        yield (found["local"] or found[0]).strip()


def ibans(text: str) -> Iterator[str]:
    """Give the numbers of accounts: of the length of their country, and with the right check digits."""
    for found in IBAN.finditer(text):
        whole = found[0]
        signs = [place for place, it in enumerate(whole) if it.isalnum()]
        length = IBANS.get(whole[:2], 0)
        if not length or len(signs) < length:
            continue
        end = signs[length - 1] + 1
        ends_a_word = end == len(whole) or not whole[end].isalnum()
        if ends_a_word and is_iban(whole[:end]):
            yield whole[:end]


def is_iban(typed: str) -> bool:
    """Return whether the check digits are right (ISO 13616: modulo 97 is 1)."""
    signs = "".join(it for it in typed.upper() if it.isalnum())
    if not signs.isascii():
        return False
    turned = signs[4:] + signs[:4]
    return int("".join(str(int(it, 36)) for it in turned)) % 97 == 1


def secret_links(text: str) -> Iterator[str]:
    """Give the addresses that open something to whoever has them, and those of our own desk."""
    for found in LINK.finditer(text):
        link = found[0].rstrip(AFTER)
        path = link.split("//", 1)[1].partition("/")[2]
        if (
            SECRET_NAMES.search(link)
            or USER_IN_LINK.match(link)
            or SHARED.match(link)
            or OURS.search(link)
            or GUESSED_BY_NOBODY.search(path)
        ):
            yield link


#: What is looked for, with the words for it.
SLIPS: Mapping[str, Callable[[str], Iterator[str]]] = MappingProxyType(
    {
        "the e-mail address": emails,
        "the telephone number": phones,
        "the number of an account": ibans,
        "a link that opens something to whoever has it,": secret_links,
    }
)
