"""Finds marks in bytes, however somebody wrote them: escaped, encoded, packed, folded, backwards, hashed."""

import base64
import binascii
import gzip
import hashlib
import html
import io
import quopri
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

#: A mark, or the beginning of one that was cut off.
MARK = re.compile(r"canary\d{0,5}x?", re.IGNORECASE)
KRAM = re.compile(r"x?\d{0,5}yranac", re.IGNORECASE)
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
BASE32 = re.compile(r"[A-Z2-7]{12,}", re.IGNORECASE)
HEX = re.compile(r"(?:[0-9a-f]{2}[:\s-]?){6,}", re.IGNORECASE)
ESCAPED = re.compile(r"%[2-7][0-9A-Fa-f]")
JSON = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
ACCENTS = re.compile("[\u0300-\u036f]")
LONGEST = 64 << 20
HASHES = ("md5", "sha1", "sha256", "sha512")
#: So many characters of a hash are taken for the hash: an ETag is often the beginning of one.
ENOUGH_HEX, ENOUGH_BASE64 = 12, 12

Found = dict[str, set[str]]


def _of_base64(word: str) -> Iterator[str]:
    """Give what letters in base64 may mean, wherever the beginning of it was cut off."""
    plain = word.translate(str.maketrans("-_", "+/"))
    for start in range(4):
        part = plain[start:]
        yield base64.b64decode(part + "A" * (-len(part) % 4)).decode("latin-1")


def _of_base32(word: str) -> Iterator[str]:
    for start in range(8):
        part = word[start:].upper()
        yield base64.b32decode(part + "A" * (-len(part) % 8)).decode("latin-1")


