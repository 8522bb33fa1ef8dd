"""Files that are sent with a form: in the store while they are read, and kept there over a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Request, current_app, request
from flask_wtf.file import MultipleFileField

from tracker.services import evidence_arriving
from tracker.services.evidence_arriving import Arrivals, Aside

#: Files that may wait over a refusal, and the longest of their names that is carried along.
MOST_ASIDE, LONGEST_NAME = 100, 1_000


class DeskRequest(Request):
    """A request whose files go straight to the disk of the store, on a page that takes files.

    So a file of any size is written once and never waits in memory or in the temporary folder of the system.
    """

    #: Set once it is known who asks: a stranger's files are never written there.
    takes_files = False

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._parts: list[Any] = []

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        if not self.takes_files:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        kept = current_app.config["TRACKER"]
        self._parts.append(evidence_arriving.begin(folder=kept.evidence, limit=kept.max_upload))
        return self._parts[-1]

    def close(self) -> None:
        """Remove what was not taken over, also where the sender went away in the middle."""
        for it in self._parts:
            it.close()
        super().close()


class FilesField(MultipleFileField):
    """Any number of files. `aside` are those of a form that was refused: they go along with the next try."""

    aside: list[Aside] = []

    @contextmanager
    def arrived(self) -> Iterator[Arrivals]:
        """Give the files that came with this request, and those that its form says had come before."""
        kept = current_app.config["TRACKER"]
        sent = [(it.stream, it.filename) for it in self.data or [] if it.filename]
        names = {
            part: request.form.get(f"{self.name}-aside-{part}", "")[:LONGEST_NAME]
            for part in request.form.getlist(f"{self.name}-aside")[:MOST_ASIDE]
        }
        with evidence_arriving.received(
            sent, folder=kept.evidence, limit=kept.max_upload, aside=list(names.items())
        ) as arrivals:
            yield arrivals

    def put_aside(self, arrivals: Arrivals) -> None:
        """Keep the files for the next try of the form, for an hour."""
        folder = current_app.config["TRACKER"].evidence
        self.aside = evidence_arriving.put_aside(arrivals, folder=folder)
