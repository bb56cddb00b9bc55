"""The client under failures that a stub server is told to make (simulated): nothing is lost, leaked or half-kept."""

import hashlib
import logging
import socket
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from fuping.layers.connect import PATIENCE, ConnectError, Request
from fuping.layers.connect.guard import check_target
from pydantic import SecretStr
from stub_service import Reply
from urllib3 import Timeout

WHOLE = bytes(range(256)) * 2000


def kept(cache):
    return [path.name for path in cache.folder.iterdir() if path.suffix != ".lock"]


def test_a_service_that_fails_once_is_asked_again(stub, client):
    stub.script("/a", Reply(b"busy", status=500), Reply(b"good"))
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == b"good"
    assert stub.paths() == ["/a", "/a"]


def test_a_service_that_always_fails_is_left_after_so_many_tries(stub, client, cache):
    stub.script("/a", Reply(b"busy", status=503))
    with pytest.raises(ConnectError, match="does not answer: status 503, 5 times"):
        client.get(Request(f"{stub.base}/a"))
    assert len(stub.asked) == 5
    assert kept(cache) == []


def test_retry_after_is_waited(stub, client):
    stub.script("/a", Reply(status=429, headers={"Retry-After": "1"}), Reply(b"good"))
    start = time.monotonic()
    client.get(Request(f"{stub.base}/a"))
    assert time.monotonic() - start >= 1


