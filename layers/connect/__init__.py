"""Live sources: what each service is asked, and how what it answers becomes a table or a boundary file."""

from fuping.layers.connect.cache import Answer, Cache
from fuping.layers.connect.collect import Collected, collect
from fuping.layers.connect.connector import Connector, Key, Option
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.http import PATIENCE, HttpClient
from fuping.layers.connect.registry import CONNECTORS, connector
from fuping.layers.connect.request import Request

__all__ = [
    "CONNECTORS",
    "PATIENCE",
    "Answer",
    "Cache",
    "Collected",
    "ConnectError",
    "Connector",
    "HttpClient",
    "Key",
    "Option",
    "Request",
    "collect",
    "connector",
]
