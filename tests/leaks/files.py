"""Files with a mark in every place where a file can keep something: text, properties, pictures, mail."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from email.message import EmailMessage

from pypdf import PdfWriter
from pypdf.generic import ByteStringObject, DecodedStreamObject, NameObject

from tests.leaks.marks import Marks


def files(marks: Marks) -> Iterator[tuple[str, bytes]]:
    """Give files by their names, which are marked too."""

    def new(what: str) -> str:
        return marks.new(f"file {what}")

    for ending, make in (("pdf", _pdf), ("docx", _docx), ("xlsx", _xlsx), ("jpg", _jpeg), ("png", _png)):
        yield f"{new(f'{ending}, name')}.{ending}", make(lambda what, of=ending: new(f"{of}, {what}"))
    yield f"{new('eml, name')}.eml", _mail(lambda what: new(f"eml, {what}"))
    yield f"{new('txt, name')}.txt", new("txt, text").encode("utf-16")


def _pdf(new) -> bytes:  # type: ignore[no-untyped-def]
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    text = DecodedStreamObject()
    text.set_data(f"BT /F1 12 Tf 20 20 Td ({new('text')}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(text.flate_encode())
    writer.add_metadata({"/Author": new("author"), "/Title": new("title"), "/Producer": new("producer")})
    packet = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>{new('XMP')}</dc:creator></x:xmpmeta>"
    xmp = DecodedStreamObject()
    xmp.set_data(packet.encode())
    xmp[NameObject("/Type")] = NameObject("/Metadata")
    writer._root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    writer._root_object[NameObject("/Lang")] = ByteStringObject(new("language").encode())
    writer.add_attachment(f"{new('attached, name')}.txt", new("attached, text").encode())
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _office(new, parts: dict[str, str]) -> bytes:  # type: ignore[no-untyped-def]
    core = (
        f"<cp:coreProperties><dc:creator>{new('creator')}</dc:creator>"
        f"<cp:lastModifiedBy>{new('last modified by')}</cp:lastModifiedBy></cp:coreProperties>"
    )
    app = (
        f"<Properties><Company>{new('company')}</Company><Template>{new('template')}</Template></Properties>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.comment = new("comment of the zip").encode()
        for name, text in {"docProps/core.xml": core, "docProps/app.xml": app, **parts}.items():
            packed.writestr(name, text)
    return written.getvalue()


def _docx(new) -> bytes:  # type: ignore[no-untyped-def]
    body = (
        f"<w:document><w:t>{new('text')}</w:t><w:del w:author='{new('tracked by')}'>{new('tracked')}</w:del>"
    )
    notes = f"<w:comments><w:comment w:author='{new('comment by')}'>{new('comment')}</w:comment></w:comments>"
    return _office(new, {"word/document.xml": f"{body}</w:document>", "word/comments.xml": notes})


def _xlsx(new) -> bytes:  # type: ignore[no-untyped-def]
    book = f"<workbook><sheet name='{new('hidden sheet')}' state='veryHidden'/></workbook>"
    return _office(new, {"xl/workbook.xml": book, "xl/sharedStrings.xml": f"<sst><t>{new('cell')}</t></sst>"})


def _jpeg(new) -> bytes:  # type: ignore[no-untyped-def]
    artist, where = new("EXIF artist").encode() + b"\0", new("comment").encode()
    tiff = b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x013B, 2, len(artist), 26, 0) + artist
    exif = b"Exif\0\0" + tiff
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + f"<dc:rights>{new('XMP')}</dc:rights>".encode()
    segments = ((b"\xff\xe1", exif), (b"\xff\xe1", xmp), (b"\xff\xfe", where))
    return (
        b"\xff\xd8"
        + b"".join(kind + struct.pack(">H", len(it) + 2) + it for kind, it in segments)
        + b"\xff\xd9"
    )


def _png(new) -> bytes:  # type: ignore[no-untyped-def]
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = b"Comment\0\0" + zlib.compress(new("packed text").encode())
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"tEXt", b"Author\0" + new("author").encode())
        + chunk(b"zTXt", packed)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def _mail(new) -> bytes:  # type: ignore[no-untyped-def]
    mail = EmailMessage()
    mail["From"] = f"{new('from')} <{new('address')}@example.org>"
    mail["To"] = f"{new('to')}@example.org"
    mail["Subject"] = f"Ünsere Beschwerde {new('subject')}"
    mail["X-Internal"] = new("header")
    mail["Message-ID"] = f"<{new('id')}@example.org>"
    mail.set_content(new("text"))
    mail.add_attachment(
        new("attached, text").encode(), maintype="application", subtype="x", filename=new("attached, name")
    )
    return mail.as_bytes()
