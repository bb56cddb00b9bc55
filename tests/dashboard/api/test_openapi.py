"""The OpenAPI document describes what the routes do: nothing more, nothing less, and no call breaks the server."""

import re
from collections import Counter

import hypothesis
import pytest
import schemathesis
from fuping.dashboard.api.endpoints import ENDPOINTS
from fuping.dashboard.app import create_app


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
