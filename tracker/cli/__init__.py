"""The command `tracker`: views for the terminal over the same services, one transaction per act."""

import io
import sys
from collections.abc import Sequence

import click
from sqlalchemy.exc import OperationalError

from tracker import __version__
from tracker.errors import BadFile, TrackerError

#: Section -> commands, in the order in which `tracker --help` lists them.
CONTENTS: dict[str, tuple[str, ...]] = {
    "Set up": ("init", "demo", "serve", "user"),
    "Cases": (
        "cases",
        "lodge",
        "route",
        "reroute",
        "deadlines",
        "redate",
        "import",
        "export",
        "imports",
        "decisions",
    ),
    "For court": ("chronology",),
    "Public": ("publish", "withdraw"),
    "Directory": ("authorities", "controllers"),
    "Work by itself": ("work",),
    "Keep safe": ("verify", "backup", "restore"),
}

WHERE: dict[str, str] = {
    "init": "setup:init",
    "demo": "demonstration:demo",
    "serve": "setup:serve",
    "user": "people:user",
    "cases": "casework:cases_command",
    "lodge": "casework:lodge",
    "route": "routes:route",
    "reroute": "routes:reroute",
    "deadlines": "deadlines:deadlines",
    "redate": "redate:redate",
    "chronology": "chronology:chronology_command",
    "authorities": "casework:authorities_command",
    "controllers": "register:controllers_command",
    "publish": "public:publish",
    "withdraw": "public:withdraw",
    "import": "transfer:import_command",
    "export": "transfer:export_command",
    "imports": "transfer:imports_command",
    "work": "work:work_command",
    "decisions": "decisions:decisions_command",
    "verify": "upkeep:verify_command",
    "backup": "upkeep:backup_command",
    "restore": "upkeep:restore_command",
}


class Contents(click.Group):
    """A group whose help reads like a table of contents and whose commands are loaded when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the contents."""
        return [name for names in CONTENTS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its file only now: the rest of the program stays unloaded."""
        if cmd_name not in WHERE:
            return None
        file, name = WHERE[cmd_name].split(":")
        module = __import__(f"tracker.cli.{file}", fromlist=[name])
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section."""
        for section, names in CONTENTS.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                if command is not None:
                    rows.append((name, command.get_short_help_str(200)))
            with formatter.section(section):
                formatter.write_dl(rows)


@click.group(cls=Contents, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tracker")
def tracker() -> None:
    """Track GDPR complaints: one case, many authorities, who leads and why, what was cleared in public.

    All data of an installation lie under TRACKER_HOME (default: .tracker-home in the current folder).
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. A refusal is one line on stderr per fault and exit status 1, wrong usage is 2."""
    for stream in (sys.stdout, sys.stderr):
        # Whatever was typed can be said again, also what is no text or has no place in this terminal.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        ended = tracker.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
        if isinstance(ended, int) and ended:
            sys.exit(ended)  # click hands back the code of ctx.exit()
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as refusal:
        refusal.show()
        sys.exit(refusal.exit_code)
    except BadFile as refusal:
        for fault in refusal.faults:
            click.echo(fault, err=True)
        sys.exit(1)
    except TrackerError as refusal:
        click.echo(f"tracker: {refusal.field + ': ' if refusal.field else ''}{refusal}", err=True)
        sys.exit(1)
    except OperationalError as fault:
        click.echo(f"tracker: the store cannot be used: {fault.orig}", err=True)
        sys.exit(1)
    except UnicodeEncodeError:
        click.echo("tracker: what was typed holds bytes that are no text in UTF-8: type it again.", err=True)
        sys.exit(1)
    except OSError as fault:
        name = f"{fault.filename}: " if fault.filename else ""
        click.echo(f"tracker: {name}{fault.strerror or fault}", err=True)
        sys.exit(1)
