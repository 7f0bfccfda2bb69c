"""`onbam install` and `onbam uninstall`: let the operating system start Onbam.

For: the person who sets a PC up; whoever wonders why it did not start.
Promises: nothing has to be edited; a difference is shown before it is changed; twice is once; `--dry-run` and `--check` change
nothing.
Refuses: to replace what differs without being told to.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from onbam.cli import install_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Refused
from onbam.kernel.words import kept

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.guard.boot.install import Change
    from onbam.guard.boot.model import Kind, Scope
    from onbam.guard.boot.systems import System

KINDS = ("windows", "linux", "macos")


@command(say.INSTALL, name="install")
@option("--user", "user", text=say.USER_OPTION, is_flag=True)
@option("--system", "system", text=say.SYSTEM_OPTION, is_flag=True)
@option("--dry-run", "dry", text=say.DRY_OPTION, is_flag=True)
@option("--check", "check", text=say.CHECK_OPTION, is_flag=True)
@option("--yes", "yes", text=say.YES_OPTION, is_flag=True)
@option("--for", "kind", text=say.FOR_OPTION, type=click.Choice(KINDS))
@json_option
@pass_app
def install(app: App, user: bool, system: bool, dry: bool, check: bool, yes: bool, kind: Kind | None) -> int:  # noqa: FBT001
    """Register, or show what would be."""
    if kind is not None and not dry:
        raise click.UsageError(kept(say.FOR_DRY))
    told = app.onbam.boot_system(_scope(user=user, system=system), kind)
    if check:
        return _checked(app, told)
    if dry:
        return _shown(app, told, looked=kind is None)
    return _installed(app, told, yes=yes)


@command(say.UNINSTALL, name="uninstall")
@option("--user", "user", text=say.USER_OPTION, is_flag=True)
@option("--system", "system", text=say.SYSTEM_OPTION, is_flag=True)
@json_option
@pass_app
def uninstall(app: App, user: bool, system: bool) -> None:  # noqa: FBT001
    """Take it away."""
    names = app.onbam.boot_system(_scope(user=user, system=system)).remove()
    answer = say.REMOVED(names=", ".join(names)) if names else say.NOTHING_THERE()
    app.emit({"removed": names}, lambda _: app.say(answer))


def _scope(*, user: bool, system: bool) -> Scope | None:
    if user and system:
        raise click.UsageError(kept(say.ONE_WAY))
    return "user" if user else "system" if system else None


def _shown(app: App, told: System, *, looked: bool) -> int:
    """Every text, whole."""
    from onbam.guard.boot.install import plan

    changes = plan(told) if looked else []
    pieces = [change.piece for change in changes] or told.pieces()

    def draw(console: Console) -> None:
        for piece in pieces:
            console.print(f"# {piece.path or piece.name}", style="bold", markup=False)
            console.print(piece.content, markup=False)
        _differences(app, changes)
        _cautions(app, told)

    texts = [{"name": piece.name, "path": piece.path, "content": piece.content} for piece in pieces]
    app.emit({"pieces": texts, "changes": _as_data(changes), "cautions": _both(told)}, draw)
    return EXIT_OK


def _installed(app: App, told: System, *, yes: bool) -> int:
    """Look, show, ask, do."""
    from onbam.guard.boot.install import carry_out, plan

    changes = plan(told)
    differs = [change for change in changes if change.what == "different"]
    if not app.as_json:
        _differences(app, changes)
    if differs and not yes:
        if app.as_json or not sys.stdin.isatty():
            raise Refused(say.NOT_ASKED, say.NOT_ASKED_HINT)
        if not click.confirm(app.words(say.ASK), default=False):
            app.say(say.LEFT)
            return EXIT_FAILED
    names = carry_out(told, changes)
    page = app.onbam.write_boot_guide(told, app.lang)

    def draw(_: Console) -> None:
        app.say(say.DONE(names=", ".join(names)) if names else say.NOTHING_TO_DO())
        app.say(say.GUIDE(path=page))
        _cautions(app, told)

    app.emit({"registered": names, "changes": _as_data(changes), "guide": str(page), "cautions": _both(told)}, draw)
    return EXIT_OK


def _checked(app: App, told: System) -> int:
    """Each piece: there, the same, and switched on."""
    from onbam.cli.doctor import COLORS
    from onbam.guard.boot.install import look

    seen = look(told)

    def draw(console: Console) -> None:
        for change, finding in seen:
            console.print(app.words(finding.text), style=COLORS[finding.state], markup=False)
            for line in change.lines:
                console.print(f"    {line}", markup=False)
            if finding.fix is not None:
                console.print(f"      → {app.words(finding.fix)}", markup=False)

    app.emit({"pieces": [{"name": c.piece.name, "state": f.state, "what": c.what, "lines": c.lines} for c, f in seen]}, draw)
    return EXIT_FAILED if any(finding.state == "bad" for _, finding in seen) else EXIT_OK


def _differences(app: App, changes: list[Change]) -> None:
    for change in changes:
        app.say(say.CHANGES[change.what](name=change.piece.name))
        for line in change.lines:
            app.say(f"    {line}")


def _cautions(app: App, told: System) -> None:
    for caution in told.cautions():
        app.aside(f"! {app.words(caution)}")


def _both(told: System) -> list[dict[Any, str]]:
    return [caution.both() for caution in told.cautions()]


def _as_data(changes: list[Change]) -> list[dict[str, Any]]:
    return [{"name": change.piece.name, "what": change.what, "lines": list(change.lines)} for change in changes]
