"""Wire the dashboard: the app, its data routes, its headers, and the server."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import dash
from flask import Response, has_request_context, request
from fuping.dashboard.access import add_access, behind_proxy, require_way_in, sign_in_required
from fuping.dashboard.api import add_api
from fuping.dashboard.asked import page_language
from fuping.dashboard.audit_file import add_audit_file
from fuping.dashboard.components import html
from fuping.dashboard.components.first_run import first_run
from fuping.dashboard.components.maplibre.component import data_urls
from fuping.dashboard.components.navigation import PAGES
from fuping.dashboard.components.shell import problem
from fuping.dashboard.downloads import add_downloads
from fuping.dashboard.found_download import add_found_download
from fuping.dashboard.grid_routes import add_grids
from fuping.dashboard.guard import add_guard
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.i18n.refusals import refusal
from fuping.dashboard.identity import ForbiddenError, add_identity
from fuping.dashboard.invited import add_invited
from fuping.dashboard.openid import add_openid, provider
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.land import land_polygons
from fuping.dashboard.queries.quality import pack_quality
from fuping.dashboard.reports.routes import add_evaluation_report, add_event_report, add_reports
from fuping.dashboard.routes import add_routes, compressed
from fuping.dashboard.signing_in import add_signing_in
from fuping.dashboard.state import ViewState
from fuping.layers.office import Office, open_office
from fuping.layers.office.people import count_people
from fuping.layers.stores import Store
from fuping.spatial.errors import FupingError
from werkzeug.middleware.proxy_fix import ProxyFix

__all__ = ["create_app", "serve"]

log = logging.getLogger("fuping.dashboard")

# Dash and plotly put style elements into the page, so styles may be inline; scripts may not, and none is evaluated.
POLICY = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "worker-src 'self'; connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)


MODULES = {name: import_module(f"fuping.dashboard.pages.{name}") for name in PAGES}
"""Each has ``layout(reader, search)`` and ``register(app, reader)``."""

NAMES = {page.path: name for name, page in PAGES.items()}

BEGINNING = ("load", "add_country")
"""Pages that work without any pack: they bring the first one in."""

PRELOAD = '<link rel="preload" as="fetch" crossorigin="anonymous" href="{url}">'


UNUSED = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>\s*')
"""What Dash sends and nobody runs: no page has a Dash table. Its polyfill is run: without it no chart is drawn."""

THREADS = 16
"""Some wait for what another is working out; the rest answer meanwhile."""

ICON = '<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">'


class Page(dash.Dash):
    """The app; the page it sends asks for the map's data at once, before any script has run."""

    reader: Reader

    def interpolate_index(self, *args: Any, **parts: Any) -> str:
        """Add what the first view needs to the head of the page, and its language."""
        parts["scripts"] = UNUSED.sub("", parts["scripts"])
        parts["favicon"] = ICON
        page: str = super().interpolate_index(*args, **parts)
        view = ViewState.read(request.query_string.decode(), self.reader.packs(), self.reader.catalogue)
        on_map = bool(view.pack) and NAMES.get(request.path) == "map"
        mapped = on_map and self.reader.level(view.pack, view.level)["n_units"] > 1
        urls = data_urls(self.reader, view).values() if mapped else ()
        links = "".join(PRELOAD.format(url=_escaped(url)) for url in urls if url)
        head = f'<meta name="viewport" content="width=device-width, initial-scale=1">{links}</head>'
        title = message("app.title", view.language)
        if NAMES.get(request.path, "map") != "map":
            title = f"{message(f'page.{NAMES[request.path]}', view.language)} · {title}"
        page = page.replace(f"<title>{self.title}</title>", f"<title>{title}</title>")
        return page.replace("<html>", f'<html lang="{view.language}">', 1).replace("</head>", head, 1)


def _escaped(url: str) -> str:
    return url.replace("&", "&amp;").replace('"', "%22")


def create_app(store: Store, office: Office | None = None) -> Page:
    """Return the dashboard over a store; nothing it serves comes from another machine.

    Parameters
    ----------
    office
        Where the people of the office write; beside the store where not given.
    """
    reader = Reader(store, office)

    def tell(error: Exception) -> None:
        language = page_language()
        if isinstance(error, ForbiddenError):
            told = message(error.key, language)
        elif isinstance(error, FupingError):
            log.info("refused: %s", error)
            told = refusal(error, language)
        else:
            log.exception("a part of the page failed", exc_info=error)
            told = message("error.unexpected", language)
        dash.set_props("problem", {"children": problem(told, language)})

    app = Page(
        "fuping.dashboard.app",
        title=message("app.title", LANGUAGES[0]),
        serve_locally=True,
        external_scripts=["/map/fuping_map.js"],
        external_stylesheets=["/map/fuping_map.css"],
        suppress_callback_exceptions=True,
        update_title="",
        on_error=tell,
    )
    app.reader = reader

    def layout() -> html.Div:
        # Dash asks for the layout without the page's query; the page is named as the one that asks.
        asked_by = urlsplit((request.referrer if has_request_context() else None) or "")
        if not reader.packs() and NAMES.get(asked_by.path) not in BEGINNING:
            return html.Div(first_run(reader), className="app")
        return MODULES[NAMES.get(asked_by.path, "map")].layout(reader, asked_by.query)

    app.layout = layout
    if behind_proxy():
        app.server.wsgi_app = ProxyFix(app.server.wsgi_app)  # type: ignore[method-assign]
    add_identity(app.server, reader)
    add_guard(app.server, required=sign_in_required())
    add_signing_in(app.server, reader)
    add_invited(app.server, reader)
    vouching = provider()
    if vouching:
        add_openid(app.server, reader, vouching)
    for module in MODULES.values():
        module.register(app, reader)
    add_routes(app.server, reader)
    add_grids(app.server, reader)
    add_downloads(app.server, reader)
    add_found_download(app.server, reader)
    add_api(app.server, reader)
    add_reports(app.server, reader)
    add_event_report(app.server, reader)
    add_evaluation_report(app.server, reader)
    add_audit_file(app.server, reader)
    policy = POLICY.format(hashes=" ".join(app.csp_hashes()))

    @app.server.after_request
    def finish(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        return compressed(response)

    return app


def _work_out(reader: Reader) -> None:
    """Do what takes seconds before a reader waits for it: the land around a country, and the quality of its figures."""
    for pack in reader.packs():
        land_polygons(reader, pack)
    for pack in reader.packs():
        pack_quality(reader, pack)


def serve(store: Store, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    ready
        Told where the dashboard is, before it is made.

    Raises
    ------
    FupingError
        Others can reach the address, and neither a secret nor accounts keep strangers out.
    """
    from waitress import serve as listen

    secret = os.environ.get("FUPING_SECRET", "")
    require_way_in(host, secret, accounts=count_people(open_office(store.root)) if sign_in_required() else None)

    ready(f"Fuping is at http://{host}:{port}/ (Ctrl+C ends it)")
    # These take seconds to import: they come while the reader still looks at the first page, not when asked.
    slow = ("mapclassify", "fuping.spatial.boundaries.neighbours", "fuping.spatial.dynamics")
    threading.Thread(target=lambda: [import_module(name) for name in slow], daemon=True).start()
    app = create_app(store)
    threading.Thread(target=_work_out, args=(app.reader,), daemon=True).start()
    add_access(app.server, secret)
    # Readers who wait a moment are no fault: a warning for each would drown what the log is kept for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    listen(app.server, host=host, port=port, threads=THREADS, clear_untrusted_proxy_headers=not behind_proxy())
