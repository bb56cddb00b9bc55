"""Progress of work on the server."""

from fuping.dashboard.components.job.component import Batch, Job

__all__ = ["Batch", "Job"]
