"""`onbam agent run`: the program that finds orders and enters them.

For: the guard, which starts it as `agent`; a person who wants to watch it work.
Promises: ends cleanly on Ctrl-C, Ctrl-Break and a termination signal, with what it held handed back; whatever is not set is
named before anything begins.
Refuses: rules of its own.
"""

from __future__ import annotations

import sys

from onbam.cli import agent_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, group, option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK

NAME = "app.machine_name"
"""The setting `--name` stands for."""


@group(say.AGENT, name="agent")
def agent() -> None:
    """Hold the command below."""


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
    with child.listening():
        logs = onbam.start_logs(console=sys.stderr, process="agent")
        robot = onbam.order_agent(child, logs)
        app.aside(say.RUNS(name=onbam.host.name))
        ended = robot.run(child.stopping, once=once)
    app.aside(say.ENDED(name=onbam.host.name, **robot.tally.figures))
    if not ended:
        app.aside(say.STILL)
    return EXIT_OK if ended else EXIT_FAILED


agent.add_command(run)
