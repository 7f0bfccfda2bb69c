"""Where a request came from when a proxy stands in front.

For: the pause after wrong passwords, the list of log-ins.
Promises: a header is believed only from an address the shop named (`web.proxies`), and only as far as such addresses passed it
on: what a stranger writes into it is never taken for where they are.
Refuses: a name; proxies are told by address, which nobody else can have.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from onbam.kernel.errors import Misconfigured
from onbam.web import door_words as say

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def trusted(told: Iterable[str]) -> Sequence[Network]:
    """The networks of the setting."""
    return tuple(_network(one) for one in told if one.strip())


def _network(told: str) -> Network:
    try:
        return ipaddress.ip_network(told.strip(), strict=False)
    except ValueError:
        raise Misconfigured(say.BAD_PROXY(value=told.strip()[:60]), say.BAD_PROXY_HINT, setting="web.proxies") from None


def address_behind(peer: str, forwarded: Iterable[str], proxies: Sequence[Network]) -> str:
    """The nearest address that is no proxy of ours. `forwarded`: the `X-Forwarded-For` of the request, as it came."""
    known = _address(peer)
    if known is None or not _ours(known, proxies):
        return peer
    for hop in reversed([hop for header in forwarded for hop in header.split(",")]):
        passed_on = _address(hop)
        if passed_on is None:
            break
        known = passed_on
        if not _ours(known, proxies):
            break
    return str(known)


def _ours(address: Address, proxies: Sequence[Network]) -> bool:
    return any(address in network for network in proxies)


def _address(told: str) -> Address | None:
    """Of `10.0.0.1`, `10.0.0.1:4000`, `::1`, `[::1]:4000`; an old address in a new one's clothes is itself."""
    text = told.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found
