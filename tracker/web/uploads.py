"""Files that are sent with a form: in the store while they are read, and kept there over a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Request, current_app, request
from flask_wtf.file import MultipleFileField

from tracker.errors import RuleBroken, TooLarge
from tracker.services import evidence_arriving
from tracker.services.evidence_arriving import Arrivals, Aside

#: Files that go with one form, and the longest of their names that is carried along. A form that is refused
#: names each file in two fields of the next, and a form has a thousand parts at most.
MOST_FILES, LONGEST_NAME = 300, 1_000


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
            for part in request.form.getlist(f"{self.name}-aside")[:MOST_FILES]
        }
        room = MOST_FILES - len(names)
        with evidence_arriving.received(
            sent[:room], folder=kept.evidence, limit=kept.max_upload, aside=list(names.items())
        ) as arrivals:
            if len(sent) > room:
                more = f"{MOST_FILES} files go at once: choose the other {len(sent) - room} again afterwards."
                arrivals.faults.append(RuleBroken(more, field=self.name))
            yield arrivals

    def status(self, arrivals: Arrivals) -> int:
        """Return the status of a refusal: 413 where a file is too large, else 422."""
        return 413 if any(isinstance(it, TooLarge) for it in arrivals.faults) else 422

    def content(self, arrivals: Arrivals, *, limit: int) -> tuple[str, bytes]:
        """Return name and content of the first file, of one that is read and not kept. Raises TooLarge."""
        it = arrivals.files[0]
        folder = current_app.config["TRACKER"].evidence
        return it.name, evidence_arriving.content(it, folder=folder, limit=limit)

    def put_aside(self, arrivals: Arrivals) -> None:
        """Keep the files for the next try of the form, for an hour; say of each that cannot be kept why."""
        told = [str(it) for it in arrivals.faults]
        self.errors = [*self.errors, *(it for it in told if it not in self.errors)]
        folder = current_app.config["TRACKER"].evidence
        self.aside = evidence_arriving.put_aside(arrivals, folder=folder)
