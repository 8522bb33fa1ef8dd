"""How an authority takes complaints: the columns of the directory as words. What is not known is said so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tracker.reference.names import language_name


class Taking(Protocol):
    """What is asked of an authority: a row of the packaged directory, of the desk or of the public store."""

    @property
    def scope(self) -> str: ...
    @property
    def languages(self) -> str: ...
    @property
    def website(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def complaint_form(self) -> str: ...
    @property
    def accepts_email(self) -> str: ...
    @property
    def source_date(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Way:
    """One way to lodge a complaint. `words` begin its line, `target` is the address, `more` follows it.

    `href` is where the target leads to, None for a letter. `short` names the way within a list.
    """

    short: str
    words: str
    target: str
    href: str | None
    more: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """How an authority takes complaints. `not_known` and `refused` are sentences, `languages` names.

    `as_of` is the day on which the source was last edited, None where it gives none.
    """

    known: tuple[Way, ...]
    not_known: tuple[str, ...]
    refused: tuple[str, ...]
    languages: tuple[str, ...]
    website: str
    as_of: date | None
    #: The codes of the languages, in the same order.
    codes: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """Return "online form, e-mail or letter"; that it is not known, where no way is."""
        if not self.known:
            return "takes no complaints" if self.refused else "not known how it takes complaints"
        return one_of([it.short for it in self.known])

    @property
    def in_languages(self) -> str:
        """Return "French, Dutch or German", or that they are not known."""
        return one_of(self.languages) or "languages not known"


def one_of(words: Sequence[str]) -> str:
    """Return words as a choice: "a", "a or b", "a, b or c"."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


#: What the column says of e-mail -> how the way is called, and what follows the address.
_BY_EMAIL = {
    "yes": ("e-mail", ""),
    "only with qualified electronic signature": (
        "e-mail with a qualified electronic signature",
        "only with a qualified electronic signature",
    ),
    "certified mail (PEC)": ("certified e-mail (PEC)", "only from a certified mailbox (PEC)"),
}


def ways(authority: Taking) -> Ways:
    """Return how an authority takes complaints: online form, e-mail, letter, in this order; the languages.

    An address of e-mail alone does not show that complaints are taken there: the column has to say it.
    """
    known: list[Way] = []
    not_known: list[str] = []
    refused: list[str] = []
    if authority.scope == "board":
        refused.append("It takes no complaints.")
    else:
        if form := authority.complaint_form:
            known.append(Way("online form", "Online form:", "form of the authority", form))
        else:
            not_known.append("No online form is known.")
        _by_email(authority, known, not_known, refused)
        if authority.address:
            known.append(Way("letter", "Letter to", authority.address, None))
        else:
            not_known.append("The address for letters is not known.")
    codes = [it for it in authority.languages.split(";") if it]
    if not codes:
        not_known.append("In which languages it works is not known.")
    return Ways(
        known=tuple(known),
        not_known=tuple(not_known),
        refused=tuple(refused),
        languages=tuple(language_name(it) for it in codes),
        website=authority.website,
        as_of=authority.source_date,
        codes=tuple(codes),
    )


def _by_email(authority: Taking, known: list[Way], not_known: list[str], refused: list[str]) -> None:
    said, address = authority.accepts_email, authority.email
    if said in _BY_EMAIL:
        short, more = _BY_EMAIL[said]
        if address:
            known.append(Way(short, "E-mail to", address, f"mailto:{address}", more))
        else:
            not_known.append(f"It takes complaints by {short}, and the address is not known.")
    elif said == "no":
        refused.append("It takes no complaints by e-mail.")
    elif said == "none listed":
        not_known.append("No address for complaints by e-mail is listed.")
    else:
        not_known.append("Whether it takes complaints by e-mail is not known.")
