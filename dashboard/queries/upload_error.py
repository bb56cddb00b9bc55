"""The one error of a file that a reader gives, said in the reader's language."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.i18n.messages import message
from fuping.spatial.errors import FupingError

__all__ = ["UploadError"]


class UploadError(FupingError):
    """A file that cannot be used as it is.

    Parameters
    ----------
    code
        Which fault; the message ``upload.fault.<code>`` says it in the reader's language.
    **values
        What the message is filled with.
    """

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        super().__init__(message(f"upload.fault.{code}", "en", **values), code=code, **values)

    def said(self, language: str) -> str:
        """Return the fault in a language."""
        values = {name: value for name, value in self.values.items() if name != "code"}
        return message(f"upload.fault.{self.code}", language, **values)
