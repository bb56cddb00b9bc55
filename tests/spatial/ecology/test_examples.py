"""The examples in the docstrings give what they say."""

import doctest
import importlib
import pkgutil

import fuping.spatial.ecology
import pytest

MODULES = ["fuping.spatial.composite", "fuping.spatial.weighting"] + [
    f"fuping.spatial.ecology.{module.name}" for module in pkgutil.iter_modules(fuping.spatial.ecology.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
