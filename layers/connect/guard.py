"""Where may be gone: the hosts that a connector declares, over https, at public addresses.

The name is resolved here and the connection made to the address that was checked, so that a name that changes its
address between the check and the connection (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from fuping.layers.connect.errors import ConnectError
from fuping.spatial.wording import worded

__all__ = ["Target", "check_target", "host_of"]

PORTS = {"https": 443, "http": 80}

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses whose last four bytes are an IPv4 address (RFC 6052)."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Target:
    """Where to connect, as checked.

    Parameters
    ----------
    scheme, host, port
        Of the address.
    path
        Path and query, to be sent; it may hold a secret.
    addresses
        What the host's name resolves to; every one was checked.
    """

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    def __repr__(self) -> str:
        """Show no path, as it may hold a secret."""
        return f"Target({self.scheme}://{self.host}:{self.port})"


def host_of(url: str) -> str:
    """Return the host of an address as connectors declare it, with the port where it is not that of the scheme.

    Raises
    ------
    ConnectError
        It is no address on the web.

    Examples
    --------
    >>> host_of("https://API.census.gov/data"), host_of("http://127.0.0.1:8000/x")
    ('api.census.gov', '127.0.0.1:8000')
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in PORTS or not host:
        raise ConnectError(
            worded("This is no address on the web."), remedy=worded("Give one that begins with https://.")
        )
    name = f"[{host}]" if ":" in host else host
    return name if port in (None, PORTS[parts.scheme]) else f"{name}:{port}"


def check_target(url: str, hosts: Collection[str] | None, *, loopback: bool = False) -> Target:
    """Refuse an address outside the declared hosts, and one that leads into a private network.

    Parameters
    ----------
    hosts
        Hosts that may be asked, as :func:`host_of` writes them; any where ``None``.
    loopback
        Allow this machine, and http to it: for tests.

    Raises
    ------
    ConnectError
        The scheme, the host or an address that its name resolves to is not allowed.
    OSError
        The name does not resolve.
    """
    declared = host_of(url)
    parts = urlsplit(url)
    host = str(parts.hostname).rstrip(".")
    if hosts is not None and declared not in hosts:
        raise ConnectError(
            worded("The host {declared} is not one that this service declares.", declared=declared),
            remedy=worded(
                "Declared: {hosts}. Nothing was sent to {declared}.", hosts=", ".join(sorted(hosts)), declared=declared
            ),
            host=declared,
        )
    if parts.username is not None or parts.password is not None:
        raise ConnectError(
            worded("The address at {declared} carries a name or a password.", declared=declared),
            remedy=worded("Take it out."),
        )
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(host.encode("ascii").decode(), port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise ConnectError(
            worded("The host {declared!r} is no name of ASCII letters.", declared=declared),
            remedy=worded("Write it as xn--… (Punycode)."),
        ) from None
    addresses = tuple(dict.fromkeys(str(one[4][0]) for one in found))
    here = all(ipaddress.ip_address(one.split("%")[0]).is_loopback for one in addresses)
    if parts.scheme != "https" and not (loopback and here):
        raise ConnectError(
            worded("{declared} is asked without encryption ({scheme}).", declared=declared, scheme=parts.scheme),
            remedy=worded("Give an https address."),
        )
    for one in addresses:
        address = ipaddress.ip_address(one.split("%")[0])
        if not (_public(address) or (loopback and address.is_loopback)):
            raise ConnectError(
                worded(
                    "The host {declared} leads to {one}, which is not a public address.", declared=declared, one=one
                ),
                remedy=worded("Services are asked on the public internet only; nothing was sent."),
                host=declared,
                address=one,
            )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, addresses)


def _public(address: IPAddress) -> bool:
    """Tell whether an address, and the IPv4 address that it may carry, is on the public internet."""
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inner.append(ipaddress.IPv4Address(address.packed[-4:]))
    return all(_public(one) for one in inner if one is not None)
