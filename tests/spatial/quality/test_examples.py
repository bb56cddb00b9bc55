"""The examples in the docstrings give what they say."""

import doctest
import importlib
import pkgutil

import fuping.spatial.quality
import pytest


@pytest.mark.parametrize("name", [one.name for one in pkgutil.iter_modules(fuping.spatial.quality.__path__)])
def test_examples_run(name):
    assert doctest.testmod(importlib.import_module(f"fuping.spatial.quality.{name}")).failed == 0
