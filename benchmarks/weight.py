"""What a reader has to wait for before a page stands on the screen, in bytes as they are sent."""

import zlib

#: Where the first screen of a page ends: what comes after it stands under its first heading.
FOLD = b'<section class="section"'


def first_screen(packed: bytes) -> int:
    """Return how many bytes of a page that is sent by gzip hold all that stands above its first section.

    A browser draws what has come so far, and unpacks it as it comes.
    """
    unpacking, page = zlib.decompressobj(16 + zlib.MAX_WBITS), b""
    for place in range(len(packed)):
        page += unpacking.decompress(packed[place : place + 1])
        if FOLD in page:
            return place + 1
    raise AssertionError("The page has no section.")


def head(status: str, headers: list[tuple[str, str]]) -> int:
    """Return how many bytes the head of an answer takes, as HTTP/1.1 sends it."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {it}" for name, it in headers), "", ""]
    return len("\r\n".join(lines).encode())
