"""The preview of a public page: by the public site itself, over a store in memory that only the desk fills.

What comes back is what readers will get, byte for byte, but for a banner in front of the page and for where
its links lead: the site believes that it lies under the address of the preview.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, current_app
from markupsafe import Markup
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tracker.db import PUBLIC, transaction
from tracker.services.publication_preview import Previewed, fill

#: What stands in front of the page; its classes are those of the public style sheet.
BANNER = Markup(
    '<aside class="notice" data-tone="mixed" aria-label="Preview">'
    "<p><strong>Preview.</strong> {} "
    '<a href="{}">Back to the desk</a></p></aside>'
)

#: How the first thing begins that every page has.
SKIP = '<a class="skip"'


def install(app: Flask, make: Callable[[], Flask]) -> None:
    """Let the desk ask for previews. `make` gives the public site over an empty store in memory."""
    app.extensions["preview"] = Preview(make)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a preview stands: what is in front of its paths, the way back, the words of the banner."""

    mount: str
    back: str
    words: str


class Preview:
    """One public site in memory for each process; whoever previews has it alone meanwhile."""

    def __init__(self, make: Callable[[], Flask]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._app: Flask | None = None

    def page(self, previewed: Previewed, path: str, base_url: str, where: Where) -> Response:
        """Return the answer to a path ("/de/cases/C081") of the public site that has this case alone."""
        builder = EnvironBuilder(path=path, base_url=base_url)
        environ = builder.get_environ()
        environ.update({"SCRIPT_NAME": where.mount, "PATH_INFO": path})
        with self._lock:
            if self._app is None:
                self._app = self._make()
            with self._app.app_context(), transaction(PUBLIC):
                fill(previewed)
            answer, status, headers = run_wsgi_app(self._app.wsgi_app, environ, buffered=True)
            body = b"".join(answer)
        response = Response(body, status, headers)
        # Whoever asked for the page of the desk asked for it once: nobody keeps it.
        for name in ("ETag", "Cache-Control", "Content-Length"):
            response.headers.pop(name, None)
        if response.mimetype == "text/html":
            response.set_data(with_banner(body.decode(), where))
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def with_banner(page: str, where: Where) -> str:
    """Return a page with the banner as the first thing in it, after the link that skips to the content."""
    start, skip, rest = page.partition(SKIP)
    words, end, inside = rest.partition("</a>")
    return f"{start}{skip}{words}{end}{BANNER.format(where.words, where.back)}{inside}"


def preview() -> Preview:
    """Return the preview of this app."""
    found: Preview = current_app.extensions["preview"]
    return found
