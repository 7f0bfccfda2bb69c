"""What keeps a program from being started: seen before it is tried, and told after it failed.

For: whoever starts a program, and whoever is about to end one for a fresh process.
Promises: `missing` names only what is surely not there; where the system searches in ways of its own it says nothing.
Refuses: to start anything.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from onbam.guard import words as say
from onbam.guard.model import Spec
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Said

UNSTARTABLE: Final = (FileNotFoundError, NotADirectoryError, PermissionError)
"""What a start says of a command or a folder that is not there, or not for us."""


def missing(spec: Spec, environ: Mapping[str, str]) -> OSError | None:
    """The folder or the command that is not there, as the system would say it; `environ` is what the program would get."""
    if not Path(spec.cwd).is_dir():
        return NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if isinstance(spec.command, str):
        return None
    command = spec.command[0]
    if sys.platform == "win32":  # it adds endings and looks in many places; a whole path is one file
        there = not Path(command).is_absolute() or any(Path(f"{command}{end}").exists() for end in ("", ".exe"))
    else:
        path = environ.get("PATH", os.defpath).split(os.pathsep)
        places = [spec.cwd] if "/" in command else path
        there = any(os.access(Path(spec.cwd, place, command), os.X_OK) for place in places)
    return None if there else FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


def why_not(spec: Spec, error: OSError | ValueError) -> Said:
    """What keeps a program from being started; the system names the command also where its folder is missing."""
    if isinstance(error, UNSTARTABLE) and not Path(spec.cwd).is_dir():
        return say.NO_FOLDER(name=spec.name, folder=spec.cwd)
    if isinstance(error, FileNotFoundError):
        return say.NO_SUCH_COMMAND(name=spec.name, command=_first(spec.command))
    what = what_of(error) if isinstance(error, OSError) else str(error)
    return say.NOT_STARTED(name=spec.name, what=what, command=_first(spec.command))


def _first(command: Sequence[str] | str) -> str:
    return command if isinstance(command, str) else command[0]
