"""The fixed lists a pack chooses from: kinds, statuses, warnings, missing reasons.

A word outside these lists is a fault of the pack. Labels in two languages live in the dashboard's message
catalogues under ``vocabulary.<list>.<word>``; a test checks that every word has one in each language.
"""

from __future__ import annotations

from typing import Literal, get_args

__all__ = [
    "Aggregation",
    "Cause",
    "ChangeKind",
    "Direction",
    "FigureStatus",
    "IndicatorKind",
    "ProjectStatus",
    "SourceKind",
    "TableFormat",
    "Warning_",
    "words",
]

IndicatorKind = Literal["count", "rate", "index", "status", "amount"]
"""What a figure is: heads counted, a share of a denominator, an index, a category, or money/quantity."""

Aggregation = Literal["extensive", "intensive", "none"]
"""How it rolls up: summed, averaged with its denominator as weight, or not at all (categories)."""

Direction = Literal["higher_is_worse", "higher_is_better", "neutral"]

FigureStatus = Literal["published", "published_rounded", "derived", "modelled", "compiled", "secondary", "unverified"]
"""How sure a figure is.

published: printed by its publisher; published_rounded: printed rounded; derived: computed from published
figures; modelled: a model's estimate; compiled: gathered from public lists into one table; secondary: quoted by a
third party, the publisher's own page not seen; unverified: written from general knowledge, not checked.
"""

Cause = Literal["income", "schooling", "health", "disaster", "housing_water"]
"""What an alert of an indicator is put down to, and so whose work it is."""

ProjectStatus = Literal["planned", "running", "finalised", "closed", "cancelled", "suspended"]
"""Where a project stands, in the order of IATI's list ActivityStatus."""

SourceKind = Literal["package", "pack_file", "url"]
"""Where a source's bytes come from. A ``url`` source can also be given as a local file by ``source add``."""

TableFormat = Literal["csv", "xlsx", "parquet"]

ChangeKind = Literal["rename", "split", "merge", "transfer"]

Warning_ = Literal[
    "modelled",
    "derived",
    "secondary_source",
    "unverified",
    "series_break",
    "model_input",
    "sample_based",
    "batch_year",
    "list_complete",
    "partial_list",
    "boundary_change",
    "not_poverty_rate",
    "current_prices",
    "statement_not_survey",
    "romanised_names",
    "geometry_converted",
    "mixed_levels",
    "coarse_grid",
    "period_mean",
]
"""Usage warnings; each appears under every figure and in every export that uses what carries it."""


def words(literal: object) -> tuple[str, ...]:
    """Return the words of one list.

    >>> words(Direction)
    ('higher_is_worse', 'higher_is_better', 'neutral')
    """
    return get_args(literal)
