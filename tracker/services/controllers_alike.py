"""Controllers that are likely the same: by name without its legal form, by website, by address."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.services.controllers import fold

#: Legal forms and what goes with them, folded and without signs; taken off the end of a name, one by one.
_FORMS = frozenset(
    (
        "ab ae ag aktiengesellschaft aps as asa bv bvba co cie coop corp corporation cv cyf da dac dd doo "
        "eg ehf ek ev eurl gbr gesmbh ggmbh gmbh hf ik inc incorporated kft kg kgaa kk "
        "kommanditgesellschaft kom ks limited llc llp lp lda ltd lt mbh nv nyrt oe oo ohg oy oyj partg "
        "plc publ pty pte rt sa sab sagl sarl sas sasu scs sca scop se sia sl slu sociedad soc spa spk sp "
        "z rl spj sro srl uab ug ulc unlimited vof vvag zoo zrt and und et company designated activity "
        "haftungsbeschrankt"
    ).split()
)
#: Forms that are written with blanks or dots between their letters: the letters alone are put together.
_LETTERS = re.compile(r"\b(?:\w ){1,6}\w\b")
_SIGNS = re.compile(r"[^\w]+")
#: Grounds, the strongest first.
NAME, WEBSITE, ADDRESS = "name", "website", "address"


@dataclass(frozen=True, slots=True)
class One:
    """A controller to be compared: one of the register, by its key, or a new one, by the lines of a file."""

    id: int
    lines: tuple[int, ...]
    slug: str | None
    name: str
    country: str | None
    website: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Alike:
    """Controllers that are likely one, and by what: "name", "website", "address"."""

    those: tuple[One, ...]
    grounds: tuple[str, ...]


def bare_name(name: str) -> str:
    """Return a name as it is compared: folded, without signs and without its legal form."""
    words = _SIGNS.sub(" ", fold(name).replace(".", "").replace("'", "")).strip()
    words = _LETTERS.sub(lambda it: it[0].replace(" ", ""), words)
    parts = words.split()
    while len(parts) > 1 and parts[-1] in _FORMS:
        parts.pop()
    return " ".join(parts)


def bare_website(address: str | None) -> str:
    """Return a web address as it is compared: without https:, www. and a slash at the end."""
    text = fold(address or "").partition("://")[2] or fold(address or "")
    return text.removeprefix("www.").rstrip("/")


def bare_address(address: str | None) -> str:
    """Return a postal address as it is compared: folded, without signs and lines."""
    return " ".join(_SIGNS.sub(" ", fold(address or "")).split())


def alike(those: Iterable[One]) -> list[Alike]:
    """Return the controllers that are likely one, with at least one new one among them, the surest first."""
    members: dict[tuple[str, str], list[One]] = defaultdict(list)
    for it in those:
        for ground, value in (
            (NAME, bare_name(it.name)),
            (WEBSITE, bare_website(it.website)),
            (ADDRESS, bare_address(it.address)),
        ):
            if value:
                members[ground, value].append(it)
    together: dict[tuple[int, ...], list[str]] = defaultdict(list)
    by_key: dict[int, One] = {}
    for (ground, _), several in members.items():
        if len(several) > 1 and any(it.lines for it in several):
            by_key |= {it.id: it for it in several}
            together[tuple(it.id for it in several)].append(ground)
    order = (NAME, WEBSITE, ADDRESS)
    found = [
        Alike(tuple(by_key[key] for key in keys), tuple(sorted(grounds, key=order.index)))
        for keys, grounds in together.items()
    ]
    return sorted(found, key=_strength)


def _strength(it: Alike) -> tuple[int, int, int]:
    order: Sequence[str] = (NAME, WEBSITE, ADDRESS)
    first = min((line for each in it.those for line in each.lines), default=0)
    return -len(it.grounds), order.index(it.grounds[0]), first
