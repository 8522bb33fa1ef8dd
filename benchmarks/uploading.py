"""A large upload over HTTP, against writing and hashing the same bytes."""

import hashlib
import http.client
import os
import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import homes
from benchmarks.lodging import open_case
from benchmarks.measuring import line, seconds
from benchmarks.serving import HERE, Peak, Served, served
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts
from tracker.web.account import hash_password

ROUNDS = 5
SIZE = 256 << 20
BLOCK = 1 << 20
ADVOCATE, PASSWORD = "advocate@example.org", "a long enough pass phrase"
BOUNDARY = "----------------------------benchmark-of-uploads"


class Browser:
    """A person at the desk: one connection, the cookies it was given."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HERE, port, timeout=120)
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, address: str, body: object = None, **headers: str) -> tuple[int, str]:
        """Return status and text of an answer; keep the cookies."""
        sent = {name.replace("_", "-"): it for name, it in headers.items()}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={it}" for name, it in self._cookies.items())
        self._connection.request(method, address, body=body, headers=sent)  # type: ignore[arg-type]
        answer = self._connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, it = value.split(";")[0].partition("=")
                self._cookies[key] = it
        return answer.status, answer.read().decode()

    def token(self, address: str) -> str:
        """Return the token of the form at an address."""
        status, text = self.ask("GET", address)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        assert status == 200 and found, f"{address}: {status}"
        return found[1]

    def sign_in(self) -> None:
        """Sign in as the advocate."""
        typed = {"email": ADVOCATE, "password": PASSWORD, "csrf_token": self.token("/desk/sign-in")}
        form = "application/x-www-form-urlencoded"
        status, _ = self.ask("POST", "/desk/sign-in", urlencode(typed), Content_Type=form)
        assert status in (302, 303), status

    def upload(self, address: str, source: Path, token: str) -> None:
        """Send the file by the form at the address, as a browser does."""
        begin = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{source.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        end = f"\r\n--{BOUNDARY}--\r\n".encode()

        def body() -> Iterator[bytes]:
            yield begin
            with source.open("rb") as stream:
                while block := stream.read(BLOCK):
                    yield block
            yield end

        status, text = self.ask(
            "POST",
            address,
            body(),
            Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
            Content_Length=str(len(begin) + source.stat().st_size + len(end)),
        )
        assert status == 303, f"{status}: {text[:300]}"

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _fresh(source: Path) -> None:
    """Fill the file with bytes that the store has never seen: known ones would be hashed once more."""
    with source.open("wb") as out:
        for _ in range(SIZE // BLOCK):
            out.write(os.urandom(BLOCK))


def _written_and_hashed(source: Path) -> str:
    """Copy the file on the disk of the store, flush it to the disk, return its SHA-256: the baseline."""
    target = source.with_name("copy.bin")
    digest = hashlib.sha256()
    with source.open("rb") as stream, target.open("wb") as out:
        while block := stream.read(1 << 18):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    target.unlink()
    return digest.hexdigest()


def _measured(server: Served, address: str, home: Path, evidence: Path) -> None:
    """Upload again and again, each time other bytes, and print the figures."""
    browser, source = Browser(server.port), home / "upload.bin"
    try:
        browser.sign_in()
        token = browser.token(address)
        ratios, took, growth = [], [], []
        for number in range(ROUNDS + 1):
            _fresh(source)
            names: list[str] = []
            base = seconds(lambda names=names: names.append(_written_and_hashed(source)))  # type: ignore[misc]
            peak = Peak(server)
            sent = seconds(lambda: browser.upload(address, source, token))
            kept = evidence / names[0][:2] / names[0][2:4] / names[0]
            assert kept.stat().st_size == SIZE
            kept.unlink()
            if number:  # the first round finds nothing prepared
                ratios.append(sent / base)
                took.append(sent)
                growth.append(peak.growth())
    finally:
        browser.close()
    known = [it for it in growth if it is not None]
    grown = f"the server grew by {max(known):.0f} MiB at most" if known else "memory is not told here"
    more = f"{statistics.median(took):.1f} seconds, {grown}"
    line(f"upload of {SIZE >> 20} MiB", ratios, "times writing and hashing the same bytes", more=more)


def run() -> None:
    """Upload 256 MiB to a case by the desk's form, signed in, to a real server."""
    with homes.desk() as (_, settings):
        hashed = hash_password(PASSWORD)
        with transaction():
            accounts.add_user(ADVOCATE, name="Advocate", role=Role.ADVOCATE, password_hash=hashed, by=SHELL)
        address = f"/desk/cases/{open_case(1)}/evidence/new"
        # What the parser of forms puts aside goes to the disk of the home, also where /tmp is memory.
        environ = {"TRACKER_HOME": str(settings.home), "TMPDIR": str(settings.home)}
        with served("wsgi:desk", environ) as server:
            _measured(server, address, settings.home, settings.evidence)
