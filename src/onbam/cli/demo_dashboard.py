"""The demo's side of its dashboard: started beside the PCs, its address told as soon as it is known.

For: `onbam demo`.
Promises: starting it holds nothing up; what kept it from starting is said, and the demo goes on without it.
Refuses: to open a browser by itself.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onbam.cli.demo_nursery import Forked

WORDS_MAX: Final = 200
"""How much of a complaint is shown."""


@dataclass(slots=True)
class Dashboard:
    """One server, in a process of its own."""

    process: subprocess.Popen[Any] | Forked
    announced: Path
    """The file it writes its address to."""
    log: Path
    address: str = ""
    """Where it is; empty until it listens."""
    trouble: str = ""
    """Why it is nowhere."""

    def look(self) -> bool:
        """Whether it is known by now where it is, or why it is nowhere."""
        if not self.address and not self.trouble:
            if self.announced.exists():
                self.address = self.announced.read_text("ascii")
            elif self.process.poll() is not None:
                lines = self.log.read_text("utf-8", "replace").strip().splitlines()
                self.trouble = (lines[-1] if lines else "?")[-WORDS_MAX:]
        return bool(self.address or self.trouble)

    def as_data(self) -> dict[str, str | None]:
        """For scripts."""
        return {"address": self.address or None, "trouble": self.trouble or None}
