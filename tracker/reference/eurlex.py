"""Where the law that a step rests on can be read: a basis in words, split into parts with official addresses.

Only addresses that are certain stand here. What has none (national law, an opinion whose page was not found)
stays plain words: a lawyer is better served by no link than by a wrong one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.reference.chronology_sentences import provision_words
from tracker.rules.provisions import ARTICLES, Provision

GDPR = "2016/679"
_EURLEX = "https://eur-lex.europa.eu"
_EDPB = "https://www.edpb.europa.eu/our-work-tools/our-documents"
#: Acts of the Union by number, as they are cited: their address by the European Legislation Identifier.
ACTS = {
    GDPR: f"{_EURLEX}/eli/reg/2016/679/oj",
    "2018/1725": f"{_EURLEX}/eli/reg/2018/1725/oj",
    "2025/2518": f"{_EURLEX}/eli/reg/2025/2518/oj",
    "1182/71": f"{_EURLEX}/eli/reg/1971/1182/oj",
    "2002/58": f"{_EURLEX}/eli/dir/2002/58/oj",
    "2016/680": f"{_EURLEX}/eli/dir/2016/680/oj",
}
#: Papers of the EDPB by kind, number and year. Their addresses follow no rule.
PAPERS = {
    ("opinion", 4, 2024): f"{_EDPB}/opinion-board-art-64/opinion-042024-notion-main-establishment_en",
    ("opinion", 5, 2019): f"{_EDPB}/opinion-board-art-64/opinion-52019-interplay-between-eprivacy_en",
}
#: Cases of the Court of Justice that ended with a judgment, which then has this number in EUR-Lex.
JUDGMENTS = frozenset({"C-645/19", "C-245/20", "C-132/21", "C-416/23"})

#: How the official addresses name a language.
_OF_LANGUAGES = {"de": ("deu", "DE"), "fr": ("fra", "FR")}
_ELI = re.compile(r"(/eli/(?:reg|dir)/[0-9]+/[0-9]+/oj)")

_ITEM = r"\d{1,3}[a-z]?(?![\d/])(?:\([0-9a-z]{1,4}\))*(?:(?:\s*[-\u2013]\s*|\s+to\s+)\([0-9a-z]{1,4}\))?"
_AND = r"(?:,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s+to\s+)"
_ACT = r"(?:Regulation|Reg\.?|Directive|Dir\.?)\s+(?:\((?:EU|EC|EEC|EEC, Euratom)\)\s+)?(?:No\s+)?"
_CITED = re.compile(
    rf"(?P<act>{_ACT}(?P<number>\d{{1,4}}/\d{{2,4}})(?:/E[CU])?)"
    rf"|(?P<articles>\bArt(?:icles?|s)?\.?\s+{_ITEM}(?:{_AND}{_ITEM})*)"
    r"|(?P<recital>\b[Rr]ecitals?\s+\d{1,3}(?:(?:,\s*|\s+and\s+|\s+to\s+)\d{1,3}(?![\d/]))*)"
    r"|(?P<paper>\bEDPB\s+(?P<kind>Opinion|Guidelines)\s+(?P<at>\d{1,2})/(?P<year>\d{4}))"
    r"|(?P<case>\bC-\d{1,4}/\d{2}\b)"
    r"|(?P<gdpr>\bGDPR\b)"
)
_ONE_ITEM = re.compile(_ITEM)
#: What follows articles that are those of the GDPR although nobody says so.
_NOTHING = re.compile(r"\s*(?:$|[,;.:)]|and\b|or\b)")
_SPACE = re.compile(r"\s*(?:of\s+(?:the\s+)?)?")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a basis as it was written; `href` is where it can be read, None where nobody is certain."""

    text: str
    href: str | None = None


def parts(basis: str) -> tuple[Part, ...]:
    """Return the basis in parts, which put together are the basis again: "Art 4(16)(a), 56(1), § 19 BDSG".

    Articles are those of the act named right before or after their row ("Directive 2002/58 Art 5(3), 15a",
    "Art 63 Regulation (EU) 2018/1725"), of the GDPR where nothing is named, and of nothing that is known here
    where something else is.
    """
    found: list[Part] = []
    end = 0
    for start, stop, href in _links(basis):
        if start > end:
            found.append(Part(basis[end:start]))
        found.append(Part(basis[start:stop], href))
        end = stop
    if end < len(basis):
        found.append(Part(basis[end:]))
    return tuple(found)


