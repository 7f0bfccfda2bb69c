"""One instance: the lock the system holds, and the file that tells people who has it.

For: the guard at its start; `onbam ensure` and `ps`, which only look; a robot started by hand.
Promises: a lock that is given back by the system itself, however its holder ends, so that neither a crash, a reboot, a reused
PID nor nonsense in `runtime.lock` keeps the next start out; it stands also when somebody deletes the files, where the system
has names without files; the second one is told who holds it.
Refuses: network drives, where two PCs could both hold it; to believe `runtime.lock`.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final

from onbam.guard import words as say
from onbam.guard.names import VERSION
from onbam.guard.system import Seat, System
from onbam.kernel.clock import Clock
from onbam.kernel.errors import Misconfigured, OnbamError, Transient
from onbam.kernel.home import environment, user_name
from onbam.kernel.oserror import what_of

RUNTIME_NAME: Final = "runtime.lock"
LOCK_SUFFIX: Final = ".lock"
REMOTE_KINDS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb", "fuse.sshfs", "sshfs", "afpfs", "webdav", "davfs", "fuse.rclone", "ncpfs"}
)
TRIES: Final = 6
TRY_EVERY_S: Final = 0.05
READABLE_BYTES: Final = 4_096
_FIELD: Final = re.compile(r"(?P<name>since|user|version|machine): (?P<value>.*)\Z")


class AlreadyRunning(OnbamError):
    """Somebody holds the lock: this process has nothing to do here. Ends with exit code 1."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the lock, as `runtime.lock` tells it. For people; never for a decision."""

    pid: int
    since: str = "?"
    user: str = "?"
    version: str = "?"
    machine: str = "?"


class Held:
    """The lock, while we have it."""

    def __init__(self, path: Path, handle: int, seat: Seat, runtime: Path | None) -> None:
        self.path, self.handle, self.seat, self.runtime = path, handle, seat, runtime

    def still_ours(self) -> bool:
        """Whether the file under the lock's name is the one we hold; false after somebody deleted it."""
        try:
            return os.path.samestat(os.fstat(self.handle), self.path.stat())
        except OSError:
            return False


def acquire_lock(
    folder: Path,
    system: System,
    clock: Clock,
    *,
    name: str = "guard",
    runtime: Path | None = None,
    zone: tzinfo | None = None,
) -> Held:
    """Become the only one of this name for this folder on this PC; raises `AlreadyRunning`. `runtime` tells people.

    `zone` is the shop's, for that file; without one the PC's.
    """
    refuse_remote(folder)
    for _ in range(TRIES):
        held = _try(folder, system, name, runtime)
        if held is not None:
            _tell(held, clock, zone)
            return held
        clock.wait(TRY_EVERY_S)  # somebody may only be looking
    holder = read_holder(runtime) if runtime is not None else None
    if holder is None:
        raise AlreadyRunning(say.RUNNING, say.RUNNING_UNKNOWN)
    hint = say.RUNNING_HINT(pid=holder.pid, since=holder.since, user=holder.user, version=holder.version)
    raise AlreadyRunning(say.RUNNING, hint, pid=holder.pid)


def _try(folder: Path, system: System, name: str, runtime: Path | None) -> Held | None:
    """Both the name and the file, or neither."""
    seat = system.seat(f"{name}-{_key(folder)}")
    if seat is None:
        return None
    path = folder / f"{name}{LOCK_SUFFIX}"
    try:
        handle = _locked(path)
    except OSError as error:
        seat.leave()
        raise Transient(say.UNLOCKABLE(file=path, what=what_of(error)), say.UNLOCKABLE_HINT) from error
    if handle is None:
        seat.leave()
        return None
    return Held(path, handle, seat, runtime)


def release_lock(held: Held) -> None:
    """Give it back, and take `runtime.lock` away; its own file stays: whoever waits on a deleted one is a second holder."""
    if held.runtime is not None and (holder := read_holder(held.runtime)) is not None and holder.pid == os.getpid():
        with contextlib.suppress(OSError):
            held.runtime.unlink()
    with contextlib.suppress(OSError):
        os.close(held.handle)
    held.seat.leave()


def renew_lock(held: Held) -> bool:
    """Somebody deleted the lock's file: lock the new one as well. False when another was quicker; then we have lost."""
    try:
        handle = _locked(held.path)
    except OSError:
        return True  # the disk is full or the folder is gone: what we hold, we hold
    if handle is None:
        return False
    with contextlib.suppress(OSError):
        os.close(held.handle)
    held.handle = handle
    return True


