"""What click finds wrong with a command line, in two languages.

For: `main`.
Promises: click's own sentences are English and are not shown; what was probably meant is found among the commands, the options
and the words a value may be.
Refuses: to translate a sentence it does not know: that one is quoted.
"""

from __future__ import annotations

import difflib
import re
from typing import Any, Final

import click

from onbam.cli import words as say
from onbam.kernel.words import Said, heard

_EXTRA: Final = re.compile(r"Got unexpected extra arguments? \((?P<names>.*)\)", re.DOTALL)
_GIVEN: Final = re.compile(r"(?P<quote>['\"])(?P<value>.*?)(?P=quote) is not")
LIKE: Final = 0.6


def wanted(error: click.BadParameter) -> Said | None:
    """What the parameter takes; none where the sentence is our own already."""
    kind: Any = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return say.WANTS_ONE_OF(choices=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange | click.FloatRange):
        low, high = kind.min, kind.max
        number = say.WANTS_WHOLE if isinstance(kind, click.IntRange) else say.WANTS_NUMBER
        if low is None and high is None:
            return number()
        return say.WANTS_RANGE(kind=number(), low="…" if low is None else f"{low:g}", high="…" if high is None else f"{high:g}")
    if isinstance(kind, click.types.IntParamType):
        return say.WANTS_WHOLE()
    if isinstance(kind, click.types.FloatParamType):
        return say.WANTS_NUMBER()
    return say.WANTS_PATH() if isinstance(kind, click.Path | click.File) else None


def wrong(error: click.ClickException) -> Said:
    """Any other wrong usage."""
    text = error.format_message()
    if (found := _EXTRA.match(text)) is not None:
        return say.TOO_MANY(names=found["names"])
    if isinstance(error, click.BadOptionUsage):
        return (say.TAKES_NO_VALUE if "not take a value" in text else say.NEEDS_VALUE)(name=error.option_name)
    return say.WRONG_USAGE(what=heard(text))


def meant(error: click.ClickException) -> str | None:
    """The nearest there is."""
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoSuchCommand) and ctx is not None and isinstance(ctx.command, click.Group):
        return _nearest(error.command_name, ctx.command.list_commands(ctx))
    if isinstance(error, click.BadParameter) and error.param is not None and isinstance(error.param.type, click.Choice):
        given = _GIVEN.search(error.message)
        return _nearest(given["value"], map(str, error.param.type.choices)) if given else None
    possible = getattr(error, "possibilities", None)
    return min(possible) if possible else None


def of_every_command(error: click.NoSuchOption, ctx: click.Context) -> str | None:
    """The form of an option that is none of this command's and one of those before every command."""
    first = ctx.find_root()
    for one in first.command.params if ctx is not first else ():
        if isinstance(one, click.Option) and error.option_name in one.opts:
            return error.option_name if one.is_flag else f"{error.option_name} {one.make_metavar(first)}"
    return None


def _nearest(word: str, known: Any) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=LIKE)), None)
