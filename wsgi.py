"""What a WSGI server loads: `wsgi:app` (both sites), `wsgi:desk` (inside) or `wsgi:public` (everybody).

Each is made when it is asked for, so that `wsgi:public` starts without the private store.
"""

import sys
from typing import Any

from tracker.app import both, create_app, create_public_app
from tracker.errors import UnsafeSetting

MAKERS = {"app": both, "desk": create_app, "public": create_public_app}


def __getattr__(name: str) -> Any:
    """Return the callable of that name, made once."""
    if name not in MAKERS:
        raise AttributeError(name)
    try:
        made = globals()[name] = MAKERS[name]()
    except UnsafeSetting as refusal:
        print(f"tracker: {refusal}", file=sys.stderr)
        sys.exit(1)
    return made
