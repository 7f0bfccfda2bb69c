"""What the guard remembers over its own end: who runs, what people wished, how long steps take.

For: the guard at its start (it takes over what an earlier one left), `onbam ps` and `ensure` when no guard answers.
Promises: small files, each whole or absent; a file that says nonsense is as good as none.
Refuses: to be the truth about anything: what is written here is held against the system before it is believed.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from onbam.kernel.files import replace_quickly
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Said

STATE_NAME: Final = "guard.json"
WISHES_NAME: Final = "wishes.json"
LEARNED_NAME: Final = "learned.json"
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
BOOT_SLACK_S: Final = 120.0
"""How far two readings of when this PC was started may lie apart: clocks are set."""

Wish = Literal["up", "off", "removed"]


@dataclass(frozen=True, slots=True)
class Note:
    """One running process, for whoever comes after."""

    name: str
    run: str
    pid: int
    start: str
    beat: str
    out: str
    began_at: str
    """ISO with the shop's zone: for people and for the renewal."""
    began_s: float
    """On the clock of the beats."""
    command: Any
    cwd: str
    env: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people said, until they say otherwise."""

    programs: Mapping[str, Wish] = field(default_factory=dict)
    down: str = ""
    """Everything was put down in this boot of the PC; another boot starts it again."""
    downs: int = 0
    """How often that was said: who starts a guard hands on the number it saw, and one said since is obeyed."""

    @property
    def is_down(self) -> bool:
        """Whether it is to stay down."""
        return same_boot(self.down, boot())


def boot() -> str:
    """Which boot of this PC this is."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return BOOT_ID.read_text("ascii").strip()
    return f"{time.time() - time.monotonic():.0f}"  # noqa: TID251 -- the two clocks of this PC against each other, not a time of ours


def same_boot(one: str, other: str) -> bool:
    """Whether two answers of `boot` mean the same one."""
    if one == other:
        return bool(one)
    try:
        return abs(float(one) - float(other)) <= BOOT_SLACK_S
    except ValueError:
        return False


# -- files --------------------------------------------------------------------------------------------------------------


def write_state(folder: Path, state: Mapping[str, Any]) -> Said | None:
    """What `ps` shows, and the notes a next guard goes by. What a disk that refuses said; it costs nothing else.

    Its owner's alone: a program's own variables stand in it.
    """
    try:
        replace_quickly(folder / STATE_NAME, json.dumps(state, ensure_ascii=False), private=True)
    except OSError as error:
        return what_of(error)
    return None


def read_state(folder: Path) -> Mapping[str, Any]:
    """What the last guard wrote."""
    return _read(folder / STATE_NAME)


def notes_of(state: Mapping[str, Any]) -> list[Note]:
    """The processes it had; only those of this boot."""
    if not same_boot(str(state.get("boot", "")), boot()):
        return []
    out = []
    for raw in state.get("notes", ()) if isinstance(state.get("notes"), list) else ():
        with contextlib.suppress(TypeError, ValueError, KeyError):
            out.append(Note(**{**raw, "pid": int(raw["pid"]), "began_s": float(raw["began_s"])}))
    return out


def opened_of(state: Mapping[str, Any]) -> list[str]:
    """The notices it had not taken back; they outlive a boot too."""
    opened = state.get("opened")
    return [one for one in opened if isinstance(one, str)] if isinstance(opened, list) else []


def read_wishes(folder: Path) -> Wishes:
    """What people said last."""
    raw = _read(folder / WISHES_NAME)
    programs = raw.get("programs", {})
    known = (
        {name: wish for name, wish in programs.items() if wish in ("up", "off", "removed")}
        if isinstance(programs, dict)
        else {}
    )
    down, downs = raw.get("down", ""), raw.get("downs", 0)
    return Wishes(known, down if isinstance(down, str) else "", downs if isinstance(downs, int) else 0)


def write_wishes(folder: Path, wishes: Wishes) -> None:
    """Remember what people said; raises `OSError`: a wish that is forgotten must be said again."""
    replace_quickly(folder / WISHES_NAME, json.dumps(asdict(wishes), ensure_ascii=False))


def read_learned(folder: Path) -> dict[str, dict[str, float]]:
    """How long each program's steps usually take."""
    out: dict[str, dict[str, float]] = {}
    for name, steps in _read(folder / LEARNED_NAME).items():
        if isinstance(steps, dict):
            out[name] = {step: float(s) for step, s in steps.items() if isinstance(s, int | float) and s >= 0}
    return out


def write_learned(folder: Path, learned: Mapping[str, Mapping[str, float]]) -> None:
    """Remember it."""
    with contextlib.suppress(OSError):
        replace_quickly(folder / LEARNED_NAME, json.dumps(learned, ensure_ascii=False))


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return raw if isinstance(raw, dict) else {}
