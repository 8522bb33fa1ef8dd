"""A document as a PDF: A4, tagged (PDF/UA-1), searchable, and the same bytes for the same document.

Nothing is fetched while it is made: what a page of hostile words asks for does not exist for it.
"""

import hashlib
from threading import Lock
from typing import Any

from tracker.errors import TrackerError

#: What has to be there, as Debian names it.
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"
#: Pango keeps fonts for the whole process; two documents at once would disturb each other.
_ONE_AT_A_TIME = Lock()


class NoPdf(TrackerError):
    """This installation cannot make PDFs; the text says what is missing and how to get it (503)."""


def missing() -> str | None:
    """Return what this installation lacks for making PDFs and how to get it, None where nothing is."""
    try:
        _imported()
    except ImportError:
        return "PDFs need the extra “pdf” of this program: run pip install 'gdpr-tracker[pdf]'."
    except OSError:
        return f"PDFs need Pango and fonts. On Debian: apt-get install {PACKAGES}."
    return None


def pdf_of(html: str) -> bytes:
    """Return the document as a PDF. Raises NoPdf where this installation cannot make one."""
    if lacking := missing():
        raise NoPdf(lacking)
    html_of, fetcher = _imported()
    nothing = fetcher(allowed_protocols=(), fail_on_errors=True)
    name = hashlib.sha256(html.encode()).hexdigest()[:32]
    with _ONE_AT_A_TIME:
        made: bytes = html_of(string=html, url_fetcher=nothing).write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=name.encode()
        )
    return made


def _imported() -> tuple[Any, Any]:
    """Return what makes a PDF and what fetches for it. Raises ImportError or OSError where it is not there.

    Imported here: it takes a second, which nobody else should wait.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    return HTML, URLFetcher
