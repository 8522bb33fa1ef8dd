"""What a browser sees of the public site: all its addresses, and what is cut, covered or too small there."""

from tests.plugins.site import WITHDRAWN

#: As an address begins in each language of the site.
LANGUAGES = ("", "/de", "/fr")
#: The page with everything on it.
CASE = "/cases/C081"
FILING = "/filings/C081-07"

#: Every page of the site, where it can be empty or full in both ways, and every refusal.
PAGES = (
    "/",
    "/cases",
    "/cases?text=nothing-at-all",
    "/cases?text=Meta+AI&sort=waiting",
    "/cases?authority=ie-dpc&year=2024",
    "/cases?year=next",
    "/controllers",
    "/controllers?text=nobody-at-all",
    "/controllers/meta-platforms-ireland-limited",
    "/projects",
    "/projects/artificial-intelligence",
    CASE,
    "/cases/C081?of=C081-07",
    "/cases/C082",
    "/cases/C083",
    FILING,
    "/filings/C082-01",
    "/authorities",
    "/authorities?text=nobody-at-all",
    "/authorities/ie-dpc",
    "/authorities/ie-dpc?role=lead",
    "/figures",
    "/about",
    "/data",
    "/route",
    "/route?e-0-place=IE&e-0-decides=yes&e-1-place=NL&lives=AT&affected=EEA&lodged=at-dsb&media=yes",
    "/route?e-0-head=yes&lives=Narnia&about=everything",
    "/no-such-page",
    f"/cases/{WITHDRAWN}",
)

#: Words that lie outside of the window, or that a box of theirs cuts off.
CUT = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const silent = ".visually_hidden, .skip, thead, option, title, desc, svg defs";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const box = node.parentElement;
        if (!node.data.trim() || box.closest(silent) || !box.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const { left, right, width } of range.getClientRects()) {
            if (width && (left < -1 || right > innerWidth + 1)) found.push("outside: " + node.data.trim());
        }
        for (let each = box; each && each !== document.body; each = each.parentElement) {
            const { overflowX, overflowY } = getComputedStyle(each);
            const cuts = ["hidden", "clip"];
            if (cuts.includes(overflowX) && each.scrollWidth > each.clientWidth + 1
                || cuts.includes(overflowY) && each.scrollHeight > each.clientHeight + 1) {
                found.push("cut: " + node.data.trim());
            }
        }
    }
    const wider = document.documentElement.scrollWidth - innerWidth;
    if (wider > 0) found.push(`${wider} px wider than the window`);
    return [...new Set(found)];
}"""

#: What can be pressed and is smaller than 24 px, and no link within a line of text.
SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")].filter(it => {
    const { width, height } = it.getBoundingClientRect();
    const seen = width && it.checkVisibility() && it.tabIndex >= 0 && !it.matches(".skip");
    return seen && getComputedStyle(it).display !== "inline" && Math.min(width, height) < 24;
}).map(it => it.outerHTML.slice(0, 120))"""

#: What WCAG 1.4.12 lets a reader set for text; a drawing has its own, and a table beside it.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`:not(svg, svg *) { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""

#: What has the focus: its name, whether that can be seen, and whether something lies above it.
FOCUSED = """() => {
    const it = document.activeElement;
    if (it === document.body) return null;
    const { left, top, width, height } = it.getBoundingClientRect();
    const ringed = [it, ...it.querySelectorAll("circle")].some(each =>
        ["", "::after"].some(part => {
            const style = getComputedStyle(each, part || null);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
                || each !== it && parseFloat(style.strokeWidth) >= 5;
        }));
    const inside = (x, y) => {
        const at = document.elementFromPoint(x, y);
        return at !== null && (it.contains(at) || at.contains(it));
    };
    const x = left + width / 2, y = top + height / 2;
    const name = (it.getAttribute("aria-label") || it.textContent || it.name || it.tagName).trim();
    return { name, tag: it.localName, ringed, seen: inside(x, y) || inside(left + 4, top + 4) };
}"""
