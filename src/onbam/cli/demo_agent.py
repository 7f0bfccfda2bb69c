"""One PC of the demo: the real agent in a process of its own, with a fate and a clock of its own.

For: `onbam demo`, which starts several of these, and the process tests.
Promises: what `onbam agent run` does; `--die POINT=N` ends it at that place, `--skew S` sets this PC's clock wrong; it ends
with the process that started it, however that ended.
Refuses: to be started without a home of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from onbam.cli.demo_death import POINTS, Fate, doom
from onbam.kernel import home as homes
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, OnbamError

if TYPE_CHECKING:
    from onbam.kernel.clock import Clock


class SkewedClock(SystemClock):
    """A PC whose clock somebody has set wrong."""

    def __init__(self, ahead_s: float) -> None:
        self._ahead = timedelta(seconds=ahead_s)

    def now(self) -> datetime:
        """What this PC believes."""
        return super().now() + self._ahead


def main(arguments: Sequence[str] | None = None) -> int:
    """Work until asked to end, or until the end that was appointed."""
    chosen = _parser().parse_args(arguments)
    if chosen.bound:
        threading.Thread(target=_end_with_parent, name="bound", daemon=True).start()
    try:
        return _work(chosen)
    except OnbamError as error:
        print(error.to("en"), file=sys.stderr)  # noqa: T201 -- read by whoever started this process
        return error.exit_code


def _work(chosen: argparse.Namespace) -> int:
    from onbam.bootstrap import Onbam

    clock: Clock = SkewedClock(chosen.skew) if chosen.skew else SystemClock()
    flags = {"app.machine_name": chosen.name}
    with Onbam(chosen.home, homes.environment(), flags, clock=clock) as onbam:
        child = onbam.child("agent")
        with child.listening():
            logs = onbam.start_logs(process="agent")
            doom(onbam, Fate(dict(chosen.die), chosen.deaths or chosen.home / "deaths.jsonl"))
            ended = onbam.order_agent(child, logs).run(child.stopping, once=chosen.once)
    return EXIT_OK if ended else EXIT_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onbam demo agent")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--die", type=_death, action="append", default=[], metavar="POINT=N")
    parser.add_argument("--deaths", type=Path, default=None)
    parser.add_argument("--skew", type=float, default=0.0)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--bound", action="store_true", help="end when standard input ends")
    return parser


def _death(text: str) -> tuple[str, int]:
    point, _, count = text.partition("=")
    if point not in POINTS:
        raise argparse.ArgumentTypeError(f"a point is one of {', '.join(POINTS)}")
    return point, int(count or 1)


def _end_with_parent() -> None:
    """The other end of standard input is gone: so is whoever would have ended us."""
    while sys.stdin.buffer.read(1024):
        continue
    os._exit(EXIT_FAILED)


if __name__ == "__main__":
    sys.exit(main())
