"""The project's base error and the errors of the library.

Every message is built from values (what was found, what was expected, what to do), and the values stay on
the exception as attributes, so that a caller can translate, count or log them.
"""

from __future__ import annotations

from fuping.spatial.wording import worded

__all__ = [
    "CRSError",
    "CodeError",
    "CoverageError",
    "CrosswalkError",
    "CubeError",
    "FupingError",
    "GeometryError",
]


class FupingError(Exception):
    """Base of every error that Fuping raises on purpose.

    Parameters
    ----------
    message
        What is wrong, with the offending value in it.
    remedy
        What the reader can do about it; appended to the message.
    **values
        The values the message was built from; kept in :attr:`values`.
    """

    def __init__(self, message: str, *, remedy: str | None = None, **values: object) -> None:
        self.message = message
        self.remedy = remedy
        self.values = values
        super().__init__(str(self.told))

    @property
    def told(self) -> str:
        """The message and what to do; worded where the message is."""
        return worded("{what} {remedy}", what=self.message, remedy=self.remedy) if self.remedy else self.message


class CodeError(FupingError):
    """A unit code cannot be read as a code of the declared shape."""


class GeometryError(FupingError):
    """A geometry is null, empty, invalid, or not of the kind that is needed."""


class CRSError(FupingError):
    """A coordinate reference system is missing, wrong, or differs between inputs."""


class CoverageError(FupingError):
    """Polygons that should tile an area overlap or leave gaps."""


class CrosswalkError(FupingError):
    """Crosswalk rows contradict each other or do not preserve totals."""


class CubeError(FupingError):
    """A table cannot be laid out as a unit × year cube."""
