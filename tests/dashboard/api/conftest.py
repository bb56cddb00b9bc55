"""The API over the packs that the session built, through Flask's test client."""

import pytest
from fuping.dashboard.app import create_app


@pytest.fixture(scope="session")
def api(store):
    """A client of the API."""
    return create_app(store).server.test_client()


@pytest.fixture(scope="session")
def get(api):
    """Fetch the JSON of a path below /api; anything but success fails the test."""

    def fetched(path, **query):
        answer = api.get(f"/api{path}", query_string={name.replace("__", "-"): value for name, value in query.items()})
        assert answer.status_code == 200, (path, query, answer.get_data(as_text=True)[:500])
        return answer.json

    return fetched


PLACES = ["kr.province", "kr.municipality", "wd.country"]


@pytest.fixture(scope="module", params=PLACES)
def place(request, store):
    """The identifier of a collection, if its pack is built."""
    pack, level = request.param.split(".")
    if pack not in store.packs() or level not in {one["id"] for one in store.catalogue(pack)["levels"]}:
        pytest.skip(f"{request.param} is not built")
    return request.param
