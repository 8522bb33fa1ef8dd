"""Provisions as each language cites them: "Art 78(2)" is "Art. 78 Abs. 2 DSGVO" in German.

The tables and the counting write provisions in one English form. German and French have a grammar of their
own here; other languages, and what is no such form (a law of a state under its name), keep what stands there.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

GERMAN, FRENCH = "de", "fr"
#: How the GDPR is called; in other languages as in English.
GDPR: Mapping[str, str] = MappingProxyType(
    {
        "bg": "ОРЗД", "de": "DSGVO", "es": "RGPD", "fr": "RGPD", "it": "RGPD", "nl": "AVG", "pl": "RODO",
        "pt": "RGPD", "ro": "RGPD",
    }
)  # fmt: skip
#: Acts as the tables write them -> in German, in French with the article that "article 5" asks for.
_ACTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "GDPR": ("DSGVO", "du RGPD"),
        "Reg 1182/71": ("VO (EWG, Euratom) 1182/71", "du règlement (CEE, Euratom) nº 1182/71"),
        "Reg 2018/1725": ("VO (EU) 2018/1725", "du règlement (UE) 2018/1725"),
        "Reg 2025/2518": ("VO (EU) 2025/2518", "du règlement (UE) 2025/2518"),
        "TFEU": ("AEUV", "du TFUE"),
        "Decree 2019-536": ("des Dekrets 2019-536", "du décret nº 2019-536"),
    }
)
#: Papers of the Board: German puts its name first, French last.
_PAPERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Opinion": ("EDSA-Stellungnahme", "avis {} du CEPD"),
        "Guidelines": ("EDSA-Leitlinien", "lignes directrices {} du CEPD"),
    }
)
_PLACE = r"[0-9]+[a-z]?(?:\.[0-9]+)?(?:\([0-9a-z]+\))*|(?:\([0-9a-z]+\))+"
_PLACES = rf"(?:{_PLACE})(?:(?:, | to )(?:{_PLACE}))*"
_ARTICLES = re.compile(rf"Art (?P<places>{_PLACES})(?: (?P<act>.+))?")
_ACT_FIRST = re.compile(
    rf"(?P<act>{'|'.join(map(re.escape, _ACTS))}|Convention [A-Z]+) Art (?P<places>{_PLACES})"
)
_PAPER = re.compile(r"EDPB (?P<paper>Opinion|Guidelines) (?P<number>[0-9]+/[0-9]+)")
_RECITAL = re.compile(r"recital (?P<number>[0-9]+) (?P<act>.+)")
_SECTION = re.compile(r"§ ([0-9]+[a-z]?)((?:\([0-9]+\))+)")
#: Two paragraphs of one article, each with its number: the second number is not said.
_AGAIN = re.compile(r"(?<![0-9.])([0-9]+)(\([0-9]+\)(?:, \([0-9]+\))*), \1(?=\([0-9]+\)(?:,|$))")
_ONE = re.compile(r"(?P<joined>, | to |^)(?P<number>[0-9]+[a-z]?(?:\.[0-9]+)?)?(?P<inner>(?:\([0-9a-z]+\))*)")


def cited(basis: str, language: str) -> str:
    """Return a provision, or several with semicolons between them, as a language cites it.

    An article that names no act is one of the GDPR.
    """
    return (" ; " if language == FRENCH else "; ").join(
        _cited(it.strip(), language) for it in basis.split(";")
    )


def _cited(part: str, language: str) -> str:
    found = _ARTICLES.fullmatch(part) or _ACT_FIRST.fullmatch(part)
    if found:
        return _articles(found["places"], found["act"] or "GDPR", part, language)
    if language == GERMAN:
        return _german_other(part)
    if language == FRENCH:
        return _french_other(part)
    return part


def _articles(places: str, act: str, part: str, language: str) -> str:
    german, french = _ACTS.get(act, (act, act))
    # Definitions are points and no paragraphs.
    points = act == "GDPR"
    if language == GERMAN:
        return f"Art. {''.join(_german(it, points) for it in _ones(places))} {german}"
    if language == FRENCH:
        return f"{_french(_ones(places), points)} {french}"
    return f"{part} {GDPR.get(language, 'GDPR')}" if act == "GDPR" and not part.endswith("GDPR") else part


def _ones(places: str) -> list[re.Match[str]]:
    while (shorter := _AGAIN.sub(r"\1\2, ", places)) != places:
        places = shorter
    return [it for it in _ONE.finditer(places) if it[0]]


def _inner(it: re.Match[str]) -> list[str]:
    return re.findall(r"\(([0-9a-z]+)\)", it["inner"])


def _german(it: re.Match[str], definitions: bool) -> str:
    joined = {" to ": " bis "}.get(it["joined"], it["joined"])
    name = "Nr." if definitions and it["number"] == "4" else "Abs."
    told = [it["number"]] if it["number"] else []
    for part in _inner(it):
        # After "Abs. 2" another paragraph of the same article needs no name: "Abs. 2 bis 5".
        told.append(f"lit. {part}" if not part.isdigit() else f"{name} {part}" if it["number"] else part)
    return f"{joined}{' '.join(told)}"


def _french(ones: list[re.Match[str]], definitions: bool) -> str:
    """Return "article 78, paragraphe 2," or "articles 15 à 22": with a comma where one is needed."""
    told = ""
    # "et" stands before the last place, or before the last two where they are a range.
    last = len(ones) - (2 if ones[-1]["joined"] == " to " and ones[-1]["number"] else 1)
    for place, it in enumerate(ones):
        inner = _inner(it)
        joined = "" if not place else " à " if it["joined"] == " to " else " et " if place == last else ", "
        if it["number"] is None:
            told += f"{joined}{', '.join(inner)}"
            continue
        if joined == " et " and _inner(ones[place - 1]):
            # What follows the number of an article is shut off before "et" as it is before the act.
            joined = ", et "
        several = place + 1 < len(ones) and ones[place + 1]["number"] is None
        told += joined + ", ".join(
            [it["number"], *_french_inner(inner, several, definitions and it["number"] == "4")]
        )
    plural = "s" if sum(it["number"] is not None for it in ones) > 1 else ""
    return f"article{plural} {told}{',' if _inner(ones[-1]) else ''}"


def _french_inner(inner: list[str], several: bool, point: bool) -> list[str]:
    paragraph = "point" if point else "paragraphes" if several else "paragraphe"
    return [
        f"{paragraph} {it}{')' if point else ''}"
        if it.isdigit()
        else f"{'sous ' if point else 'point '}{it})"
        for it in inner
    ]


def _german_other(part: str) -> str:
    if found := _PAPER.fullmatch(part):
        return f"{_PAPERS[found['paper']][0]} {found['number']}"
    if found := _RECITAL.fullmatch(part):
        return f"Erwägungsgrund {found['number']} {_ACTS.get(found['act'], (found['act'],))[0]}"
    return _SECTION.sub(lambda it: f"§ {it[1]} Abs. {it[2].strip('()').replace(')(', ' Abs. ')}", part)


def _french_other(part: str) -> str:
    if found := _PAPER.fullmatch(part):
        return _PAPERS[found["paper"]][1].format(found["number"])
    if found := _RECITAL.fullmatch(part):
        return f"considérant {found['number']} {_ACTS.get(found['act'], ('', found['act']))[1]}"
    return part
