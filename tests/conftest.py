"""The default pack is built once a session, from the installed packages, into a folder of its own."""

import pytest
from fuping.layers.build.pipeline import build_pack
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.stores import EmbeddedStore


@pytest.fixture(scope="session")
def china():
    return read_pack(pack_folders()["cn"])


@pytest.fixture(scope="session")
def store(tmp_path_factory, china):
    built = EmbeddedStore(tmp_path_factory.mktemp("data"))
    build_pack(china, built)
    return built
