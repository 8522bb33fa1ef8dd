"""What a WSGI server loads: `wsgi:app` (both sites), `wsgi:desk` (inside) or `wsgi:public` (everybody).

Each is made when it is asked for, so that `wsgi:public` starts without the private store.
"""

from typing import Any

from tracker.app import both, create_app, create_public_app

MAKERS = {"app": both, "desk": create_app, "public": create_public_app}


def __getattr__(name: str) -> Any:
    """Return the callable of that name, made once."""
    if name not in MAKERS:
        raise AttributeError(name)
    made = globals()[name] = MAKERS[name]()
    return made
