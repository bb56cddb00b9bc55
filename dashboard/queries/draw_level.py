"""Whether units draw level: change against the starting level (β), their dispersion over the years (σ), and Gini."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.queries.spread import Spread
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

if TYPE_CHECKING:
    # The package takes a second to import; only those who ask pay for it.
    from fuping.spatial.dynamics.convergence import BetaConvergence, SigmaConvergence

__all__ = ["DrawingLevel", "Inequality", "Refusal", "draw_level", "period", "unequal"]

Refusal = Literal["size", "one_unit", "one_year", "break", "few", "flat"]

LEAST_UNITS = 6
"""Of a regression on one variable, as :func:`fuping.spatial.dynamics.convergence.beta_convergence` demands."""

LEAST_CLUSTERS = 10
"""With fewer groups, drawing groups instead of units makes intervals that are too narrow to be trusted."""

FULL_SHARE = 0.5
"""A year in which fewer than this share of the units have a figure is left out of the dispersion."""

RESAMPLES = 499


@dataclass(frozen=True, eq=False)
class DrawingLevel:
    """Convergence from one year to another.

    Parameters
    ----------
    first, last
        The two years.
    log
        Whether growth of logs is meant (amounts), or change of the figure itself (rates, indices).
    places
        Positions of the units with both figures.
    start, change
        float64, one for each of them: the figure in the first year, and the average change a year: in percent for
        logs, else in the indicator's unit.
    beta
        Change a year on the start.
    sigma
        Dispersion over the years between; ``None`` where fewer than three units have a figure in all of them.
    sigma_years
        Years that it uses.
    groups
        Level whose units were drawn together for the interval of the dispersion; ``None``: single units were.
    """

    first: int
    last: int
    log: bool
    places: NDArray[np.intp]
    start: NDArray[np.float64]
    change: NDArray[np.float64]
    beta: BetaConvergence
    sigma: SigmaConvergence | None
    sigma_years: tuple[int, ...]
    groups: str | None


@dataclass(frozen=True, eq=False)
class Inequality:
    """Gini coefficient between the units, each counted once: index year; ``value``, ``low``, ``high``, ``n``."""

    by_year: pd.DataFrame


def period(declared: Mapping[str, Any], found: Spread, view: ViewState) -> tuple[int, int] | None:
    """Return the years compared: the page's ``from`` and ``to``, else the longest span of one definition.

    ``None`` where no two years have figures.
    """
    years = [year for year, n in zip(found.years, found.n, strict=True) if n]
    if len(years) < 2:
        return None
    start = max((year for year in declared["breaks_in_series"] if year <= years[-1]), default=years[0])
    one_definition = [year for year in years if year >= start]
    latest = one_definition if len(one_definition) > 1 else years
    last = int(view.option("to", [str(year) for year in years[1:]], str(latest[-1])))
    earlier = [year for year in years if year < last]
    otherwise = next((year for year in earlier if year >= start), earlier[0])
    return int(view.option("from", [str(year) for year in earlier], str(otherwise))), last


def draw_level(reader: Reader, view: ViewState, found: Spread) -> DrawingLevel | Refusal:
    """Return the convergence of the view's indicator among the units looked at, or why there can be none.

    Returns
    -------
    DrawingLevel or str
        ``size``: it is a total. ``one_unit``, ``few``: fewer than two, or six, units. ``one_year``: there are not two
        years. ``break``: the series breaks between them. ``flat``: all start from the same figure.
    """
    declared = reader.indicator(view.pack, view.indicator)
    if declared["aggregation"] == "extensive":
        return "size"
    if len(found.places) < 2:
        return "one_unit"
    years = period(declared, found, view)
    if years is None:
        return "one_year"
    first, last = years
    if any(first < year <= last for year in declared["breaks_in_series"]):
        return "break"
    inside = found.scope.inside.tobytes()
    return _draw_level(
        reader, view.pack, reader.version(view.pack), view.indicator, view.level, inside, found.places.tobytes(), *years
    )


@once(maxsize=32)
def _draw_level(
    reader: Reader, pack: str, version: str, indicator: str, level: str, inside: bytes, at: bytes, first: int, last: int
) -> DrawingLevel | Refusal:
    from fuping.spatial.dynamics.convergence import beta_convergence

    declared, values = reader.indicator(pack, indicator), reader.values(pack, indicator, level)
    places = np.frombuffer(at, dtype=np.intp)
    rows = [row for row, year in enumerate(values.years) if first <= year <= last]
    panel = pd.DataFrame(values.value[rows][:, places], index=[values.years[row] for row in rows], columns=places)
    both = panel.columns[panel.loc[[first, last]].notna().all(axis=0)]
    if len(both) < LEAST_UNITS:
        return "few"
    start, end = (panel.loc[year, both].to_numpy() for year in (first, last))
    if np.ptp(start) == 0:
        return "flat"
    figures = panel.to_numpy()
    log = declared["kind"] == "amount" and bool((figures[np.isfinite(figures)] > 0).all())
    beta = beta_convergence(panel, first=first, last=last, log=log)
    change = ((np.log(end) - np.log(start)) * 100 if log else end - start) / (last - first)
    sigma, years, groups = _sigma(reader, pack, level, panel, log=log)
    chosen = both.to_numpy(dtype=np.intp)
    return DrawingLevel(first, last, log, chosen, start, change, beta, sigma, years, groups)


def _sigma(
    reader: Reader, pack: str, level: str, panel: pd.DataFrame, *, log: bool
) -> tuple[SigmaConvergence | None, tuple[int, ...], str | None]:
    from fuping.spatial.dynamics.convergence import sigma_convergence

    n = panel.notna().sum(axis=1)
    full = panel.loc[n >= FULL_SHARE * n.max()]
    whole = full.columns[full.notna().all(axis=0)]
    if len(full) < 2 or len(whole) < LEAST_UNITS:
        return None, (), None
    clusters, groups = None, None
    for above, column in ancestors(reader, pack, level).items():
        codes = np.array(column, dtype=object)[full.columns]
        if len(set(codes[full.notna().all(axis=0)])) >= LEAST_CLUSTERS:
            clusters, groups = codes.astype(str), above
            break
    found = sigma_convergence(full, measure="sd_log" if log else "sd", seed=0, clusters=clusters, n_resamples=RESAMPLES)
    return found, tuple(int(year) for year in full.index), groups


def unequal(declared: Mapping[str, Any], found: Spread) -> Inequality | None:
    """Return the Gini coefficient of each year; ``None`` where it makes no sense.

    It is meant for amounts that add up to a whole and are never negative: of rates and totals it says nothing.
    """
    from fuping.spatial.poverty.inequality import gini

    there = found.values[np.isfinite(found.values)]
    if declared["kind"] != "amount" or declared["aggregation"] == "extensive" or (there < 0).any():
        return None
    rows = {}
    for year, figures in zip(found.years, found.values, strict=True):
        known = figures[np.isfinite(figures)]
        if len(known) >= LEAST_UNITS and known.sum() > 0:
            one = gini(known)
            rows[year] = (one.value, one.low, one.high, len(known))
    return (
        Inequality(pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high", "n"]))
        if rows
        else None
    )
