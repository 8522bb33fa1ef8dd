"""The documents say what is there: acts, settings, commands, files, links, the tests behind a promise."""

import ast
import re
import shlex
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from tracker.cli import CONTENTS, tracker
from tracker.rules.access import ACTS
from tracker.rules.vocabulary import Role

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(it.relative_to(ROOT)) for it in PAGES]

FENCE = re.compile(r"^```.*?^```", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
#: A path of the source tree, with or without the test in it that is meant.
PLACE = re.compile(
    r"(?:tracker|tests|docs|templates|static|scripts|benchmarks|\.ci)/[\w./-]*\w/?(?:::\w+)*"
    r"|(?:README|CHANGELOG|SECURITY|CONTRIBUTING)\.md|wsgi\.py|setup\.cfg|Makefile"
)


def prose(text: str) -> str:
    """Return a page without its blocks of code."""
    return FENCE.sub("", text)


def spans(text: str) -> list[str]:
    """Return what stands between backticks, on one line each."""
    return [" ".join(it.split()) for it in SPAN.findall(prose(text))]


def lines_of_code(text: str) -> Iterator[str]:
    """Give the lines of all blocks of code, and every span."""
    for block in FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    yield from spans(text)


def table(text: str) -> list[list[str]]:
    """Return the cells of every row of every table, without the rules below the headings."""
    rows = [line.strip().strip("|").split("|") for line in prose(text).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set(" -:")]


def anchors(text: str) -> set[str]:
    """Return the names under which the headings of a page can be linked."""
    headings = re.findall(r"^#+ (.+)$", prose(text), re.M)
    return {re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in headings}


def names_in(path: Path) -> set[str]:
    """Return the tests of a file as they are named after it: "TestX", "TestX::test_y", "test_z"."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{it.name}" for it in node.body if isinstance(it, ast.FunctionDef)}
    return found


def missing(place: str) -> bool:
    """Say whether a path, or the test that is named in it, does not exist."""
    path, _, name = place.partition("::")
    file = ROOT / path
    if not file.exists():
        return True
    return bool(name) and name not in names_in(file)


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that the words call, and the words after it. Raises KeyError for none."""
    here: click.Command = tracker
    while isinstance(here, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        found = here.get_command(click.Context(here), name)
        if found is None:
            raise KeyError(name)
        here = found
    return here, words


def commands(text: str) -> Iterator[list[str]]:
    """Give the words after `tracker` of every call of the program that a page shows."""
    for line in lines_of_code(text):
        found = re.search(r"(?:^|bin/)tracker +([a-z-].*)$", line)
        if found:
            yield shlex.split(found[1].rstrip("'"), comments=True)


def targets() -> set[str]:
    """Return the targets of the Makefile that explain themselves."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M))


@pytest.fixture(params=PAGES, ids=NAMES)
def page(request: pytest.FixtureRequest) -> Path:
    """One of the documents."""
    found: Path = request.param
    return found


class TestEveryDocument:
    def test_leads_to_what_exists(self, page: Path) -> None:
        for link in LINK.findall(prose(page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = unquote(link).partition("#")
            target = page.parent / path if path else page
            assert target.exists(), f"{link} leads nowhere"
            assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), (
                f"no such heading: {link}"
            )

    def test_names_files_and_tests_that_exist(self, page: Path) -> None:
        named = [it for it in spans(page.read_text(encoding="utf-8")) if PLACE.fullmatch(it)]
        assert [it for it in named if missing(it)] == []

    def test_names_commands_and_options_that_exist(self, page: Path) -> None:
        for words in commands(page.read_text(encoding="utf-8")):
            try:
                command, rest = command_of(words)
            except KeyError as unknown:
                pytest.fail(f"tracker {' '.join(words)}: there is no {unknown}")
            known = {"--help", *(name for it in command.params for name in it.opts)}
            strange = [it for it in rest if it.startswith("--") and it.split("=")[0] not in known]
            assert strange == [], f"tracker {' '.join(words)}"

    def test_names_targets_of_make_that_exist(self, page: Path) -> None:
        named = set()
        for line in lines_of_code(page.read_text(encoding="utf-8")):
            named |= set(re.findall(r"(?:^|&& )make (?:-C \S+ )?([a-z-]+)", line))
        assert named <= targets()

    def test_does_not_raise_its_voice(self, page: Path) -> None:
        text = re.sub(r"`[^`]*`", "", prose(page.read_text(encoding="utf-8")))
        assert "!" not in text
        assert [it for it in text if unicodedata.category(it) == "So"] == [], "a picture"


class TestTheReadme:
    def test_begins_with_the_two_commands(self) -> None:
        first, second, *_ = re.findall(r"^make ([a-z-]+)", (ROOT / "README.md").read_text(), re.M)
        assert (first, second) == ("demo", "test")

    def test_leads_to_every_document(self) -> None:
        linked = set(LINK.findall((ROOT / "README.md").read_text()))
        wanted = {str(it.relative_to(ROOT)) for it in PAGES if it.parent.name != "decisions"} - {"README.md"}
        assert wanted - linked == set()


class TestThePageOfRoles:
    def test_is_the_table_of_acts(self) -> None:
        cells = table((ROOT / "docs/roles.md").read_text())
        heading, *rows = [it for it in cells if len(it) == len(Role) + 2]
        roles = [Role(it) for it in heading[2:]]
        assert {it for row in rows for it in row[2:]} == {"yes", "no"}
        shown = {
            row[0].strip("`"): {role for role, cell in zip(roles, row[2:], strict=True) if cell == "yes"}
            for row in rows
        }
        assert shown == dict(ACTS)
        assert len(rows) == len(shown), "an act stands there twice"


class TestThePageOfSettings:
    def test_names_every_variable_that_the_program_reads_and_no_other(self) -> None:
        strings = {
            node.value
            for node in ast.walk(ast.parse((ROOT / "tracker/config.py").read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        wanted = {it for it in strings if re.fullmatch(r"(TRACKER|FLASK)_[A-Z_]+", it)}
        rows = table((ROOT / "docs/settings.md").read_text())
        assert {row[0].strip("`") for row in rows if row[0] != "variable"} == wanted

    def test_is_the_only_source_of_names(self, page: Path) -> None:
        known = re.findall(r"`(TRACKER_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text())
        assert set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8"))) <= set(known)


class TestThePageForOperators:
    def test_lists_every_command(self) -> None:
        listed = [row[0] for row in table((ROOT / "docs/operators.md").read_text())]
        wanted = {f"`tracker {name}`" for names in CONTENTS.values() for name in names}
        assert wanted - set(listed) == set()


class TestTheDecisions:
    FILES = sorted((ROOT / "docs/decisions").glob("*.md"))

    def test_are_all_listed_for_developers(self) -> None:
        listed = LINK.findall((ROOT / "docs/developers.md").read_text())
        assert [it.name for it in self.FILES if f"decisions/{it.name}" not in listed] == []

    def test_are_numbered_without_a_gap(self) -> None:
        assert [int(it.name[:4]) for it in self.FILES] == list(range(1, len(self.FILES) + 1))
        for number, file in enumerate(self.FILES, start=1):
            assert file.read_text().startswith(f"# {number}. ")

    @pytest.mark.parametrize("file", FILES, ids=[it.stem for it in FILES])
    def test_fit_on_a_screen_and_say_what_was_given_up_and_when_to_look_again(self, file: Path) -> None:
        text = file.read_text()
        assert len(text.splitlines()) <= 45
        for part in ("**Question.**", "**Choice.**", "**Given up.**", "**Look again**"):
            assert part in text, part


class TestTheSecurityPage:
    PROMISES = [row for row in table((ROOT / "SECURITY.md").read_text()) if len(row) == 2 and "::" in row[1]]

    def test_has_a_test_for_every_promise(self) -> None:
        text = (ROOT / "SECURITY.md").read_text()
        part = text[text.index("## Promises") : text.index("## Not there yet")]
        rows = [row for row in table(part) if row != ["promise", "shown by"]]
        assert [row[0] for row in rows if row not in self.PROMISES] == []
        assert len(rows) > 20

    @pytest.mark.parametrize("row", PROMISES, ids=[row[0][:50] for row in PROMISES])
    def test_names_tests_and_nothing_else_behind_a_promise(self, row: list[str]) -> None:
        for place in row[1].split():
            name = place.strip("`")
            assert name.startswith("tests/") and not missing(name), name
