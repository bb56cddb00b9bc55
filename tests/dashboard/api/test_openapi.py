"""The OpenAPI document describes what the routes do: nothing more, nothing less, and no call breaks the server."""

import re
from base64 import b64encode
from collections import Counter
from datetime import timedelta

import hypothesis
import pytest
import schemathesis
from fuping.dashboard.access import add_access
from fuping.dashboard.api.endpoints import ENDPOINTS
from fuping.dashboard.app import create_app
from fuping.dashboard.identity import COOKIE
from fuping.layers.office import open_office
from fuping.layers.office.credentials import make_token
from fuping.layers.office.people import add_person
from fuping.layers.office.sessions import begin_session


@pytest.fixture(scope="module")
def document(get):
    return get("/openapi.json")


def test_every_route_is_described_with_its_parameters(document):
    assert set(document["paths"]) == {one.path or "/" for one in ENDPOINTS} | {"/openapi.json"}
    for endpoint in ENDPOINTS:
        told = document["paths"][endpoint.path or "/"]["get"]
        query = [one["name"] for one in told["parameters"] if one["in"] == "query"]
        assert query == [field.alias or name for name, field in endpoint.parameters.model_fields.items()]
        assert [one["name"] for one in told["parameters"] if one["in"] == "path"] == re.findall(
            r"{(\w+)}", endpoint.path
        )
        assert told["summary"]
        assert all(one["description"] for one in told["parameters"])
        assert set(told["responses"]["200"]["content"]) == set(endpoint.formats.values())


def test_its_limit_is_told_as_ogc_asks(document):
    parameters = document["paths"]["/collections/{collectionId}/items"]["get"]["parameters"]
    limit = next(one for one in parameters if one["name"] == "limit")
    assert limit["schema"] == {"type": "integer", "minimum": 1, "default": 100}
    bbox = next(one for one in parameters if one["name"] == "bbox")
    assert (bbox["style"], bbox["explode"]) == ("form", False)
    assert bbox["schema"] == {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}


@pytest.mark.parametrize(
    ("sign_in", "secret", "ways"),
    [
        ("", "", [set(), {"token"}, {"session"}]),
        ("required", "", [{"token"}, {"session"}]),
        ("", "long enough a secret", [{"secret"}, {"secret", "session"}]),
        ("required", "long enough a secret", [{"secret", "session"}]),
    ],
)
def test_it_tells_how_to_come_in_and_that_is_so(store, tmp_path, monkeypatch, sign_in, secret, ways):
    """Whatever a way in of the document gives is let in, and what gives none of them is not."""
    monkeypatch.setenv("FUPING_SIGN_IN", sign_in)
    monkeypatch.setenv("FUPING_SECRET", secret)
    office = open_office(tmp_path, url="")
    add_person(office, "li", issuer="https://id.example", subject="7")
    app = create_app(store, office)
    add_access(app.server, secret)
    credentials = {
        "token": {"Authorization": f"Bearer {make_token(office, 'li', lasts=timedelta(days=1))}"},
        "session": {"Cookie": f"{COOKIE}={begin_session(office, 'li').token}"},
        "secret": {"Authorization": f"Basic {b64encode(f'any:{secret}'.encode()).decode()}"},
    }

    def ask(way):
        head = {name: value for one in way for name, value in credentials[one].items()}
        return app.server.test_client(use_cookies=False).get("/api/openapi.json", headers=head)

    told = ask(ways[-1]).json
    assert [set(one) for one in told["security"]] == ways
    assert set(told["components"]["securitySchemes"]) == set(credentials)
    assert all("security" not in one["get"] for one in told["paths"].values()), "what holds for all is told once"
    everything = [set(), *({one} for one in credentials), {"secret", "session"}]
    if not secret:
        everything = [one for one in everything if "secret" not in one]
    let_in = [way for way in everything if ask(way).status_code == 200]
    assert [way for way in everything if any(one <= way for one in ways)] == let_in


def test_generated_calls_meet_no_fault_of_the_server(store):
    """Every operation, with good and bad values: no 5xx, and statuses, kinds and shapes as described."""
    server = create_app(store).server

    def app(environ, start):
        """As the server, for a client that takes nothing compressed; that of the tests does not unpack."""
        return server({name: value for name, value in environ.items() if name != "HTTP_ACCEPT_ENCODING"}, start)

    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    checks = [
        schemathesis.checks.not_a_server_error,
        schemathesis.checks.status_code_conformance,
        schemathesis.checks.content_type_conformance,
        schemathesis.checks.response_schema_conformance,
        schemathesis.checks.unsupported_method,
    ]
    seen = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in schemathesis.GenerationMode:

            @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
            @hypothesis.settings(max_examples=25, deadline=None, database=None, derandomize=True,
                                 suppress_health_check=list(hypothesis.HealthCheck))  # fmt: skip
            def sound(case):
                seen[case.call_and_validate(checks=checks).status_code] += 1

            sound()
    assert {200, 400, 404} <= set(seen), "good values and bad ones are answered"
