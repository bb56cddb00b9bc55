"""A long form in sections: what was written stays in it until it is sent, whole, by one of its buttons."""

from __future__ import annotations

from fuping.dashboard.components.browser import BrowserComponent

__all__ = ["DraftForm"]


class DraftForm(BrowserComponent):
    """Fields in sections, and buttons that send all of them.

    Parameters
    ----------
    seen
        Of what state the values are; the form begins anew when it changes.
    sections
        Each with ``title``, ``hint``, ``within`` (whether it belongs to the section before it) and ``fields``:
        ``name``, ``label``, ``value``, ``lang``, and ``kind``: ``text``, ``year``, ``check``, ``choice`` with
        ``options`` of ``value`` and ``label``, or ``areas`` (``pack:code`` set apart by commas) with
        ``packs`` of ``value`` and ``label``, ``named`` (the names of those in ``value``) and ``text``: ``search``,
        ``none``, ``pack``, ``everywhere``, and ``remove`` with a place for the ``{name}``.
    wrong
        Names of fields whose answers are to be put right.
    buttons
        Each with ``act``, ``label``, and ``quiet``.
    sent
        Set when the reader sends it: ``act``, ``values`` by name, ``at``.
    """

    names = ("seen", "sections", "wrong", "buttons", "sent")
