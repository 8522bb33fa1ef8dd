"""What stands in an address for a company: made of its name alone, so that it is the same tomorrow."""

import hashlib
import re

#: Characters of an address that stand for a name.
LONGEST = 80
_HASHED = 8
_BETWEEN = "--"
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_OTHER = re.compile(r"[^a-z0-9]+")


def party_slug(folded: str) -> str:
    """Return the address of a name that is folded, which is to say without case and accents.

    Two names have the same one only where they fold alike: where letters and digits alone do not tell names
    apart, or are too many, a hash of the whole name stands behind them, after two hyphens, which no other
    address has.
    """
    plain = folded.replace(" ", "-")
    if _PLAIN.fullmatch(folded) and len(plain) <= LONGEST:
        return plain
    whole = hashlib.sha256(folded.encode()).hexdigest()[:_HASHED]
    room = LONGEST - len(_BETWEEN) - _HASHED
    told = _OTHER.sub("-", folded).strip("-")[:room].strip("-")
    return f"{told or 'x'}{_BETWEEN}{whole}"
