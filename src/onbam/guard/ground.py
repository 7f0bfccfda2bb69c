"""The ground a guard stands on: the shop's folder, and the file of settings in it.

For: the guard, each time it looks at the settings.
Promises: a file that was there and is gone is not an empty one, and a folder that went elsewhere is not this one, whatever was
written in its old place since; what a disk does not tell is not gone.
Refuses: to say so of a folder that never had such a file.
"""

from __future__ import annotations

from pathlib import Path

from onbam.kernel.settings import TOML_NAME

Mark = tuple[int, int]


class Ground:
    """One folder, as it was when its settings were good last."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.good()

    def good(self) -> None:
        """The settings as they stand were read: this is the ground now."""
        self._mark, self._had = _mark(self._home), _mark(self._home / TOML_NAME) is not None
        self._gone = False

    @property
    def lost(self) -> bool:
        """Whether the file was there and is gone: an editor's half second, or somebody's slip."""
        return self._had and _mark(self._home / TOML_NAME) is None

    def moved(self) -> bool:
        """Whether the whole folder is gone from here with it, at this look and at the one before: a backup takes its time."""
        before, self._gone = self._gone, self.lost and _mark(self._home) != self._mark
        return before and self._gone


def _mark(path: Path) -> Mark | None:
    """Which file or folder this is; nothing where there is none."""
    try:
        facts = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return (0, 0)
    return facts.st_dev, facts.st_ino
