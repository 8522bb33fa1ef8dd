"""Whether public filings are pending, decided, or neither, and which claims were left open, in words."""

from collections.abc import Sequence

from tracker.rules.positions import Position, position
from tracker.services.public_site_records import AFiling

#: So many filings stand in a sentence by their numbers.
MOST_NUMBERS = 4


def position_of(filing: AFiling) -> Position:
    """Return where a filing is, seen from its result."""
    return position(filing.outcome, filing.open_claims)


def is_pending(filing: AFiling) -> bool:
    """Return whether the filing waits for a result."""
    return position_of(filing) is Position.PENDING


def is_unclear(filing: AFiling) -> bool:
    """Return whether nobody knows if the filing has a result."""
    return position_of(filing) is Position.UNCLEAR


def is_partly(filing: AFiling) -> bool:
    """Return whether the filing was decided, and not on all of its claims."""
    return position_of(filing) is Position.PARTLY


def has_result(filing: AFiling) -> bool:
    """Return whether the filing ended, or was decided and goes on."""
    return not is_pending(filing) and not is_unclear(filing)


def with_open(words: str, filing: AFiling) -> str:
    """Return words for where a filing stands, with the claims that were left open ("...; open: Art 9")."""
    return f"{words}; open: {_together(filing.open_claims)}" if is_partly(filing) else words


def decided_in_part(filings: Sequence[AFiling]) -> list[str]:
    """Return which claims are open in which of the filings: a sentence for those with the same claims."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for it in filings:
        if is_partly(it):
            alike.setdefault(tuple(it.open_claims), []).append(it.number)
    return [_in_part(claims, numbers, all_of=len(filings)) for claims, numbers in alike.items()]


def _in_part(provisions: Sequence[str], numbers: Sequence[str], *, all_of: int) -> str:
    subject = "the claim on" if len(provisions) == 1 else "the claims on"
    are = "is open" if len(provisions) == 1 else "are open"
    which = ", ".join(numbers) if len(numbers) <= MOST_NUMBERS else f"{len(numbers)} filings"
    where = "" if len(numbers) == all_of else f" in {which}"
    return f"Decided in part: {subject} {_together(provisions)} {are}{where}."


def _together(provisions: Sequence[str]) -> str:
    """Return "Art 5(1)(a), 9" for provisions of one act, others one after the other."""
    if all(it.startswith("Art ") and it.count(" ") == 1 for it in provisions):
        return f"Art {', '.join(it.removeprefix('Art ') for it in provisions)}"
    return "; ".join(provisions)
