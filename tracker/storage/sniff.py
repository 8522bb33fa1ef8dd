"""What a file is, by its content: a short list of signatures, looked for in its first bytes.

Nothing is parsed, unpacked or executed. The answer is shown to staff; it never decides how a file is sent
(always as an attachment that runs nothing), because a file can be two things at once.
"""

import codecs
import re
from pathlib import PurePosixPath

from tracker.storage.arriving import HEAD

UNKNOWN = "application/octet-stream"
ZIP, OLE, TEXT = "application/zip", "application/x-ole-storage", "text/plain"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

#: Type -> what it is called, and the endings of names that go with it (empty: none is expected).
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "application/pdf": ("a PDF document", ("pdf",)),
    "image/png": ("a PNG image", ("png",)),
    "image/jpeg": ("a JPEG image", ("jpg", "jpeg", "jpe", "jfif")),
    "image/gif": ("a GIF image", ("gif",)),
    "image/webp": ("a WebP image", ("webp",)),
    "image/tiff": ("a TIFF image", ("tif", "tiff")),
    "image/svg+xml": ("an SVG drawing", ("svg",)),
    f"{_OOXML}wordprocessingml.document": ("a Word document", ("docx", "docm", "dotx", "dotm")),
    f"{_OOXML}spreadsheetml.sheet": ("an Excel workbook", ("xlsx", "xlsm", "xltx", "xltm", "xlsb")),
    f"{_OOXML}presentationml.presentation": ("a PowerPoint presentation", ("pptx", "pptm", "ppsx", "potx")),
    f"{_ODF}text": ("an OpenDocument text", ("odt",)),
    f"{_ODF}spreadsheet": ("an OpenDocument spreadsheet", ("ods",)),
    f"{_ODF}presentation": ("an OpenDocument presentation", ("odp",)),
    OLE: ("an older Office or Outlook file", ("doc", "dot", "xls", "xlt", "ppt", "pps", "msg")),
    ZIP: ("a zip archive", ("zip",)),
    "application/rtf": ("a rich text document", ("rtf",)),
    "message/rfc822": ("an e-mail", ("eml", "mht", "mhtml")),
    "text/html": ("a web page", ("html", "htm", "xhtml", "xht")),
    "application/xml": ("an XML file", ("xml",)),
    TEXT: ("a text", ("txt", "csv", "tsv", "md", "json", "har", "log", "yaml", "yml", "ics", "vcf")),
}
_EXPECTED = {ending: media_type for media_type, (_, endings) in TYPES.items() for ending in endings}

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
#: A folder that only this kind of document has.
_OFFICE = (
    ("word/", f"{_OOXML}wordprocessingml.document"),
    ("xl/", f"{_OOXML}spreadsheetml.sheet"),
    ("ppt/", f"{_OOXML}presentationml.presentation"),
)
#: A PDF that begins late: readers accept it within the first 1,024 bytes.
_LATE_PDF = re.compile(rb"(?:^|[\r\n])%PDF-[0-9]\.[0-9]\s")
#: How browsers recognise a page (WHATWG MIME Sniffing 7.1): one of these tags comes first.
_PAGE = re.compile(
    r"<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[\s/>]", re.I
)
_SKIPPED = re.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>|<!doctype (?!html)[^\[>]*(?:\[.*?\]\s*)?>)", re.I | re.S)
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,70}):[ \t\r\n]")
_MAIL = frozenset(
    b"received return-path from date to subject mime-version message-id delivered-to cc reply-to sender"
    b" dkim-signature arc-seal authentication-results".split()
)
#: Control characters that no text has.
_NOT_TEXT = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def media_type(head: bytes) -> str:
    """Return the type of a file by its first bytes, one of TYPES, or application/octet-stream."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(head)
    if _is_mail(head):
        return "message/rfc822"
    text = _text(head)
    markup = _markup(head.decode("latin-1") if text is None else text)
    if markup:
        return markup
    if _LATE_PDF.search(head[:1024]):
        return "application/pdf"
    return UNKNOWN if text is None else TEXT


def mismatch(name: str, found: str) -> str | None:
    """Return a warning when the ending of the name says something else than the content, else None.

    `found` is what media_type() said. Endings that are not in the list say nothing; an ending before the
    last one ("letter.pdf.exe") is not looked at.
    """
    ending = PurePosixPath(name.replace("\\", "/").strip(" .")).suffix.removeprefix(".").lower()
    expected = _EXPECTED.get(ending)
    if expected is None or expected == found or _goes_with(expected, found):
        return None
    told = TYPES[found][0] if found in TYPES else "of a kind that is not recognised"
    return f"The name ends in .{ending}, but by its content this is {told}."


def _goes_with(expected: str, found: str) -> bool:
    """Return whether a file may honestly be called the first and look like the second."""
    if expected.startswith((_OOXML, _ODF)):
        # What tells the kind may lie behind the head; a password puts the document into an older container.
        return found in (ZIP, OLE)
    if expected == TEXT:
        return found in ("application/xml", "message/rfc822")
    return expected == "application/xml" and found in ("image/svg+xml", "text/html")


def _zip(head: bytes) -> str:
    entries = _entries(head)
    if entries and entries[0][0] == "mimetype":
        said = entries[0][1].decode("ascii", "replace")
        return said if said.startswith(_ODF) and said in TYPES else ZIP
    names = {name for name, _ in entries}
    if "[Content_Types].xml" in names or "_rels/.rels" in names:
        for folder, kind in _OFFICE:
            if any(name.startswith(folder) for name in names):
                return kind
    return ZIP


def _entries(head: bytes) -> list[tuple[str, bytes]]:
    """Return name and stored bytes of the entries whose headers lie within the head, in order."""
    entries, at = [], 0
    while at >= 0 and head[at : at + 4] == b"PK\x03\x04" and len(head) >= at + 30:
        flags = int.from_bytes(head[at + 6 : at + 8], "little")
        size = int.from_bytes(head[at + 18 : at + 22], "little")
        name_length = int.from_bytes(head[at + 26 : at + 28], "little")
        begin = at + 30 + name_length + int.from_bytes(head[at + 28 : at + 30], "little")
        name = head[at + 30 : at + 30 + name_length].decode("utf-8", "replace")
        entries.append((name, head[begin : begin + min(size, 200)]))
        # Written as a stream, an entry has its length behind it: look for the next header instead.
        at = head.find(b"PK\x03\x04", begin) if flags & 8 and not size else begin + size
    return entries


def _is_mail(head: bytes) -> bool:
    """Return whether the file begins with headers of a message, two of them such as mail has."""
    seen, lines = set(), head.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)[:200]
    for place, line in enumerate(lines):
        if place and line[:1] in b" \t":
            continue
        found = _HEADER.match(line)
        if not found:
            break
        seen.add(found[1].lower())
    return len(seen & _MAIL) >= 2


def _text(head: bytes) -> str | None:
    """Return the head as text, None where it is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
        return None if "\ufffd" in text[:-1] or _NOT_TEXT.search(text) else text
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        # The end of the head may have gone through a character; the end of a file may not.
        text = decoder.decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return None
    return None if _NOT_TEXT.search(text) else text


def _markup(text: str) -> str | None:
    """Return the type of a page, a drawing or another XML file, None where the text is none of them."""
    at, declared = 0, text.lstrip("\ufeff \t\r\n").startswith("<?xml")
    while skipped := _SKIPPED.match(text, at):
        at = skipped.end()
    root = text[at : at + 4000].lstrip("\ufeff \t\r\n")
    if _PAGE.match(root):
        return "text/html"
    if re.match(r"<(?:[A-Za-z_][\w.-]{0,40}:)?svg[\s/>]", root):
        return "image/svg+xml"
    return "application/xml" if declared else None
