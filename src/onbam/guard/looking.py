"""What the system knows of a process: memory, threads, open files and sockets.

For: the evidence before an end, and the search for a program that lives in yesterday.
Promises: on Linux it is read straight from the kernel, so that one incident does not make the guard larger for ever (psutil
would stay loaded); each fact on its own, what cannot be read is left out.
Refuses: other processes than the one asked for.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

MOST_HANDLES: Final = 100
MIB: Final = 1 << 20

if sys.platform == "linux":
    STATES: Final = {1: "ESTABLISHED", 2: "SYN_SENT", 6: "TIME_WAIT", 7: "CLOSE", 8: "CLOSE_WAIT", 10: "LISTEN"}
    """The kernel's numbers people meet; any other stays a number."""

    def facts(pid: int) -> dict[str, Any]:
        """Everything that can be read."""
        root = Path("/proc") / str(pid)
        ask: dict[str, Callable[[], Any]] = {
            "memory_mb": lambda: round(int((root / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB, 1),
            "cpu_s": lambda: round(sum(map(int, _stat(root)[11:13])) / os.sysconf("SC_CLK_TCK"), 2),
            "threads": lambda: int(_stat(root)[17]),
            "system_state": lambda: _stat(root)[0],
            "files": lambda: open_files(pid)[:MOST_HANDLES],
            "sockets": lambda: _sockets(root)[:MOST_HANDLES],
        }
        out: dict[str, Any] = {}
        for name, look in ask.items():
            with contextlib.suppress(OSError, ValueError, IndexError):
                out[name] = look()
        return out

    def open_files(pid: int) -> list[str]:
        """The files a process has open."""
        return sorted({target for target in _handles(Path("/proc") / str(pid)) if target.startswith("/")})

    def _stat(root: Path) -> list[str]:
        return (root / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()

    def _handles(root: Path) -> list[str]:
        out = []
        with contextlib.suppress(OSError):
            for entry in os.scandir(root / "fd"):
                with contextlib.suppress(OSError):
                    out.append(str(Path(entry.path).readlink()))
        return out

    def _sockets(root: Path) -> list[str]:
        """Connections over TCP that belong to one of its handles."""
        own = {target[8:-1] for target in _handles(root) if target.startswith("socket:[")}
        out = []
        for name in ("tcp", "tcp6"):
            for line in (root / "net" / name).read_text("ascii").splitlines()[1:]:
                parts = line.split()
                if len(parts) > 9 and parts[9] in own:
                    state = int(parts[3], 16)
                    out.append(f"{_address(parts[1])} → {_address(parts[2])} {STATES.get(state, state)}")
        return out

    def _address(text: str) -> str:
        """`0100007F:1F90` as people read it; an address of the newer kind stays as the kernel writes it."""
        host, _, port = text.partition(":")
        shown = ".".join(str(byte) for byte in reversed(bytes.fromhex(host))) if len(host) == 8 else f"[{host}]"
        return f"{shown}:{int(port, 16)}"

else:
    import psutil

    def facts(pid: int) -> dict[str, Any]:
        """Everything that can be read."""
        out: dict[str, Any] = {}
        try:
            process = psutil.Process(pid)
        except psutil.Error:
            return out
        ask: dict[str, Callable[[], Any]] = {
            "memory_mb": lambda: round(process.memory_info().rss / MIB, 1),
            "cpu_s": lambda: round(sum(process.cpu_times()[:2]), 2),
            "threads": process.num_threads,
            "system_state": process.status,
            "files": lambda: open_files(pid)[:MOST_HANDLES],
            "sockets": lambda: [_shown(one) for one in process.net_connections()[:MOST_HANDLES]],
        }
        for name, look in ask.items():
            with contextlib.suppress(psutil.Error, OSError):
                out[name] = look()
        return out

    def open_files(pid: int) -> list[str]:
        """The files a process has open."""
        try:
            return sorted({file.path for file in psutil.Process(pid).open_files()})
        except (psutil.Error, OSError):
            return []

    def _shown(one: Any) -> str:
        def side(address: Any) -> str:
            return f"{address[0]}:{address[1]}" if address else "-"

        return f"{side(one.laddr)} → {side(one.raddr)} {one.status}"
