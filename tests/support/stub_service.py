"""A stub of a service on this machine; what it answers is written by hand and simulated, never fetched."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from fuping.layers.connect import Cache, HttpClient
from urllib3 import Timeout
from urllib3.util import Retry


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    """Close the connection after so many bytes of the body."""
    endless: bool = False
    wait: float = 0.0
    hold: float = 0.0
    """Seconds for which the connection stays open after the body."""


def as_json(content, **more):
    return Reply(json.dumps(content).encode(), headers={"Content-Type": "application/json"}, **more)


@dataclass
class Stub:
    """Answers of a path in their order, the last again and again; a function of the query where one is given."""

    base: str
    replies: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def script(self, path, *replies):
        self.replies[path] = list(replies)

    def paths(self):
        return [path for path, _ in self.asked]

    def answer(self, address, headers):
        parts = urlsplit(address)
        self.asked.append((address, dict(headers)))
        script = self.replies.get(parts.path, [Reply(b"no such page", status=404)])
        reply = script.pop(0) if len(script) > 1 else script[0]
        if callable(reply):
            return reply({name: values[0] for name, values in parse_qs(parts.query).items()}, headers)
        return reply


@pytest.fixture
def stub():
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            reply = server.stub.answer(self.path, self.headers)
            if reply.wait:
                server.gone.wait(reply.wait)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.endless:
                self.end_headers()
                try:
                    while not server.gone.is_set():
                        self.wfile.write(b"x" * 65536)
                except OSError:
                    pass
                self.close_connection = True
                return
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
            if reply.hold:
                self.wfile.flush()
                server.gone.wait(reply.hold)
            self.close_connection = reply.cut is not None

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.gone = threading.Event()
    server.stub = Stub(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.stub
    server.gone.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def patient():
    """Four tries more without a wait between."""
    return Retry(total=4, status_forcelist=(429, 500, 502, 503, 504), backoff_factor=0)


@pytest.fixture
def client(stub, cache, patient):
    return HttpClient(
        [stub.base.removeprefix("http://")], cache, retry=patient, timeout=Timeout(connect=2, read=2), loopback=True
    )
