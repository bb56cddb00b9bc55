"""Data sets of published worked examples, as packages for tests ship them; read without importing the package."""

from importlib.metadata import files

import pandas as pd


def packaged(package, name):
    """Return a table that a package ships."""
    path = next(one for one in files(package) if one.name == name).locate()
    return pd.read_stata(path) if name.endswith(".dta") else pd.read_csv(path)
