"""What the people of an office write: who they are, what they did, and the alerts they work through."""

from fuping.layers.office.audit import Entry, count_entries, entries, note_action
from fuping.layers.office.database import Office, open_office

__all__ = ["Entry", "Office", "count_entries", "entries", "note_action", "open_office"]