def is_held(folder: Path, system: System, *, name: str = "guard") -> bool:
    """Whether somebody has it now; looks without changing anything that lasts."""
    if not (folder / f"{name}{LOCK_SUFFIX}").exists():
        seat = system.seat(f"{name}-{_key(folder)}")  # held by somebody whose files were deleted?
        if seat is not None:
            seat.leave()
        return seat is None
    try:
        held = _try(folder, system, name, None)
    except Transient:
        return False
    if held is not None:
        release_lock(held)
    return held is None


def read_holder(runtime: Path) -> Holder | None:
    """Who the file says it is; nothing when it is not there or says nothing of the kind."""
    try:
        with runtime.open("rb") as file:
            lines = file.read(READABLE_BYTES).decode("utf-8", "replace").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    fields = {match["name"]: match["value"] for line in lines[1:] if (match := _FIELD.match(line))}
    return Holder(pid, **fields) if 0 < pid < 1 << 31 else None


def _tell(held: Held, clock: Clock, zone: tzinfo | None) -> None:
    """Who we are, for people and for old scripts, which read a PID in the first line. A failure is nobody's trouble."""
    if held.runtime is None:
        return
    since = clock.now().astimezone(zone).isoformat(" ", timespec="seconds")
    user = user_name(environment())
    text = f"{os.getpid()}\nsince: {since}\nuser: {user}\nversion: {VERSION}\nmachine: {platform.node()}\nsee: onbam ps\n"
    with contextlib.suppress(OSError):
        held.runtime.write_text(text, "utf-8")


def _key(folder: Path) -> str:
    """A short name for a folder that is the same whichever way it is written."""
    return fingerprint(os.fsencode(os.path.normcase(os.path.realpath(folder))))


def fingerprint(data: bytes) -> str:
    """A short name for some bytes (FNV-1a). Nobody gains by a second one of the same name; `hashlib` costs 4 MB of memory."""
    number = 0x6C62272E07BB014262B821756295C58D
    for byte in data:
        number = ((number ^ byte) * 0x1000000000000000000013B) & ((1 << 128) - 1)
    return f"{number:032x}"


# -- network drives -----------------------------------------------------------------------------------------------------


def refuse_remote(folder: Path) -> None:
    """A lock there may be held by two PCs at once."""
    kind = remote_kind(folder, _mounts())
    if kind:
        raise Misconfigured(say.REMOTE(folder=folder, kind=kind), say.REMOTE_HINT)


def remote_kind(folder: Path, mounts: Mapping[str, str]) -> str:
    """What sort of network drive a folder lies on; empty when on none. `mounts` are folders with their kinds."""
    whole = os.path.realpath(folder)
    if whole.startswith("\\\\") or str(folder).startswith("\\\\"):
        return "UNC"
    inside = [point for point in mounts if whole == point or whole.startswith(point.rstrip("/\\") + os.sep)]
    kind = mounts[max(inside, key=len)] if inside else ""
    return kind if kind.lower() in REMOTE_KINDS else ""


if sys.platform == "win32":
    import ctypes
    import msvcrt
    import string

    _REMOTE_DRIVE: Final = 4

    def _mounts() -> Mapping[str, str]:
        """Drives with a letter that lead elsewhere."""
        kind_of = ctypes.WinDLL("kernel32").GetDriveTypeW
        roots = [f"{letter}:\\" for letter in string.ascii_uppercase]
        return {root: "smb" for root in roots if kind_of(root) == _REMOTE_DRIVE}

    def _locked(path: Path) -> int | None:
        """The file, locked by its first byte; nothing when another holds it; raises `OSError` for other trouble."""
        handle = _opened(path, os.O_BINARY | os.O_NOINHERIT)
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(handle)
            return None
        return handle

else:
    import fcntl

    def _mounts() -> Mapping[str, str]:
        """As the kernel lists them; where it does not, psutil asks."""
        try:
            lines = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
            return {point.replace("\\040", " "): kind for _, point, kind, *_ in (line.split() for line in lines)}
        except (OSError, ValueError):
            import psutil

            return {part.mountpoint: part.fstype for part in psutil.disk_partitions(all=True)}

    def _locked(path: Path) -> int | None:
        """The file, locked; nothing when another holds it; raises `OSError` for other trouble."""
        while True:
            handle = _opened(path, os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(handle), path.stat()):
                    return handle
            except BlockingIOError:
                os.close(handle)
                return None
            except FileNotFoundError:
                pass  # deleted between opening and looking: what we locked has no name any more
            except OSError:
                os.close(handle)
                raise
            os.close(handle)


def _opened(path: Path, extra: int) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | extra, 0o600)
