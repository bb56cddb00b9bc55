"""Strangers are kept out: no public address without a secret, no page without it, and no endless guessing."""

import base64

import pytest
from flask import Flask
from fuping.dashboard.access import ATTEMPTS, WINDOW, add_access, require_secret
from fuping.dashboard.cli import app as command
from fuping.spatial.errors import FupingError
from typer.testing import CliRunner

SECRET = "a long secret 密码"


def header(secret):
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{secret}".encode()).decode()}


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def client(clock):
    server = Flask("tested")
    add_access(server, SECRET, clock=lambda: clock[0])
    server.get("/")(lambda: "in")
    return server.test_client()


def test_a_public_address_is_refused_without_a_secret(monkeypatch):
    monkeypatch.delenv("FUPING_SECRET", raising=False)
    refused = CliRunner().invoke(command, ["run", "--host", "0.0.0.0"])
    assert isinstance(refused.exception, FupingError)
    assert "FUPING_SECRET" in refused.exception.remedy
    with pytest.raises(FupingError, match="has 5 characters"):
        require_secret("127.0.0.1", "short")
    require_secret("::1", "")
    require_secret("0.0.0.0", SECRET)


def test_only_who_knows_the_secret_comes_in(client):
    assert client.get("/").status_code == 401
    assert "Basic" in client.get("/").headers["WWW-Authenticate"]
    assert client.get("/", headers=header("another")).status_code == 401
    assert client.get("/", headers=header(SECRET)).data == b"in"


def test_guessing_is_slowed_down(client, clock):
    for _ in range(ATTEMPTS):
        assert client.get("/", headers=header("guess")).status_code == 401
    assert client.get("/", headers=header(SECRET)).status_code == 429
    clock[0] = WINDOW + 1
    assert client.get("/", headers=header(SECRET)).status_code == 200


def test_nothing_is_asked_on_this_machine_without_a_secret():
    server = Flask("open")
    add_access(server, "")
    server.get("/")(lambda: "in")
    assert server.test_client().get("/").data == b"in"
