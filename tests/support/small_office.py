"""The dashboard over the small pack with an office of its own, served to a browser or asked by a client."""

import threading
from contextlib import contextmanager

from fuping.dashboard.app import create_app
from fuping.dashboard.identity import COOKIE
from fuping.layers.office import open_office
from fuping.layers.office.people import add_person
from fuping.layers.office.sessions import begin_session
from small_pack import small_store
from werkzeug.serving import make_server

PASSWORD = "four words of chance"


def small_app(folder):
    """Return the dashboard; its office lies beside its store."""
    return create_app(small_store(folder), open_office(folder / "office", url=""))


@contextmanager
def serving(app):
    """Serve a dashboard on this machine and give its address."""
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def sign_in(app, name, *, role, areas=()):
    """Add a person and return the token of a session of theirs."""
    add_person(app.reader.office, name, password=PASSWORD, role=role, areas=areas)
    return begin_session(app.reader.office, name).token


def client_of(app, name, *, role, areas=()):
    """Return a client; signed in where it has a name."""
    client = app.server.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    if name:
        client.set_cookie(COOKIE, sign_in(app, name, role=role, areas=areas))
    return client
