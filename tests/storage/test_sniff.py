"""What a file is by its content, and when its name says something else."""

import io
import zipfile
from email.message import EmailMessage

import pytest

from tracker.storage.arriving import HEAD
from tracker.storage.sniff import TYPES, UNKNOWN, media_type, mismatch

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


class Unseekable(io.BytesIO):
    """A stream of which zipfile cannot go back, so that lengths stand behind the entries."""

    def seekable(self) -> bool:
        return False

    def seek(self, *place: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def zipped(*entries: tuple[str, bytes], stream: io.BytesIO | None = None, packed: bool = True) -> bytes:
    stream = stream or io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            how = zipfile.ZIP_STORED if name == "mimetype" else None
            archive.writestr(name, content, compress_type=how)
    return stream.getvalue()


def office(folder: str, stream: io.BytesIO | None = None) -> bytes:
    parts = ("[Content_Types].xml", "_rels/.rels", f"{folder}/document.xml")
    return zipped(*((it, b"<?xml version='1.0'?><x/>") for it in parts), stream=stream)


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "dpc@example.org", "a@example.org", "Your complaint"
    message.set_content("We are looking into the matter.")
    return message.as_bytes()


class TestTheTypeOfAFile:
    @pytest.mark.parametrize(
        ("content", "found"),
        [
            pytest.param(PDF, "application/pdf", id="pdf"),
            pytest.param(b"\r\n" + PDF, "application/pdf", id="pdf that begins late"),
            pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", id="png"),
            pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg", id="jpeg"),
            pytest.param(b"GIF89a\1\0\1\0", "image/gif", id="gif"),
            pytest.param(b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp", id="webp"),
            pytest.param(b"RIFF\x24\0\0\0WAVEfmt ", UNKNOWN, id="sound"),
            pytest.param(b"II*\0\x08\0\0\0", "image/tiff", id="tiff"),
            pytest.param(b"MM\0*\0\0\0\x08", "image/tiff", id="tiff, the other way round"),
            pytest.param(office("word"), WORD, id="docx"),
            pytest.param(office("xl"), SHEET, id="xlsx"),
            pytest.param(office("ppt"), SLIDES, id="pptx"),
            pytest.param(office("word", Unseekable()), WORD, id="docx written as a stream"),
            pytest.param(
                zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")),
                "application/vnd.oasis.opendocument.text",
                id="odt",
            ),
            pytest.param(
                zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"")),
                "application/vnd.oasis.opendocument.spreadsheet",
                id="ods",
            ),
            pytest.param(
                zipped(("mimetype", b"text/html")), "application/zip", id="zip that claims to be a page"
            ),
            pytest.param(zipped(("mimetype", b"evil/type")), "application/zip", id="zip of an unknown kind"),
            pytest.param(zipped(("letters/word/a.txt", b"x")), "application/zip", id="zip"),
            pytest.param(
                zipped(("a.docx", office("word")), packed=False), "application/zip", id="docx in a zip"
            ),
            pytest.param(zipped(), "application/zip", id="empty zip"),
            pytest.param(OLE, "application/x-ole-storage", id="doc or msg"),
            pytest.param(b"{\\rtf1\\ansi Dear}", "application/rtf", id="rtf"),
            pytest.param(mail(), "message/rfc822", id="mail"),
            pytest.param(
                b"From: a\xe9\xff\0b\r\nTo: c\r\n\r\n\0", "message/rfc822", id="mail with 8-bit headers"
            ),
            pytest.param(b"<!DOCTYPE html>\n<title>x</title>", "text/html", id="page"),
            pytest.param(
                b"\xef\xbb\xbf \n<!-- saved --><HTML lang=de>", "text/html", id="page behind a comment"
            ),
            pytest.param("<html>ä".encode("utf-16"), "text/html", id="page in UTF-16"),
            pytest.param(b"<script>alert(1)</script>", "text/html", id="script"),
            pytest.param(b"<h1>\xe4\xf6</h1>", "text/html", id="page in an old encoding"),
            pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", id="svg"),
            pytest.param(
                b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><!-- x --><s:svg/>",
                "image/svg+xml",
                id="svg behind a document type",
            ),
            pytest.param(b"<?xml version='1.0'?><feed/>", "application/xml", id="xml"),
            pytest.param("Wir prüfen.\n".encode(), "text/plain", id="text"),
            pytest.param("Wir prüfen.\n".encode("utf-16"), "text/plain", id="text in UTF-16"),
            pytest.param(b"Note: the header was %PDF-1.7, he said.", "text/plain", id="text about a PDF"),
            pytest.param("Wir prüfen.\n".encode("latin-1"), UNKNOWN, id="text in an old encoding"),
            pytest.param(b"MZ\x90\0\3\0\0\0", UNKNOWN, id="program"),
            pytest.param(b"text with a \0 in it", UNKNOWN, id="text with NUL"),
            pytest.param(b"PK\x03\x04", "application/zip", id="cut zip"),
            pytest.param(b"\xff", UNKNOWN, id="one byte"),
        ],
    )
    def test_follows_from_its_content(self, content: bytes, found: str) -> None:
        assert media_type(content[:HEAD]) == found

    def test_is_text_also_where_the_head_ends_within_a_character(self) -> None:
        content = ("x" + "ü" * HEAD).encode()
        assert media_type(content[:HEAD]) == "text/plain"
        assert media_type(content[: HEAD - 2]) == UNKNOWN, "a file that ends within a character is no text"

    @pytest.mark.parametrize(
        "piece", [b"<!--", b"<?", b"<!doctype a [", b"]", b" ", b"PK\x03\x04", b"a: \n", b"<"]
    )
    def test_is_found_at_once_in_a_head_made_to_take_long(self, piece: bytes) -> None:
        # No time is measured: a search that goes back and forth would not end within the life of the tests.
        for begin in (b"", b"<!doctype a [", b"PK\x03\x04" + b"\0" * 26):
            media_type((begin + piece * HEAD)[:HEAD])


