"""`python -m benchmarks` runs all of them, `python -m benchmarks page upload` the named ones."""

import signal
import sys
from collections.abc import Callable

from benchmarks import docket, importing, load, lodging, page, public_lists, routing, statements, uploading

#: What can be asked for, in the order in which all of them run.
ALL: dict[str, Callable[[], None]] = {
    "page": page.run,
    "load": load.run,
    "lodging": lodging.run,
    "routing": routing.run,
    "import": importing.run,
    "docket": docket.run,
    "lists": public_lists.run,
    "upload": uploading.run,
    "statements": statements.run,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and return the exit status: 2 for a name that does not exist."""
    unknown = [it for it in names if it not in ALL]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(ALL)}.", file=sys.stderr)
        return 2
    # Whoever ends this early still gets the temporary homes removed: SystemExit passes every clean-up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for name in names or ALL:
            ALL[name]()
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
