"""What a browser loads of the public site, counted on the wire: little, and nothing of it is left behind."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from benchmarks import full_case
from benchmarks.weight import first_screen
from tests.plugins.site import served
from tests.reader import Reader
from tracker.app import create_public_app
from tracker.config import Settings
from tracker.db import PUBLIC, db

MOST, MOST_FIRST = 60_000, 14_000
#: What a page could leave in a browser.
LEFT = """async () => ({
    cookies: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
#: Notes what the policy of a page forbids, before the page itself is there.
LISTEN = (
    "addEventListener('securitypolicyviolation', it => (window.broken ??= []).push(it.violatedDirective))"
)


@pytest.fixture
def full(app, settings: Settings) -> Iterator[str]:
    """The site with the case of eleven filings and forty entries, served."""
    full_case.add()
    with served(settings) as site:
        yield site


def loaded(page: Page) -> dict[str, int]:
    """Return the list, filled as the page loads, of the bytes that each answer took on the wire."""
    sizes: dict[str, int] = {}
    addresses: dict[str, str] = {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.responseReceived", lambda it: addresses.update({it["requestId"]: it["response"]["url"]}))

    def finished(it: dict[str, Any]) -> None:
        sizes[addresses[it["requestId"]]] = int(it["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    return sizes


def test_the_page_of_a_large_case_is_light_and_its_first_screen_lighter(full, settings: Settings, open_page):
    """The first screen: heads, the page up to its first section, and the sheet that it waits for."""
    site = create_public_app(settings)
    for prefix in ("", "/de", "/fr"):
        # A window of its own has no file of the site yet.
        page = open_page(full, width=360, height=740)
        sizes = loaded(page)
        page.goto(f"{prefix}/cases/C081", wait_until="networkidle")
        page.wait_for_timeout(200)
        assert any(".svg" in it for it in sizes), sizes
        [sheet] = [it for name, it in sizes.items() if name.endswith(".css")]
        [document] = [it for name, it in sizes.items() if name.endswith("/cases/C081")]
        assert 10_000 < sum(sizes.values()) <= MOST, sizes
        packed = Reader(site).call("GET", f"{prefix}/cases/C081", headers={"Accept-Encoding": "gzip"}).data
        first = first_screen(packed) + document - len(packed) + sheet
        assert document - len(packed) > 0 and first <= MOST_FIRST, (first, sizes)
        # What stands above the first section fills most of the screen of a phone.
        section = page.locator("section.section").first.bounding_box()
        assert section is not None and section["y"] > 740 * 0.6
    with site.app_context():
        db.session.remove()
        db.engines[PUBLIC].dispose()


def test_no_public_page_leaves_anything_or_breaks_its_policy(demo, open_page: Callable[..., Page], watched):
    page = open_page(demo[0], width=360, height=740)
    page.add_init_script(LISTEN)
    paths = ["/", "/cases", "/cases?country=AT", "/authorities", "/authorities/ie-dpc", "/controllers"]
    paths += ["/projects", "/cases/C081", "/cases/C081?by=ngo", "/filings/C081-01", "/about", "/route"]
    for prefix in ("", "/de", "/fr"):
        for path in paths:
            page.goto(f"{prefix}{path}", wait_until="networkidle")
            assert page.evaluate("window.broken ?? []") == [], path
            found = page.evaluate(LEFT)
            assert not any(found.values()), (path, found)
    assert page.context.cookies() == []
    # The listener hears what it is there for.
    page.evaluate("document.body.innerHTML = '<img src=https://elsewhere.example/>'")
    page.wait_for_function("window.broken?.length")
    watched[0].complaints.clear()
    watched[0].elsewhere.clear()
