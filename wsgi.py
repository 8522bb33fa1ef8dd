"""What a WSGI server loads: `wsgi:app` (both sites), `wsgi:desk` (inside) or `wsgi:public` (everybody).

Each is made when it is asked for, so that `wsgi:public` starts without the private store. A refusal ends the
process with status 1; under gunicorn with the one at which its master ends too, instead of starting a worker
after the other for ever (4, as for a program that cannot be loaded).
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
        arbiter = sys.modules.get("gunicorn.arbiter")
        sys.exit(arbiter.Arbiter.APP_LOAD_ERROR if arbiter else 1)
    return made
