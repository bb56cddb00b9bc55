"""The addresses of reports: one of a unit, one of a region, and a zip of many."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, Response, abort, request, send_file, stream_with_context
from fuping.dashboard.i18n.messages import LANGUAGES
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import place_of_code
from fuping.dashboard.reports.batch import report_name, zipped
from fuping.dashboard.reports.faces import TypefaceError
from fuping.dashboard.reports.links import FORMS, Form
from fuping.spatial.errors import FupingError

__all__ = ["add_reports", "renderers"]

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
    """Add the routes ``/report/PACK/CODE.FORM`` and ``/reports/PACK/CODE.FORM.zip``.

    Both read ``lang`` and ``indicator`` from the query, the first also ``parts``, the second ``level``. What is not
    there is answered with 404, and a batch with 503 while another one is made, since each takes a processor for itself.
    """
    making = threading.Lock()

    def made(pack: str, code: str, form: Form, **options: str) -> bytes:
        from fuping.dashboard.reports.build import write_report

        address = request.host_url.rstrip("/")
        language = request.args.get("lang", LANGUAGES[0])
        indicator = request.args.get("indicator", "")
        report = write_report(
            reader, pack, code, language=language, indicator=indicator, address=address, today=date.today(), **options
        )
        return renderers()[form](report)

    @server.get("/report/<pack>/<code>.<form>")
    def report(pack: str, code: str, form: str) -> Response:
        asked = _form(form)
        _known(reader, pack, code)
        try:
            body = made(pack, code, asked, parts=request.args.get("parts", ""))
        except FupingError as error:
            return _refused(error)
        name = report_name(pack, code, request.args.get("lang", LANGUAGES[0]), asked)
        return send_file(io.BytesIO(body), mimetype=TYPES[asked], download_name=name, as_attachment=asked != "pdf")

    @server.get("/reports/<pack>/<code>.<form>.zip")
    def reports(pack: str, code: str, form: str) -> Response:
        from fuping.dashboard.reports.build import report_parts

        asked = _form(form)
        _known(reader, pack, code)
        language = request.args.get("lang", LANGUAGES[0])
        try:
            codes = report_parts(reader, pack, code, request.args.get("level", "")).codes
            # The first one is made before anything is sent, so that what stops them all is said and not cut off.
            first = made(pack, codes[0], asked)
        except FupingError as error:
            return _refused(error)
        if not making.acquire(blocking=False):
            return Response("Another batch is being made.", 503, {"Retry-After": BUSY_SECONDS}, mimetype="text/plain")
        names = [(one, report_name(pack, one, language, asked)) for one in codes]

        def make(one: str) -> bytes:
            return first if one == codes[0] else made(pack, one, asked)

        response = Response(stream_with_context(zipped(names, make)), mimetype="application/zip")
        response.call_on_close(making.release)
        title = f"{pack}_{code}_{language}_{len(codes)}_{asked}.zip"
        response.headers["Content-Disposition"] = f"attachment; filename={title}"
        return response


def _form(form: str) -> Form:
    if form not in FORMS:
        abort(404)
    return "pdf" if form == "pdf" else "docx"


def _known(reader: Reader, pack: str, code: str) -> None:
    if pack not in reader.packs() or place_of_code(reader, pack, code, LANGUAGES[0]) is None:
        abort(404)


def _refused(error: FupingError) -> Response:
    """Say what was asked for and is not there; a typeface that is missing is the server's fault, not the reader's."""
    return Response(str(error), 500 if isinstance(error, TypefaceError) else 404, mimetype="text/plain")
