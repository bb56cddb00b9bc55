"""Progress of work on the server."""

from fuping.dashboard.components.job.component import Job

__all__ = ["Job"]
