"""No phoning home: what could call another machine stands in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

TRACKER = Path(__file__).resolve().parents[2] / "tracker"
#: What opens a connection, of the standard library and of what is installed with the program.
CALLING = {
    *("socket", "ssl", "smtplib", "http.client", "http.cookiejar", "urllib.request", "ftplib", "imaplib"),
    *("poplib", "asyncio", "socketserver", "xmlrpc", "telnetlib", "nntplib", "multiprocessing"),
    *("requests", "urllib3", "httpx", "aiohttp", "dns"),
}
#: File -> what it imports of these, and why.
ALLOWED = {
    "services/outbox_smtp.py": {
        "smtplib": "hands mail to the server that was named",
        "ssl": "closed to others",
    },
    "cli/setup.py": {"socket": "is called, and calls nobody: the server for trying things out"},
}


def imported(file: Path) -> Iterator[str]:
    """Yield every module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (it.name for it in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{it.name}" for it in node.names)


def calling(file: Path) -> set[str]:
    """Return what a file imports that could call another machine."""
    return {it for it in CALLING for name in imported(file) if name == it or name.startswith(f"{it}.")}


class TestTheProgram:
    def test_calls_another_machine_in_one_place(self) -> None:
        found = {str(it.relative_to(TRACKER)): calling(it) for it in TRACKER.rglob("*.py")}
        assert {name: it for name, it in found.items() if it} == {
            name: set(reasons) for name, reasons in ALLOWED.items()
        }