def test_a_service_that_asks_for_an_hour_is_left_alone(stub, client):
    stub.script("/a", Reply(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(ConnectError, match="asks to wait 3600 s"):
        client.get(Request(f"{stub.base}/a"))
    assert len(stub.asked) == 1


def test_the_wait_grows_and_is_not_the_same_for_all():
    waits, retry = [], PATIENCE
    for _ in range(5):
        retry = retry.increment("GET", "/", error=OSError("cut"))
        waits.append(retry.get_backoff_time())
    assert waits[0] == 0
    for wait, least in zip(waits[1:], (1, 2, 4, 8), strict=True):
        assert least <= wait <= least + 0.5
    assert len({wait % 1 for wait in waits[1:]}) > 1


def test_a_refusal_is_not_tried_again_and_is_quoted(stub, client):
    stub.script("/a", Reply(b"error: unknown variable 'XYZ'", status=400))
    with pytest.raises(ConnectError, match="status 400: error: unknown variable 'XYZ'"):
        client.get(Request(f"{stub.base}/a"))
    assert len(stub.asked) == 1


def test_a_service_that_is_silent_times_out(stub, client):
    stub.script("/a", Reply(b"late", wait=5), Reply(b"good"))
    quick = replace(client, timeout=Timeout(connect=1, read=0.2))
    assert quick.get(Request(f"{stub.base}/a")).path.read_bytes() == b"good"


def resuming(tag):
    def reply(query, headers):
        if headers.get("If-Range") != tag:
            return Reply(WHOLE, headers={"ETag": tag})
        start = int(headers["Range"].removeprefix("bytes=").removesuffix("-"))
        told = {"ETag": tag, "Content-Range": f"bytes {start}-{len(WHOLE) - 1}/{len(WHOLE)}"}
        return Reply(WHOLE[start:], status=206, headers=told)

    return reply


def test_a_transfer_that_breaks_goes_on_where_it_broke(stub, client):
    stub.script("/a", Reply(WHOLE, headers={"ETag": '"1"'}, cut=300_000), resuming('"1"'))
    answer = client.get(Request(f"{stub.base}/a", sha256=hashlib.sha256(WHOLE).hexdigest()))
    assert answer.path.read_bytes() == WHOLE
    assert answer.size == len(WHOLE) == 512_000
    assert stub.asked[1][1]["Range"] == "bytes=300000-"
    assert stub.asked[1][1]["If-Range"] == '"1"'


def test_a_transfer_goes_on_in_a_later_call(stub, client, patient):
    stub.script("/a", Reply(WHOLE, headers={"ETag": '"1"'}, cut=300_000), Reply(status=503))
    with pytest.raises(ConnectError):
        replace(client, retry=patient.new(total=1)).get(Request(f"{stub.base}/a"))
    stub.script("/a", resuming('"1"'))
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == WHOLE
    assert stub.asked[-1][1]["Range"] == "bytes=300000-"


ASK = """
import sys
from pathlib import Path
from fuping.layers.connect import Cache, HttpClient, Request
base, folder = sys.argv[1:]
client = HttpClient([base.removeprefix("http://")], Cache(Path(folder)), loopback=True)
client.get(Request(f"{base}/a"), lambda done, size: print(done, flush=True))
"""


def test_a_transfer_goes_on_after_the_process_was_killed(stub, client, cache):
    stub.script("/a", Reply(WHOLE, headers={"ETag": '"1"'}, cut=300_000, hold=20), resuming('"1"'))
    with subprocess.Popen([sys.executable, "-c", ASK, stub.base, str(cache.folder)], stdout=subprocess.PIPE) as asking:
        while int(asking.stdout.readline()) < 300_000:
            pass
        asking.kill()
    came = next(cache.folder.glob("*.part")).stat().st_size
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == WHOLE
    assert 0 < came <= 300_000
    assert stub.asked[-1][1]["Range"] == f"bytes={came}-"


def test_two_transfers_of_one_address_at_a_time_do_not_mix(stub, client, cache):
    stub.script("/a", Reply(WHOLE, headers={"ETag": '"1"'}))
    with cache.part(Request(f"{stub.base}/a")) as part:
        part.begin('"1"')
        part.path.write_bytes(b"other")
        assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == WHOLE
        assert "Range" not in stub.asked[0][1]
        assert part.path.read_bytes() == b"other"


def test_a_file_that_changed_meanwhile_starts_anew(stub, client):
    stub.script("/a", Reply(b"old" * 9, headers={"ETag": '"1"'}, cut=5), resuming('"2"'))
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == WHOLE


def test_a_transfer_that_nothing_identifies_starts_anew(stub, client):
    stub.script("/a", Reply(WHOLE, headers={"ETag": 'W/"1"'}, cut=300_000), Reply(WHOLE))
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == WHOLE
    assert "Range" not in stub.asked[1][1]


def test_a_service_that_goes_on_elsewhere_than_was_asked_is_not_believed(stub, client):
    wrong = Reply(WHOLE[10:], status=206, headers={"ETag": '"1"', "Content-Range": "bytes 10-511999/512000"})
    stub.script("/a", Reply(WHOLE, headers={"ETag": '"1"'}, cut=300_000), wrong, Reply(WHOLE))
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == WHOLE


def test_bytes_of_another_hash_are_refused_and_forgotten(stub, client, cache):
    stub.script("/a", Reply(b"other", headers={"ETag": '"1"'}))
    with pytest.raises(ConnectError, match=hashlib.sha256(b"other").hexdigest()):
        client.get(Request(f"{stub.base}/a", sha256="0" * 64))
    assert kept(cache) == []


@pytest.mark.parametrize("known", [{"ETag": 'W/"7"'}, {"Last-Modified": "Tue, 01 Jul 2025 08:00:00 GMT"}])
def test_what_did_not_change_is_not_sent_again(stub, client, known):
    stub.script("/a", Reply(b"good", headers=known), Reply(status=304))
    first = client.get(Request(f"{stub.base}/a"))
    second = client.get(Request(f"{stub.base}/a"))
    assert second.path.read_bytes() == b"good"
    assert (second.fetched, second.sha256) == (first.fetched, first.sha256)
    sent = stub.asked[1][1]
    assert next(iter(known.values())) in (sent.get("If-None-Match"), sent.get("If-Modified-Since"))


def test_a_damaged_copy_is_not_used(stub, client):
    stub.script("/a", Reply(b"good", headers={"ETag": '"1"'}))
    client.get(Request(f"{stub.base}/a")).path.write_bytes(b"goof")
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == b"good"
    assert "If-None-Match" not in stub.asked[1][1]


def test_what_is_kept_stays_when_the_service_fails(stub, client):
    stub.script("/a", Reply(b"good"), Reply(status=500))
    kept = client.get(Request(f"{stub.base}/a"))
    with pytest.raises(ConnectError):
        client.get(Request(f"{stub.base}/a"))
    assert kept.path.read_bytes() == b"good"


def test_a_body_without_end_is_cut_at_the_limit(stub, client, cache):
    stub.script("/a", Reply(endless=True))
    with pytest.raises(ConnectError, match="more than 1,000,000 bytes"):
        replace(client, largest=1_000_000).get(Request(f"{stub.base}/a"))
    assert kept(cache) == []


def test_a_body_that_says_that_it_is_too_large_is_not_read(stub, client):
    stub.script("/a", Reply(b"x" * 100))
    with pytest.raises(ConnectError, match="sends 100 bytes; at most 99"):
        replace(client, largest=99).get(Request(f"{stub.base}/a"))


def test_a_redirect_within_the_declared_hosts_is_followed(stub, client):
    stub.script("/a", Reply(status=302, headers={"Location": "/b?x=1"}))
    stub.script("/b", Reply(b"good"))
    assert client.get(Request(f"{stub.base}/a")).path.read_bytes() == b"good"
    assert stub.paths() == ["/a", "/b?x=1"]


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://elsewhere.example/b", "elsewhere.example is not one that this service declares"),
        ("http://10.0.0.1/b", "10.0.0.1 is not one"),
        ("http://169.254.169.254/latest/meta-data", "169.254.169.254 is not one"),
        ("http://127.0.0.1:1/b", "127.0.0.1:1 is not one"),
        ("file:///etc/passwd", "no address on the web"),
        ("http://[::1", "no address on the web"),
    ],
)
def test_a_redirect_out_of_the_declared_hosts_is_refused(stub, client, monkeypatch, location, told):
    stub.script("/a", Reply(status=302, headers={"Location": location}))
    found, lookups = socket.getaddrinfo, []

    def once(host, *rest, **more):
        lookups.append(host)
        return found(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    with pytest.raises(ConnectError, match=told.replace(".", r"\.")):
        client.get(Request(f"{stub.base}/a"))
    assert set(lookups) == {"127.0.0.1"}


def test_a_ring_of_redirects_ends(stub, client):
    stub.script("/a", Reply(status=302, headers={"Location": "/a"}))
    with pytest.raises(ConnectError, match="redirects more than 5 times"):
        client.get(Request(f"{stub.base}/a"))
    assert len(stub.asked) == 6


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "127.0.0.1",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)
def test_a_declared_host_that_leads_into_a_private_network_is_refused(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    answer = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answer)
    with pytest.raises(ConnectError, match="not a public address"):
        check_target("https://api.example/data", ["api.example"])


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answer)
    with pytest.raises(ConnectError, match=r"leads to 10\.0\.0\.1"):
        check_target("https://api.example/data", ["api.example"])


