"""The unit × year panel that every measure of change reads, checked once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd
from fuping.spatial.errors import FupingError
from numpy.typing import NDArray

__all__ = ["Panel", "PanelError", "companion", "read_panel"]

Panel: TypeAlias = pd.DataFrame | NDArray[np.float64]
"""Shape (m years, n units), NaN missing: a DataFrame of years × units, or an array, whose years count from 0."""


class PanelError(FupingError):
    """A table cannot be read as a panel of units over years."""


def read_panel(values: Panel, *, name: str = "values", minimum_years: int = 1) -> pd.DataFrame:
    """Check a panel and give it as a new DataFrame of float64, index ``year``, columns ``unit``.

    Parameters
    ----------
    values
        Shape (m years, n units); years ascend and stand once, units stand once; NaN is missing.
    name
        What the panel holds, for the messages.
    minimum_years
        Least number of years that hold a value.

    Raises
    ------
    PanelError
        It is not two-dimensional, holds text or infinite values, years are no whole numbers, do not ascend or stand
        twice, units stand twice, every value is missing, or too few years hold one.
    """
    if isinstance(values, pd.DataFrame):
        frame = values
    else:
        array = np.asarray(values)
        if array.ndim != 2:
            raise PanelError(
                f"The panel of {name} has {array.ndim} dimensions.", remedy="Give an array of years × units."
            )
        frame = pd.DataFrame(array)
    try:
        panel = frame.astype("float64")
    except (TypeError, ValueError) as fault:
        raise PanelError(
            f"The panel of {name} holds something that is no number ({fault}).", remedy="Give numbers, NaN for missing."
        ) from fault
    _check_years(panel.index, name)
    if not panel.columns.is_unique:
        twice = panel.columns[panel.columns.duplicated()].unique()
        raise PanelError(
            f"Units stand twice in the panel of {name}: {', '.join(map(str, twice[:5]))}.",
            remedy="Give each unit one column.",
            units=list(twice),
        )
    infinite = np.isinf(panel.to_numpy())
    if infinite.any():
        year, unit = (part[0] for part in np.nonzero(infinite))
        raise PanelError(
            f"{name} of unit {panel.columns[unit]} in {panel.index[year]} is infinite.",
            remedy="Give NaN where the value is missing.",
        )
    held = int(panel.notna().any(axis=1).sum())
    if not held:
        raise PanelError(f"Every value of {name} is missing.", remedy="Give at least one observed value.")
    if held < minimum_years:
        raise PanelError(
            f"{name} has values in {held} {'year' if held == 1 else 'years'}, {minimum_years} are needed.",
            remedy="Give more years.",
            years=held,
        )
    panel.index = panel.index.astype("int64").rename("year")
    return panel.rename_axis(columns="unit")


def _check_years(years: pd.Index, name: str) -> None:
    whole = pd.to_numeric(years, errors="coerce") if not isinstance(years, pd.MultiIndex) else None
    if whole is None or not np.all(np.asarray(whole, dtype=float) % 1 == 0):
        raise PanelError(
            f"The index of the panel of {name} is no list of years: {list(years[:3])} …",
            remedy="Give whole years as the index, units as the columns.",
        )
    steps = np.diff(np.asarray(whole, dtype=float))
    if (steps <= 0).any():
        at = int(np.flatnonzero(steps <= 0)[0])
        raise PanelError(
            f"In the panel of {name} the year {years[at + 1]} follows {years[at]}.",
            remedy="Sort the years ascending, each once.",
            years=list(years),
        )


def companion(values: Panel | None, panel: pd.DataFrame, *, name: str) -> pd.DataFrame | None:
    """Check that a panel of bounds or standard errors stands on the years and units of the values.

    Raises
    ------
    PanelError
        Its years or units differ from those of ``panel``.
    """
    if values is None:
        return None
    beside = read_panel(values, name=name)
    if not isinstance(values, pd.DataFrame) and beside.shape == panel.shape:
        return beside.set_axis(panel.index, axis=0).set_axis(panel.columns, axis=1)
    if not (beside.index.equals(panel.index) and beside.columns.equals(panel.columns)):
        raise PanelError(
            f"The panel of {name} has {beside.shape[0]} years × {beside.shape[1]} units that are not the "
            f"{panel.shape[0]} × {panel.shape[1]} of the values.",
            remedy="Give both on the same years and units, in the same order.",
        )
    return beside
