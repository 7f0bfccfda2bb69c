"""`onbam sim …`: a simulator of the outside world on a loopback port, for trying things out.

For: people who want to see a page or a slip without touching the real service; scripts and tests.
Promises: the same simulators the demo and the tests use, with the same options; listens on loopback only; says its address.
Refuses: any real address.
"""

from __future__ import annotations

import importlib

import click

from onbam.cli import sim_words as say
from onbam.cli.frame import command

SIMULATORS = ("ecount", "portal", "sheets")


# What stands behind the simulator's name is the simulator's own, `--help` too.
@command(say.SIM, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("which", type=click.Choice(SIMULATORS))
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def sim(which: str, options: tuple[str, ...]) -> int:
    """Run one until stopped."""
    return int(importlib.import_module(f"onbam_sims.{which}.__main__").main(list(options)))
