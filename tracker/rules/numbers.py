"""Numbers of cases (C081) and filings (C081-07): made, read as typed, checked."""

import re
from collections.abc import Collection

from tracker.errors import RuleBroken
from tracker.rules.text import shown

#: More digits than this are no number of ours, whatever an address says.
MOST_DIGITS = 6

# The canonical form has no zeros in front but those that fill it up to three (case) or two (filing) digits.
_CASE = r"C(?!000$|000-)(?:[0-9]{3}|[1-9][0-9]{3,5})"
_FILING = rf"({_CASE})-(?!00$)([0-9]{{2}}|[1-9][0-9]{{2,5}})"
_CASE_NUMBER = re.compile(_CASE)
_FILING_NUMBER = re.compile(_FILING)
_TYPED_CASE = re.compile(r"[Cc][ -]?0*([0-9]{1,6})")
_TYPED_FILING = re.compile(r"[Cc][ -]?0*([0-9]{1,6}) ?[-/] ?0*([0-9]{1,6})")
_LONGEST_TYPED = 40


def is_case_number(text: str) -> bool:
    """Return whether the text is a case number exactly as this program writes it."""
    return len(text) <= _LONGEST_TYPED and _CASE_NUMBER.fullmatch(text) is not None


def is_filing_number(text: str) -> bool:
    """Return whether the text is a filing number exactly as this program writes it."""
    return len(text) <= _LONGEST_TYPED and _FILING_NUMBER.fullmatch(text) is not None


def read_case(text: str) -> str:
    """Return the case number that was typed ("c81", " C-081 "), as C081.

    Raises RuleBroken for anything else, for zero and for more than six digits.
    """
    found = _TYPED_CASE.fullmatch(text.strip()) if len(text) <= _LONGEST_TYPED else None
    if found is None or int(found[1]) == 0:
        raise RuleBroken(f"{shown(text)} is not a case number: write it as C081.", field="number")
    return _case(int(found[1]))


def read_filing(text: str) -> str:
    """Return the filing number that was typed ("c81-7"), as C081-07. Raises as read_case() does."""
    found = _TYPED_FILING.fullmatch(text.strip()) if len(text) <= _LONGEST_TYPED else None
    if found is None or int(found[1]) == 0 or int(found[2]) == 0:
        raise RuleBroken(f"{shown(text)} is not a filing number: write it as C081-07.", field="number")
    return _filing(_case(int(found[1])), int(found[2]))


def next_case(highest: str | None) -> str:
    """Return the number after the highest one in use; C001 where there is none.

    The highest is the longest, and among equally long ones the last in the alphabet.
    Raises RuleBroken when no number is left.
    """
    following = 1 if highest is None else int(read_case(highest)[1:]) + 1
    if following >= 10**MOST_DIGITS:
        raise RuleBroken(f"No case number is left after {highest}.", field="number")
    return _case(following)


def next_filings(case: str, taken: Collection[str], count: int) -> list[str]:
    """Return `count` free filing numbers of the case in rising order: gaps first, lowest first.

    Raises RuleBroken when fewer are left.
    """
    used = frozenset(taken)
    free: list[str] = []
    following = 1
    while len(free) < count:
        if following >= 10**MOST_DIGITS:
            raise RuleBroken(f"{case} has no room for {count:,} more filings.", field="number")
        number = _filing(case, following)
        if number not in used:
            free.append(number)
        following += 1
    return free


def case_of(filing: str) -> str:
    """Return the case number inside a filing number. Raises RuleBroken when it is not one."""
    return read_filing(filing).rpartition("-")[0]


def _case(number: int) -> str:
    return f"C{number:03}"


def _filing(case: str, number: int) -> str:
    return f"{case}-{number:02}"
