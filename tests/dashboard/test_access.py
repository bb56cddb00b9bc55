"""Strangers are kept out: no public address without a secret, no page without it, and no endless guessing."""

import base64
import time

import pytest
from flask import Flask
from fuping.dashboard.access import add_access, require_way_in, sign_in_required
from fuping.dashboard.cli import app as command
from fuping.spatial.errors import FupingError
from typer.testing import CliRunner

SECRET = "a long secret 密码"


def header(secret):
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{secret}".encode()).decode()}


@pytest.fixture
def client():
    server = Flask("tested")
    add_access(server, SECRET, attempts=3, window=1)
    server.get("/")(lambda: "in")
    return server.test_client()


def test_a_public_address_is_refused_without_a_secret(monkeypatch):
    monkeypatch.delenv("FUPING_SECRET", raising=False)
    refused = CliRunner().invoke(command, ["run", "--host", "0.0.0.0"])
    assert isinstance(refused.exception, FupingError)
    assert "FUPING_SECRET" in refused.exception.remedy
    with pytest.raises(FupingError, match="has 5 characters"):
        require_way_in("127.0.0.1", "short", accounts=None)
    require_way_in("::1", "", accounts=None)
    require_way_in("0.0.0.0", SECRET, accounts=None)


def test_a_public_address_is_served_where_only_people_with_an_account_may_read():
    with pytest.raises(FupingError, match="there is no account"):
        require_way_in("0.0.0.0", "", accounts=0)
    require_way_in("0.0.0.0", "", accounts=1)


def test_what_is_no_way_to_sign_in_is_refused(monkeypatch):
    for setting, required in (("", False), ("optional", False), ("required", True)):
        monkeypatch.setenv("FUPING_SIGN_IN", setting)
        assert sign_in_required() == required
    monkeypatch.setenv("FUPING_SIGN_IN", "yes")
    with pytest.raises(FupingError, match="expected optional or required"):
        sign_in_required()


def test_only_who_knows_the_secret_comes_in(client):
    assert client.get("/").status_code == 401
    assert "Basic" in client.get("/").headers["WWW-Authenticate"]
    assert client.get("/", headers=header("another")).status_code == 401
    assert client.get("/", headers=header(SECRET)).data == b"in"


def test_guessing_is_slowed_down(client):
    for _ in range(3):
        assert client.get("/", headers=header("guess")).status_code == 401
    refused = client.get("/", headers=header(SECRET))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    time.sleep(1.1)
    assert client.get("/", headers=header(SECRET)).status_code == 200


def test_nothing_is_asked_on_this_machine_without_a_secret():
    server = Flask("open")
    add_access(server, "")
    server.get("/")(lambda: "in")
    assert server.test_client().get("/").data == b"in"
