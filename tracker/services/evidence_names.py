"""Names of kept files: as a page shows them, and as they are sent to whoever downloads."""

import re
import unicodedata

from tracker.storage.places import visible

#: Characters, and bytes of UTF-8.
SHOWN_NAME, SENT_NAME = 100, 150

# What a header, a path of any system, or an old browser could take for something else.
_UNSENDABLE = frozenset('<>:"/\\|?*;%')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\.|$)", re.I)


def display_name(name: str) -> str:
    """Return the name as a page shows it: on one line, with nothing hidden or reordered.

    At most SHOWN_NAME characters: a long one loses its middle, so that its ending stays.
    """
    shown = visible(name)
    if not shown.strip():
        return "(no name)"
    return shown if len(shown) <= SHOWN_NAME else f"{shown[: SHOWN_NAME - 31]}…{shown[-30:]}"


def download_name(name: str) -> str:
    """Return a name that is safe in Content-Disposition and on the disk of whoever downloads.

    No separators of paths, no control or invisible characters, no name of a device, no dots or spaces at its
    ends, at most SENT_NAME bytes of UTF-8 with the ending kept; never empty.
    """
    cleaned = "".join(_sendable(it) for it in name).strip(" .")
    stem, dot, ending = cleaned.rpartition(".")
    if not stem or len(ending.encode()) > 16:
        stem, dot, ending = cleaned, "", ""
    room = SENT_NAME - len(f"_{dot}{ending}".encode())
    stem = stem.encode()[:room].decode(errors="ignore")
    whole = f"{stem}{dot}{ending}".strip(" .") or "file"
    return f"_{whole}" if _DEVICE.match(whole) else whole


def _sendable(letter: str) -> str:
    if unicodedata.category(letter) == "Zs":
        return " "
    # Servers write a second form of the name in ASCII, in which a full-width slash becomes a slash.
    parts = unicodedata.normalize("NFKD", letter)
    return letter if letter.isprintable() and not _UNSENDABLE.intersection(parts) else "_"
