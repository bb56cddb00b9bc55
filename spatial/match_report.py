"""What a join or transfer matched, what it did not, and why; the counts always add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal

from fuping.spatial.errors import FupingError

__all__ = ["MatchReport", "Reason", "Unmatched"]

Reason = Literal[
    "unknown_code",
    "other_vintage",
    "format",
    "missing_code",
    "other_level",
    "no_data",
    "duplicate",
    "outside",
    "not_covered",
    "no_geometry",
    "left_out",
]


@dataclass(frozen=True)
class Unmatched:
    """One row that found no partner."""

    code: str
    name: str
    reason: Reason
    detail: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.code or "(no code)", self.name, "—", self.reason, self.detail)))


@dataclass(frozen=True)
class MatchReport:
    """Count of what went in, matched and did not, on each side.

    Parameters
    ----------
    name
        What was joined to what.
    n_left, n_right
        Rows of the data, units of the boundary layer.
    matched
        Rows of the data that found a unit.
    unmatched_left, unmatched_right
        Rows and units without a partner, with the reason.
    duplicated_left
        Codes that several matched rows share.
    notes
        What else a reader must know (rows carried over a rename, say).

    Raises
    ------
    FupingError
        The counts do not add up: ``n_left != matched + len(unmatched_left)``.
    """

    name: str
    n_left: int
    n_right: int
    matched: int
    unmatched_left: tuple[Unmatched, ...] = ()
    unmatched_right: tuple[Unmatched, ...] = ()
    duplicated_left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.n_left != self.matched + len(self.unmatched_left):
            raise FupingError(
                f"The report {self.name!r} does not add up: {self.n_left} rows in, {self.matched} matched and "
                f"{len(self.unmatched_left)} not.",
                remedy="This is a fault of the join, not of the data; please report it.",
            )

    def reasons(self) -> dict[str, int]:
        """Return how many rows of the data went unmatched for each reason."""
        return dict(Counter(row.reason for row in self.unmatched_left))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain lists, dicts, numbers and text."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> MatchReport:
        """Return the report that :meth:`to_dict` wrote."""
        sides = {side: tuple(Unmatched(**row) for row in plain[side]) for side in ("unmatched_left", "unmatched_right")}
        lists = {key: tuple(plain[key]) for key in ("duplicated_left", "notes")}
        return cls(**(plain | sides | lists))

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.matched} of {self.n_left} rows matched {self.n_right} units"]
        for words, rows in (("not matched", self.unmatched_left), ("nothing for", self.unmatched_right)):
            lines += [f"  {words}: {row}" for row in rows]
        if self.duplicated_left:
            lines.append(f"  shared codes: {', '.join(self.duplicated_left)}")
        return "\n".join(lines + [f"  note: {note}" for note in self.notes])
