"""`onbam agent run|relogin`: the program that finds orders and enters them, and the word that it may log in again.

For: the guard, which starts it as `agent`; a person who wants to watch it work.
Promises: ends cleanly on Ctrl-C, Ctrl-Break and a termination signal, with what it held handed back; whatever is not set is
named before anything begins; started by hand while one is at work on this PC, it says which and ends; with `--once` it says why
nothing was done; log-ins that the ERP rejected are tried again only after a person's word, which stands in the journal.
Refuses: rules of its own.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from onbam.cli import agent_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, Transient

if TYPE_CHECKING:
    from onbam.bootstrap import Onbam
    from onbam.claims.machines import Peer
    from onbam.orders.agent import OrderAgent

NAME = "app.machine_name"
"""The setting `--name` stands for."""
CLOCKS_APART_MS: Final = 60_000
"""So much later than it took its seat a process may seem to have begun: the seat's time is the database's clock."""


@group(say.AGENT, name="agent")
def agent() -> None:
    """Hold the commands below."""


@command(say.RUN, name="run")
@option("--once", text=say.ONCE_OPTION, is_flag=True)
@option("--name", text=say.NAME_OPTION, default="")
@pass_app
def run(app: App, once: bool, name: str) -> int:  # noqa: FBT001 -- a flag of click's
    """Work until asked to end."""
    if name:
        app.flags[NAME] = name
    onbam = app.onbam
    child = onbam.child("agent")
    if not child.guarded:  # under the guard a fresh process takes over from one that still lives
        _refuse_second(onbam)
    with child.listening():
        logs = onbam.start_logs(console=sys.stderr, process="agent")
        robot = onbam.order_agent(child, logs)
        ended = robot.run(child.stopping, once=once, begun=lambda: app.aside(say.RUNS(name=onbam.host.name)))
    app.aside(say.ENDED(name=onbam.host.name, **_ends(robot)))
    looked = not once or _say_why(app, robot)
    if not ended:
        app.aside(say.STILL)
    return EXIT_OK if ended and looked else EXIT_FAILED


def _ends(robot: OrderAgent) -> dict[str, int]:
    """What became of the orders, in the words of their states."""
    from onbam.claims.asks import ENDINGS

    return {state.value: robot.tally.ends.get(state, 0) for state in ENDINGS}


def _say_why(app: App, robot: OrderAgent) -> bool:
    """Why a single turn did nothing, where it did; whether the ledger was looked at."""
    trouble, idle = robot.sweeping.trouble, robot.idle_because
    if trouble is not None:
        app.aside(say.NOT_LOOKED(why=trouble))
    if idle is not None and idle != trouble:
        app.aside(say.NOTHING_TAKEN(why=idle))
    if trouble is not None or idle is not None:
        _say_fix(app)
    return trouble is None


def _say_fix(app: App) -> None:
    """What a person does about a site that refuses us: the advice of its open notice."""
    from onbam.orders.health import STOPPED

    with suppress(Transient):
        for notice in app.onbam.notices.inbox():
            if notice.key.startswith(STOPPED):
                app.aside(f"→ {notice.advice[app.lang]}")


def _refuse_second(onbam: Onbam) -> None:
    """One agent a PC: the one that is at work is named."""
    from onbam.guard.lock import AlreadyRunning

    for peer in onbam.registry.peers() if onbam.registry is not None else ():
        if _works_here(onbam, peer):
            at = datetime.fromtimestamp(peer.started_at_ms / 1000, onbam.zone)
            hint = say.RUNNING_HINT(pid=peer.pid, since=f"{at:%m-%d %H:%M:%S}", version=peer.version)
            raise AlreadyRunning(say.RUNNING(name=peer.name), hint, pid=peer.pid)


def _works_here(onbam: Onbam, peer: Peer) -> bool:
    """Whether this agent is a living process of this PC, and not what a crash or another PC has left in the list."""
    import psutil

    from onbam.claims.machines import Life
    from onbam.kernel.home import own_pid
    from onbam.orders.agent import SEAT

    host = onbam.host
    ours = (
        peer.machine_id == onbam.machine_id
        and peer.seat.endswith(f"/{SEAT}")
        and (peer.name == host.name or peer.ip == host.ip)
    )
    if not ours or peer.life is not Life.ALIVE or peer.pid == own_pid():
        return False
    try:
        process = psutil.Process(peer.pid)
        began_ms = process.create_time() * 1000
        return process.status() != psutil.STATUS_ZOMBIE and began_ms <= peer.started_at_ms + CLOCKS_APART_MS
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:  # there, and another user's
        return True


@command(say.RELOGIN, name="relogin")
@option("--reason", text=say.WHY_OPTION, default="")
@json_option
@pass_app
def relogin(app: App, reason: str) -> None:
    """Forget what was counted, and tell the agents."""
    from onbam.journal.model import Line
    from onbam.kernel.words import kept
    from onbam.orders.marks import RELOGIN

    onbam = app.onbam
    company = onbam.erp.describe().company
    why = reason.strip() or kept(say.NO_REASON)
    onbam.journal.append([Line("erp.relogin", "erp", company, onbam.person, why)])
    count = onbam.erp.forgive()
    onbam.marks.put(RELOGIN)
    app.emit({"forgotten": count}, lambda _: app.say(say.RELOGIN_DONE(count=count)))


agent.add_command(run)
agent.add_command(relogin)
