"""One reader of the built packs for all pages: what one test has worked out of them is there for the next."""

import pytest
from fuping.dashboard.queries.cache import Reader


@pytest.fixture(scope="session")
def reader(store):
    return Reader(store)