class TestANameThatSaysSomethingElse:
    @pytest.mark.parametrize(
        ("name", "found", "words"),
        [
            ("letter.pdf", "text/html", "ends in .pdf, but by its content this is a web page"),
            ("letter.PDF ", UNKNOWN, "of a kind that is not recognised"),
            ("photo.jpg", "image/png", "a PNG image"),
            ("page.html", "application/pdf", "a PDF document"),
            ("sheet.xlsx", WORD, "a Word document"),
            ("a\\b.txt", "text/html", "a web page"),
            ("drawing.svg", "text/html", "a web page"),
        ],
    )
    def test_is_told_in_a_sentence(self, name: str, found: str, words: str) -> None:
        assert words in (mismatch(name, found) or "")

    @pytest.mark.parametrize(
        ("name", "found"),
        [
            ("letter.pdf", "application/pdf"),
            ("PHOTO.JPEG", "image/jpeg"),
            ("letter.docx", "application/zip"),
            ("locked.docx", "application/x-ole-storage"),
            ("letter.doc", "application/x-ole-storage"),
            ("figures.csv", "text/plain"),
            ("notes.txt", "message/rfc822"),
            ("drawing.xml", "image/svg+xml"),
            ("README", "text/plain"),
            ("film.mp4", UNKNOWN),
            (".pdf.", "text/html"),
            ("", UNKNOWN),
            ("x" * 5000, UNKNOWN),
        ],
    )
    def test_is_not_claimed_where_name_and_content_can_go_together(self, name: str, found: str) -> None:
        assert mismatch(name, found) is None

    def test_is_never_claimed_for_an_ending_of_the_type_itself(self) -> None:
        for found, (_, endings) in TYPES.items():
            assert [mismatch(f"a.{it}", found) for it in endings] == [None] * len(endings)
