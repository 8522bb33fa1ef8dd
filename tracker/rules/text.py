"""Text from outside: what may be kept, and how to repeat it in a message."""

import re
import unicodedata

from tracker.errors import RuleBroken

#: Control characters but tab and newline, halves of surrogate pairs, code points that are no characters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
#: Scripts whose letters need a joiner or a non-joiner to be spelled right, and emoji.
_JOINING = "\u0620-\u109f\u1780-\u17ff\u1820-\u18af\u2190-\u2bff\ua800-\uabff\ufe0f\U00010000-\U0001ffff"
#: What nobody sees, and what turns the direction of the text: two names could differ by it alone, or a name
#: read backwards. A joiner may stand where it has a job, that is between two letters that join.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    f"\ufff9-\ufffb\U000e0000-\U000e007f]|(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])"
)
#: Letters and digits of any script; signs stand between words.
WORD = re.compile(r"[^\W_]+")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_MORE_THAN_ONE_LINE = re.compile("[\n\t]")


def clean(text: str, *, field: str, limit: int = 20_000, lines: bool = True) -> str:
    """Return the text as it may be kept: in NFC, without white space at its ends, line ends as newlines.

    `limit` counts characters and is inclusive. Characters that nobody sees are left out: they come along when
    text is pasted, nobody could find them, and no name may differ by them alone. Without `lines` a newline or
    tab is refused as well. Raises RuleBroken for a text that is too long or holds what cannot be kept.
    """
    text = _UNSEEN.sub("", text).strip()
    _refuse_longer(text, limit, field)
    text = _LINE_ENDS.sub("\n", text)
    if found := _FORBIDDEN.search(text):
        raise RuleBroken(
            f"Character {found.start() + 1:,} of the text, U+{ord(found[0]):04X}, cannot be kept: remove it.",
            field=field,
        )
    if not lines and _MORE_THAN_ONE_LINE.search(text):
        raise RuleBroken("This has to stand on one line, without tabs.", field=field)
    # A few characters become several in NFC, so the length is looked at again.
    text = unicodedata.normalize("NFC", text)
    _refuse_longer(text, limit, field)
    return text


def single_line(text: str, *, field: str, limit: int = 500) -> str:
    """Return the text as clean() does, on one line. Raises RuleBroken as clean() does."""
    return clean(text, field=field, limit=limit, lines=False)


def legible(text: str) -> str:
    """Return a text that cannot be kept as it can be shown again: a mark where each such character stood."""
    return _FORBIDDEN.sub("\ufffd", text)


def shown(text: object, *, limit: int = 40) -> str:
    """Return what somebody typed, fit for a message: in quotes, shortened, on one line, printable."""
    typed = text if isinstance(text, str) else type(text).__name__
    short = typed if len(typed) <= limit else typed[: limit - 1] + "…"
    return "“" + "".join(letter if letter.isprintable() else "\ufffd" for letter in short) + "”"


def _refuse_longer(text: str, limit: int, field: str) -> None:
    if len(text) > limit:
        raise RuleBroken(
            f"The text has {len(text):,} characters; at most {limit:,} are possible.", field=field
        )
