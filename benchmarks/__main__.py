"""`python -m benchmarks` runs all; one by name: page, lodging, import, upload, statements."""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask import Flask, Response
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder, create_environ, run_wsgi_app

from benchmarks import by_hand
from benchmarks.measuring import counted, counts, desk, line, seconds, spread
from tracker.app import create_public_app
from tracker.db import transaction
from tracker.reference.authorities import authorities
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Answer
from tracker.services import cases, evidence, filings, imports, updates
from tracker.services.controllers import NewController, NewEstablishment

ROUNDS, CALLS = 7, 200
DAY = date(2024, 6, 6)


def page() -> None:
    """The public case page, from memory and rendered anew, against a bare view returning the same bytes."""
    with desk(cases=True) as (_, settings):
        site, bare = create_public_app(settings), Flask("bare")
        environ = create_environ("/cases/C081", "http://127.0.0.1/")
        body, status, headers = run_wsgi_app(site, dict(environ), buffered=True)
        whole = b"".join(body)
        assert status == "200 OK"
        kept = [(name, value) for name, value in headers if name != "Content-Length"]
        bare.add_url_rule("/cases/C081", view_func=lambda: Response(whole, headers=kept))

        def many(app: Flask, forget: bool = False) -> Callable[[], None]:
            def run() -> None:
                for _ in range(20 if forget else CALLS):
                    if forget:
                        site.extensions["pages_kept"]._pages.clear()
                    b"".join(run_wsgi_app(app, dict(environ))[0])

            return run

        many(bare)(), many(site)()
        warm, anew = [], []
        for _ in range(ROUNDS):
            base = seconds(many(bare)) / CALLS
            warm.append(base / (seconds(many(site)) / CALLS))
            anew.append(base / (seconds(many(site, forget=True)) / 20))
        line("public case page, warm, of a bare view", spread(warm))
        line("public case page, rendered anew, of a bare view", spread(anew, 3))


def _case(affected: str = "EEA") -> str:
    place = NewEstablishment("IE", central=Answer.YES, decides=Answer.YES)
    serial = os.urandom(6).hex()
    new = NewController(name=f"Example {serial}", country="IE", establishments=(place,))
    opened = cases.open_case(
        cases.NewCase(
            title="A case to be lodged",
            ngo="noyb",
            respondents=(cases.Respondent(new=new, affected=(affected,)),),
            claims=(cases.NewClaim("6(1)(f)"),),
        ),
        by=SHELL,
    )
    return opened.number


def lodging() -> None:
    """Lodging with 11, 30 and 60 authorities against the same rows inserted by hand."""
    slugs = [it.slug for it in authorities().values() if it.scope != "board"]
    with desk() as (_, settings):
        for many in (11, 30, 60):
            ratios, took, statements = [], [], 0
            for _ in range(ROUNDS):
                with transaction():
                    number = _case()
                before = counts()
                wanted = [filings.Wanted(slug) for slug in slugs[:many]]
                with counted() as seen:

                    def act(number: str = number, wanted: list[filings.Wanted] = wanted) -> None:
                        with transaction():
                            filings.lodge_complaint(cases.get_case(number), wanted, lodged_on=DAY, by=SHELL)

                    took.append(seconds(act))
                statements = len(seen)
                ratios.append(took[-1] / by_hand.insert(settings, before))
            line(f"lodging with {many}, times the rows by hand", spread(ratios, 1))
            line(f"lodging with {many}", f"{spread(took, 3)} seconds, {statements} statements")


def import_() -> None:
    """Importing 1,000 cases with 10 filings each against the same rows inserted by hand."""
    slugs = [it.slug for it in authorities().values() if it.scope == "national"][:10]
    campaigns = [_campaign(number, slugs) for number in range(1000)]
    text = json.dumps({"schema_version": 1, "campaigns": campaigns})
    with desk() as (_, settings):
        before = counts()
        with counted() as seen:

            def act() -> None:
                with transaction():
                    imports.import_file(text, "thousand.json", by=SHELL)

            took = seconds(act)
        ratio = took / by_hand.insert(settings, before)
        line("import of 1,000 x 10, times the rows by hand", f"{ratio:.1f}")
        line("import of 1,000 x 10", f"{took:.1f} seconds, {len(seen)} statements")


