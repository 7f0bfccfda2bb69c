"""The house's own files, read as a linter reads them.

For: the house tests: which files there are, and what each Python file says.
Promises: only files that belong to the repository (what git keeps or would keep), each parsed once.
Refuses: to import the code it looks at.
"""

from __future__ import annotations

import ast
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
SRC: Final = ROOT / "src"
BINARY: Final = frozenset({".png", ".jpg", ".ico", ".woff2", ".gz", ".zip", ".db", ".xlsx", ".pdf"})
NOT_OURS: Final = frozenset({".git", ".venv", "__pycache__", "build", "dist", "node_modules"})


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path
    shown: str
    """Its path as people write it, below the root that was asked for."""
    text: str
    tree: ast.Module

    @property
    def docstring(self) -> str:
        """What the module says about itself."""
        return ast.get_docstring(self.tree) or ""

    def at(self, node: ast.AST, what: str) -> str:
        """One finding: file, line, what."""
        return f"{self.shown}:{getattr(node, 'lineno', 1)} {what}"


def python(folder: Path, root: Path | None = None) -> list[Source]:
    """Every Python file below a folder."""
    base = root or folder
    out = []
    gc.disable()  # millions of nodes that all stay: looking through them again and again took longer than reading them
    try:
        for path in sorted(folder.rglob("*.py")):
            if not NOT_OURS & set(path.relative_to(folder).parts):
                text = path.read_text("utf-8")
                out.append(Source(path, path.relative_to(base).as_posix(), text, ast.parse(text)))
    finally:
        gc.freeze()
        gc.enable()
    return out


@cache
def product() -> list[Source]:
    """The product's files and the simulators'."""
    return python(SRC)


@cache
def tests() -> list[Source]:
    """The tests' files."""
    return python(ROOT / "tests", ROOT)


def texts(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Every text file of the repository: (path, content)."""
    for path in _files(root):
        if path.suffix not in BINARY and path.is_file():
            yield path.relative_to(root).as_posix(), path.read_text("utf-8", errors="replace")


def _files(root: Path) -> list[Path]:
    """What git keeps or would keep; without git, everything that is not a tool's."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return sorted(p for p in root.rglob("*") if not NOT_OURS & set(p.relative_to(root).parts))
    return sorted(root / name for name in done.stdout.decode("utf-8").split("\0") if name)
