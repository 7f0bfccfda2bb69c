"""What a command works with: the installation, the reader's language, and the way to answer.

For: every command; it is click's context object.
Promises: one answer goes to standard output, as a table for people or as JSON for scripts; everything said on the way
(progress, warnings) goes to standard error; colour only on a terminal.
Refuses: two forms of one answer that differ in content.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onbam.cli import words as say
from onbam.kernel import home as homes
from onbam.kernel.errors import Misconfigured
from onbam.kernel.words import LANGS, Lang, Said, Text

if TYPE_CHECKING:  # rich and the composition root are imported when first used: `--help` needs neither
    from rich.console import Console

    from onbam.bootstrap import Onbam

LANGUAGE = "app.language"
"""As a flag it holds for what this very call says."""
PATIENCE_S = 70.0
"""A person at a terminal waits for a quota that comes back within the minute, rather than being sent away."""


@dataclass
class App:
    """One call of the command line."""

    home: Path = field(default_factory=lambda: homes.find_home(homes.environment(), Path.cwd()))
    flags: dict[str, str] = field(default_factory=dict)
    home_must_be: bool = False
    """A folder somebody typed: a wrong letter in it must not make a new, empty shop."""
    lang_chosen: Lang | None = None
    as_json: bool = False
    color: bool = True

    @cached_property
    def lang(self) -> Lang:
        """The language of this call; known before (and even without) readable settings."""
        flag = next((lang for lang in LANGS if self.flags.get(LANGUAGE) == lang), None)
        return self.lang_chosen or flag or homes.peek_language(homes.environment(), self.home)

    @cached_property
    def onbam(self) -> Onbam:
        """The installation this call is about."""
        from onbam.bootstrap import Onbam

        self.check_home()
        return Onbam(self.home, homes.environment(), self.flags, patience_s=PATIENCE_S)

    @cached_property
    def out(self) -> Console:
        """Standard output for people."""
        return self._console(stderr=False)

    @cached_property
    def err(self) -> Console:
        """Standard error for people."""
        return self._console(stderr=True)

    def check_home(self) -> None:
        """A shop that was named is there, and no shop is a file."""
        if os.path.isfile(self.home):  # noqa: PTH113 -- False too where this user may not look
            raise Misconfigured(say.FILE_HOME(home=self.home), say.FILE_HOME_HINT(folder=self.home.parent))
        if self.home_must_be and not self.home.is_dir():
            raise Misconfigured(say.NO_HOME(home=self.home), say.NO_HOME_HINT(home=self.home))

    def _console(self, *, stderr: bool) -> Console:
        from rich.console import Console

        # None leaves it to the terminal and to NO_COLOR, which many people set for all programs.
        return Console(stderr=stderr, highlight=False, emoji=False, no_color=None if self.color else True, soft_wrap=True)

    def words(self, what: Said | Text) -> str:
        """A text in the reader's language."""
        return what.to(self.lang)

    def cleaned(self, what: Said | Text) -> str:
        """The same for an error: it may quote a value that was typed into the wrong place."""
        return self.cleaned_both(what)[self.lang]

    def cleaned_both(self, what: Said | Text) -> dict[Lang, str]:
        """For scripts, and for a guard: in every language."""
        from onbam.kernel.redact import Redactor

        redactor = Redactor()
        redactor.learn_around(self.home, homes.environment())
        return {lang: redactor.text(what.to(lang)) for lang in LANGS}

    def say(self, what: Said | Text | str) -> None:
        """One line of the answer."""
        print(what if isinstance(what, str) else what.to(self.lang))  # noqa: T201 -- the command line's own voice

    def aside(self, what: Said | Text | str) -> None:
        """A line that is not part of the answer."""
        print(what if isinstance(what, str) else what.to(self.lang), file=sys.stderr)  # noqa: T201 -- the same

    def emit(self, data: Any, show: Callable[[Console], None]) -> None:
        """The answer: `data` for scripts, `show` for people."""
        if self.as_json:
            print(json.dumps(data, ensure_ascii=False, indent=2))  # noqa: T201 -- the same
        else:
            show(self.out)

    @contextmanager
    def progress(self, what: Said | Text, total: float | None) -> Iterator[Callable[[float], None]]:
        """A bar on standard error while something takes its time; call the given function with each advance."""
        from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        parts: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn()]
        if total is None:  # how much there is nobody knows: then only that it goes on
            parts += [TimeElapsedColumn()]
        else:
            parts += [TextColumn("{task.completed:g}/{task.total:g}"), TimeRemainingColumn()]
        quiet = self.as_json or not self.err.is_terminal
        # What is said beside the bar goes round it on a terminal; an answer into a file must not land on the bar's channel.
        with Progress(*parts, console=self.err, transient=True, disable=quiet, redirect_stdout=sys.stdout.isatty()) as bar:
            task = bar.add_task(self.words(what), total=total)
            yield lambda amount: bar.advance(task, amount)

    def close(self) -> None:
        """Give back what was built."""
        if "onbam" in self.__dict__:
            self.onbam.close()
