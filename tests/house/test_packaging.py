"""What is installed is what stands in the source: setup.cfg names every package and kind of data file."""

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def settings() -> ConfigParser:
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def packages() -> dict[str, Path]:
    """Return every package that is installed, and the folder it is taken from."""
    options = settings()["options"]
    moved = dict(line.split(" = ") for line in options["package_dir"].split("\n") if line)
    names = options["packages"].split()
    return {name: ROOT / moved.get(name, name.replace(".", "/")) for name in names}


def installed() -> set[Path]:
    """Return every file that an installed program has."""
    found = {file for folder in packages().values() for file in folder.glob("*.py")}
    for name, patterns in settings()["options.package_data"].items():
        for pattern in patterns.replace("\n", ",").split(","):
            wanted = pattern.strip()
            found |= {
                it
                for it in packages()[name].glob(wanted + "/*" if wanted == "**" else wanted)
                if it.is_file()
            }
    return found


class TestAnInstalledProgram:
    def test_has_every_file_of_the_source(self) -> None:
        source = {
            file
            for folder in ("tracker", "templates", "static")
            for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
        assert {str(it.relative_to(ROOT)) for it in source - installed()} == set()

    def test_finds_its_templates_and_style_sheets_inside_the_package(self) -> None:
        assert packages()["tracker.templates"] == ROOT / "templates"
        assert packages()["tracker.static"] == ROOT / "static"

    def test_bears_the_version_that_it_says(self) -> None:
        from tracker import __version__

        assert settings()["metadata"]["version"] == __version__
