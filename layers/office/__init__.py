"""What the people of an office write: who they are, what they did, and the alerts they work through."""

from fuping.layers.office.audit import Entry, entries, note_action
from fuping.layers.office.database import Office, open_office

__all__ = ["Entry", "Office", "entries", "note_action", "open_office"]
