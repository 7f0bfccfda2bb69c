"""Runs the operating system's own programs: schtasks, systemctl, launchctl, powershell.

For: the systems next door.
Promises: bounded in time; an absent program, a refusal and a hang are `Refused` with the program's own words and what to do.
Refuses: a shell: words are passed as words.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from onbam.guard.boot import words as say
from onbam.kernel.errors import Refused

LIMIT_S: Final = 60.0
_DENIED: Final = ("denied", "Access", "액세스", "거부", "authentication required", "Permission", "not permitted", "root")
_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended."""

    code: int
    out: str = ""
    err: str = ""


Run = Callable[[Sequence[str]], Ran]
"""Runs one program; the tests give one of their own."""


def run(command: Sequence[str]) -> Ran:
    """Run it and wait."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 -- our own words
    except FileNotFoundError:
        raise Refused(say.TOOL_MISSING(tool=command[0]), say.TOOL_HINT) from None
    except subprocess.TimeoutExpired:
        raise Refused(say.TOOL_SLOW(tool=command[0], limit=LIMIT_S), say.TOOL_HINT) from None
    return Ran(done.returncode, decoded(done.stdout), decoded(done.stderr))


def insist(runner: Run, *command: str) -> Ran:
    """Run it; anything but success is `Refused`."""
    done = runner(command)
    if done.code:
        what = " ".join((done.err or done.out).split())[:_SHOWN] or f"exit code {done.code}"
        hint = say.ADMIN_HINT if any(word in what for word in _DENIED) else say.TOOL_HINT
        raise Refused(say.TOOL_FAILED(tool=command[0], what=what), hint)
    return done


def decoded(data: bytes) -> str:
    """What a program of the system wrote: UTF-16 with its mark, UTF-8, or the code page of a Korean Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
