"""Which receivers the settings name.

For: the composition root, `onbam notices channels`.
Promises: one entry for each receiver, in a stable order, with the least severity it hears of; addresses stay secrets.
Refuses: to check an address: that shows when it is used, and is told as a notice instead of stopping a robot at its start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from onbam.kernel.settings import Secret
from onbam.notices.model import Severity
from onbam.notices.settings import NoticeSettings

PORTS: Final = {"starttls": 587, "ssl": 465, "none": 25}
_MODES: Final = {"starttls": "starttls", "ssl": "ssl", "none": "insecure"}
SENDER: Final = "Onbam 온밤"
GROUPS: Final = ("mail", "chat", "phone")
SHORTEST_PART: Final = 8
"""Shorter parts of an address are words like `hooks`, not keys."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver as the settings name it."""

    name: str
    group: str
    floor: Severity | None
    """The least severity it hears of; none: it is switched off and hears of the digest at most."""
    address: Secret


def receivers(chosen: NoticeSettings) -> list[Receiver]:
    """All of them."""
    found = [Receiver(f"mail:{to}", "mail", _floor(chosen.mail_floor), _mail(chosen, to)) for to in _to(chosen)]
    found += _listed("chat", chosen.chat_floor, chosen.chat_url)
    found += _listed("phone", chosen.phone_floor, chosen.phone_url)
    return found


def _to(chosen: NoticeSettings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chosen.mail_to)) if chosen.mail_host else ()


def _floor(word: str) -> Severity | None:
    return None if word == "off" else Severity(word)


def _listed(group: str, floor: str, addresses: Secret) -> Iterator[Receiver]:
    for number, address in enumerate(addresses.reveal().split(), start=1):
        yield Receiver(group if number == 1 else f"{group}:{number}", group, _floor(floor), Secret(address))


def _mail(chosen: NoticeSettings, to: str) -> Secret:
    """As an address of Apprise; every part is quoted, a password may hold anything."""
    secured = chosen.mail_security != "none"
    login = f"{quote(chosen.mail_user, safe='')}:{quote(chosen.mail_password.reveal(), safe='')}@" if chosen.mail_user else ""
    port = chosen.mail_port or PORTS[chosen.mail_security]
    about = {
        "mode": _MODES[chosen.mail_security],
        "from": f"{SENDER} <{chosen.mail_from or chosen.mail_user}>",
        "to": to,
        "smtp": chosen.mail_host,
        "cto": f"{chosen.timeout_s:g}",
    }
    scheme = "mailtos" if secured else "mailto"
    return Secret(f"{scheme}://{login}{chosen.mail_host}:{port}/?{urlencode(about, quote_via=quote)}")


def secrets_of(receiver: Receiver) -> Iterator[str]:
    """What of an address must not be seen: in a web hook each part may be the key. A mail's password is a secret already."""
    if receiver.group == "mail":
        return
    address = urlsplit(receiver.address.reveal())
    parts = [address.username, address.password, *address.path.split("/"), *(value for _, value in parse_qsl(address.query))]
    host = address.netloc.rpartition("@")[2]
    if "." not in host:  # a token stands where a server would: slack://tokenA/tokenB
        parts.append(host)
    yield from (unquote(part) for part in parts if part and len(part) >= SHORTEST_PART)
