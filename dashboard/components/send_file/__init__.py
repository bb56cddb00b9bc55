"""A place to give a large file."""

from fuping.dashboard.components.send_file.component import SendFile

__all__ = ["SendFile"]
