"""A place to give a large file."""

from fuping.dashboard.components.send_file.component import SendFile, file_sender

__all__ = ["SendFile", "file_sender"]
