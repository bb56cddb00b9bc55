"""The examples in the docstrings give what they say."""

import doctest
import importlib
import pkgutil

import fuping.spatial.dynamics
import fuping.spatial.inference
import pytest

MODULES = ["fuping.spatial.inference"] + [
    f"fuping.spatial.dynamics.{module.name}" for module in pkgutil.iter_modules(fuping.spatial.dynamics.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
