"""A small robot under the guard, doing as its note says: work, hang, end, flood, ignore, fork away.

For: the process tests of the guard.
Promises: it says what it does by beats, as a program of Onbam's does; its note (`NAME.do` in the folder it runs in) is read
again and again; with a file `NAME.fresh` it ends at once with the code in it.
Refuses: to be started without a guard.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from onbam.kernel.child import Child, child
from onbam.kernel.clock import SystemClock

EVERY_S = 0.02


def main() -> int:
    """Live by the note."""
    clock = SystemClock()
    place = child(os.environ, clock, name="robot", data=Path())
    fresh = Path(f"{os.environ['ONBAM_PROCESS']}.fresh")
    if fresh.exists():
        return int(fresh.read_text("utf-8"))
    note = Path(f"{os.environ['ONBAM_PROCESS']}.do")
    promise_s = float(sys.argv[1]) if len(sys.argv) > 1 else 45.0
    tell("robot begins")
    with place.listening():
        while not place.stopping.is_set():
            words = note.read_text("utf-8").split() if note.exists() else ["work"]
            act = ACTS.get(words[0], work)
            code = act(place, promise_s, words[1:])
            if code is not None:
                return code
            clock.wait(EVERY_S, place.stopping)
        place.beats.stopping("handing back")
        tell("robot ends in order")
    return 0


def tell(words: str) -> None:
    """A line of output."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def work(place: Child, promise_s: float, _: list[str]) -> int | None:
    """One item after the other; paused, nothing."""
    if place.paused():
        place.beats.idle(promise_s)
    else:
        place.beats.step("document", "order:2601050229", promise_s=promise_s)
        place.beats.stats(total=5, success=5, count=23)
    return None


def quick(place: Child, _: float, words: list[str]) -> int | None:
    """Work with another promise."""
    return work(place, float(words[0]), [])


def spin(place: Child, promise_s: float, words: list[str]) -> int | None:
    """Hang in a loop, in a step that promised as much as the note says, while another thread of ours beats on and on."""
    once(words)
    threading.Thread(target=pulse, args=(place,), daemon=True, name="pulse").start()
    place.beats.step("entry", "order:2601050229", promise_s=float(words[0]) if words else promise_s)
    tell("it hangs from here")
    while True:
        pass


def once(words: list[str]) -> None:
    """Take the note away, unless it says "again": whoever comes after us works."""
    if "again" not in words:
        Path(f"{os.environ['ONBAM_PROCESS']}.do").unlink()


def pulse(place: Child) -> None:
    """Beat as if all were well."""
    while True:
        place.beats.step("pulse")
        SystemClock().wait(EVERY_S)


def block(place: Child, promise_s: float, words: list[str]) -> int | None:
    """Hang waiting for something that never comes, deaf to signals, in a step that promised as much as the note says."""
    once(words)
    place.beats.step("entry", "order:2601050229", promise_s=float(words[0]) if words else promise_s)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    os.read(os.pipe()[0], 1)
    return None


def fail(place: Child, promise_s: float, _: list[str]) -> int | None:
    """Fail again and again, lively."""
    place.beats.step("document", promise_s=promise_s)
    place.beats.error("portal: 500")
    return None


def end(_: Child, __: float, words: list[str]) -> int | None:
    """End with this code and a last word."""
    tell(f"sheets.spreadsheet_id is missing {os.environ.get('SECRET_WORD', '')}")
    return int(words[0])


def deaf(place: Child, promise_s: float, _: list[str]) -> int | None:
    """Work, and ignore every wish to end."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    return work(place, promise_s, [])


def flood(place: Child, promise_s: float, words: list[str]) -> int | None:
    """So many lines as fast as can be, then a last one."""
    lines = "".join(f"a line of the flood, number {n}\n" for n in range(1000))
    for _ in range(int(words[0]) // 1000):
        place.beats.step("flood", promise_s=promise_s)
        sys.stdout.write(lines)
    tell("the flood is over")
    Path("flooded").touch()
    while not place.stopping.wait(EVERY_S):
        place.beats.step("after the flood", promise_s=promise_s)
    return 0


def away(place: Child, promise_s: float, _: list[str]) -> int | None:
    """Move into the background, as daemons do: the process that was started ends at once."""
    del place, promise_s
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            Path("away.pid").write_text(str(os.getpid()))
            while True:
                signal.pause()
        os._exit(0)
    os.wait()
    return 0


def eat(place: Child, promise_s: float, words: list[str]) -> int | None:
    """Hold so many megabytes."""
    place.beats.step("eating", promise_s=promise_s)
    held.append(bytearray(int(words[0]) << 20))
    while not place.stopping.wait(EVERY_S):
        place.beats.step("full", promise_s=promise_s)
    return 0


def yesterday(place: Child, promise_s: float, words: list[str]) -> int | None:
    """Write into a file of an earlier day."""
    with Path(words[0]).open("a", encoding="utf-8") as file:
        while not place.stopping.wait(EVERY_S):
            file.write("still here\n")
            file.flush()
            place.beats.step("document", promise_s=promise_s)
    return 0


held: list[bytearray] = []
ACTS = {name.__name__: name for name in (work, quick, spin, block, fail, end, deaf, flood, away, eat, yesterday)}

if __name__ == "__main__":
    sys.exit(main())
