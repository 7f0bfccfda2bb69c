"""Whether an SQLite file has been a shop's memory before: an empty one in its place is a loss and not a new shop.

For: the opening and the upgrade of a file, the way back (`aside.py`).
Promises: a file that is gone, empty or without tables, where there was a database, is `Damaged`: nothing is made in its place,
and the last copy is named; a folder nobody has worked in yet is let through.
Refuses: to judge a server's database; to trust the size alone, for two processes that start together meet an empty file too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from onbam.database import words as say
from onbam.kernel.errors import Damaged, OnbamError
from onbam.kernel.files import write_whole

MARK_SUFFIX: Final = ".made"
"""Beside the file, with the installation's name in it: a database was made here."""
BACKUPS: Final = "backups"
LOG: Final = "-wal"
"""Only what was in use before has one. A `-journal` proves nothing: a new file has one before its own first page."""


def mark_of(path: Path) -> Path:
    """The mark's place."""
    return path.with_name(path.name + MARK_SUFFIX)


def remember(path: Path, installation: str) -> None:
    """From now on this file is not new; costs one look when it is known already."""
    mark = mark_of(path)
    if not mark.exists():
        write_whole(mark, f"{installation}\n")


def copies_of(path: Path) -> list[Path]:
    """The finished copies beside it, oldest first."""
    from onbam.database.snapshot import copies  # it opens files itself, and so stands above this

    return copies(path.parent / BACKUPS, path.stem)


def was_there(path: Path) -> bool:
    """Whether a database has been in this place before."""
    return mark_of(path).exists() or bool(copies_of(path))


def check_content(path: Path) -> None:
    """Before the file is opened: SQLite would make an empty one, and throw away a log that lies beside it."""
    if _size(path):
        return
    log = _size(path.with_name(path.name + LOG)) > 0
    if (log or was_there(path)) and not _size(path):  # anew: somebody may be making it, the file first, then log and mark
        raise lost(path)


def check_not_emptied(path: Path) -> None:
    """Before tables are made in a file that has none."""
    if was_there(path):
        raise lost(path)


def lost(path: Path) -> OnbamError:
    """What was there is not there any more."""
    made = copies_of(path)
    if made:
        return Damaged(say.EMPTIED(path=path), say.EMPTIED_HINT(copy=made[-1]))
    return Damaged(say.EMPTIED(path=path), say.EMPTIED_NO_COPY_HINT(path=path, mark=mark_of(path)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
