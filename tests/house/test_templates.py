"""What templates must not do: leak a session into public pages, trust markup, import what they do not use."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

ROOT = Path(__file__).resolve().parents[2] / "templates"
ALL = sorted(ROOT.rglob("*.html"))
PUBLIC = [
    it for it in ALL if it.parent.name in ("public", "macros") or it.name in ("public.html", "base.html")
]
#: What would give a visitor a cookie, or make a public page depend on who reads it.
PRIVATE_NAMES = {"session", "csrf_token", "g", "current_user", "get_flashed_messages", "actor", "may"}


def parsed(path: Path) -> nodes.Template:
    """Return the syntax tree of a template, in an environment that knows its filters by name."""
    env = Environment()  # noqa: S701 - nothing is rendered
    tree = env.parse(path.read_text(encoding="utf-8"))
    env.filters.update({it.name: str for it in tree.find_all(nodes.Filter)})
    env.tests.update({it.name: bool for it in tree.find_all(nodes.Test)})
    return tree


def ident(path: Path) -> str:
    """Return the path of a template within its folder."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", ALL, ids=ident)
class TestEveryTemplate:
    def test_trusts_no_markup(self, path: Path):
        used = {it.name for it in parsed(path).find_all(nodes.Filter)}
        assert not used & {"safe", "forceescape"}
        assert not list(parsed(path).find_all(nodes.MarkSafe))

    def test_imports_nothing_that_it_does_not_use(self, path: Path):
        tree = parsed(path)
        imported = {
            name if isinstance(name, str) else name[1]
            for it in tree.find_all(nodes.FromImport)
            for name in it.names
        }
        used = {it.name for it in tree.find_all(nodes.Name)}
        assert imported <= used, f"imported and not used: {sorted(imported - used)}"

    def test_has_no_style_and_no_script_of_its_own(self, path: Path):
        text = path.read_text(encoding="utf-8")
        # Data about the page is no script: nothing runs it.
        text = text.replace('<script type="application/ld+json">', "")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)

    def test_is_polite_without_being_servile(self, path: Path):
        words = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.S)
        assert not re.search(r"\bplease\b|click here", words, re.I)
        assert "!" not in words


@pytest.mark.parametrize("path", PUBLIC, ids=ident)
class TestEveryPublicTemplate:
    def test_knows_nobody(self, path: Path):
        # A macro may call a value it is given `actor`; what it is not given it must not know.
        asked = meta.find_undeclared_variables(parsed(path))
        assert not asked & PRIVATE_NAMES, sorted(asked & PRIVATE_NAMES)


def test_every_macro_is_called_by_somebody() -> None:
    """What nobody calls is read by everybody, and tested by nobody."""
    called, made = set(), {}
    for path in ALL:
        tree = parsed(path)
        for macro in tree.find_all(nodes.Macro):
            made[ident(path), macro.name] = path
            # A macro that only calls itself is called by nobody.
            inside = {id(it) for it in macro.find_all(nodes.Name) if it.name == macro.name}
            if any(it.name == macro.name and id(it) not in inside for it in tree.find_all(nodes.Name)):
                called.add((ident(path), macro.name))
        for it in tree.find_all(nodes.FromImport):
            assert isinstance(it.template, nodes.Const)
            called |= {(it.template.value, name if isinstance(name, str) else name[0]) for name in it.names}
    assert set(made) <= called, f"nobody calls {sorted(set(made) - called)}"
