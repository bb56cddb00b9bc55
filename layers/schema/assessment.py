"""What a pack declares of assessments: an ecological framework, a composite of risk, and how earthquakes fall off.

``ecology.toml``, ``risk.toml`` and ``earthquakes.toml``. They name indicators and choices; the figures come from the
store, so an indicator that is not loaded is left out and named where the result is shown.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fuping.layers.schema.metadata import Identifier, Strict, Text
from pydantic import Field, model_validator

__all__ = ["Attenuations", "EcologyFramework", "EcologyIndicator", "RiskComposite", "RiskIndicator", "Unassessed"]

Direction = Literal["positive", "negative"]


class EcologyIndicator(Strict):
    """One indicator of a framework."""

    indicator: Identifier
    dimension: Literal["pressure", "state", "response"]
    direction: Direction
    """positive: more is safer."""
    why: Text


class EcologyFramework(Strict):
    """``ecology.toml``: pressure–state–response, from the pack's indicators."""

    id: Identifier
    name: Text
    note: Text
    level: Identifier
    minimum_weight: float = Field(default=1.0, gt=0, le=1)
    """Part of the weights that must be observed for a unit to have an index."""
    poverty: tuple[Identifier, ...] = Field(min_length=1)
    """Indicators of poverty or deprivation that it can be laid over; the first that is loaded comes first."""
    indicators: tuple[EcologyIndicator, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _once(self) -> EcologyFramework:
        _each_once([one.indicator for one in self.indicators])
        return self


class RiskIndicator(Strict):
    """One indicator of a composite of risk."""

    indicator: Identifier
    dimension: Literal["hazard", "vulnerability", "coping"]
    category: Text
    direction: Direction
    """positive: more is more risk."""
    low: float
    high: float
    """Values of the scores 0 and 10 (the other way round for a negative direction); beyond them scores are cut."""
    why: Text

    @model_validator(mode="after")
    def _ordered(self) -> RiskIndicator:
        if not self.low < self.high:
            raise ValueError("low must lie below high; direction says which is worse")
        return self


class Unassessed(Strict):
    """A hazard of the country, and why it is not assessed while none of its indicators has figures."""

    name: Text
    indicators: tuple[Identifier, ...] = ()
    """Of the composite; without any it is never assessed."""
    why: Text


class RiskComposite(Strict):
    """``risk.toml``: hazard and exposure, vulnerability and lack of coping capacity, in the manner of INFORM."""

    id: Identifier
    name: Text
    note: Text
    level: Identifier
    minimum_share: float = Field(default=0.5, gt=0, le=1)
    """Part of the indicators of a dimension that must be there for it to have a score."""
    poverty: tuple[Identifier, ...] = Field(min_length=1)
    indicators: tuple[RiskIndicator, ...] = Field(min_length=3)
    unassessed: tuple[Unassessed, ...] = ()
    """Hazards that a reader would look for."""

    @model_validator(mode="after")
    def _once(self) -> RiskComposite:
        _each_once([one.indicator for one in self.indicators])
        strange = {name for one in self.unassessed for name in one.indicators}
        strange -= {one.indicator for one in self.indicators if one.dimension == "hazard"}
        if strange:
            raise ValueError(f"{', '.join(sorted(strange))} is no indicator of a hazard of the composite")
        return self


class Attenuations(Strict):
    """``earthquakes.toml``: I = a + b M − c log10(R + h), along and across the shaking, for one region."""

    id: Identifier
    name: Text
    along: Annotated[tuple[float, ...], Field(min_length=4, max_length=4)]
    """a, b, c, h along the longer axis of the shaking."""
    across: Annotated[tuple[float, ...], Field(min_length=4, max_length=4)]
    """The same along the shorter axis."""
    sigma: float = Field(gt=0)
    scale: Text
    """Which scale of intensity."""
    citation: str = Field(min_length=10)
    note: Text | None = None


def _each_once(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands twice")
