"""`python -m onbam.guard --home FOLDER`: the guard's own process.

For: `onbam up`, `onbam ensure`, systemd, the Task Scheduler.
Promises: nothing but the standard library and the kernel is loaded; SIGTERM and Ctrl+C end it and its programs in order; a
second one says who was first and ends with 1; settings that cannot be read end it with 78.
Refuses: options for people; those are the commands'.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from onbam.guard import words as say
from onbam.guard.guard import Guard
from onbam.guard.system import this_system
from onbam.kernel import home as homes
from onbam.kernel.chance import Chance
from onbam.kernel.child import ENDING
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import EXIT_OK, OnbamError


def main(words: Sequence[str]) -> int:
    """Run until asked to end."""
    home, flags, echo, after = _options(words)
    environ = homes.environment()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        guard = Guard(
            home,
            environ,
            flags,
            clock=SystemClock(),
            chance=Chance(),
            system=this_system(),
            echo=_shown if echo else None,
            after=after,
        )
    except OnbamError as error:
        print(error.to(homes.peek_language(environ, home)), file=sys.stderr)  # noqa: T201 -- this process's own voice
        return error.exit_code

    def asked(_: int, __: FrameType | None) -> None:
        guard.leave(say.WHY_DOWN())

    for number in ENDING:
        signal.signal(number, asked)
    guard.start()
    try:
        guard.run()
    finally:
        guard.stop()
    return EXIT_OK


def _options(words: Sequence[str]) -> tuple[Path, dict[str, str], bool, int | None]:
    """`--home FOLDER`, `--set NAME=VALUE`…, `--echo`, `--after NUMBER`."""
    home, flags, echo, after = "", dict[str, str](), False, None
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--echo":
            echo = True
        elif word == "--home" and rest:
            home = rest.pop(0)
        elif word == "--set" and rest:
            name, _, value = rest.pop(0).partition("=")
            flags[name] = value
        elif word == "--after" and rest:
            after = int(rest.pop(0))
    return (Path(home) if home else homes.find_home(homes.environment(), Path.cwd())), flags, echo, after


def _shown(line: str) -> None:
    """For whoever watches in a terminal."""
    try:
        print(line, flush=True)  # noqa: T201 -- the same
    except (OSError, ValueError):
        sys.stdout = None  # the terminal was closed; the log has it anyway


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
