"""`onbam pause` and `onbam resume`: stop before the next effect, here or everywhere.

For: a person who sees that something wrong is about to be entered.
Promises: every agent asks before each effect, so a pause holds from the next one on; who and why stand in the journal; a pause
that is set again without a reason keeps the one it has; whatever still stands is named with what lifts it.
Refuses: to say that it goes on while another stop still stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from onbam.cli import agent_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.words import heard, kept

if TYPE_CHECKING:
    from onbam.bootstrap import Onbam
    from onbam.kernel.words import Said
    from onbam.orders.pauses import Pause


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
    from onbam.orders.pauses import signed

    pauses, scope = app.onbam.pauses, _scope(app, everywhere)
    why = signed(pauses.standing(), scope, reason, kept(say.NO_REASON))
    done = pauses.set(scope, who=app.onbam.person, why=why)
    said = say.PAUSED_ALL if everywhere else say.PAUSED_HERE
    app.emit({"scope": done.scope, "who": done.who, "why": str(heard(done.why)), "at_ms": done.at_ms}, lambda _: app.say(said))


@command(say.RESUME, name="resume")
@option("--all", "everywhere", text=say.ALL_OPTION, is_flag=True)
@option("--reason", text=say.WHY_OPTION, default="")
@json_option
@pass_app
def resume(app: App, everywhere: bool, reason: str) -> None:  # noqa: FBT001 -- a flag of click's
    """Go on."""
    from onbam.orders.pauses import holding

    why = reason.strip() or kept(say.NO_REASON)
    lifted = app.onbam.pauses.lift(_scope(app, everywhere), who=app.onbam.person, why=why)
    still = stops_here(app.onbam, app.onbam.stops.by_file(), holding(app.onbam.pauses.standing(), app.onbam.machine_id))

    def show(_: object) -> None:
        app.say(say.RESUMED if lifted else say.NOT_LIFTED if still else say.NOT_PAUSED)
        for stop, way in still:
            app.say(say.STILL_STOPPED(why=stop))
            app.say(way)

    app.emit({"lifted": lifted, "still": still[0][0].both() if still else None}, show)


def stops_here(onbam: Onbam, by_file: Said | None, pauses: Sequence[Pause]) -> Sequence[tuple[Said, Said]]:
    """The stops that hold this PC, each with what lifts it."""
    from onbam.orders.pauses import ALL

    file = [] if by_file is None else [(by_file, say.LIFT_FILE(file=onbam.home / onbam.settings.orders.pause_file))]
    return [*file, *((pause.said(), (say.LIFT_ALL if pause.scope == ALL else say.LIFT_HERE)()) for pause in pauses)]
