"""`onbam update`: another version, and back again when it does not work.

For: whoever looks after a PC.
Promises: each step as it is made, with its time; what failed leads back to what was.
Refuses: an Onbam that runs from its source folder: `git pull` and `run.py` bring that up to date.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onbam.care import update_words as words
from onbam.cli import update_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.words import kept

if TYPE_CHECKING:
    from onbam.care.update import Step


@command(say.UPDATE, name="update")
@option("--to", "version", text=say.TO_OPTION, default="")
@option("--from", "wheel", text=say.FROM_OPTION, type=click.Path(path_type=Path))
@json_option
@pass_app
def update(app: App, version: str, wheel: Path | None) -> None:
    """All of it."""
    from onbam.cli.guard_calls import caller

    if version and wheel is not None:
        raise click.UsageError(kept(say.ONE_SOURCE))
    source = wheel.expanduser().resolve() if wheel is not None else None
    done = app.onbam.update(caller(app), source, version, lambda step: _told(app, step)).run()
    seconds = sum(step.took_s for step in done.steps)
    same = done.before == done.after
    said = words.SAME(version=done.after) if same else words.DONE(before=done.before, after=done.after, seconds=seconds)
    steps = [_as_data(step) for step in done.steps]
    data = {"before": done.before, "after": done.after, "backup": str(done.backup) if done.backup else None, "steps": steps}
    app.emit(data, lambda _: app.say(said))


def _told(app: App, step: Step) -> None:
    """A line for each step, beside the answer."""
    if app.as_json or (step.trouble is not None and step.name == "look"):
        return  # where nothing was begun, the error itself is the answer
    at = f"{step.at.astimezone(app.onbam.zone):%H:%M:%S}"
    what = words.STEPS[step.name](detail=step.detail or "-")
    if step.trouble is not None:
        app.aside(words.STEP_FAILED(at=at, what=what, why=step.trouble))
    else:
        app.aside(words.STEP_OK(at=at, what=what, seconds=step.took_s))


def _as_data(step: Step) -> dict[str, Any]:
    trouble = step.trouble.both() if step.trouble else None
    return {
        "name": step.name,
        "at": step.at.isoformat(),
        "took_s": round(step.took_s, 3),
        "detail": step.detail,
        "trouble": trouble,
    }
