"""Running a simulator by hand until someone has seen enough.

For: `python -m onbam_sims.NAME` and `onbam sim NAME`.
Promises: one line with the address once it listens; Ctrl-C and a termination signal end it with nothing left behind.
Refuses: a port that is taken, with one sentence.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable

from onbam_sims.server import Simulator

EXIT_PORT_TAKEN = 1


def say(line: str) -> None:
    """One line at once, even into a pipe."""
    print(line, flush=True)


BOUND = "SIM_BOUND"
"""Set in the environment of a simulator that ends with whoever started it."""


def end_with_parent() -> None:
    """When standard input ends, so do we: nobody is left who would end us."""

    def listen() -> None:
        while sys.stdin.buffer.read(1024):
            continue
        os._exit(0)

    if os.environ.get(BOUND):
        threading.Thread(target=listen, name="bound", daemon=True).start()


def serve(simulator: Simulator, port: int, faults: str = "", announce: Callable[[str], None] = say) -> int:
    """Listen until told to stop; `faults` is the JSON one would post to `/_sim/faults`."""
    for name, how in (json.loads(faults) if faults else {}).items():
        simulator.set_fault(name, **how)
    try:
        url = simulator.start(port)
    except OSError as error:
        print(f"{simulator.NAME}: port {port} cannot be used: {error.strerror}", file=sys.stderr)
        return EXIT_PORT_TAKEN
    end_with_parent()
    over = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
    announce(f"{simulator.NAME} {url} seed={simulator.seed}  truth: {url}/_sim/state  faults: {url}/_sim/faults")
    try:
        while not over.wait(0.5):  # a plain wait without end would not see Ctrl-C on Windows
            pass
    finally:
        simulator.stop()
    return 0
