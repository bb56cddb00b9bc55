"""The addresses of reports: of a unit, of a region, a zip of many, of an event, and of an evaluation."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, Response, abort, jsonify, request, send_file
from fuping.dashboard.asked import asked_language, page_language
from fuping.dashboard.i18n.messages import LANGUAGES
from fuping.dashboard.i18n.refusals import refusal, told_in
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.event import asked_event
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.reports.batch import report_name
from fuping.dashboard.reports.batches import Batch, Batches, BusyError
from fuping.dashboard.reports.faces import TypefaceError
from fuping.dashboard.reports.links import FORMS, Form
from fuping.dashboard.state import CLASS_PARAMETERS, ViewState
from fuping.spatial.errors import FupingError

__all__ = ["add_evaluation_report", "add_event_report", "add_reports", "renderers"]

TYPES: dict[Form, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

BUSY_SECONDS = "30"


def renderers() -> dict[Form, Callable[[Any], bytes]]:
    """Return what sets a report in each format; the typesetters are imported when first asked for."""
    from fuping.dashboard.reports.pdf import pdf
    from fuping.dashboard.reports.word import word

    return {"pdf": pdf, "docx": word}


def add_reports(server: Flask, reader: Reader) -> None:
    """Add the routes ``/report/PACK/CODE.FORM`` and, to begin a batch of them, ``/reports/PACK/CODE.FORM``.

    Both read from the query ``lang``, ``indicator`` and what decides its classes, the first also ``parts``, the second
    ``level``. What is not there is answered with 404, and a batch with 503 where too many wait, since each takes a
    processor for itself.
    """
    batches = Batches()

    def maker(pack: str, form: Form, language: str, indicator: str, **options: str) -> Callable[[str], bytes]:
        """Return what makes the report of a unit, also once the request is over."""
        from fuping.dashboard.reports.build import write_report

        address = request.host_url.rstrip("/")
        classes = {name: request.args[name] for name in CLASS_PARAMETERS if name in request.args}

        def make(code: str) -> bytes:
            given: Any = {"language": language, "indicator": indicator, "address": address} | options
            given["classes"] = classes
            return renderers()[form](write_report(reader, pack, code, today=date.today(), **given))

        return make

    @server.get("/report/<pack>/<code>.<form>")
    def report(pack: str, code: str, form: str) -> Response:
        asked = _form(form)
        _known(reader, pack, code)
        language, indicator = request.args.get("lang", LANGUAGES[0]), request.args.get("indicator", "")
        try:
            body = maker(pack, asked, language, indicator, parts=request.args.get("parts", ""))(code)
        except FupingError as error:
            return _refused(error)
        name = report_name(pack, code, language, asked)
        return send_file(io.BytesIO(body), mimetype=TYPES[asked], download_name=name, as_attachment=asked != "pdf")

    @server.post("/reports/<pack>/<code>.<form>")
    def batch(pack: str, code: str, form: str) -> Response:
        from fuping.dashboard.reports.build import report_parts

        asked = _form(form)
        _known(reader, pack, code)
        language, indicator = request.args.get("lang", LANGUAGES[0]), request.args.get("indicator", "")
        make = maker(pack, asked, language, indicator)
        try:
            codes = report_parts(reader, pack, code, request.args.get("level", "")).codes
            # The first one is made at once, so that what stops them all is said before anybody waits.
            first = make(codes[0])
            names = [(one, report_name(pack, one, language, asked)) for one in codes]
            title = f"{pack}_{code}_{language}_{len(codes)}_{asked}.zip"
            begun = batches.start(title, names, lambda one: first if one == codes[0] else make(one))
        except BusyError as error:
            return Response(refusal(error, asked_language()), 503, {"Retry-After": BUSY_SECONDS}, mimetype="text/plain")
        except FupingError as error:
            return _refused(error)
        home = f"/reports/batches/{begun.id}"
        return jsonify({"status": f"{home}.json", "stop": f"{home}/stop", "file": f"{home}.zip"})

    def found(identity: str) -> Batch:
        return batches.get(identity) or abort(404)

    @server.get("/reports/batches/<identity>.json")
    def batch_progress(identity: str) -> Response:
        one = found(identity)
        working = one.state in ("waiting", "working")
        told = {
            "working": working,
            "state": one.state,
            "done": one.done,
            "total": one.total,
            "told": told_in(one.told, page_language()),
        }
        answer = jsonify(told)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @server.post("/reports/batches/<identity>/stop")
    def batch_stop(identity: str) -> Response:
        found(identity).stopped.set()
        return jsonify({})

    @server.get("/reports/batches/<identity>.zip")
    def batch_zip(identity: str) -> Response:
        one = found(identity)
        if one.state != "ready":
            abort(404)
        return send_file(one.path, mimetype="application/zip", download_name=one.title, as_attachment=True)


def add_event_report(server: Flask, reader: Reader) -> None:
    """Add the route ``/event/PACK.pdf``; its query is that of the scenario page, and without a place it gives 404."""

    @server.get("/event/<pack>.pdf")
    def event_report(pack: str) -> Response:
        from fuping.dashboard.reports.event_report import write_event

        if pack not in reader.packs():
            abort(404)
        view = ViewState.read(f"{request.query_string.decode()}&pack={pack}", reader.packs(), reader.catalogue)
        event = asked_event(reader, view)
        if event is None:
            abort(404)
        report = write_event(reader, view, event, address=request.host_url.rstrip("/"), today=date.today())
        try:
            body = renderers()["pdf"](report)
        except FupingError as error:
            return _refused(error)
        name = f"{pack}_{event.kind}_{view.language}.pdf"
        return send_file(io.BytesIO(body), mimetype=TYPES["pdf"], download_name=name)


def add_evaluation_report(server: Flask, reader: Reader) -> None:
    """Add the route ``/evaluation/PACK.FORM``; its query is that of the page. Where nothing is to be evaluated: 404."""

    @server.get("/evaluation/<pack>.<form>")
    def evaluation_report(pack: str, form: str) -> Response:
        from fuping.dashboard.queries.evaluation import evaluate
        from fuping.dashboard.queries.evaluation_design import read_design
        from fuping.dashboard.reports.evaluation_report import write_evaluation

        asked = _form(form)
        if pack not in reader.packs():
            abort(404)
        view = ViewState.read(f"{request.query_string.decode()}&pack={pack}", reader.packs(), reader.catalogue)
        design = read_design(reader, view)
        if design is None:
            abort(404)
        address = request.host_url.rstrip("/")
        report = write_evaluation(reader, view, evaluate(reader, design), address=address, today=date.today())
        try:
            body = renderers()[asked](report)
        except FupingError as error:
            return _refused(error)
        name = f"{pack}_evaluation_{view.language}.{asked}"
        return send_file(io.BytesIO(body), mimetype=TYPES[asked], download_name=name, as_attachment=asked != "pdf")


def _form(form: str) -> Form:
    if form not in FORMS:
        abort(404)
    return "pdf" if form == "pdf" else "docx"


def _known(reader: Reader, pack: str, code: str) -> None:
    if pack not in reader.packs() or place_of_code(reader, pack, code, LANGUAGES[0]) is None:
        abort(404)


def _refused(error: FupingError) -> Response:
    """Say what was asked for and is not there; a typeface that is missing is the server's fault, not the reader's."""
    return Response(
        refusal(error, asked_language()), 500 if isinstance(error, TypefaceError) else 404, mimetype="text/plain"
    )
