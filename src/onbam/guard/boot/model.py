"""What the operating system is to start, and the texts that tell it so.

For: the generators next door and whoever puts their texts in place.
Promises: values; the same installation gives the same texts, letter for letter.
Refuses: paths an operating system could misread (line breaks, other control letters, quotation marks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final, Literal, get_args

from onbam.guard.boot import words as say
from onbam.kernel.errors import Refused

Kind = Literal["windows", "linux", "macos"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Scope = Literal["user", "system"]
"""For the person who logs on, with a visible desktop; or for the whole machine, whoever is logged on or nobody."""
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
RENEWAL: Final = time(5, 55)
"""When the older scripts restarted everything."""
EVERY_MIN: Final = 5
"""How often Windows looks whether the guard runs."""
_FORBIDDEN: Final = frozenset('"<>|\x7f\x85\u2028\u2029\ufffe\uffff') | {chr(code) for code in range(32)}


@dataclass(frozen=True, slots=True)
class Boot:
    """One installation, as the operating system starts it."""

    python: str
    """The interpreter of this installation."""
    home: str
    user: str
    """Whose rights it runs with; on Windows `MACHINE\\name`."""
    scope: Scope
    renewal: time = RENEWAL

    def __post_init__(self) -> None:
        for what in (self.python, self.home, self.user):
            if not what or what != what.strip() or _FORBIDDEN & set(what):
                raise Refused(say.BAD_PATH(path=repr(what)), say.BAD_PATH_HINT)

    def ensure(self) -> tuple[str, ...]:
        """What makes sure of a guard. `-P`: a file of the shop that is named like a module must not be imported."""
        return ("-P", "-m", "onbam", "--home", self.home, "ensure")

    def guard(self) -> tuple[str, ...]:
        """The guard itself: what watches it must be its parent."""
        return ("-P", "-m", "onbam.guard", "--home", self.home)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text the operating system keeps."""

    name: str
    """As it is called there: a task's name, a unit, a label."""
    content: str
    path: str = ""
    """The file it lies in; empty where the system keeps it by itself."""
