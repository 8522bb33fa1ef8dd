"""The very pages that a proposal, or what is under embargo, will put before the public."""

from typing import Any

from flask import redirect, request, url_for

from tracker.errors import NotFound
from tracker.services import cases, publication
from tracker.services.publication_preview import rows_for
from tracker.web.desk import views
from tracker.web.desk.publication_rows import embargo_of
from tracker.web.guard import act
from tracker.web.languages import PREFIXES
from tracker.web.preview import Where, preview


@views.get("/cases/<case:number>/publication/preview/")
@act("publication.read")
def publication_preview_start(number: str) -> Any:
    """Lead to the page of the case."""
    path = f"cases/{number.upper()}"
    return redirect(url_for("desk.publication_preview", number=number, path=path))


@views.get("/cases/<case:number>/publication/preview/<path:path>")
@act("publication.read")
def publication_preview(number: str, path: str) -> Any:
    """Show a page of the case as the public will read it. Raises NotFound for a page of anything else."""
    case = cases.get_case(number)
    standing = publication.status_of(case.id)
    shown = standing.proposed or standing.embargoed
    if shown is None:
        raise NotFound("Nothing is proposed for this case, so there is nothing to preview.")
    back = url_for("desk.publication_case", number=case.number)
    mount = f"{back}/preview"
    if not _is_of(case.number, f"/{path}"):
        raise NotFound(
            "The preview has the pages of this case alone. This one will stand on the public site."
        )
    words = (
        "What is proposed is shown as it will be read; nothing of it is public."
        if standing.proposed
        else f"What is cleared is shown as it will be read from {embargo_of(shown)} on."
    )
    return preview().page(rows_for(case, shown), f"/{path}", request.host_url, Where(mount, back, words))


def _is_of(number: str, path: str) -> bool:
    """Return whether a path of the public site is one of the case in any language, or of the style."""
    if path.startswith("/static/"):
        return True
    rest = path[3:] if path[:3] in PREFIXES else path
    case = f"/cases/{number}"
    return rest == case or rest.startswith((f"{case}/", f"{case}.", f"/filings/{number}-"))
