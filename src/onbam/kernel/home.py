"""Where a shop's Onbam lives: its settings files, its data, its logs.

For: the composition root and the command line, before any setting is read.
Promises: `ONBAM_HOME` when given; else the current folder when it holds an `onbam.toml` or `.env`; else the user's own
application folder. Nothing is created by looking.
Refuses: a folder that cannot be written, with the reason.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from onbam.kernel import dotenv
from onbam.kernel.errors import Misconfigured
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Lang, Text, language

HOME_VARIABLE: Final = "ONBAM_HOME"
LANG_VARIABLE: Final = "ONBAM_LANG"
USER_VARIABLES: Final = ("USERNAME", "USER", "LOGNAME")
MARKS: Final = ("onbam.toml", ".env", ".env.local")

NOT_WRITABLE: Final = Text(ko="{folder} 폴더에 쓸 수 없습니다 ({what}).", en="The folder {folder} cannot be written ({what}).")
NOT_WRITABLE_HINT: Final = Text(
    ko="쓸 수 있는 폴더를 ONBAM_HOME으로 지정하십시오.", en="Name a folder you may write with ONBAM_HOME."
)


def environment() -> Mapping[str, str]:
    """The process environment: read here once, handed on."""
    return os.environ


def own_pid() -> int:
    """This process, as the system counts."""
    return os.getpid()


def user_name(environ: Mapping[str, str]) -> str:
    """Who is logged on: as the environment says, else as the system knows; `unknown` where neither does."""
    return next((environ[name] for name in USER_VARIABLES if environ.get(name)), "") or _system_user() or "unknown"


if sys.platform == "win32":
    import ctypes

    NAME_LETTERS: Final = 257

    def _system_user() -> str:
        """As Windows has it."""
        name, size = ctypes.create_unicode_buffer(NAME_LETTERS), ctypes.c_ulong(NAME_LETTERS)
        return name.value if ctypes.WinDLL("advapi32").GetUserNameW(name, ctypes.byref(size)) else ""

else:
    import pwd

    def _system_user() -> str:
        """As the system's list of users has it."""
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return ""


def find_home(environ: Mapping[str, str], cwd: Path) -> Path:
    """The shop's folder."""
    if given := environ.get(HOME_VARIABLE):
        return Path(given).expanduser().resolve()
    if any(os.path.isfile(cwd / mark) for mark in MARKS):  # noqa: PTH113 -- False too where this user may not look
        return cwd.resolve()
    return user_folder(environ)


def user_folder(environ: Mapping[str, str]) -> Path:
    """The application folder of this user on this system."""
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Onbam"
    elif sys.platform == "darwin":  # noqa: RET505 -- a type checker for one platform follows if and elif
        return Path.home() / "Library" / "Application Support" / "Onbam"
    else:
        return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "onbam"


def made(folder: Path) -> Path:
    """The folder, made when missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(NOT_WRITABLE(folder=folder, what=what_of(error)), NOT_WRITABLE_HINT) from None
    return folder


def peek_language(environ: Mapping[str, str], home: Path) -> Lang:
    """The language for help and for errors about the settings themselves: looked up leniently, before they are read."""
    names = (LANG_VARIABLE, "ONBAM_APP_LANGUAGE")
    chosen = next((environ[name] for name in names if environ.get(name)), None)
    if chosen is None:
        for file in (".env.local", ".env"):
            with contextlib.suppress(OSError, Misconfigured):
                lines = dotenv.parse(dotenv.read_text(home / file), home / file)
                chosen = chosen or next((lines[name].value for name in names if name in lines), None)
    if chosen is None:
        with contextlib.suppress(OSError, Misconfigured):
            found = re.search(r'^\s*(?:app\.)?language\s*=\s*"(\w+)"', dotenv.read_text(home / "onbam.toml"), re.MULTILINE)
            chosen = found[1] if found else None
    return language(chosen, environ)
