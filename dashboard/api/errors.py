"""What a caller is told when something is wrong: one table from error to status, one JSON shape (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fuping.dashboard.api.documents import Fault, Problem
from fuping.layers.errors import NotBuiltError
from fuping.spatial.errors import FupingError

__all__ = [
    "STATUS",
    "ApiError",
    "BuildGoneError",
    "FilterError",
    "MediaTypeError",
    "MethodError",
    "ParameterError",
    "TooLargeError",
    "UnknownResourceError",
    "problem",
    "status_of",
]


class ApiError(FupingError):
    """Base of the errors that a request causes."""


class ParameterError(ApiError):
    """Query parameters cannot be used; every fault is told, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        told = "; ".join(f"{one.parameter}: found {one.found}, expected {one.expected}" for one in faults)
        super().__init__(f"The request has unusable parameters: {told}.", remedy="See /api/openapi.json.")


class FilterError(ApiError):
    """A filter is no CQL2, or asks for what this server does not offer."""


class UnknownResourceError(ApiError):
    """There is nothing at this address."""


class MethodError(ApiError):
    """The address cannot be used with this method."""


class MediaTypeError(ApiError):
    """The answer has no form that the caller accepts."""


class BuildGoneError(ApiError):
    """The request names a build of the data that has been replaced."""


class TooLargeError(ApiError):
    """The answer would be larger than this server gives at once."""


STATUS: dict[type[FupingError], tuple[int, str, str, str]] = {
    ParameterError: (400, "unusable-parameter", "A parameter cannot be used", "参数无法使用"),
    FilterError: (400, "unusable-filter", "The filter cannot be used", "过滤条件无法使用"),
    UnknownResourceError: (404, "not-found", "There is no such resource", "没有该资源"),
    NotBuiltError: (404, "not-built", "These data are not built", "该数据尚未构建"),
    MethodError: (405, "method-not-allowed", "The method is not allowed", "不支持该请求方法"),
    MediaTypeError: (406, "not-acceptable", "No acceptable form of the answer", "没有可接受的返回格式"),
    BuildGoneError: (410, "build-gone", "The build has been replaced", "该数据版本已被替换"),
    TooLargeError: (413, "too-large", "The answer would be too large", "返回内容过大"),
}
"""Error class → status, name of the problem type, and its title in both languages; the nearest base class decides."""

FAULT_OF_THE_SERVER = (500, "internal-error", "The server failed", "服务器内部错误")


def status_of(error: Exception) -> tuple[int, str, str, str]:
    """Return the row of :data:`STATUS` for an error; what is not in it is a fault of the server.

    >>> status_of(UnknownResourceError("no"))[0], status_of(ValueError("no"))[0]
    (404, 500)
    """
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return FAULT_OF_THE_SERVER


def problem(error: Exception, *, instance: str, language: str = "en") -> tuple[int, bytes]:
    """Return the status and the ``application/problem+json`` body of an error.

    The message of an error that is not in the table may name files of the server: it goes to the log, not into the
    body.
    """
    status, name, en, zh = status_of(error)
    told = isinstance(error, FupingError) and status < 500
    document = Problem(
        type=f"urn:fuping:problem:{name}",
        title=zh if language == "zh" else en,
        status=status,
        detail=error.message if told and isinstance(error, FupingError) else "The request could not be answered.",
        instance=instance,
        remedy=error.remedy if told and isinstance(error, FupingError) else None,
        errors=list(error.faults) if isinstance(error, ParameterError) else None,
    )
    body = json.dumps(document.model_dump(exclude_none=True), ensure_ascii=False)
    return status, body.encode("utf-8", errors="replace")
