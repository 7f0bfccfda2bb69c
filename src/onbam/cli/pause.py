"""`onbam pause` and `onbam resume`: stop before the next effect, here or everywhere.

For: a person who sees that something wrong is about to be entered.
Promises: every agent asks before each effect, so a pause holds from the next one on; who and why stand in the journal.
Refuses: to say that it goes on while another stop still stands.
"""

from __future__ import annotations

from onbam.cli import agent_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app


def _scope(app: App, everywhere: bool) -> str:  # noqa: FBT001 -- the flag of the command
    from onbam.orders.pauses import ALL

    return ALL if everywhere else app.onbam.machine_id


@command(say.PAUSE, name="pause")
@option("--all", "everywhere", text=say.ALL_OPTION, is_flag=True)
@option("--reason", text=say.WHY_OPTION, default="")
@json_option
@pass_app
def pause(app: App, everywhere: bool, reason: str) -> None:  # noqa: FBT001 -- a flag of click's
    """Stop."""
    why = reason.strip() or app.words(say.NO_REASON)
    done = app.onbam.pauses.set(_scope(app, everywhere), who=app.onbam.person, why=why)
    said = say.PAUSED_ALL if everywhere else say.PAUSED_HERE
    app.emit({"scope": done.scope, "who": done.who, "why": done.why, "at_ms": done.at_ms}, lambda _: app.say(said))


@command(say.RESUME, name="resume")
@option("--all", "everywhere", text=say.ALL_OPTION, is_flag=True)
@option("--reason", text=say.WHY_OPTION, default="")
@json_option
@pass_app
def resume(app: App, everywhere: bool, reason: str) -> None:  # noqa: FBT001 -- a flag of click's
    """Go on."""
    why = reason.strip() or app.words(say.NO_REASON)
    lifted = app.onbam.pauses.lift(_scope(app, everywhere), who=app.onbam.person, why=why)
    still = app.onbam.stops()

    def show(_: object) -> None:
        app.say(say.RESUMED if lifted else say.NOT_PAUSED)
        if still is not None:
            app.say(say.STILL_STOPPED(why=still))

    app.emit({"lifted": lifted, "still": None if still is None else still.both()}, show)
