"""The table of commands, and what happens around every one of them.

For: `onbam …`.
Promises: a group is imported when it is called, so `--help` stays quick; every known error becomes one or two sentences and its
exit code; a script that asked for JSON gets its errors as JSON too.
Refuses: to hide a bug: what no room foresaw ends with a traceback.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from onbam import __version__
from onbam.cli import (
    agent_words,
    bench_words,
    drill_words,
    guard_words,
    install_words,
    lookback_words,
    notices_words,
    sim_words,
    simulate_words,
    update_words,
    usage,
    web_words,
)
from onbam.cli import words as say
from onbam.cli.app import LANGUAGE, App
from onbam.cli.frame import COMPLETE_VARIABLE, Entry, Group, option
from onbam.kernel import home as homes
from onbam.kernel.errors import EXIT_FAILED, EXIT_MISCONFIGURED, EXIT_OK, EXIT_USAGE, OnbamError
from onbam.kernel.words import LANGS, Said, heard, kept

TABLE: Final[dict[str, Entry]] = {
    "demo": Entry("onbam.cli.demo", "demo", say.DEMO),
    "bench": Entry("onbam.cli.bench", "bench", bench_words.BENCH),
    "claims": Entry("onbam.cli.claims", "claims", say.CLAIMS),
    "agent": Entry("onbam.cli.agent", "agent", agent_words.AGENT),
    "sweep": Entry("onbam.cli.sweep", "sweep", agent_words.SWEEP),
    "pause": Entry("onbam.cli.pause", "pause", agent_words.PAUSE),
    "resume": Entry("onbam.cli.pause", "resume", agent_words.RESUME),
    "up": Entry("onbam.cli.up", "up", guard_words.UP),
    "ps": Entry("onbam.cli.ps", "ps", guard_words.PS),
    "logs": Entry("onbam.cli.guard", "logs", guard_words.LOGS),
    "restart": Entry("onbam.cli.guard", "restart", guard_words.RESTART),
    "stop": Entry("onbam.cli.guard", "stop", guard_words.STOP),
    "remove": Entry("onbam.cli.guard", "remove", guard_words.REMOVE),
    "down": Entry("onbam.cli.up", "down", guard_words.DOWN),
    "ensure": Entry("onbam.cli.up", "ensure", guard_words.ENSURE),
    "watchdog": Entry("onbam.cli.watchdog", "watchdog", guard_words.WATCHDOG),
    "orders": Entry("onbam.cli.orders", "orders", say.ORDERS),
    "machines": Entry("onbam.cli.machines", "machines", say.MACHINES),
    "web": Entry("onbam.cli.web", "web", web_words.WEB),
    "init": Entry("onbam.cli.init", "init", say.INIT),
    "doctor": Entry("onbam.cli.doctor", "doctor", say.DOCTOR),
    "config": Entry("onbam.cli.config", "config", say.CONFIG),
    "db": Entry("onbam.cli.db", "db", say.DB),
    "secret": Entry("onbam.cli.secret", "secret", say.SECRET),
    "notices": Entry("onbam.cli.notices", "notices", notices_words.NOTICES),
    "check": Entry("onbam.cli.check", "check", lookback_words.CHECK),
    "incidents": Entry("onbam.cli.incidents", "incidents", lookback_words.INCIDENTS),
    "report": Entry("onbam.cli.report", "report", lookback_words.REPORT),
    "timeline": Entry("onbam.cli.timeline", "timeline", lookback_words.TIMELINE),
    "install": Entry("onbam.cli.install", "install", install_words.INSTALL),
    "drill": Entry("onbam.cli.drill", "drill", drill_words.DRILL),
    "update": Entry("onbam.cli.update", "update", update_words.UPDATE),
    "uninstall": Entry("onbam.cli.install", "uninstall", install_words.UNINSTALL),
    "support": Entry("onbam.cli.support", "support", say.SUPPORT),
    "simulate": Entry("onbam.cli.simulate", "simulate", simulate_words.SIMULATE),
    "sim": Entry("onbam.cli.sim", "sim", sim_words.SIM),
    "completion": Entry("onbam.cli.completion", "completion", say.COMPLETION),
}


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click's signature
    """`--version`."""
    if value and not ctx.resilient_parsing:
        click.echo(f"onbam {__version__}")
        ctx.exit()


@click.group(cls=Group, text=say.ONBAM, table=TABLE, invoke_without_command=True)
@option("--home", text=say.HOME_OPTION, type=click.Path(path_type=Path))
@option("--lang", text=say.LANG_OPTION, type=click.Choice(LANGS))
@option("--set", "sets", text=say.SET_OPTION, multiple=True, metavar="NAME=VALUE")
@option("--no-color", "no_color", text=say.COLOR_OPTION, is_flag=True)
@option("--version", text=say.VERSION_OPTION, is_flag=True, is_eager=True, expose_value=False, callback=_version)
@click.pass_context
def onbam(ctx: click.Context, home: Path | None, lang: Any, sets: tuple[str, ...], no_color: bool) -> None:  # noqa: FBT001
    """Prepare what every command works with."""
    app = ctx.ensure_object(App)
    if home is not None:
        app.home, app.home_must_be = home.expanduser().resolve(), ctx.invoked_subcommand != "init"
        app.__dict__.pop("lang", None)  # the options' own texts asked for it before this folder was known
    if lang is not None:
        app.lang_chosen = lang
    app.color = not no_color
    for pair in sets:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.UsageError(kept(say.BAD_SET), ctx)
        app.flags[name] = value
    if LANGUAGE in app.flags:
        app.__dict__.pop("lang", None)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(argv: Sequence[str]) -> int:
    """One call of the command line; answers its exit code."""
    _speak_plainly()
    if homes.environment().get(COMPLETE_VARIABLE):
        importlib.import_module("onbam.cli.completion")  # click does not know every shell by itself
    app = App()
    app.lang_chosen = _early_language(argv)
    try:
        result = onbam.main(list(argv), prog_name="onbam", obj=app, standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        app.aside(say.STOPPED)
        return EXIT_FAILED
    except click.exceptions.NoArgsIsHelpError as error:  # a group alone: its commands are the answer, not a mistake to quote
        app.aside(error.format_message())
        return EXIT_USAGE
    except click.ClickException as error:
        _show_error(app, _usage_words(error), _usage_hint(error), "Usage")
        return EXIT_USAGE if isinstance(error, click.UsageError) else error.exit_code
    except (OnbamError, OSError) as error:
        return _failed(app, error)
    except SystemExit as leave:
        if leave.code != EXIT_FAILED:  # a simulator's own options
            raise
        with contextlib.suppress(OSError):  # the reader (`| head`) has seen enough: click and rich make a failure of it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    finally:
        app.close()
    return result if isinstance(result, int) else EXIT_OK


def _speak_plainly() -> None:
    """A Korean Windows console is CP949: a letter it lacks must not end the program. A pipe would keep lines for hours."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", line_buffering=True)


