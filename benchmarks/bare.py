"""The baseline of pages: a Flask app whose only view returns given bytes with given headers."""

import json
import os
from pathlib import Path

from flask import Flask, Response

ADDRESS = "/cases/C081"
#: Names the folder with page.html and headers.json, for the app that a server loads.
FOLDER = "BENCHMARK_BARE"


def bare(body: bytes, headers: list[tuple[str, str]]) -> Flask:
    """Return the app. The length is left to Flask, as everywhere."""
    app = Flask("bare", static_folder=None)
    fixed = [(name, value) for name, value in headers if name.lower() != "content-length"]

    @app.get(ADDRESS)
    def page() -> Response:
        return Response(body, headers=fixed)

    return app


def save(folder: Path, body: bytes, headers: list[tuple[str, str]]) -> None:
    """Write what app() reads in another process."""
    (folder / "page.html").write_bytes(body)
    (folder / "headers.json").write_text(json.dumps(headers), encoding="utf-8")


def app() -> Flask:
    """Return the app with what save() has written, for a server."""
    folder = Path(os.environ[FOLDER])
    told = json.loads((folder / "headers.json").read_text(encoding="utf-8"))
    return bare((folder / "page.html").read_bytes(), [(name, value) for name, value in told])
