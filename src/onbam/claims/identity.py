"""Who this machine is, whatever it is called today.

For: the composition root, which makes the agent of this process.
Promises: the id is made once, from the name the PC then had (`DESKTOP-ABC-7k2m`), and kept in the data folder together with the
operating system's own id: it survives restart, rename and a new address; a data folder that was copied to another PC gets a new
id there instead of two PCs being one.
Refuses: to guess when the file is damaged: a machine with a wrong id would take another one's work for its own.
"""

from __future__ import annotations

import json
import re
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onbam.claims import words as say
from onbam.claims.model import Agent
from onbam.kernel.chance import Chance
from onbam.kernel.errors import Damaged
from onbam.kernel.files import write_whole
from onbam.kernel.ids import encode

FILE: Final = "machine.json"
NAME_MAX: Final = 40
_SUFFIX: Final = 4
_NONCE: Final = 10
_LINUX_IDS: Final = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_ELSEWHERE: Final = ("192.0.2.1", 9)
"""An address kept for documentation: connecting a datagram socket to it sends nothing and shows our own address."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the operating system says of this PC now."""

    name: str
    ip: str
    os_id: str
    """Stable while the system is installed; empty when the system has none."""


def machine_id(folder: Path, host: Host, chance: Chance) -> str:
    """This machine's id, made when it has none."""
    path = folder / FILE
    known = _read(path)
    if known is not None and known["os_id"] in ("", host.os_id):
        return known["machine_id"]
    made = f"{_plain(host.name)}-{encode(chance.bits(5 * _SUFFIX), _SUFFIX)}"
    write_whole(path, json.dumps({"machine_id": made, "os_id": host.os_id}, indent=2) + "\n")
    return made


def agent_of(machine: str, host: Host, seat: str, chance: Chance) -> Agent:
    """This process: its seat on the machine and a nonce no earlier process had."""
    nonce = encode(chance.bits(5 * _NONCE), _NONCE)
    return Agent(machine, f"{machine}/{seat}/{nonce}", _plain(host.name), host.ip)


def this_host() -> Host:
    """Ask the operating system."""
    return Host(socket.gethostname().split(".")[0], _own_address(), _os_id())


def _read(path: Path) -> dict[str, str] | None:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    try:
        known = json.loads(text)
        return {"machine_id": str(known["machine_id"]), "os_id": str(known["os_id"])}
    except (ValueError, KeyError, TypeError):
        raise Damaged(say.IDENTITY_DAMAGED(path=path), say.IDENTITY_DAMAGED_HINT) from None


def _plain(name: str) -> str:
    """A computer's name without anything that could not stand in an id."""
    return re.sub(r"[^A-Za-z0-9가-힣_-]+", "-", name).strip("-")[:NAME_MAX] or "PC"


def _own_address() -> str:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_ELSEWHERE)
            return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"


if sys.platform == "win32":
    import winreg

    def _os_id() -> str:
        """The id Windows gave itself when it was installed, the same for a 32-bit Python."""
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography", 0, access) as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""

else:

    def _os_id() -> str:
        """The id the system made for itself; none on a Mac, where the data folder alone says who it is."""
        known = (path.read_text("ascii", "replace").strip() for path in _LINUX_IDS if path.is_file())
        return next(known, "")
