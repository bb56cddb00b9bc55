r"""What a loss of assets means for people: consumption and well-being lost, and socio-economic resilience.

The model is that of Hallegatte, Bangalore & Vogt-Schilb (2016, *Socioeconomic resilience*, World Bank Policy Research
Working Paper 7886) and of *Unbreakable* (Hallegatte et al. 2017, World Bank, ch. 3–4), for two or more groups, without
early warning and support after the disaster.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.risk.errors import RiskError
from numpy.typing import NDArray

__all__ = ["Resilience", "consumption_multiplier", "socioeconomic_resilience"]

COLUMNS = ("people", "consumption", "affected", "vulnerability", "transfers")


@dataclass(frozen=True, eq=False)
class Resilience:
    """What one event means.

    Parameters
    ----------
    groups
        Index group: ``assets`` (a person), ``asset_loss`` of the group, ``consumption_loss`` (present value, of an
        affected person), ``wellbeing_loss`` of the group, in money.
    asset_loss, wellbeing_loss
        Of all; well-being in the consumption of a person with the mean one.
    resilience
        Asset loss over well-being loss; 0.5: a loss of 1 in assets hurts as one of 2 would hurt people with the mean
        consumption.
    """

    groups: pd.DataFrame
    asset_loss: float
    wellbeing_loss: float
    resilience: float


def consumption_multiplier(*, productivity: float, discount: float, reconstruction_years: float) -> float:
    r"""Give the consumption lost, in present value, for each unit of assets lost.

    Parameters
    ----------
    productivity
        :math:`\mu`, mean product of capital a year.
    discount
        :math:`\rho` a year.
    reconstruction_years
        N, until 95 % are rebuilt.

    Notes
    -----
    Losses shrink as :math:`e^{-3t/N}`; what is not produced and what is spent on rebuilding add up to
    :math:`\Gamma = (\mu + 3/N)/(\rho + 3/N)` (Hallegatte et al. 2016, eq. 5).

    Examples
    --------
    >>> round(consumption_multiplier(productivity=0.23, discount=0.06, reconstruction_years=3), 4)
    1.1604
    """
    if not (productivity > 0 and discount > 0 and reconstruction_years > 0):
        raise RiskError(
            f"Productivity {productivity}, discount {discount}, {reconstruction_years} years.",
            remedy="All must be above zero.",
        )
    rate = 3 / reconstruction_years
    return (productivity + rate) / (discount + rate)


def socioeconomic_resilience(
    groups: pd.DataFrame,
    *,
    productivity: float,
    discount: float,
    reconstruction_years: float,
    elasticity: float,
) -> Resilience:
    r"""Weigh the losses of an event by what they mean for those who bear them.

    Parameters
    ----------
    groups
        Index group, such as poor and nonpoor; ``people``; ``consumption`` (a person and year); ``affected`` (share of
        the people); ``vulnerability`` (share of an affected person's assets that is lost); ``transfers`` (share of
        consumption that comes from social protection or elsewhere, and falls with everyone's losses alone).
    productivity, discount, reconstruction_years
        See :func:`consumption_multiplier`.
    elasticity
        :math:`\eta` of the marginal utility of consumption; 1.5 in *Unbreakable*. 0: only money counts.

    Returns
    -------
    Resilience

    Raises
    ------
    RiskError
        Columns are absent, a share is outside 0 to 1, an amount is not above zero, or losses exceed all that a group
        will ever consume.

    Notes
    -----
    All income comes from assets; a tax :math:`\tau = \sum n_g\gamma_g c_g / \sum n_g c_g` on it pays the transfers
    :math:`\gamma_g c_g`, so :math:`k_g = (1 - \gamma_g) c_g/((1 - \tau)\mu)`. An affected person loses
    :math:`\Delta k_g = V_g k_g`, all together :math:`\Delta K = \sum n_g \alpha_g \Delta k_g`. Consumption lost in
    present value: :math:`\Gamma[(1 - \tau)\Delta k_g + \gamma_g c_g\,\Delta K/\sum n c]` of an affected person, the
    second term alone of the others; these sum to :math:`\Gamma\Delta K`.
    Well-being: :math:`w(c_g/\rho) - w(c_g/\rho - x)` for a loss x, :math:`w(C) = (C^{1-\eta} - 1)/(1 - \eta)`; summed
    over all people and turned into money by :math:`w'(\bar c/\rho)`.
    """
    _check(groups)
    if elasticity < 0:
        raise RiskError(f"The elasticity is {elasticity}.", remedy="Give at least 0.")
    n, c, affected, lost, transfers = (groups[name].to_numpy(dtype=float) for name in COLUMNS)
    gamma = consumption_multiplier(
        productivity=productivity, discount=discount, reconstruction_years=reconstruction_years
    )
    consumption = float((n * c).sum())
    tax = float((n * transfers * c).sum()) / consumption
    assets = (1 - transfers) * c / (max(1 - tax, np.finfo(float).tiny) * productivity)
    own = lost * assets
    total = float((n * affected * own).sum())
    shared = gamma * transfers * c * total / consumption
    direct = gamma * (1 - tax) * own + shared
    lifetime = c / discount
    if (direct >= lifetime).any():
        worst = groups.index[int(np.argmax(direct / lifetime))]
        raise RiskError(
            f"Group {worst} would lose more than it will ever consume.",
            remedy="Lower its vulnerability, or check units.",
        )
    hurt = n * (
        affected * _welfare_loss(lifetime, direct, elasticity)
        + (1 - affected) * _welfare_loss(lifetime, shared, elasticity)
    )
    money = hurt * (consumption / n.sum() / discount) ** elasticity
    table = pd.DataFrame(
        {
            "assets": assets,
            "asset_loss": n * affected * own,
            "consumption_loss": direct,
            "wellbeing_loss": money,
        },
        index=groups.index,
    )
    wellbeing = float(money.sum())
    return Resilience(table, total, wellbeing, total / wellbeing if wellbeing > 0 else float("nan"))


def _welfare_loss(lifetime: NDArray[np.float64], loss: NDArray[np.float64], elasticity: float) -> NDArray[np.float64]:
    # The difference of two nearly equal utilities, written so that small losses keep their digits.
    ratio = np.log1p(-loss / lifetime)
    if elasticity == 1:
        return -ratio
    power = 1 - elasticity
    return -(lifetime**power) * np.expm1(power * ratio) / power


def _check(groups: pd.DataFrame) -> None:
    absent = [name for name in COLUMNS if name not in groups.columns]
    if absent:
        raise RiskError(f"The groups have no column {', '.join(absent)}.", remedy="Add it.")
    for name in COLUMNS:
        column = groups[name].to_numpy(dtype=float)
        good = column > 0 if name in ("people", "consumption") else (column >= 0) & (column <= 1)
        if not good.all():
            at = int(np.flatnonzero(~good)[0])
            raise RiskError(
                f"Group {groups.index[at]} has {name} {column[at]:g}.",
                remedy="Give people and consumption above 0, and shares from 0 to 1.",
            )
    if (groups["transfers"] == 1).all():
        raise RiskError("All consumption comes from transfers, and nothing pays for them.", remedy="Mend the shares.")
