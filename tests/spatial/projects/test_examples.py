"""The examples in the docstrings of fuping.spatial.projects give what they print."""

import doctest
import importlib
import pkgutil

import fuping.spatial.projects
import pytest

MODULES = [module.name for module in pkgutil.iter_modules(fuping.spatial.projects.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    module = importlib.import_module(f"fuping.spatial.projects.{name}")
    assert doctest.testmod(module).failed == 0
