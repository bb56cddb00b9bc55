"""The URL as a component: the browser writes it, callbacks listen to it."""

from fuping.dashboard.components.address.component import Address, link

__all__ = ["Address", "link"]