def _early_language(argv: Sequence[str]) -> Any:
    """`--lang` before click reads it, so that help and errors before it are in that language too."""
    for index, word in enumerate(argv):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else None
        if word == "--lang" and index + 1 < len(argv):
            value = argv[index + 1]
        if value in LANGS:
            return value
    return None


def _failed(app: App, error: OnbamError | OSError) -> int:
    """The exit code of trouble that is known."""
    if isinstance(error, OSError):
        if error.errno != errno.ENOSPC:
            raise error
        app.aside(say.DISK_FULL)  # `onbam ps > file`; what rooms meet they tell themselves
        return EXIT_FAILED
    _show_error(app, error.message, error.hint, type(error).__name__)
    if error.exit_code == EXIT_MISCONFIGURED:
        _tell_guard(app, error)
    return error.exit_code


def _show_error(app: App, message: Said, hint: Said, kind: str) -> None:
    """One or two sentences on standard error."""
    whats, fixes = app.cleaned_both(message), app.cleaned_both(hint)
    shown, fix = whats[app.lang], fixes[app.lang]
    if app.as_json:
        both = {f"{name}_{lang}": of[lang] for name, of in (("message", whats), ("hint", fixes)) for lang in LANGS}
        error = {"kind": kind, "message": shown, "hint": fix, **both}
        app.aside(json.dumps({"error": error}, ensure_ascii=False))
        return
    app.aside(shown)
    if fix:
        app.aside(f"→ {fix}")


def _tell_guard(app: App, error: OnbamError) -> None:
    """Why, in both languages: a guard that started this program tells people, and what stands in its output is in one."""
    from onbam.guard.words import in_full
    from onbam.kernel.child import leave_words

    leave_words(homes.environment(), app.cleaned_both(in_full(error)))


def _usage_words(error: click.ClickException) -> Said:
    """What click found wrong, in our words."""
    if isinstance(error, click.NoSuchOption):
        return say.NO_OPTION(name=error.option_name)
    if isinstance(error, click.exceptions.NoSuchCommand):
        return say.NO_COMMAND(name=error.command_name)
    if isinstance(error, click.MissingParameter):
        return say.MISSING(name=_param_name(error))
    if isinstance(error, click.BadParameter):
        return say.BAD_VALUE(name=_param_name(error), what=usage.wanted(error) or heard(error.message))
    return usage.wrong(error)


def _usage_hint(error: click.ClickException) -> Said:
    """Where to look, or what was probably meant."""
    ctx = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption) and ctx is not None and (form := usage.of_every_command(error, ctx)):
        return say.BEFORE_COMMAND(name=error.option_name, form=form, command=ctx.command_path.partition(" ")[2])
    possible = usage.meant(error)
    if possible:
        return say.DID_YOU_MEAN(name=possible)
    return say.SEE_HELP(command=ctx.command_path if ctx else "onbam")


def _param_name(error: click.BadParameter) -> str:
    """The parameter a usage error is about."""
    if error.param is None:
        return str(error.param_hint or "?")
    return max(error.param.opts, key=len) if error.param.opts else str(error.param.name)
