"""The URL as a component, and links that change a part of it."""

from __future__ import annotations

import json
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.state import ViewState

__all__ = ["Address", "link"]


class Address(BrowserComponent):
    """Tells callbacks when the URL changes; ``address.js`` is what changes it.

    Parameters
    ----------
    id
        Of the component.
    search
        The URL's query.
    frame
        Without the unit, the year, and what orders or opens panels: changes when the map shows something else.
    place
        ``frame`` with the unit.
    """

    names = ("search", "frame", "place")


def link(
    view: ViewState, children: Any, changes: dict[str, str], *, href: str | None = None, **attributes: Any
) -> html.A:
    """Return a link that sets parameters of the URL as it then is; empty ones are taken out.

    Parameters
    ----------
    changes
        Parameter of the URL → value.
    href
        Where the link leads without scripts; the view itself where not given.
    """
    marked = data(set=json.dumps(changes, ensure_ascii=False))
    return html.A(children, href=href or view.address, **marked, **attributes)
