"""`onbam watchdog`: the older watchdog's place, its banner and its lines.

For: people used to `python watchdog.py`, and tasks that still call it.
Promises: the guard runs afterwards; with `--foreground` a line every check interval, in the form people know, and a dead guard
is started again.
Refuses: to be a second watchdog: the guard judges, this tells.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from onbam.cli import guard_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, option, pass_app
from onbam.cli.guard_calls import TROUBLED, caller, listed, state_of
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import OnbamError
from onbam.kernel.words import Said

RULE = "=" * 70


@command(say.WATCHDOG, name="watchdog")
@option("--foreground", text=say.FOREGROUND_OPTION, is_flag=True)
@pass_app
def watchdog(app: App, foreground: bool) -> None:  # noqa: FBT001 -- a flag of click's
    """Banner and lines."""
    chosen = caller(app).settings.share.guard
    clock = SystemClock()
    with suppress(KeyboardInterrupt):  # only the teller ends
        app.say(RULE)
        app.say(say.BANNER)
        app.say(say.BANNER_CHECK(seconds=chosen.check_s))
        app.say(say.BANNER_TIMEOUT(minutes=chosen.timeout_s / 60))
        app.say(RULE)
        app.say("")
        while True:
            for said in checked(app):
                local = clock.now().astimezone(_zone(app))
                app.say(f"[{local:%Y-%m-%d %H:%M:%S}] {app.words(said)}")
            if not foreground:
                return
            clock.wait(chosen.check_s)


def checked(app: App) -> list[Said]:
    """One look: what to tell, the guard helped up where it is down."""
    from onbam.guard import calling

    here = caller(app)
    try:
        outcome = calling.ensure(here)
        if outcome == "down":
            return [say.BY_PERSON()]
        if outcome in ("started", "restarted"):
            return [say.ALERT_LINE(), say.HELPED()]
        return _lines(calling.ask(here, "status"))
    except OnbamError as error:
        return [say.ALERT_WHY(what=error.message)]


def _lines(status: dict[str, Any]) -> list[Said]:
    """What stands still, or that nothing does."""
    programs = listed(status)
    bad = [one for one in programs if one["state"] in TROUBLED or one["life"] == "stuck"]
    if bad:
        return [say.ALERT_WHY(what=say.BECOMING(name=one["name"], state=state_of(one))) for one in bad]
    ages = {one["name"]: one["beat_age_s"] for one in programs if one["beat_age_s"] is not None}
    age_s = ages.get(status["main"], max(ages.values(), default=None))
    return [say.OK_SILENT() if age_s is None else say.OK_LINE(seconds=age_s)]


def _zone(app: App) -> Any:
    from onbam.guard.plan import zone_of

    return zone_of(caller(app).settings.share.app.time_zone)