def _campaign(number: int, slugs: list[str]) -> dict[str, object]:
    source = "https://example.org/"
    return {
        "id": f"case-{number}",
        "title": f"Case {number}",
        "ngo": "noyb",
        "internal_ref": None,
        "summary": "A case of the benchmark.",
        "legal_issues": {"articles": ["6(1)(f)"], "requested": ["fine"], "source": source, "verified": True},
        "controllers": [
            {
                "id": f"controller-{number}",
                "legal_entity": f"Example {number} Limited",
                "hq_country": "IE",
                "main_establishment_eu": "IE",
                "verified": True,
            }
        ],
        "filings": [
            {
                "id": f"filing-{number}-{slug}",
                "authority": slug,
                "country": authorities()[slug].country,
                "date": "2024-06-06",
                "complainant_type": "data_subject_represented_art80_1",
                "controllers": [f"controller-{number}"],
                "source": source,
                "verified": True,
            }
            for slug in slugs
        ],
        "events": [],
        "outcome": {"status": "open", "summary": "None yet.", "fines": []},
    }


def upload(size: int = 256 << 20) -> None:
    """Taking in 256 MiB as a request brings them against writing and hashing the same bytes."""
    block = os.urandom(1 << 20)
    with desk() as (_, settings):
        with transaction():
            number = _case()
        source = settings.home / "big.bin"
        with source.open("wb") as out:
            for _ in range(size >> 20):
                out.write(block)

        def baseline() -> None:
            digest, target = hashlib.sha256(), settings.home / "copy.bin"
            with source.open("rb") as stream, target.open("wb") as out:
                while part := stream.read(1 << 18):
                    digest.update(part)
                    out.write(part)
                out.flush()
                os.fsync(out.fileno())
            target.unlink()

        def act() -> None:
            with source.open("rb") as stream:
                sent = {"files": FileStorage(stream, "big.bin")}
                request = EnvironBuilder(method="POST", data=sent).get_request()
                request.max_form_memory_size = None
                files = [(it.stream, it.filename or "") for it in request.files.values()]
                folder = settings.evidence
                with evidence.received(files, folder=folder, limit=settings.max_upload) as arrived:
                    with transaction():
                        evidence.keep_arrived(arrived, cases.get_case(number), folder=folder, by=SHELL)
            for it in Path(settings.evidence).rglob("*"):
                if it.is_file():
                    it.unlink()

        ratios = []
        for _ in range(3):
            base = seconds(baseline)
            ratios.append(seconds(act) / base)
        line("upload of 256 MiB, times writing and hashing", spread(ratios))


def statements() -> None:
    """SQL statements of the desk's case page and list, for little and for much."""
    slugs = [it.slug for it in authorities().values() if it.scope != "board"]
    told: list[str] = []
    with desk() as _:
        for many in (3, 60):
            with transaction():
                number = _case()
                wanted = [filings.Wanted(slug) for slug in slugs[:many]]
                filings.lodge_complaint(cases.get_case(number), wanted, lodged_on=DAY, by=SHELL)
            with counted() as seen:
                case = cases.get_case(number)
                updates.protocol(case.id)
            told.append(f"{len(seen)} with {many} filings")
    line("statements of a case and its protocol", ", ".join(told))


ALL: dict[str, Callable[[], None]] = {
    "page": page,
    "lodging": lodging,
    "import": import_,
    "upload": upload,
    "statements": statements,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = [it for it in names if it not in ALL]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(ALL)}.", file=sys.stderr)
        return 2
    for name in names or ALL:
        ALL[name]()
    return 0


sys.exit(main(sys.argv[1:]))
