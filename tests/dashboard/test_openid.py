"""Signing in through a provider: who is let in, and every way in which its word does not count."""

import logging
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from fuping.dashboard.app import create_app
from fuping.dashboard.guard import PROVIDER, PROVIDER_BACK
from fuping.dashboard.identity import COOKIE
from fuping.dashboard.openid import provider
from fuping.layers.office import entries, open_office
from fuping.layers.office.people import add_person, people, set_disabled
from fuping.layers.office.sessions import find_session
from fuping.spatial.errors import FupingError
from joserfc.jwk import OctKey, RSAKey
from stub_provider import CLIENT, SECRET, stub_provider  # noqa: F401


@pytest.fixture
def office(tmp_path):
    return open_office(tmp_path, url="")


@pytest.fixture
def settings(stub_provider, monkeypatch):  # noqa: F811
    monkeypatch.setenv("FUPING_OIDC_ISSUER", stub_provider.issuer)
    monkeypatch.setenv("FUPING_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("FUPING_OIDC_CLIENT_SECRET", SECRET)
    return monkeypatch


@pytest.fixture
def client(store, office, settings):
    return create_app(store, office).server.test_client()


@pytest.fixture
def zhao(office, stub_provider):  # noqa: F811
    return add_person(office, "zhao", role="editor", issuer=stub_provider.issuer, subject="7")


def through(client, provider, onward="/profile"):
    """Go to the provider and come back."""
    begun = client.get(f"{PROVIDER}?next={onward}")
    assert begun.status_code == 302, begun.text
    return client.get(provider.authorize(begun.headers["Location"]))


def refused(client, provider, office):
    answer = through(client, provider)
    assert answer.status_code == 403
    assert "did not succeed" in answer.text
    assert client.get_cookie(COOKIE) is None
    assert people(office) == [one for one in people(office) if one.name == "zhao"]
    assert [one.action for one in entries(office)] == ["person.add"] * len(people(office))


def test_a_known_person_is_let_in(client, stub_provider, office, zhao):  # noqa: F811
    assert "127.0.0.1" in client.get("/sign-in").text
    answer = through(client, stub_provider)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/profile")
    assert find_session(office, client.get_cookie(COOKIE).value).person == zhao
    assert [one.action for one in entries(office)] == ["sign_in", "person.add"]


def test_who_has_no_account_gets_none_silently(client, stub_provider, office):  # noqa: F811
    stub_provider.says["sub"] = "8; rm <b>"
    answer = through(client, stub_provider)
    assert answer.status_code == 403
    assert "fuping user add NAME" in answer.text
    assert "&#39;8; rm &lt;b&gt;&#39;" in answer.text
    assert people(office) == []


def test_who_is_new_reads_where_the_settings_say_so(store, office, settings, stub_provider):  # noqa: F811
    settings.setenv("FUPING_OIDC_NEW", "viewer")
    client = create_app(store, office).server.test_client()
    assert through(client, stub_provider).status_code == 303
    [made] = people(office)
    assert (made.name, made.shown_name, made.role, made.subject) == ("zhao", "赵一", "viewer", "7")
    assert [(one.who, one.action) for one in entries(office)] == [("zhao", "sign_in"), ("provider", "person.add")]
    assert through(client, stub_provider).status_code == 303
    stub_provider.says["sub"] = "8"
    assert through(client, stub_provider).status_code == 303
    assert [one.subject for one in people(office)] == ["8", "7"]
    assert people(office)[0].name.startswith("127.0.0.1-")


@pytest.mark.parametrize("new", ["viewer", "none"])
def test_who_is_disabled_stays_out(store, office, settings, stub_provider, zhao, new):  # noqa: F811
    settings.setenv("FUPING_OIDC_NEW", new)
    set_disabled(office, "zhao", True)
    client = create_app(store, office).server.test_client()
    assert through(client, stub_provider).status_code == 403
    assert client.get_cookie(COOKIE) is None
    assert len(people(office)) == 1


def test_the_same_subject_of_another_provider_is_somebody_else(client, stub_provider, office):  # noqa: F811
    add_person(office, "other", issuer="https://id.example", subject="7")
    assert through(client, stub_provider).status_code == 403


WRONG = {
    "another nonce": {"nonce": "made up"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another program"},
    "another audience, though for us": {"aud": "another program", "azp": CLIENT},
    "for another party": {"aud": [CLIENT, "another program"], "azp": "another program"},
    "no audience": {"aud": None},
    "expired": {"exp": int(time.time()) - 600},
    "no end": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 86_400},
    "another issuer": {"iss": "https://foreign.example"},
    "nobody": {"sub": None},
    "an empty nobody": {"sub": ""},
    "of another access token": {"at_hash": "made up"},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_word_for_somebody_else_or_another_time_does_not_count(client, stub_provider, office, zhao, claims):  # noqa: F811
    stub_provider.says |= claims
    refused(client, stub_provider, office)


def test_a_signature_of_another_key_does_not_count(client, stub_provider, office, zhao):  # noqa: F811
    stub_provider.published = RSAKey.generate_key(2048, {"kid": "first"})
    refused(client, stub_provider, office)


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
@pytest.mark.parametrize("offered", [["RS256"], ["HS256", "none"], None])
def test_a_signature_that_proves_nothing_does_not_count(
    client, stub_provider, office, zhao, algorithm, offered  # noqa: F811
):  # fmt: skip
    stub_provider.metadata = {"id_token_signing_alg_values_supported": offered}
    stub_provider.header = {"alg": algorithm, "kid": "first"}
    stub_provider.key = OctKey.import_key(SECRET)
    refused(client, stub_provider, office)


def test_without_a_signed_word_nobody_is_let_in(client, stub_provider, office, zhao):  # noqa: F811
    stub_provider.without_id_token = True
    refused(client, stub_provider, office)


def test_a_provider_that_calls_itself_otherwise_does_not_count(client, stub_provider, office, zhao):  # noqa: F811
    stub_provider.metadata = {"issuer": "https://foreign.example"}
    stub_provider.says["iss"] = "https://foreign.example"
    refused(client, stub_provider, office)


def test_a_new_key_of_the_provider_is_fetched(client, stub_provider, zhao):  # noqa: F811
    assert through(client, stub_provider).status_code == 303
    stub_provider.key = stub_provider.published = RSAKey.generate_key(2048, {"kid": "second"})
    stub_provider.header["kid"] = "second"
    assert through(client, stub_provider).status_code == 303


def test_an_answer_that_was_not_asked_for_does_not_count(client, store, office, stub_provider, zhao):  # noqa: F811
    begun = client.get(PROVIDER)
    back = stub_provider.authorize(begun.headers["Location"])
    other = create_app(store, office).server.test_client()
    assert other.get(back).status_code == 403
    forged = parse_qs(urlsplit(back).query)["code"][0]
    assert client.get(f"{PROVIDER_BACK}?code={forged}&state=made-up").status_code == 403
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403
    for query in ("", "?code=x", "?error=access_denied&error_description=<b>no</b>"):
        answer = client.get(f"{PROVIDER_BACK}{query}")
        assert answer.status_code == 403
        assert "<b>" not in answer.text


def test_the_cookie_of_the_way_is_no_scripts_and_no_other_pages(client):
    flags = client.get(PROVIDER, base_url="https://localhost").headers["Set-Cookie"]
    assert flags.startswith("fuping_provider=")
    for flag in ("HttpOnly", "SameSite=Lax", "Path=/sign-in", "Secure"):
        assert flag in flags


def test_nobody_is_led_to_another_site(client, stub_provider, zhao):  # noqa: F811
    assert through(client, stub_provider, "https://foreign.example").headers["Location"] == "/"


def test_a_provider_that_is_silent_is_told_of(store, office, settings):
    settings.setenv("FUPING_OIDC_ISSUER", "http://127.0.0.1:1")
    client = create_app(store, office).server.test_client()
    assert client.get(PROVIDER).status_code == 403
    assert client.get("/sign-in").status_code == 200


def test_it_works_where_signing_in_is_required(store, office, settings, stub_provider, zhao):  # noqa: F811
    settings.setenv("FUPING_SIGN_IN", "required")
    client = create_app(store, office).server.test_client()
    assert client.get("/api").status_code == 401
    assert through(client, stub_provider).status_code == 303
    assert client.get("/api").status_code == 200


def test_no_code_token_or_secret_is_logged(client, stub_provider, office, zhao, caplog):  # noqa: F811
    with caplog.at_level(logging.DEBUG):
        through(client, stub_provider)
        stub_provider.says["nonce"] = "made up"
        through(client, stub_provider)
    for secret in (SECRET, "an access token", client.get_cookie(COOKIE).value, "code_verifier"):
        assert secret not in caplog.text
        assert secret not in repr(entries(office))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FUPING_OIDC_ISSUER", "http://id.example", "https://"),
        ("FUPING_OIDC_ISSUER", "id.example", "https://"),
        ("FUPING_OIDC_CLIENT_SECRET", "", "must be set too"),
        ("FUPING_OIDC_NEW", "admin", "viewer or none"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, name, value, told):
    settings.setenv(name, value)
    with pytest.raises(FupingError, match=told):
        provider()


def test_without_a_provider_there_is_no_such_way(store, office, monkeypatch):
    monkeypatch.delenv("FUPING_OIDC_ISSUER", raising=False)
    assert provider() is None
    client = create_app(store, office).server.test_client()
    assert 'id="provider"' not in client.get("/sign-in").text
