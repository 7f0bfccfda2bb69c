"""Writes small files so that a reader, a crash or a full disk never meets half of one.

For: keys, secrets, settings, state files of a few kilobytes.
Promises: after `write_whole` the file holds all of the old or all of the new, also when the power goes; a `private` file is
readable by its owner alone from its first byte; what an interrupted write leaves behind has a name that tells so;
`replace_quickly` does the same without waiting for the disk, for what is of no use after a power cut, and writes into the old
file where a full disk has no room for a new one: a program whose beat nobody can read any more would be taken for hanging;
`could_replace` tells whether it gets anything written at all.
Refuses: big files and appending (`logfile` does that).
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
from pathlib import Path
from typing import Final

FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
BLOCK_BYTES: Final = 512
"""What the system counts a file's room in, whatever the disk's own blocks are."""
LEFTOVER_SUFFIX: Final = ".part"
REPLACE_TRIES: Final = 5
REPLACE_PAUSE_S: Final = 0.004
ACL_LIMIT_S: Final = 10.0
_WORLD: Final = ("Everyone:", "BUILTIN\\Users:", "NT AUTHORITY\\Authenticated Users:", "모든 사용자:")


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Replace a file in one move; raises `OSError` and then the old content stands."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    part = path.with_name(f".{path.name}.{os.getpid()}{LEFTOVER_SUFFIX}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(part, flags, 0o600 if private else 0o666), "wb") as file:
            if private:
                make_private(part)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _put(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    _settle(path.parent)


def replace_quickly(path: Path, text: str, *, private: bool = False) -> None:
    """A small file in one move, without waiting for the disk; raises `OSError`. Windows' folders decide who may read it."""
    data = text.encode()
    try:
        _replace(path, data, 0o600 if private else 0o644)
    except OSError as error:
        if error.errno not in FULL or not write_into(path, data):
            raise


def write_into(path: Path, data: bytes) -> bool:
    """Write into the room a file has already, for a disk that has no more; false when it has no room, and nothing changed."""
    try:
        with path.open("r+b", buffering=0) as file:
            facts = os.fstat(file.fileno())
            if len(data) > max(facts.st_size, getattr(facts, "st_blocks", 0) * BLOCK_BYTES):
                return False
            file.write(data)
            file.truncate(len(data))
    except OSError:
        return False
    return True


def _put(part: str | Path, path: Path) -> None:
    """Give it its name; raises `OSError`."""
    for attempt in range(REPLACE_TRIES):
        try:
            os.replace(part, path)  # noqa: PTH105 -- a plain name: this runs for every beat
            break
        except PermissionError:  # Windows, while somebody reads it, a virus scanner say
            if attempt == REPLACE_TRIES - 1:
                raise
            threading.Event().wait(REPLACE_PAUSE_S)


def could_replace(path: Path) -> bool:
    """Whether `replace_quickly` gets this small file written now, as far as trying the same beside it tells."""
    part = path.with_name(f"{path.name}.{os.getpid()}.probe{LEFTOVER_SUFFIX}")
    try:
        part.write_bytes(b" " * BLOCK_BYTES)
    except FileNotFoundError:  # whoever writes makes the folder
        return True
    except OSError as error:
        return error.errno in FULL and path.exists()  # it has room of its own
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return True


def _replace(path: Path, data: bytes, mode: int) -> None:
    part, flags = f"{path}.{os.getpid()}.part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(part, flags, mode)
    except FileNotFoundError:  # the data folder was taken away while we ran
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(part, flags, mode)
    try:
        try:
            if os.write(handle, data) != len(data):
                raise OSError(errno.ENOSPC, "the disk took only a part")
        finally:
            os.close(handle)
        _put(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part)  # noqa: PTH108 -- the same
        raise


if sys.platform == "win32":
    import getpass
    import subprocess

    def _settle(folder: Path) -> None:
        """Windows keeps the new name by itself and cannot open a folder."""

    def make_private(path: Path) -> None:
        """Only this user and the system itself may read it."""
        system = "*S-1-5-18"  # the number is LocalSystem's, whatever the language of Windows
        _icacls(str(path), "/inheritance:r", "/grant:r", f"{getpass.getuser()}:F", "/grant:r", f"{system}:F")

    def open_to_others(path: Path) -> bool:
        """Whether somebody else on this PC may read it."""
        return acl_names_others(_icacls(str(path)))

    def _icacls(*arguments: str) -> str:
        """Windows' own tool for rights."""
        program = str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "icacls.exe")
        done = subprocess.run(  # noqa: S603 -- our own words
            [program, *arguments],
            capture_output=True,
            timeout=ACL_LIMIT_S,
            check=False,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
        if done.returncode:
            raise PermissionError(f"icacls answered {done.returncode} for {arguments[0]}")
        return done.stdout.decode("mbcs", "replace")

else:

    def _settle(folder: Path) -> None:
        """Make the new name last."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def make_private(path: Path) -> None:
        """Only this user may read it."""
        path.chmod(0o600)

    def open_to_others(path: Path) -> bool:
        """Whether somebody else on this PC may read it."""
        return bool(path.stat().st_mode & 0o077)


def acl_names_others(listing: str) -> bool:
    """Whether Windows' listing of a file's rights names a group everybody is in."""
    return any(group in listing for group in _WORLD)
