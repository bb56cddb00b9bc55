"""Linear algebra on one thread: on small matrices several wait for each other, up to twentyfold on shared cores."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    with threadpool_limits(1, user_api="blas"):
        yield
