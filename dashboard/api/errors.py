"""What can be wrong with a request, and the one shape in which every route says so (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fuping.layers.errors import NotBuiltError
from fuping.layers.schema.metadata import Text
from fuping.spatial.errors import FupingError

__all__ = [
    "KINDS",
    "PROBLEM",
    "BadParameterError",
    "ForeignOriginError",
    "MethodError",
    "NotAcceptableError",
    "NotThereError",
    "ProblemKind",
    "RequestError",
    "SignInError",
    "TooManyError",
    "UnknownParameterError",
    "kind_of",
    "problem",
    "require",
]

PROBLEM = "application/problem+json"

SHOWN = 40
"""Of what exists, how many names an error lists."""


def _some(names: Iterable[object]) -> str:
    listed = [str(one) for one in names]
    more = f" … (+{len(listed) - SHOWN})" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + more


class RequestError(FupingError):
    """A request that cannot be answered, told in both languages.

    Parameters
    ----------
    text, advice
        What is wrong, and what to do about it.
    parameter
        Name of the parameter at fault, in the query or in the path.
    """

    def __init__(self, text: Text, advice: Text, *, parameter: str | None = None) -> None:
        self.text = text
        self.advice = advice
        self.parameter = parameter
        super().__init__(text.en, remedy=advice.en)


class UnknownParameterError(RequestError):
    """The query has a parameter that the resource does not have; OGC API – Features wants it refused."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        there = _some(known)
        super().__init__(
            Text(en=f"This resource has no parameter {name!r}.", zh=f"此资源没有参数“{name}”。"),
            Text(en=f"Parameters: {there}.", zh=f"可用参数：{there}。"),
            parameter=name,
        )


class BadParameterError(RequestError):
    """The value of a parameter is not one that it can have."""

    def __init__(self, name: str, found: object, expected: Text, advice: Text | None = None) -> None:
        super().__init__(
            Text(
                en=f"The parameter {name!r} is {found!r}; expected {expected.en}.",
                zh=f"参数“{name}”的值为“{found}”；应为{expected.zh}。",
            ),
            advice or Text(en="Correct its value and ask again.", zh="请更正后重新请求。"),
            parameter=name,
        )


class NotThereError(RequestError):
    """What the path names does not exist."""

    def __init__(self, what: Text, name: str, known: Iterable[object], *, parameter: str | None = None) -> None:
        there = _some(known) or "–"
        super().__init__(
            Text(en=f"There is no {what.en} {name!r}.", zh=f"没有{what.zh}“{name}”。"),
            Text(en=f"There are: {there}.", zh=f"现有：{there}。"),
            parameter=parameter,
        )


class MethodError(RequestError):
    """The API is read only."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.allowed = tuple(allowed)
        there = ", ".join(self.allowed)
        super().__init__(
            Text(en=f"The method {method} is not allowed here.", zh=f"此处不允许使用{method}方法。"),
            Text(en=f"Use one of: {there}.", zh=f"可用方法：{there}。"),
        )


class NotAcceptableError(RequestError):
    """None of the formats that the client accepts is one that the resource has."""

    def __init__(self, accepted: str, known: Iterable[str]) -> None:
        there = _some(known)
        super().__init__(
            Text(en=f"Nothing here is of a kind in {accepted!r}.", zh=f"此处没有“{accepted}”类型的内容。"),
            Text(en=f"Formats: {there}; or give the parameter f.", zh=f"可用格式：{there}；也可使用参数f。"),
            parameter="Accept",
        )


class SignInError(RequestError):
    """Only who has an account may read, and who asks has not signed in."""

    def __init__(self) -> None:
        super().__init__(
            Text(en="Only who has signed in may read this.", zh="登录后才能阅读。"),
            Text(
                en="Sign in at /sign-in; a program sends a token as Authorization: Bearer.",
                zh="请在 /sign-in 登录；程序请用 Authorization: Bearer 发送令牌。",
            ),
        )


class ForeignOriginError(RequestError):
    """A page of another site asks for a change in the name of who is signed in here."""

    def __init__(self) -> None:
        super().__init__(
            Text(en="Another site asks for this, or the page is out of date.", zh="请求来自其他网站，或页面已过期。"),
            Text(en="Load the page again and repeat it there.", zh="请重新载入页面后再试。"),
        )


class TooManyError(RequestError):
    """Too many requests of a kind; ``wait`` is in seconds."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(
            Text(en="Too many attempts.", zh="尝试次数过多。"),
            Text(en=f"Wait {wait} seconds.", zh=f"请等待{wait}秒。"),
        )


def require(name: str, known: Iterable[str], what: Text, *, parameter: str) -> None:
    """Refuse what the path names and is not there.

    Raises
    ------
    NotThereError
        Tells what is there.
    """
    there = list(known)
    if name not in there:
        raise NotThereError(what, name, there, parameter=parameter)


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem: its name in the address of its type, its status, and its title."""

    name: str
    status: int
    title: Text


KINDS: dict[type[Exception], ProblemKind] = {
    UnknownParameterError: ProblemKind("unknown-parameter", 400, Text(en="Unknown parameter", zh="未知参数")),
    BadParameterError: ProblemKind("bad-parameter", 400, Text(en="Bad value of a parameter", zh="参数值有误")),
    NotThereError: ProblemKind("not-found", 404, Text(en="Not found", zh="未找到")),
    MethodError: ProblemKind("method-not-allowed", 405, Text(en="Method not allowed", zh="方法不被允许")),
    NotAcceptableError: ProblemKind("not-acceptable", 406, Text(en="No such format", zh="没有所需格式")),
    SignInError: ProblemKind("sign-in-needed", 401, Text(en="Sign in first", zh="请先登录")),
    ForeignOriginError: ProblemKind("foreign-origin", 403, Text(en="Refused", zh="已拒绝")),
    TooManyError: ProblemKind("too-many", 429, Text(en="Too many requests", zh="请求过多")),
    NotBuiltError: ProblemKind("not-built", 503, Text(en="The pack is not built", zh="数据包尚未构建")),
    FupingError: ProblemKind("cannot-answer", 422, Text(en="The request cannot be answered", zh="无法完成请求")),
    Exception: ProblemKind("unexpected", 500, Text(en="Unexpected fault of the server", zh="服务器意外故障")),
}
"""Error class to kind and status; of an error's classes, the nearest counts."""

UNEXPECTED = (
    Text(en="The server could not finish its answer.", zh="服务器未能完成应答。"),
    Text(en="Tell whoever runs this server; its log has the details.", zh="请告知管理员；详情见服务器日志。"),
)


def kind_of(error: Exception) -> ProblemKind:
    """Return the kind of an error."""
    return next(KINDS[one] for one in type(error).__mro__ if one in KINDS)


def problem(error: Exception, *, language: str, root: str, instance: str) -> dict[str, object]:
    """Return the body of a problem.

    Parameters
    ----------
    root
        Address of the API, below which the types of problems are described.
    instance
        Path and query of the request.
    """
    kind = kind_of(error)
    if isinstance(error, RequestError):
        detail, remedy = error.text.in_(language), error.advice.in_(language)
    elif isinstance(error, FupingError):
        detail, remedy = error.message, error.remedy or ""
    else:
        detail, remedy = (one.in_(language) for one in UNEXPECTED)
    body: dict[str, object] = {
        "type": f"{root}/problems/{kind.name}",
        "title": kind.title.in_(language),
        "status": kind.status,
        "detail": detail,
        "instance": instance,
        "remedy": remedy,
    }
    if isinstance(error, RequestError) and error.parameter:
        body["parameter"] = error.parameter
    return body