def test_the_checked_address_is_the_one_connected_to(monkeypatch):
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answer)
    target = check_target("https://api.example/data?a=1", ["api.example"])
    assert (target.addresses, target.host, target.path) == (("8.8.8.8",), "api.example", "/data?a=1")


def test_without_encryption_nothing_is_asked(monkeypatch):
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answer)
    for loopback in (False, True):
        with pytest.raises(ConnectError, match="without encryption"):
            check_target("http://api.example/data", ["api.example"], loopback=loopback)


def test_this_machine_is_asked_only_where_that_is_allowed(stub, client):
    stub.script("/a", Reply(b"good"))
    with pytest.raises(ConnectError, match="without encryption"):
        replace(client, loopback=False).get(Request(f"{stub.base}/a"))
    assert stub.asked == []


def test_a_name_and_password_in_an_address_are_refused():
    with pytest.raises(ConnectError, match="a name or a password") as told:
        check_target("https://me:hunter2@api.example/", ["api.example"])
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("host", ["münchen.example", f"{'a' * 64}.example", "a..example"])
def test_a_host_that_is_no_name_is_told(host):
    with pytest.raises(ConnectError, match="no name of ASCII letters"):
        check_target(f"https://{host}/", [host])


def test_a_path_beyond_ascii_is_sent_in_percent_signs(stub, client):
    stub.script("/%E5%8E%BF%20a", Reply(b"good"))
    assert client.get(Request(f"{stub.base}/县 a")).path.read_bytes() == b"good"


SECRET = "s3cr&t key"


def asking(stub, name="a"):
    return Request(f"{stub.base}/{name}", {"get": "NAME", "key": SecretStr(SECRET)})


@pytest.mark.parametrize(
    "reply",
    [
        Reply(f"wrong key {SECRET} (s3cr%26t%20key)".encode(), status=403),
        Reply(status=500),
        Reply(b"0123456789", cut=3),
        Reply(status=302, headers={"Location": "https://elsewhere.example/?key=s3cr%26t+key"}),
        Reply(b"good", headers={"ETag": '"1"'}),
    ],
)
def test_a_key_is_sent_and_stands_in_no_message_log_or_file(stub, client, cache, caplog, reply):
    caplog.set_level(logging.DEBUG)
    stub.script("/a", reply)
    told = ""
    try:
        answer = client.get(asking(stub))
        told = repr(answer)
    except ConnectError as error:
        told = f"{error} {error.values} {error.__cause__}"
    kept = b"".join(path.read_bytes() for path in cache.folder.rglob("*") if path.is_file())
    assert "key=s3cr%26t+key" in stub.asked[0][0]
    assert len(caplog.records) > 0
    for text in (told, caplog.text, repr(asking(stub)), kept.decode()):
        assert "s3cr" not in text


def test_the_service_learns_who_asks(stub, client):
    stub.script("/a", Reply(b"good"))
    client.get(Request(f"{stub.base}/a"))
    assert stub.asked[0][1]["User-Agent"].startswith("fuping/")


def test_a_certificate_of_another_name_is_refused(tmp_path, cache, patient):
    import shutil
    import ssl
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    from fuping.layers.connect import HttpClient

    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"good")

        def log_message(self, *args):
            pass

    class Quiet(HTTPServer):
        def handle_error(self, *args):
            pass

    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    made += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        hosts = [f"{name}:{server.server_port}" for name in ("localhost", "127.0.0.1")]
        trusting = HttpClient(
            hosts, cache, retry=patient, loopback=True, tls=ssl.create_default_context(cafile=str(certificate))
        )
        assert trusting.get(Request(f"https://{hosts[0]}/")).path.read_bytes() == b"good"
        with pytest.raises(ConnectError, match="not secure"):
            trusting.get(Request(f"https://{hosts[1]}/"))
        with pytest.raises(ConnectError, match="not secure"):
            replace(trusting, tls=ssl.create_default_context()).get(Request(f"https://{hosts[0]}/"))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
