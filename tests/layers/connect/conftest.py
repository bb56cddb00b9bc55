"""The stub of a service, and a client that may ask it."""

from stub_service import cache, client, patient, stub

__all__ = ["cache", "client", "patient", "stub"]
