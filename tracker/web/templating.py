"""What makes templates quick without changing what they say: words are bound, and pieces made, only once.

A word that is fixed, {{ _("Filings") }}, is put into the template in its language when that is compiled,
since each language has an environment of its own. And a piece of a page, between
{% call piece("entry", it, ...) %} and {% endcall %}, is remembered by the values that it is made of: after a
publication most of them are the same. What was withdrawn is asked for by no page any more, and forgotten in
its turn.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any

from babel.support import NullTranslations
from flask import request
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

MOST_PIECES = 20_000
MOST_BYTES = 16 << 20


class _Bound(NodeTransformer):
    """Puts the words of a language in the place of each call of _() that says nothing but fixed words."""

    def __init__(self, words: NullTranslations) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        named = isinstance(node.node, nodes.Name) and node.node.name in ("_", "gettext")
        more = node.kwargs or node.dyn_args or node.dyn_kwargs
        if not named or more or len(node.args) != 1 or not isinstance(node.args[0], nodes.Const):
            return node
        # As _() does it: the words are a format, also without anything to fill in.
        words = nodes.Const(self._words.gettext(node.args[0].value) % {}, lineno=node.lineno)
        return nodes.MarkSafe(words, lineno=node.lineno)


class _Template(Template):
    """A template whose macros are read once: no page gives its own global names to those of another file."""

    def _get_default_module(self, ctx: object = None) -> Any:
        return super()._get_default_module()


class Environment(FlaskEnvironment):
    """An environment of one language."""

    words: NullTranslations | None = None
    template_class = _Template

    def _generate(self, source: nodes.Template, *args: Any, **more: Any) -> str:
        if self.words is not None:
            source = _Bound(self.words).visit(source)
        return super()._generate(source, *args, **more)


class Pieces:
    """The memory of pieces of one language, bounded: what nobody asks for while it fills up is forgotten.

    It has a young and an old half. A piece of the old half that is asked for moves to the young one; when
    that is full, it becomes the old half, and what is left in that is forgotten.
    """

    def __init__(self, *, most: int = MOST_PIECES, most_bytes: int = MOST_BYTES) -> None:
        """Start empty."""
        self._most, self._most_bytes = most // 2, most_bytes // 2
        self._lock = threading.Lock()
        self._young: dict[Hashable, Markup] = {}
        self._old: dict[Hashable, Markup] = {}
        self._bytes = 0

    def __len__(self) -> int:
        """Return how many pieces are remembered."""
        return len(self._young) + len(self._old)

    def piece(self, *values: Hashable, caller: Callable[[], Markup]) -> Markup:
        """Return what the block makes of the values: the first one is its name, the others all that it reads.

        The place where the site is mounted stands in every link, so it is one of them by itself.
        """
        key = (request.environ.get("SCRIPT_NAME", ""), *values)
        found = self._young.get(key)
        if found is not None:
            return found
        found = self._old.pop(key, None)
        made = caller() if found is None else found
        with self._lock:
            if key not in self._young:
                self._young[key] = made
                self._bytes += len(made)
            if len(self._young) >= self._most or self._bytes >= self._most_bytes:
                self._young, self._old, self._bytes = {}, self._young, 0
        return made

    def forget(self) -> None:
        """Forget everything: for tests and benchmarks."""
        with self._lock:
            self._young, self._old, self._bytes = {}, {}, 0
