"""The examples in the docstrings give what they say."""

import doctest
import importlib
import pkgutil

import fuping.spatial.risk
import pytest


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(fuping.spatial.risk.__path__)])
def test_examples_run(name):
    assert doctest.testmod(importlib.import_module(f"fuping.spatial.risk.{name}")).failed == 0
