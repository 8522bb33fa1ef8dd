"""What gunicorn reads by itself where it is started in this folder: what it writes about requests.

Nothing that it writes names who asked, or what stood behind the question mark. An access log, which it has
only where somebody asks for one (--access-logfile), stays empty.
"""

from typing import Any

from gunicorn.glogging import Logger


class Log(Logger):
    """The log of gunicorn without addresses of readers and without what they asked for."""

    def warning(self, msg: str, *args: Any, **more: Any) -> None:
        """Write a warning; of a request that could not be read only that there was one."""
        if str(msg).startswith("Invalid request from"):
            msg, args = "A request could not be read and was refused.", ()
        super().warning(msg, *args, **more)

    def exception(self, msg: str, *args: Any, **more: Any) -> None:
        """Write a fault of the program, with the path of the request and nothing of its query."""
        super().exception(msg, *(str(it).partition("?")[0] for it in args), **more)

    def access(self, *told: Any) -> None:
        """Write nothing."""


logger_class = Log