def _of_hex(word: str) -> Iterator[str]:
    digits = re.sub(r"[:\s-]", "", word)
    for start in range(2):
        part = digits[start : start + (len(digits) - start) // 2 * 2]
        yield binascii.unhexlify(part).decode("latin-1")


#: What the letters of a mark look like in base64 and base32, wherever they begin, and in which case.
def _begins(encode: Callable[[bytes], bytes], whole: int, group: int) -> re.Pattern[str]:
    forms = set()
    for word in (b"canary", b"CANARY", b"Canary"):
        for at in range(whole):
            encoded = encode(b"." * at + word + b"0").decode()
            first = -(-at * group // whole)
            last = (at + len(word)) * group // whole
            forms.add(re.escape(encoded[first:last]))
    return re.compile("|".join(sorted(forms)))


IN_BASE64 = _begins(base64.b64encode, 3, 4)
IN_BASE32 = _begins(base64.b32encode, 5, 8)
IN_HEX = re.compile(
    "[:\\s-]?".join(f"(?:{ord(it):02x}|{ord(it.upper()):02x})" for it in "canary"), re.IGNORECASE
)


def _again(read: Callable[[str], str], text: str) -> Iterator[str]:
    """Give what a text says, read once, and what that says, as long as it says something else."""
    for _ in range(4):
        said = read(text)
        if said == text:
            return
        yield said
        text = said


def fold(text: str) -> str:
    """Return a text without accents and in small letters."""
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


@dataclass
class Search:
    """Looks for marks. `wholes` are texts in which a mark stands beside something else, for their hashes."""

    marks: frozenset[str]
    wholes: Mapping[str, str] = field(default_factory=dict)
    #: Further bytes whose hashes would tell something: files.
    files: Mapping[bytes, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Hash everything once."""
        self._hex: dict[str, str] = {}
        self._base64: dict[str, str] = {}
        texts = {it.encode(): it for it in self.marks}
        texts |= {it.upper().encode(): it for it in self.marks}
        texts |= {whole.encode(): it for whole, it in self.wholes.items()}
        for text, mark in {**texts, **self.files}.items():
            for name in HASHES:
                digest = hashlib.new(name, text, usedforsecurity=False).digest()
                self._hex[digest.hex()[:ENOUGH_HEX]] = mark
                self._base64[base64.b64encode(digest).decode()[:ENOUGH_BASE64]] = mark

    def find(self, data: bytes) -> Found:
        """Return the marks in some bytes, each with the ways in which it was written."""
        found: Found = {}
        for way, text in self._readings(data):
            # Looking for the word first is twenty times as quick as looking for the pattern.
            if "canary" in text.lower():
                for mark in MARK.findall(text):
                    found.setdefault(mark.lower(), set()).add(way)
        return found

    def _readings(self, data: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
        """Give everything that the bytes may say, with the name of the way of reading."""
        text = data.decode("utf-8", "replace")
        yield "as it is", text
        yield from (("escaped for HTML", it) for it in _again(html.unescape, text))
        if ESCAPED.search(text):
            yield from (("escaped for an address", it) for it in _again(unquote, text))
        if "\\" in text:
            yield "escaped for JSON", JSON.sub(lambda it: chr(int(it[1] or it[2], 16)), text)
        if "=" in text and re.search("=[46]", text):
            yield "quoted-printable", quopri.decodestring(data).decode("utf-8", "replace")
        if b"\0" in data:
            yield "UTF-16 or UTF-32", data.replace(b"\0", b"").decode("latin-1")
        if not text.isascii():
            yield "with accents", fold(text)
        if "yranac" in text.lower():
            yield from (("backwards", it[::-1]) for it in KRAM.findall(text))
        yield from self._coded(text)
        if depth < 4:
            for way, inner in unpacked(data):
                yield from ((f"{way}: {how}", it) for how, it in self._readings(inner, depth + 1))

    def _coded(self, text: str) -> Iterator[tuple[str, str]]:
        if IN_BASE64.search(text):
            for word in BASE64.findall(text):
                if IN_BASE64.search(word):
                    yield from (("base64", it) for it in _of_base64(word))
        if IN_BASE32.search(text.upper()):
            for word in BASE32.findall(text):
                if IN_BASE32.search(word.upper()):
                    yield from (("base32", it) for it in _of_base32(word))
        if IN_HEX.search(text):
            for word in HEX.findall(text):
                yield from (("hexadecimal", it) for it in _of_hex(word))
        for word in HEX_RUN.findall(text):
            low = word.lower()
            for at in range(len(low) - ENOUGH_HEX + 1):
                if low[at : at + ENOUGH_HEX] in self._hex:
                    yield "hashed", self._hex[low[at : at + ENOUGH_HEX]]
        for word in HASH_RUN.findall(text):
            plain = word.translate(TO_PLAIN)
            for at in range(len(plain) - ENOUGH_BASE64 + 1):
                if plain[at : at + ENOUGH_BASE64] in self._base64:
                    yield "hashed", self._base64[plain[at : at + ENOUGH_BASE64]]


HEX_RUN = re.compile(r"[0-9a-fA-F]{12,}")
#: A hash has digits or capitals in it: words and paths, which are most of a page, need not be looked up.
HASH_RUN = re.compile(r"[A-Za-z0-9+/_-]{20,}")
TO_PLAIN = str.maketrans("-_", "+/")


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give what is packed in some bytes: gzip, zlib, the members of a zip and their names."""
    if data[:2] == b"\x1f\x8b":
        try:
            yield "gzip", gzip.decompress(data)[:LONGEST]
        except (OSError, EOFError, zlib.error):
            pass
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield "zip", packed.comment
            for it in packed.infolist():
                yield "zip", it.filename.encode() + b"\n" + it.comment + b"\n" + it.extra
                yield "zip", packed.read(it)[:LONGEST]
        return
    # A stream within something else, such as a PDF or a picture.
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data[:LONGEST]):
        if start[0] == b"\x1f\x8b\x08" and start.start() == 0:
            continue
        try:
            inner = zlib.decompressobj(47).decompress(data[start.start() :], LONGEST)
        except zlib.error:
            continue
        if inner:
            yield "zlib", inner


#: How somebody could write a mark so that it is not seen at once: for the test of the search itself.
ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "as it is": lambda it: it.encode(),
    "capitals": lambda it: it.upper().encode(),
    "with accents": lambda it: it.replace("a", "á").replace("n", "ñ").encode(),
    "decomposed accents": lambda it: unicodedata.normalize("NFD", it.replace("a", "ä")).encode(),
    "full width": lambda it: "".join(chr(ord(one) + 0xFEE0) for one in it).encode(),
    "HTML, decimal": lambda it: "".join(f"&#{ord(one)};" for one in it).encode(),
    "HTML, hexadecimal": lambda it: "".join(f"&#x{ord(one):x};" for one in it).encode(),
    "HTML, twice": lambda it: "".join(f"&amp;#{ord(one)};" for one in it).encode(),
    "address": lambda it: "".join(f"%{ord(one):02X}" for one in it).encode(),
    "address, twice": lambda it: quote("".join(f"%{ord(one):02X}" for one in it)).encode(),
    "JSON": lambda it: "".join(f"\\u{ord(one):04x}" for one in it).encode(),
    "quoted-printable": lambda it: "".join(f"={ord(one):02X}" for one in it).encode(),
    "UTF-16, little": lambda it: it.encode("utf-16-le"),
    "UTF-16, big": lambda it: it.encode("utf-16-be"),
    "UTF-32": lambda it: it.encode("utf-32"),
    "base64": lambda it: base64.b64encode(it.encode()),
    "base64, one before": lambda it: base64.b64encode(b"." + it.encode()),
    "base64, two before": lambda it: base64.urlsafe_b64encode(b"?>" + it.encode()),
    "base64, capitals": lambda it: base64.b64encode(it.upper().encode()),
    "base32": lambda it: base64.b32encode(b"..." + it.encode()),
    "hexadecimal": lambda it: it.encode().hex().encode(),
    "hexadecimal, capitals": lambda it: it.upper().encode().hex().upper().encode(),
    "hexadecimal, with colons": lambda it: it.encode().hex(":").encode(),
    "backwards": lambda it: it[::-1].encode(),
    "gzip": lambda it: gzip.compress(it.encode()),
    "zlib in something": lambda it: b"stream\n" + zlib.compress(it.encode() * 9) + b"\nendstream",
    "zip, a member": lambda it: zipped("a.txt", it),
    "zip, a name": lambda it: zipped(f"{it}.txt", "a"),
    "zip in a zip": lambda it: zipped("a.zip", zipped("a.txt", it)),
    **{
        f"{name}, {form}": (lambda it, name=name, write=write: write(hashlib.new(name, it.encode()).digest()))  # type: ignore[misc]
        for name in HASHES
        for form, write in (
            ("hexadecimal", lambda it: it.hex().encode()),
            ("capitals", lambda it: it.hex().upper().encode()),
            ("base64", base64.b64encode),
            ("base64 for addresses", base64.urlsafe_b64encode),
            ("cut short", lambda it: it.hex()[:16].encode()),
        )
    },
}


def zipped(name: str, content: str | bytes) -> bytes:
    """Return a zip with one member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return file.getvalue()


def leaks(found: Found, allowed: Iterable[str]) -> Found:
    """Return what was found and may not be: marks that are not allowed, also the beginning of one."""
    known = set(allowed)
    return {
        it: ways
        for it, ways in found.items()
        if it not in known and not (len(it) < 12 and any(each.startswith(it) for each in known))
    }
