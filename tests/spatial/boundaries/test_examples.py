"""The examples in the docstrings of fuping.spatial.boundaries give what they print."""

import doctest
import importlib
import pkgutil

import fuping.spatial.boundaries
import pytest

MODULES = [module.name for module in pkgutil.iter_modules(fuping.spatial.boundaries.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    module = importlib.import_module(f"fuping.spatial.boundaries.{name}")
    assert doctest.testmod(module).failed == 0
