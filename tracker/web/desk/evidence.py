"""Evidence at the desk: kept, listed, downloaded as an attachment that runs nothing."""

from typing import Any

from flask import Response, current_app, flash, g, redirect, render_template, request, send_file, url_for

from tracker.db import transaction
from tracker.errors import RuleBroken, TooLarge
from tracker.services import cases, evidence, updates
from tracker.services.accounts import names_of
from tracker.web.desk import case_page, views
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
    filing = next((it for it in case.filings if it.number == request.args.get("filing")), None)
    entry = request.args.get("entry", "")
    update = (
        updates.get_update(case.id, int(entry))
        if entry.isascii() and entry.isdigit() and len(entry) < 10
        else None
    )
    code = 200
    if request.method == "POST":
        # Files come in before the write lock is taken: a slow upload must not keep others waiting.
        with form.files.arrived() as arrivals:
            if form.validate():
                for fault in arrivals.faults:
                    form.refuse(fault)
                if not arrivals.files and not arrivals.faults:
                    form.files.errors = ["Choose at least one file."]
            if not form.errors:
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
                    return redirect(url_for("desk.case", number=number) + "#evidence", 303)
            code = 413 if any(isinstance(it, TooLarge) for it in arrivals.faults) else 422
            form.files.put_aside(arrivals)
    return _page(case, form, filing, update), code


def _page(case: Any, form: EvidenceForm, filing: Any, update: Any) -> str:
    limit = current_app.config["TRACKER"].max_upload
    return render_template(
        "desk/evidence_new.html", case=case, form=form, filing=filing, update=update, limit=limit
    )


@views.get("/cases/<case:number>/evidence/<small:exhibit>")
@act("evidence.read")
def exhibit(number: str, exhibit: int) -> str:
    """Show the custody record of an exhibit."""
    found = evidence.get_exhibit(number, exhibit)
    return render_template(
        "desk/exhibit.html",
        number=number,
        exhibit=found,
        warning=evidence.warning_about(found),
        custody=case_page.custody(found, names_of([found.kept_by])),
    )


@views.get("/cases/<case:number>/evidence/<small:exhibit>/file")
@act("evidence.read")
def exhibit_file(number: str, exhibit: int) -> Response:
    """Send the kept bytes, always as an attachment, never to be run, never cached."""
    with transaction():
        opened = evidence.open_evidence(
            number, exhibit, folder=current_app.config["TRACKER"].evidence, by=g.actor
        )
    response = send_file(
        opened.stream,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=opened.download_name,
        conditional=False,
        etag=False,
    )
    response.content_length = opened.bytes
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
