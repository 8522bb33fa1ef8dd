"""Every address of the public site, made from its rules: a new rule without an address fails."""

from collections.abc import Iterator

from flask import Flask


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Give every rule of the public site with its addresses: what is public, what is not, what never was."""
    numbers = [f"C00{case}" for case in range(1, 5)]
    known = {
        "/cases/<number>": [f"/cases/{it}" for it in numbers],
        "/filings/<number>": [f"/filings/{it}-0{place}" for it in numbers for place in range(1, 5)],
        "/authorities/<slug>": [
            f"/authorities/{it}" for it in ("nl-ap", "at-dsb", "fr-cnil", "ie-dpc", "xx")
        ],
        "/cases": [
            "/cases",
            "/cases?outcome=won",
            "/cases?year=1999",
            "/cases?year=x",
            "/cases?page=9",
        ],
        "/controllers/<slug>": ["/controllers/example-platforms-ireland-limited", "/controllers/xx"],
        "/projects/<slug>": ["/projects/artificial-minds", "/projects/xx"],
        "/controllers": ["/controllers", "/controllers?text=limited", "/controllers?page=9"],
        "/authorities": ["/authorities", "/authorities?text=zz", "/authorities?country=AT"],
        "/static/<path:filename>": ["/static/css/base.css"],
    }
    for rule in app.url_map.iter_rules():
        for address in known.get(rule.rule, filled(rule.rule, numbers)):
            assert "<" not in address, f"{rule.rule}: no address to read it at is written here"
            yield rule.rule, address
    yield "", "/nowhere"


def filled(rule: str, numbers: list[str]) -> list[str]:
    """Return the addresses of a rule: of what is public, of what is not, and of what never was."""
    of_filings = [f"{it}-0{place}" for it in numbers for place in (1, 3)]
    values = {
        "<number>": of_filings if rule.startswith("/filings") else numbers,
        "<slug>": ["nl-ap", "fr-cnil", "ie-dpc", "xx"],
        "<name>": ["cases", "filings", "entries", "decisions", "deadlines", "hearings", "secrets"],
        "<any(json, ndjson):form>": ["json", "ndjson"],
        "<small:part>": ["1"],
    }
    slots = [slot for slot in values if slot in rule]
    return [rule.replace(slot, it) for slot in slots for it in values[slot]] or [rule]
