"""The clipboard of whatever system this is.

For: `onbam orders paste`.
Promises: Korean arrives whole; it says which program took the text, or that there is none.
Refuses: to wait for a program that does not answer.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Final

PATIENCE_S: Final = 5.0


def copied(text: str, environ: Mapping[str, str]) -> str:
    """Copy it; answers the program that took it, empty when there is none."""
    for command, encoding in _programs(environ):
        program = shutil.which(command[0])
        if program is None:
            continue
        try:
            # What stays behind to serve the clipboard must not hold our output open.
            subprocess.run(  # noqa: S603 -- a program of this list, found on the path; the text goes to its input
                [program, *command[1:]],
                input=text.encode(encoding),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        return command[0]
    return ""


def _programs(environ: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Which programs may take it, and how they read."""
    if sys.platform == "win32":
        yield ("clip",), "utf-16"  # with its mark, else it reads the console's code page
    elif sys.platform == "darwin":
        yield ("pbcopy",), "utf-8"
    else:
        if environ.get("WAYLAND_DISPLAY"):
            yield ("wl-copy",), "utf-8"
        if environ.get("DISPLAY"):
            yield ("xclip", "-selection", "clipboard"), "utf-8"
            yield ("xsel", "--input", "--clipboard"), "utf-8"
