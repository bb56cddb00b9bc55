"""Errors of project lists, money and evaluation designs."""

from __future__ import annotations

from fuping.spatial.errors import FupingError

__all__ = ["AllocationError", "DesignError", "ProjectError", "SpatialCovarianceError", "TargetingError"]


class ProjectError(FupingError):
    """A project list is not of the declared shape."""


class AllocationError(FupingError):
    """Money cannot be allocated, converted or deflated as asked."""


class TargetingError(FupingError):
    """People, benefits or a ranking cannot be compared as asked."""


class DesignError(FupingError):
    """An evaluation design identifies no effect, or its table cannot be read as a panel."""


class SpatialCovarianceError(FupingError):
    """Positions or a kernel give no covariance between units."""
