"""Crosswalks for tests: from rows given as tuples, or simulated chains of them."""

import numpy as np
import pandas as pd
from fuping.spatial.boundaries.crosswalk import crosswalk
from hypothesis import strategies as st


def step(*changes, codes=None, start="1", end="2"):
    """Build a crosswalk of rows (from, to, kind) or (from, to, kind, weight)."""
    table = pd.DataFrame(
        [(*change, None)[:4] for change in changes], columns=["from_code", "to_code", "kind", "weight"]
    )
    return crosswalk(table, from_vintage=start, to_vintage=end, codes=codes)


@st.composite
def chains(draw, steps=3):
    """Simulate crosswalks of which each begins with every unit in which the one before it ends."""
    made = []
    froms = [f"0{i}" for i in range(draw(st.integers(1, 5)))]
    for number in range(steps):
        targets = [f"{number + 1}{i}" for i in range(draw(st.integers(1, 5)))]
        changes = []
        for code in froms:
            chosen = draw(st.lists(st.sampled_from(targets), min_size=1, max_size=3, unique=True))
            sizes = np.array(draw(st.lists(st.integers(1, 99), min_size=len(chosen), max_size=len(chosen))), float)
            changes += [(code, to, "transfer", w) for to, w in zip(chosen, sizes / sizes.sum(), strict=True)]
        made.append(step(*changes, start=str(number), end=str(number + 1)))
        froms = list(made[-1].to_codes)
    return made
