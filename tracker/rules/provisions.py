"""Provisions of the GDPR: understood as people type them, kept as 6(1)(f)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from tracker.errors import RuleBroken
from tracker.rules.text import shown

ARTICLES = 99
#: The one article that has points and no paragraphs, so that a letter stands alone in it.
LETTERS_ALONE = 50
TEXT_OF_THE_LAW = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"

_LONGEST_TYPED = 200
_LAW = re.compile(
    r"(regulation|verordnung) \(eu\) (no\.? )?2016/679"
    r"|general data protection regulation|\b(ds-?gvo|gdpr|rgpd|avg|rodo)\b",
    re.IGNORECASE,
)
#: "point (f) of Article 6(1)": what stands behind this word is the greater unit.
_OF = re.compile(r"\b(?:of|der|des|de|du|del|della)\b(?: the\b)?", re.IGNORECASE)
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|\S")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")

_ARTICLE = frozenset(
    "art article articles artikel artículo articulo articolo artigo artykuł čl článek článok".split()
)
_PARAGRAPH = frozenset(
    "para paragraph par abs absatz paragraphe paragrafo apartado lid ust stk odst ods odstavec odsek"
    " nr no nummer number z ziffer".split()
)
_LETTER = frozenset(
    "lit litera litra letter lett lettera letra lettre point pt buchst buchstabe onder sub"
    " písm písmeno".split()
)
_SENTENCE = frozenset("s satz sentence uabs unterabsatz subpara subparagraph".split())


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the GDPR: how many paragraphs it has (0: it is not divided), and its title.

    `points` gives the last letter of the points in a paragraph ({1: "f"}); key 0 is an article that
    has points but no paragraphs. The numbered definitions of Article 4 count as paragraphs.
    """

    number: int
    paragraphs: int
    points: Mapping[int, str]
    title: str


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision of the GDPR, down to the letter where one is named."""

    article: int
    paragraph: int | None = None
    letter: str | None = None

    @property
    def code(self) -> str:
        """Return "6(1)(f)": the form in which it is kept."""
        parts = (part for part in (self.paragraph, self.letter) if part is not None)
        return str(self.article) + "".join(f"({part})" for part in parts)

    @property
    def label(self) -> str:
        """Return "Art 6(1)(f)"."""
        return f"Art {self.code}"

    @property
    def url(self) -> str:
        """Return the address of the article in the text of the law."""
        return f"{TEXT_OF_THE_LAW}#art_{self.article}"


class _Part(NamedTuple):
    """A number or letter as typed; `named`: the unit that a word before it names; `after`: its signs."""

    value: str
    named: str
    after: str


_NO_TABLE: Mapping[int, Article] = MappingProxyType({})


def read(text: str, articles: Mapping[int, Article] = _NO_TABLE, *, field: str = "provision") -> Provision:
    """Return the provision that was typed: "Art. 6 (1) lit. f GDPR", "art 6 I f", "6.1.f", "12".

    With `articles` the paragraph and letter are checked too. Raises RuleBroken, naming what was typed,
    for anything that is not exactly one provision of the GDPR.
    """
    parts = _parts(text) if isinstance(text, str) and len(text) <= _LONGEST_TYPED else None
    provision = _put_together(parts) if parts else None
    if provision is None:
        raise RuleBroken(
            f"{shown(text)} is not understood as one provision of the GDPR: write it as 6(1)(f).", field=field
        )
    if fault := _fault(provision, articles):
        raise RuleBroken(f"{shown(text)}: {fault}", field=field)
    return provision


def _parts(text: str) -> list[_Part] | None:
    """Return the numbers and letters in the text, with the words that say which they are.

    None where a word or sign has no place in a provision.
    """
    greatest_first = " ".join(reversed(_OF.split(_LAW.sub(" ", " ".join(text.split())))))
    signs = _TOKEN.findall(greatest_first)
    parts: list[_Part] = []
    named, after, at = "", "", 0
    end = 0
    for place, sign in enumerate(signs):
        start = greatest_first.index(sign, end)
        after, end = after + (" " if start > end else ""), start + len(sign)
        if place < at:
            continue
        following = _following(signs, place)
        word = sign.lower()
        if sign in "().,":
            after += sign
        elif word in _ARTICLE and not parts:
            named = "article"
        elif word in _SENTENCE and _is_number(following):
            # The first sentence or subparagraph adds nothing to the letter; another one would be lost.
            if following != "1":
                return None
            at = signs.index(following, place) + 1
        elif word in ("first", "1st") and following.lower() in _SENTENCE:
            at = signs.index(following, place) + 1
        elif word in _PARAGRAPH and following and not (len(word) == 1 and not _is_number(following)):
            named = "paragraph"
        elif word in _LETTER and following:
            named = "letter"
        elif _is_number(sign) or len(sign) == 1 or _ROMAN.fullmatch(sign.upper()):
            parts.append(_Part(sign, named, after))
            named, after = "", ""
        else:
            return None
    return parts


def _is_number(sign: str) -> bool:
    return sign.isascii() and sign.isdigit()


def _following(signs: Sequence[str], place: int) -> str:
    """Return the next number or word, or an empty text."""
    return next((sign for sign in signs[place + 1 :] if sign not in "().,"), "")


def _put_together(parts: Sequence[_Part]) -> Provision | None:
    """Return the provision that the parts spell, None where they are more or other than one."""
    article: int | None = None
    paragraph: int | None = None
    letter: str | None = None
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        # A list of articles ("5, 6" or "5 6") must not be taken for a paragraph.
        listed = not part.named and (
            "," in part.after or (part.after == " " and last and _is_number(part.value))
        )
        if len(part.value) > 3:
            return None
        if article is None:
            if not _is_number(part.value) or part.named not in ("", "article"):
                return None
            article = int(part.value)
        elif listed or letter is not None:
            return None
        elif paragraph is None and _is_number(part.value):
            paragraph = int(part.value)
        elif paragraph is None and _is_roman_paragraph(part, last):
            paragraph = _roman(part.value.upper())
        elif re.fullmatch("[A-Za-z]", part.value) and part.named != "paragraph":
            letter = part.value.lower()
        else:
            return None
    return None if article is None else Provision(article, paragraph, letter)


def _is_roman_paragraph(part: _Part, last: bool) -> bool:
    """Return whether a letter means a paragraph: "6 I f", "6 II"; "6 i" and "6(I)" alone mean a letter."""
    if part.named == "letter" or not _ROMAN.fullmatch(part.value.upper()):
        return False
    return not last or part.named == "paragraph" or (part.value.isupper() and "(" not in part.after)


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[sign] for sign in numeral]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _fault(provision: Provision, articles: Mapping[int, Article]) -> str | None:
    """Return what is wrong with a provision, as a sentence, or None."""
    number, paragraph, letter = provision.article, provision.paragraph, provision.letter
    if not 1 <= number <= ARTICLES:
        return f"there is no Article {number}, the GDPR has Articles 1 to {ARTICLES}."
    article = articles.get(number)
    if paragraph == 0:
        return "paragraphs are counted from 1."
    if article and paragraph is not None and paragraph > article.paragraphs:
        has = "1 paragraph" if article.paragraphs == 1 else f"{article.paragraphs or 'no'} paragraphs"
        return f"Article {number} has {has}, so there is no {number}({paragraph})."
    if letter is None:
        return None
    if paragraph is None and number != LETTERS_ALONE:
        return f"name the paragraph before the letter, as in {number}(1)({letter})."
    last = article.points.get(paragraph or 0, "") if article else "z"
    if letter > last:
        above = Provision(number, paragraph).code
        return (
            f"Article {above} has {f'the points (a) to ({last})' if last else 'no points'}, not ({letter})."
        )
    return None
