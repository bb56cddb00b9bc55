"""What events do: hazard, exposure and vulnerability multiplied, by event, unit and group, and a year on average."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.risk.errors import ImpactError
from fuping.spatial.risk.hazard import Hazard, exceedance_curve
from fuping.spatial.risk.vulnerability import VulnerabilityFunction

__all__ = ["Impact", "impact"]


@dataclass(frozen=True, eq=False)
class Impact:
    """What the events of a hazard do to an exposure.

    Parameters
    ----------
    by_event
        Index event; columns (unit, group): damaged value; NaN where the exposure is missing.
    frequency
        Events a year.
    exposure
        ``value`` on the columns of ``by_event``.
    """

    by_event: pd.DataFrame
    frequency: pd.Series
    exposure: pd.Series

    @property
    def event_totals(self) -> pd.Series:
        """Damage of each event over the units and groups with an exposure."""
        return self.by_event.sum(axis=1).rename("impact")

    @property
    def expected_annual(self) -> pd.Series:
        r"""Damage a year on average, by unit and group: :math:`\sum_e \nu_e d_{eu}`."""
        total = self.by_event.mul(self.frequency, axis=0).sum(axis=0, skipna=False)
        return total.rename("expected_annual_impact")

    @property
    def curve(self) -> pd.DataFrame:
        """How often the total damage is reached; see :func:`~fuping.spatial.risk.hazard.exceedance_curve`."""
        return exceedance_curve(self.event_totals, self.frequency)

    def by_group(self) -> pd.DataFrame:
        r"""Compare groups.

        Returns
        -------
        pandas.DataFrame
            Index (unit, group): ``value``, ``expected_annual_impact``, ``share_lost`` (of the value, a year) and
            ``relative``: share lost over that of the whole unit; above 1 the group loses more of what it has.
        """
        table = pd.DataFrame({"value": self.exposure, "expected_annual_impact": self.expected_annual})
        unit = table.index.get_level_values("unit")
        whole = table.groupby(level="unit").sum(min_count=1)
        table["share_lost"] = table["expected_annual_impact"] / table["value"].where(table["value"] > 0)
        overall = (whole["expected_annual_impact"] / whole["value"].where(whole["value"] > 0)).reindex(unit).to_numpy()
        table["relative"] = np.where(overall > 0, table["share_lost"] / np.where(overall > 0, overall, 1), np.nan)
        return table


def impact(hazard: Hazard, exposure: pd.DataFrame, functions: Mapping[str, VulnerabilityFunction]) -> Impact:
    r"""Combine a hazard, an exposure and vulnerability functions.

    Parameters
    ----------
    hazard
        Events and their intensity in units.
    exposure
        Rows of ``unit``, ``group``, ``value`` and ``function``, as of
        :func:`~fuping.spatial.risk.exposure.exposure_by_group`; a missing value gives a missing impact.
    functions
        By name.

    Returns
    -------
    Impact
        :math:`d_{eug} = v_{ug} f_g(h_{eu})`.

    Raises
    ------
    ImpactError
        Naming what does not fit: columns, units without intensity, functions that are not there or are for another
        hazard or unit of intensity, rows that stand twice, negative values.

    Examples
    --------
    >>> flood = Hazard("flood", "m", pd.DataFrame({"a": [1.0, 2.0]}, index=[7, 8]), pd.Series({7: 0.1, 8: 0.02}))
    >>> huts = VulnerabilityFunction("huts", "flood", "m", [0, 2], [0, 1], "a made-up example")
    >>> there = pd.DataFrame({"unit": ["a"], "group": ["poor"], "value": [100.0], "function": ["huts"]})
    >>> impact(flood, there, {"huts": huts}).expected_annual.tolist()
    [7.0]
    """
    _check(hazard, exposure, functions)
    columns = pd.MultiIndex.from_frame(exposure[["unit", "group"]])
    intensity = hazard.intensity[list(exposure["unit"])].to_numpy(dtype=float)
    damaged = np.empty_like(intensity)
    names = exposure["function"].to_numpy()
    for name in exposure["function"].unique():
        mine = names == name
        damaged[:, mine] = functions[name].damaged(intensity[:, mine])
    value = exposure["value"].to_numpy(dtype=float)
    by_event = pd.DataFrame(damaged * value, index=hazard.intensity.index, columns=columns)
    return Impact(by_event, hazard.frequency, pd.Series(value, index=columns, name="value"))


def _check(hazard: Hazard, exposure: pd.DataFrame, functions: Mapping[str, VulnerabilityFunction]) -> None:
    absent = [name for name in ("unit", "group", "value", "function") if name not in exposure.columns]
    if absent:
        raise ImpactError(f"The exposure has no column {', '.join(absent)}.", remedy="Add it.")
    faults = []
    unknown = sorted({str(one) for one in exposure["unit"]} - {str(one) for one in hazard.intensity.columns})
    if unknown:
        faults.append(f"{len(unknown)} units exposed have no {hazard.kind} intensity: {', '.join(unknown[:10])}")
    named = exposure["function"].unique()
    lost = [str(name) for name in named if name not in functions]
    if lost:
        faults.append(f"there is no vulnerability function {', '.join(lost)}")
    for name in named:
        one = functions.get(name)
        if one is not None and (one.hazard, one.unit) != (hazard.kind, hazard.unit):
            faults.append(
                f"function {name} is for {one.hazard} in {one.unit}, the hazard is {hazard.kind} in {hazard.unit}"
            )
    twice = exposure.duplicated(["unit", "group"])
    if twice.any():
        faults.append(f"{int(twice.sum())} rows of the exposure repeat a unit and group")
    if (exposure["value"] < 0).any():
        faults.append(f"{int((exposure['value'] < 0).sum())} values of the exposure are negative")
    if faults:
        text = "; ".join(faults)
        raise ImpactError(f"{text[0].upper()}{text[1:]}.", remedy="Mend the inputs named; nothing was computed.")
