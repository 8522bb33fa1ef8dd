"""The public site without mouse and without eyes: what the tab key reaches, what a screen reader says."""

import pytest

from tests.web.looked_at import CASE, FILING, FOCUSED, LANGUAGES, PAGES


def tabbed(page) -> list[dict]:
    """Return what has the focus at each press of the tab key, until the page ends."""
    found = []
    # The page is scrolled with the frame that shows the focus.
    frames = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    for _ in range(400):
        page.keyboard.press("Tab")
        page.evaluate(frames)
        at = page.evaluate(FOCUSED)
        if at is None:
            return found
        found.append(at)
    raise AssertionError("the tab key never left the page")


def heard(page) -> list[tuple[str, str]]:
    """Return the page as a screen reader says it, in order: roles with names, and text as "text"."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {it["nodeId"]: it for it in nodes}
    found: list[tuple[str, str]] = []

    def go(node) -> None:
        role = node["role"]["value"] if "role" in node else "none"
        name = node.get("name", {}).get("value", "")
        if not node.get("ignored") and role not in ("none", "generic", "InlineTextBox", "RootWebArea"):
            found.append(("text" if role == "StaticText" else role, " ".join(name.split())))
        if role != "StaticText":
            for each in node.get("childIds", []):
                if each in by_id:
                    go(by_id[each])

    go(nodes[0])
    return found


class TestTheTabKey:
    @pytest.mark.parametrize("width", [360, 1280])
    @pytest.mark.parametrize("address", ["/", CASE, FILING, "/cases", "/route"])
    def test_reaches_everything_and_what_has_the_focus_is_seen(self, public_demo, open_page, address, width):
        """WCAG 2.1.2, 2.4.7, 2.4.11: no trap, a ring of at least 2 px, and nothing above it."""
        page = open_page(public_demo, width=width, height=740)
        page.goto(address)
        stops = tabbed(page)
        assert [it["name"] for it in stops if not (it["ringed"] and it["seen"])] == []
        links = page.locator("main a[href]:visible:not([tabindex='-1'])").count()
        assert len(stops) > links
        assert stops[0]["name"] == "Skip to the content"

    def test_skips_to_the_content_and_goes_on_from_there(self, public_demo, open_page):
        page = open_page(public_demo)
        page.goto(CASE)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")

    def test_opens_what_folds_and_shows_the_focus_within(self, public_demo, open_page):
        page = open_page(public_demo, width=360, height=740)
        page.goto(CASE)
        page.get_by_text("Where it was lodged and who leads, drawn").focus()
        page.keyboard.press("Enter")
        table = page.locator("details:has(> summary:text-is('The map as a table'))")
        table.locator("> summary").focus()
        page.keyboard.press("Enter")
        assert table.locator("table").is_visible()
        page.keyboard.press("Enter")
        assert not table.locator("table").is_visible()

    def test_follows_a_mark_of_the_map(self, public_demo, open_page):
        page = open_page(public_demo)
        page.goto(CASE)
        page.locator("a.place").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url != f"{public_demo}{CASE}"


class TestAScreenReader:
    def test_says_the_answer_first(self, public_demo, open_page):
        """Who against whom, since when, where it lies, what happened last, what is late: before all else."""
        page = open_page(public_demo, width=360, height=740)
        page.goto(CASE)
        said = heard(page)
        marks = [it for it in said if it[0] in ("banner", "navigation", "main", "heading")]
        assert marks[:6] == [
            ("banner", ""),
            ("navigation", "Language"),
            ("navigation", "Site"),
            ("main", ""),
            ("navigation", "Where you are"),
            ("heading", "Meta: use of Facebook and Instagram data to train AI (11 complaints)"),
        ]
        start = said.index(marks[5])
        words = " ".join(words for role, words in said[start:] if role == "text")
        answer = words[: words.index("What it is about")]
        told = ("noyb against", "lodged on 6 June 2024", "Pending for", "Irish DPC", "Last:", "Late, by")
        for part in told:
            assert part in answer

    @pytest.mark.parametrize("address", [it for it in PAGES if "?" not in it])
    def test_finds_headings_in_order_and_names_everywhere(self, public_demo, open_page, address: str):
        page = open_page(public_demo)
        page.goto(address)
        levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(it => +it.localName[1])")
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
        said = heard(page)
        nameless = (
            "navigation",
            "region",
            "table",
            "link",
            "button",
            "textbox",
            "combobox",
            "img",
            "heading",
        )
        assert [it for it in said if it[0] in nameless and not it[1]] == []
        named = [name for role, name in said if role == "navigation"]
        assert len(named) == len(set(named))
        assert [role for role, _ in said if role in ("banner", "main", "contentinfo")] == [
            "banner",
            "main",
            "contentinfo",
        ]

    @pytest.mark.parametrize("width", [360, 1280])
    def test_reads_tables_by_their_heads_on_a_phone_too(self, public_demo, open_page, width: int):
        page = open_page(public_demo, width=width, height=740)
        page.goto(CASE)
        said = heard(page)
        start = said.index(("table", "Filings"))
        table = said[start : start + 400]
        assert [it for it in table if it[0] == "columnheader"][:4] == [
            ("columnheader", "Filing"),
            ("columnheader", "Lodged with"),
            ("columnheader", "Stage"),
            ("columnheader", "Since"),
        ]
        rows = [name for role, name in table if role == "rowheader"]
        assert rows[:11] == [f"C081-{it:02}" for it in range(1, 12)]

    def test_reads_the_protocol_as_a_list(self, public_demo, open_page):
        page = open_page(public_demo)
        page.goto(CASE)
        assert page.locator("ol.timeline > li.entry").count() == 18

    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_is_told_where_the_language_changes(self, public_demo, open_page, language: str):
        page = open_page(public_demo)
        page.goto(language + CASE)
        assert page.locator("html").get_attribute("lang") == language[1:]
        entries = page.locator(".entry [data-part=words]")
        marked = [entries.nth(it).get_attribute("lang") for it in range(entries.count())]
        assert marked and set(marked) == {"en"}
        for name, code in (("English", "en"), ("Deutsch", "de"), ("Français", "fr")):
            link = page.get_by_role("navigation", name=page.locator(".languages").get_attribute("aria-label"))
            if code != language[1:]:
                assert link.get_by_role("link", name=name).get_attribute("lang") == code


class TestWithColoursOfTheReader:
    def test_every_state_is_a_word_with_a_mark_of_its_own_shape(self, public_demo, open_page):
        page = open_page(public_demo)
        page.emulate_media(forced_colors="active")
        for address in (CASE, "/cases", "/cases/C083", FILING):
            page.goto(address)
            states = page.locator(".stage:visible, .outcome:visible")
            assert states.count()
            for at in range(states.count()):
                assert states.nth(at).locator("svg.mark").count() == 1
                assert states.nth(at).inner_text().strip()
