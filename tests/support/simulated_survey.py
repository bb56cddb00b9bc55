"""SIMULATED household survey for tests and training: no country's data, and nothing in it was observed."""

import numpy as np
import pandas as pd


def simulated_survey(n=2400, *, units=("110101", "110102"), seed=7, years=(2015, 2020)):
    """Return n households a year in strata and clusters, spread over units, with income and three deprivations."""
    rng = np.random.default_rng(seed)
    parts = []
    for year in years:
        cluster = np.arange(n) // 12
        stratum = cluster % 4
        effect = rng.normal(0, 0.3, cluster.max() + 1)[cluster]
        log_income = 8.4 + 0.05 * (year - years[0]) + 0.25 * stratum + effect + rng.normal(0, 0.6, n)
        income = np.exp(log_income).round(2)
        short = 1 / (1 + np.exp(log_income - 8.2))
        parts.append(
            pd.DataFrame(
                {
                    "welfare": income,
                    "weight": rng.integers(50, 150, n),
                    "hhsize": rng.integers(1, 7, n),
                    "stratum": [f"S{one}" for one in stratum],
                    "psu": [f"V{one}" for one in cluster],
                    "unit": np.array(units)[cluster % len(units)],
                    "group": np.where(stratum < 2, "rural", "urban"),
                    "year": year,
                    "no_water": (rng.random(n) < short).astype(int),
                    "no_school": (rng.random(n) < 0.5 * short).astype(int),
                    "no_toilet": (rng.random(n) < 0.8 * short).astype(int),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
