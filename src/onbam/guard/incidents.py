"""What is kept before a program is ended: where each thread stood, what it said last, what it held.

For: the guard, before it ends a program that stands still; `onbam incidents`, the incident pages, the support bundle.
Promises: gathered within a few seconds, part by part, so that one part that hangs costs only itself; no secrets; a folder that
stays below its limit, the oldest going first; an evidence that cannot be written never keeps a program from being helped.
Refuses: to change anything in the program it looks at.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from onbam.guard.judge import Verdict
from onbam.guard.looking import MOST_HANDLES, facts
from onbam.guard.system import System
from onbam.kernel.beats import Beat
from onbam.kernel.bounded import within
from onbam.kernel.child import DUMP_SUFFIX
from onbam.kernel.clock import Clock
from onbam.kernel.logfile import MIB
from onbam.kernel.words import Said

FOLDER: Final = "incidents"
FILE: Final = "incident.json"
STACKS_LIMIT_S: Final = 1.0
STACKS_QUIET_S: Final = 0.06
"""A dump is complete when it has not grown for so long."""
LOOK_EVERY_S: Final = 0.02
FACTS_LIMIT_S: Final = 1.5
TOOL_LIMIT_S: Final = 4.0
STACKS_BYTES: Final = 256 * 1024
SHOWER: Final = "py-spy"
_ID: Final = re.compile(r"\d{8}-\d{6}-[a-z][a-z0-9_-]*(?:-\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Scene:
    """The program that is about to be ended."""

    name: str
    run: str
    pid: int
    start: str
    began_at: str
    why: Said
    beat_path: Path
    beat: Beat | None
    verdict: Verdict | None
    lines: list[str]


def save(
    folder: Path, scene: Scene, system: System, clock: Clock, local: datetime, clean: Callable[[str], str], keep_mb: int
) -> str:
    """Gather and write; the id of the incident, empty when the disk refused it."""
    begun_s = clock.monotonic()
    shown, source = _stacks(scene, system, clock)
    lane = scene.verdict.lane if scene.verdict else None
    found: dict[str, Any] = {
        "id": "",
        "at": local.isoformat(timespec="seconds"),
        "process": scene.name,
        "run": scene.run,
        "pid": scene.pid,
        "began_at": scene.began_at,
        "why": scene.why.both(),
        "life": scene.verdict.life if scene.verdict else "",
        "silence_s": round(scene.verdict.silence_s, 1) if scene.verdict else None,
        "limit_s": round(scene.verdict.limit_s, 1) if scene.verdict else None,
        "step": lane.step if lane else "",
        "item": lane.item if lane else "",
        "thread": lane.thread if lane else "",
        "items": sorted({one.item for one in scene.beat.lanes if one.item}) if scene.beat else [],
        "beat": asdict(scene.beat) if scene.beat else None,
        "stacks": clean(shown),
        "stacks_from": source,
        "lines": scene.lines,
        **_facts(scene, system),
    }
    found["took_s"] = round(clock.monotonic() - begun_s, 3)
    try:
        return _write(folder, found, local, keep_mb)
    except OSError:
        return ""


def _write(folder: Path, found: dict[str, Any], local: datetime, keep_mb: int) -> str:
    base = f"{local:%Y%m%d-%H%M%S}-{found['process']}"
    number = 1
    while True:
        found["id"] = base if number == 1 else f"{base}-{number}"
        try:
            (folder / found["id"]).mkdir(parents=True)
            break
        except FileExistsError:
            number += 1
    (folder / found["id"] / FILE).write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    _sweep(folder, keep_mb * MIB, keep=found["id"])
    return str(found["id"])


def _sweep(folder: Path, most_bytes: int, keep: str) -> None:
    """The oldest go first."""
    total = 0
    for path in sorted((p for p in folder.iterdir() if _ID.match(p.name)), reverse=True):
        total += sum(file.stat().st_size for file in path.glob("*") if file.is_file())
        if total > most_bytes and path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def read(folder: Path) -> list[Mapping[str, Any]]:
    """Every incident that can be read, the newest first."""
    out = []
    with contextlib.suppress(OSError):
        for path in sorted((p for p in folder.iterdir() if _ID.match(p.name)), reverse=True):
            with contextlib.suppress(OSError, ValueError):
                out.append(json.loads((path / FILE).read_text("utf-8")))
    return out


# -- stacks -------------------------------------------------------------------------------------------------------------


def _stacks(scene: Scene, system: System, clock: Clock) -> tuple[str, str]:
    """Where all threads stand, and who said so."""
    if scene.beat is not None and scene.beat.stacks:
        shown = _own_stacks(scene, Path(scene.beat.stacks), system, clock)
        if shown:
            return shown, "faulthandler"
    program = shutil.which(SHOWER)
    if program is not None:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            command = [program, "dump", "--nonblocking", "--pid", str(scene.pid)]
            done = subprocess.run(command, capture_output=True, timeout=TOOL_LIMIT_S, check=True)  # noqa: S603 -- our own words
            return done.stdout[:STACKS_BYTES].decode("utf-8", "replace"), SHOWER
    return "", ""


def _own_stacks(scene: Scene, path: Path, system: System, clock: Clock) -> str:
    """The program writes them itself when asked; also while its interpreter hangs."""
    try:
        before = path.stat().st_size
    except OSError:
        before = 0
    system.stacks(scene.pid, scene.start, scene.beat_path.with_suffix(DUMP_SUFFIX))
    deadline_s = clock.monotonic() + STACKS_LIMIT_S
    size, grew_s = before, deadline_s
    while clock.monotonic() < deadline_s:
        clock.wait(LOOK_EVERY_S)
        with contextlib.suppress(OSError):
            now = path.stat().st_size
            if now != size:
                size, grew_s = now, clock.monotonic()
        if size != before and clock.monotonic() - grew_s >= STACKS_QUIET_S:
            break
    try:
        with path.open("rb") as file:
            file.seek(before if size > before else 0)
            return file.read(STACKS_BYTES).decode("utf-8", "replace") if size != before else ""
    except OSError:
        return ""


# -- facts of the system ------------------------------------------------------------------------------------------------


def _facts(scene: Scene, system: System) -> dict[str, Any]:
    """Memory, threads, open files and sockets, descendants; in so much time."""

    def look() -> dict[str, Any]:
        family = [f"{one.pid} {one.name}" for one in system.family(scene.run, scene.pid, scene.start)]
        return {**facts(scene.pid), "family": family[:MOST_HANDLES]}

    try:
        return within(FACTS_LIMIT_S, look, "incident-facts")
    except TimeoutError:
        return {"facts": "timeout"}