def law_in(href: str, language: str) -> str:
    """Return the address of the same text of the law in a language; other addresses as they are."""
    if not href.startswith(_EURLEX) or language not in _OF_LANGUAGES:
        return href
    three, two = _OF_LANGUAGES[language]
    return _ELI.sub(rf"\1/{three}", href).replace("/EN/TXT/", f"/{two}/TXT/")


def cited_in(them: Sequence[Part], language: str) -> tuple[Part, ...]:
    """Return the parts of a basis as a language cites them, each with the text of the law in it.

    Where all are articles of the GDPR, each has its link; else the basis is one text with the first of them.
    """
    links = [it for it in them if it.href]
    whole = "".join(it.text for it in them)
    own = f"{ACTS[GDPR]}#"
    plain = all(it.href or not it.text.strip(" ,;") for it in them)
    if not plain or not all(str(it.href).startswith(own) for it in links):
        href = law_in(str(links[0].href), language) if links else None
        return (Part(provision_words(whole, language), href),)
    found: list[Part] = []
    for it in links:
        article = it.text if it.text.startswith("Art") else f"Art {it.text}"
        found += [Part(", ")] if found else []
        found.append(Part(provision_words(article, language), law_in(str(it.href), language)))
    return tuple(found)


def article_url(act: str, article: str) -> str | None:
    """Return the address of an article ("56", "15a") of an act by number, None for one that is not known.

    Only the GDPR is known to have a mark for each article; of other acts it is the address of the whole.
    """
    if act != GDPR:
        return ACTS.get(act)
    known = article.isascii() and article.isdigit() and 1 <= int(article) <= ARTICLES
    return Provision(int(article)).url if known else None


def _links(basis: str) -> Iterator[tuple[int, int, str]]:
    """Give start, end and address of everything that can be read somewhere."""
    cited = list(_CITED.finditer(basis))
    for place, it in enumerate(cited):
        if it["act"]:
            href = ACTS.get(it["number"])
        elif it["paper"]:
            href = PAPERS.get((it["kind"].lower(), int(it["at"]), int(it["year"])))
        elif it["case"]:
            href = _judgment(it["case"])
        elif it["recital"]:
            href = ACTS.get(_act_of(basis, cited, place) or "")
        elif it["articles"]:
            yield from _articles(basis, cited, place)
            continue
        else:
            href = ACTS[GDPR]
        if href:
            yield it.start(), it.end(), href


def _articles(basis: str, cited: list[re.Match[str]], place: int) -> Iterator[tuple[int, int, str]]:
    """Give a link for each article of a row; the word "Art" stands in that of the first."""
    act, row = _act_of(basis, cited, place), cited[place]
    if act is None:
        return
    start = row.start()
    for item in _ONE_ITEM.finditer(row[0]):
        end = row.start() + item.end()
        number = re.match(r"\d+[a-z]?", item[0])
        href = article_url(act, number[0]) if number else None
        if href:
            yield start if start == row.start() else row.start() + item.start(), end, href
        start = end


def _act_of(basis: str, cited: list[re.Match[str]], place: int) -> str | None:
    """Return the number of the act whose articles these are, None for an act that is not known here."""
    here = cited[place]
    after = cited[place + 1] if place + 1 < len(cited) else None
    if after is not None and _SPACE.fullmatch(basis, here.end(), after.start()):
        if after["act"]:
            return str(after["number"])
        if after["gdpr"]:
            return GDPR
    before = cited[place - 1] if place else None
    if before is not None and before["act"] and not basis[before.end() : here.start()].strip():
        return str(before["number"])
    return GDPR if _NOTHING.match(basis, here.end()) else None


def _judgment(case: str) -> str | None:
    """Return the address of the judgment in a case of the Court of Justice, None where none is known."""
    if case not in JUDGMENTS:
        return None
    number, year = case.removeprefix("C-").split("/")
    return f"{_EURLEX}/legal-content/EN/TXT/?uri=CELEX:620{year}CJ{int(number):04}"
