"""Evidence at the desk: kept, listed, downloaded as an attachment that runs nothing."""

from typing import Any

from flask import Response, current_app, flash, g, redirect, render_template, request, send_file, url_for

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken
from tracker.services import cases, evidence, updates
from tracker.services.accounts import names_of
from tracker.web.desk import views
from tracker.web.desk.exhibits import custody
from tracker.web.forms import is_small
from tracker.web.forms.filings import EvidenceForm
from tracker.web.guard import act, takes_files
from tracker.web.headers import FILE_POLICY


@views.route("/cases/<case:number>/evidence/new", methods=["GET", "POST"])
@act("evidence.keep", post="evidence.keep")
@takes_files
def evidence_new(number: str) -> Any:
    """Keep one or many files as exhibits of a case, of one filing, or of one entry of its protocol."""
    case = cases.get_case(number)
    form = EvidenceForm()
    kept = current_app.config["TRACKER"]
    filing, update = _belongs(case)
    code = 200
    if request.method == "POST":
        # Files come in before the write lock is taken: a slow upload must not keep others waiting.
        with form.files.arrived() as arrivals:
            if form.validate() and not arrivals.files and not arrivals.faults:
                form.files.errors = ["Choose at least one file."]
            if not form.errors and not arrivals.faults:
                try:
                    with transaction():
                        exhibits = evidence.keep_arrived(
                            arrivals.files,
                            case,
                            filing=filing,
                            update=update,
                            facts=form.facts(),
                            folder=kept.evidence,
                            by=g.actor,
                        )
                        count = len(exhibits)
                except RuleBroken as refusal:
                    case = cases.get_case(number)
                    form.refuse(refusal)
                else:
                    flash(f"{count} {'exhibit' if count == 1 else 'exhibits'} kept.", "success")
                    return redirect(_back(number, filing, update), 303)
            code = form.files.status(arrivals)
            form.files.put_aside(arrivals)
    return _page(case, form, filing, update), code


def _belongs(case: Any) -> tuple[Any, Any]:
    """Return the filing and the entry that the address names. Raises NotFound for what the case has not."""
    filing, entry = request.args.get("filing"), request.args.get("entry")
    chosen = next((it for it in case.filings if it.number == filing), None)
    if filing and chosen is None:
        raise NotFound("There is no such filing in this case.")
    if not entry:
        return chosen, None
    if not is_small(entry):
        raise NotFound("There is no such entry in this case.")
    return chosen, updates.get_update(case.id, int(entry))


def _back(number: str, filing: Any, update: Any) -> str:
    """Return where somebody came from: the entry, the filing, or the case."""
    if update is not None:
        return url_for("desk.case", number=number, _anchor=f"entry-{update.number}")
    if filing is not None:
        return url_for("desk.filing", number=filing.number, _anchor="evidence")
    return url_for("desk.case", number=number, _anchor="evidence")


def _page(case: Any, form: EvidenceForm, filing: Any, update: Any) -> str:
    limit = current_app.config["TRACKER"].max_upload
    return render_template(
        "desk/evidence_new.html",
        case=case,
        form=form,
        filing=filing,
        update=update,
        limit=limit,
        back=_back(case.number, filing, update),
    )


@views.get("/cases/<case:number>/evidence/<small:exhibit>")
@act("evidence.read")
def exhibit(number: str, exhibit: int) -> str:
    """Show the custody record of an exhibit."""
    found = evidence.get_exhibit(number, exhibit)
    filing, entry = evidence.where_it_belongs(found)
    return render_template(
        "desk/exhibit.html",
        number=number,
        exhibit=found,
        warning=evidence.warning_about(found),
        custody=custody(found, names_of([found.kept_by]), number=number, filing=filing, entry=entry),
    )


@views.get("/cases/<case:number>/evidence/<small:exhibit>/file")
@act("evidence.read")
def exhibit_file(number: str, exhibit: int) -> Response:
    """Send the kept bytes, always as an attachment, never to be run, never cached."""
    folder = current_app.config["TRACKER"].evidence
    with transaction():
        # Who only asks for the headers has not taken the file.
        by = None if request.method == "HEAD" else g.actor
        opened = evidence.open_evidence(number, exhibit, folder=folder, by=by)
    response = send_file(
        opened.stream,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=opened.download_name,
        conditional=False,
        etag=False,
        max_age=0,
    )
    response.headers.pop("Expires", None)
    response.content_length = opened.bytes
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
