"""A real browser: what its pages asked of others, what it complained of, and what axe-core finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests import servers

# The first line keeps Chromium from calling its maker; the second lets it find this machine and no other.
FLAGS = [
    *"--disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync --no-sandbox".split(),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

# Said once of every page that is a refusal. The status of the page it asked for is the test's own business.
EXPECTED = "Failed to load resource: the server responded with a status of"


@dataclass
class Watched:
    """What went on in one browser window, of which nothing may be left when the test ends."""

    page: Page
    home: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)

    def request(self, asked: Request) -> None:
        """Note a request to another origin; remember which addresses were pages."""
        if asked.is_navigation_request():
            self.documents.add(asked.url)
        parts = urlsplit(asked.url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" != self.home:
            self.elsewhere.append(asked.url)

    def console(self, message: ConsoleMessage) -> None:
        """Note what the browser complains of: a broken policy, a missing file, a script that failed."""
        page_refused = message.text.startswith(EXPECTED) and message.location["url"] in self.documents
        if message.type in ("error", "warning") and not page_refused:
            self.complaints.append(f"{message.location['url']}: {message.text}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the browser, before -m chooses, so that no test has to remember it."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one per test process."""
    program = servers.find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def watched() -> list[Watched]:
    """Every window the test has opened, in order: empty its lists to allow what they hold."""
    return []


@pytest.fixture
def open_page(browser: Browser, watched: list[Watched]) -> Iterator[Callable[..., Page]]:
    """A function that opens a window of its own, with its own cookies, at the address of a site.

    It takes `width` and `height` in CSS pixels, `javascript`, `dark`, `zoom` (2 is 200 %) and `touch` (it can
    be tapped). When the test ends, nothing may have been asked of another origin, and the browser may not
    have complained of anything.
    """
    contexts = []

    def open_(
        site: str,
        *,
        width: int = 1280,
        height: int = 800,
        javascript: bool = True,
        dark: bool = False,
        zoom: float = 1,
        touch: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": round(width / zoom), "height": round(height / zoom)},
            device_scale_factor=zoom,
            java_script_enabled=javascript,
            has_touch=touch,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        parts = urlsplit(site)
        seen = Watched(page, f"{parts.scheme}://{parts.netloc}")
        watched.append(seen)
        context.on("request", seen.request)
        context.on("console", seen.console)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [it for seen in watched for it in seen.elsewhere] == [], "asked of another origin"
    assert [it for seen in watched for it in seen.complaints] == [], "the browser complained"


# What a page without scripts makes of this is an element, and of a page with scripts it is text.
SCRIPTED = """() => {
    const box = document.createElement("div");
    box.innerHTML = "<noscript><b></b></noscript>";
    return box.querySelector("b") === null;
}"""


# What axe-core says of the colours that are shown: all that another colour scheme can change.
COLOURS = ("color-contrast", "link-in-text-block")

# A page is looked at several times, so axe-core stays in it; only what it found is handed over.
FOUND = """only => axe.run(document, {resultTypes: ["violations"], ...(only.length ? {runOnly: only} : {})})
    .then(results => results.violations)"""


@cache
def _axe() -> str:
    return AXE_FILE_PATH.read_text(encoding="utf-8")


def axe(page: Page, *only: str) -> list[str]:
    """Return what axe-core finds against the page, one line per rule and element. Nothing is what we want.

    Without names of rules (`COLOURS`) it looks at all of its own.
    """
    # Without scripts axe-core waits for a timer that never runs, and so would the test.
    assert page.evaluate(SCRIPTED), "axe-core needs a window that was opened with JavaScript"
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_axe())
    return [
        f"{fault['id']}: {fault['help']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for fault in page.evaluate(FOUND, only)
        for node in fault["nodes"]
    ]
