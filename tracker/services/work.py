"""What waits to be done: read from the records, never typed in."""

from collections.abc import Sequence

from tracker.services import silence_finding
from tracker.services.silence_finding import Silent


def silent_longest(limit: int = 10) -> Sequence[Silent]:
    """Return the pending filings that were silent longest, the longest first, with case and authority."""
    return silence_finding.silent(limit=limit)
