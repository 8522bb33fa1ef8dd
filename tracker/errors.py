"""The family of refusals: every way in which the program says no.

A refusal is raised by rules, storage or services and turned into an answer in one place per edge
(web/errors.py for pages, cli.py for the terminal). Its text is written for the person who acted:
one sentence that says what is wrong and, where it helps, what to do.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class TrackerError(Exception):
    """Any refusal of this program. `field` names the input that has to change, where there is one."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class NotFound(TrackerError):
    """The thing does not exist, or must look as if it did not (404)."""


class Withdrawn(NotFound):
    """The thing was public and was withdrawn (410 on the public site)."""


class NotAllowed(NotFound):
    """The actor lacks the right. Looks exactly like NotFound from outside (404)."""


class RuleBroken(TrackerError):
    """The input was understood and is against a rule (422)."""


class Unsure(TrackerError):
    """There is something to read first; who has read it may do it all the same. `doubts` are for the page."""

    def __init__(self, doubts: Sequence[object]) -> None:
        super().__init__("Read first what speaks against it.")
        self.doubts = tuple(doubts)


class Stale(TrackerError):
    """Somebody else saved first (409). `theirs` is what they wrote, for the page to show."""

    def __init__(self, text: str, *, theirs: Sequence[object] = ()) -> None:
        super().__init__(text)
        self.theirs = tuple(theirs)


class TooLarge(TrackerError):
    """An upload is over the limit (413)."""


class TooManyTries(TrackerError):
    """Too many tries in a short time (429); after `seconds` the next one is possible."""

    def __init__(self, text: str, *, seconds: int) -> None:
        super().__init__(text)
        self.seconds = seconds


class CopyBehind(TrackerError):
    """What was decided is kept, and the public copy of it could not be changed yet (503)."""


class StoreFault(TrackerError):
    """The store is not as it was left: a file is missing or damaged, or a link stands in its place (500)."""


class UnsafeSetting(TrackerError):
    """A setting that must not be used in production; the text names the setting, never its value."""


class BadFile(TrackerError):
    """A file from outside has faults; `faults` are lines of the form FILE: ID: FIELD: text."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@contextmanager
def under(path: str) -> Iterator[None]:
    """Put `path` before the field that a refusal names: "place" becomes "controllers-0-place".

    So whoever refuses need not know in which row of which form it was typed.
    """
    try:
        yield
    except RuleBroken as refusal:
        raise RuleBroken(str(refusal), field=f"{path}-{refusal.field}" if refusal.field else path) from None
