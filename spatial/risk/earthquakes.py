"""How often the earth shakes: Gutenberg–Richter, rates, and how intensity falls off with distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from fuping.spatial.risk.errors import HazardError
from numpy.typing import ArrayLike, NDArray

__all__ = ["BAKUN_WENTWORTH_1997", "Attenuation", "GutenbergRichter", "gutenberg_richter"]

LEAST_EVENTS = 2


@dataclass(frozen=True)
class GutenbergRichter:
    """A law of magnitudes: log10 of the events a year of at least magnitude M is a − b M.

    Parameters
    ----------
    a, b
        Of the law.
    b_se
        Standard error of b (Aki 1965): b/√n.
    b_se_shi_bolt
        The same where magnitudes need not follow the law exactly (Shi & Bolt 1982).
    completeness, bin_width, n, years
        What it was fitted to.
    """

    a: float
    b: float
    b_se: float
    b_se_shi_bolt: float
    completeness: float
    bin_width: float
    n: int
    years: float

    def rate(self, magnitude: ArrayLike) -> NDArray[np.float64]:
        """Give the events a year of at least a magnitude; NaN below the completeness."""
        m = np.asarray(magnitude, dtype=float)
        return np.where(m >= self.completeness - 1e-9, 10 ** (self.a - self.b * m), np.nan)

    def probability(self, magnitude: ArrayLike, *, years: float) -> NDArray[np.float64]:
        """Give the probability of at least one event of a magnitude within some years (Poisson)."""
        return -np.expm1(-self.rate(magnitude) * years)


def gutenberg_richter(
    magnitudes: ArrayLike, *, completeness: float, bin_width: float, years: float
) -> GutenbergRichter:
    r"""Fit the law by maximum likelihood.

    Parameters
    ----------
    magnitudes
        Of a catalogue without aftershocks; those below the completeness are left out.
    completeness
        Least magnitude of which none was missed, the centre of its bin.
    bin_width
        To which magnitudes are rounded, such as 0.1; 0 for unrounded ones.
    years
        That the catalogue covers.

    Raises
    ------
    HazardError
        A magnitude is missing, fewer than two are complete, all lie in the lowest bin, or the years are not above zero.

    Notes
    -----
    :math:`\hat b = \log_{10} e / (\bar M - (M_c - \Delta M/2))` (Aki 1965, *Bull. Earthq. Res. Inst.* 43:237–239; the
    half bin after Utsu 1966), :math:`\sigma = \hat b/\sqrt n`,
    :math:`\sigma_{SB} = 2.30\,\hat b^2 \sqrt{\sum (M_i - \bar M)^2/(n(n-1))}` (Shi & Bolt 1982, *BSSA* 72:1677).
    b is too high on average by the factor n/(n − 1).

    Examples
    --------
    >>> law = gutenberg_richter([4.0, 4.2, 4.6, 4.9371], completeness=4.0, bin_width=0, years=10)
    >>> round(law.b, 3), law.rate(4.0).round(3).item()
    (1.0, 0.4)
    """
    m = np.asarray(magnitudes, dtype=float)
    if np.isnan(m).any():
        raise HazardError(f"{int(np.isnan(m).sum())} magnitudes are missing.", remedy="Leave these events out.")
    if not years > 0 or bin_width < 0:
        raise HazardError(
            f"{years} years and bins of {bin_width}.", remedy="Give years above 0 and bins of at least 0."
        )
    least = completeness - bin_width / 2
    kept = m[m >= least - 1e-9]
    n = len(kept)
    if n < LEAST_EVENTS or not kept.mean() > least:
        raise HazardError(
            f"{n} of {len(m)} events reach the completeness of {completeness:g}, with the mean "
            f"{kept.mean() if n else float('nan'):.2f}.",
            remedy="Give more events, or a lower completeness where the catalogue allows it.",
        )
    b = float(np.log10(np.e) / (kept.mean() - least))
    shi_bolt = float(np.log(10) * b**2 * np.sqrt(((kept - kept.mean()) ** 2).sum() / (n * (n - 1))))
    a = float(np.log10(n / years) + b * least)
    return GutenbergRichter(a, b, b / np.sqrt(n), shi_bolt, completeness, bin_width, n, years)


@dataclass(frozen=True)
class Attenuation:
    r"""How intensity falls off with distance: :math:`I = c_0 + c_1 M - c_2 \ln(R + h) - c_3 R`.

    Parameters
    ----------
    c0, c1, c2, h, c3
        Coefficients of a published relation; R in km.
    source
        Where they were published, and for which region they hold.

    Raises
    ------
    HazardError
        Intensity would rise with distance, or there is no source.
    """

    c0: float
    c1: float
    c2: float
    h: float
    c3: float
    source: str

    def __post_init__(self) -> None:
        if self.c2 < 0 or self.c3 < 0 or (self.c2 > 0 and self.h < 0):
            raise HazardError(
                f"Coefficients {self.c2}, {self.h} and {self.c3} let intensity rise with distance.",
                remedy="Give c2, h and c3 of at least zero.",
            )
        if not self.source.strip():
            raise HazardError("The relation has no source.", remedy="Cite it, with the region it holds for.")

    def intensity(self, magnitude: ArrayLike, distance_km: ArrayLike) -> NDArray[np.float64]:
        """Give intensities, never below 1."""
        m, r = np.asarray(magnitude, dtype=float), np.asarray(distance_km, dtype=float)
        if (r < 0).any():
            raise HazardError(f"A distance of {r.min():g} km.", remedy="Give distances of at least zero.")
        logs = self.c2 * np.log(r + self.h) if self.c2 else 0.0
        return np.maximum(self.c0 + self.c1 * m - logs - self.c3 * r, 1.0)


BAKUN_WENTWORTH_1997 = Attenuation(
    c0=-3.29,
    c1=1.68,
    c2=0.0,
    h=0.0,
    c3=0.0206,
    source="Bakun & Wentworth 1997, BSSA 87:1502–1521: California, modified Mercalli intensity, epicentral distance",
)
"""Of California; other regions need their own relation."""
