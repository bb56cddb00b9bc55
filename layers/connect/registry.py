"""Every service that Fuping can ask."""

from __future__ import annotations

from fuping.layers.connect.acs import ACS
from fuping.layers.connect.connector import Connector
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.file import FILE
from fuping.layers.connect.gadm import GADM
from fuping.layers.connect.geoboundaries import GEOBOUNDARIES
from fuping.layers.connect.hapi import HAPI
from fuping.layers.connect.indicators import INDICATORS
from fuping.layers.connect.ophi import OPHI
from fuping.layers.connect.pip import PIP
from fuping.layers.connect.saipe import SAIPE

__all__ = ["CONNECTORS", "connector"]

CONNECTORS: dict[str, Connector] = {
    one.id: one for one in (SAIPE, ACS, INDICATORS, PIP, GEOBOUNDARIES, HAPI, OPHI, GADM, FILE)
}


def connector(name: str) -> Connector:
    """Return a connector by its id.

    Raises
    ------
    ConnectError
        There is none.
    """
    if name not in CONNECTORS:
        raise ConnectError(f"There is no service {name!r}.", remedy=f"Services: {', '.join(CONNECTORS)}.")
    return CONNECTORS[name]
