"""The page for people that lies beside what was registered: `SCHEDULER_SETUP.md`.

For: whoever looks after this PC and wants to see, test or repair its start by hand.
Promises: names, paths and commands of this very installation; what to look at, in which order, when it did not start.
Refuses: to be needed: everything in it was already done by the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from onbam.guard.boot import guide_words as say
from onbam.guard.boot.systems import System
from onbam.kernel.files import write_whole
from onbam.kernel.words import Lang

NAME: Final = "SCHEDULER_SETUP.md"


def write_guide(system: System, folder: Path, lang: Lang) -> Path:
    """Put it beside what was registered."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / NAME, guide(system, lang))
    return folder / NAME


def guide(system: System, lang: Lang) -> str:
    """The page."""
    boot, kind, pieces, cautions = system.boot, system.kind, system.pieces(), system.cautions()
    command = f'"{boot.python}" {" ".join(_shown(word) for word in (boot.ensure() if kind == "windows" else boot.guard()))}'
    made = "\n".join(f"- `{piece.name}`" + (f" (`{piece.path}`)" if piece.path else "") for piece in pieces)
    values = {"at": f"{boot.renewal:%H:%M}", "user": boot.user, "home": boot.home, "command": command, "made": made}
    parts = [say.HEAD(**values), say.STEPS[kind](**values), say.BY_HAND[kind](**values), say.TROUBLE[kind](**values)]
    notes = "\n\n".join(f"> {caution.to(lang)}" for caution in cautions)
    return "\n\n".join(part for part in [*(part.to(lang).strip() for part in parts), notes] if part) + "\n"


def _shown(word: str) -> str:
    return f'"{word}"' if " " in word else word
