"""`onbam simulate`: many PCs, many bad days, and judges.

For: whoever changes claims or effects, and whoever wants to see why they may be trusted.
Promises: the same seeds, the same answer; ends with 1 when a rule was broken, and tells the story.
Refuses: to touch an installation: everything happens in memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import onbam as package
from onbam.cli import simulate_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.clock import SystemClock
from onbam.kernel.errors import EXIT_FAILED, Refused
from onbam.simulate.campaign import FLOWS, TOY, Ask, story_of, timed
from onbam.simulate.plan import EVERY, Fault
from onbam.simulate.protections import Protection
from onbam.simulate.stands import STORES
from onbam.simulate.words import RULES

if TYPE_CHECKING:
    from rich.console import Console

NAMES: Final = ", ".join(fault.value for fault in EVERY)
KEPT: Final = Path(package.__file__).parents[2] / "tests" / "simulation" / "seeds.txt"
"""Where a checkout keeps its seeds; an installed package has none."""
SHOWN_MAX: Final = 20


@command(say.SIMULATE)
@option("--seeds", text=say.SEEDS, type=click.IntRange(1, 10_000_000), default=1000)
@option("--first", text=say.FIRST, type=click.IntRange(0), default=0)
@option("--seed", text=say.SEED, type=click.IntRange(0), default=None)
@option("--store", text=say.STORE, type=click.Choice(STORES), default="memory")
@option("--flow", text=say.FLOW, type=click.Choice(FLOWS), default=TOY)
@option("--faults", text=say.FAULTS, default="")
@option("--agents", text=say.AGENTS, type=click.IntRange(1, 8), default=None)
@option("--without", text=say.WITHOUT, type=click.Choice([one.value for one in Protection]), default=None)
@option("--jobs", text=say.JOBS, type=click.IntRange(1, 64), default=1)
@option("--keep", text=say.KEEP, type=click.Path(path_type=Path), default=None)
@json_option
@pass_app
def simulate(
    app: App,
    *,
    seeds: int,
    first: int,
    seed: int | None,
    store: str,
    flow: str,
    faults: str,
    agents: int | None,
    without: str | None,
    jobs: int,
    keep: Path | None,
) -> int:
    """Run, judge, tell."""
    off = Protection(without) if without else None
    ask = Ask(store, range(first, first + seeds), _faults(faults), agents, off, flow)
    if seed is not None:
        return _one(app, ask, seed)
    with app.progress(say.RUNNING, seeds) as moved:
        answer = timed(ask, SystemClock(), jobs, moved)
    app.emit(answer, lambda console: _draw(app, console, answer))
    broken = answer["violations"]
    if broken and off is None and (path := keep or (KEPT if KEPT.is_file() else None)) is not None:
        remember(path, store if flow == TOY else f"{store}/{flow}", broken)
        app.aside(say.KEPT(path=path))
    return EXIT_FAILED if broken else 0


def _one(app: App, ask: Ask, seed: int) -> int:
    """One history with its story."""
    outcome, story = story_of(ask, seed)
    violations = [{"seed": seed, "rule": v.rule.value, "about": v.about} for v in outcome.violations]
    data = {"store": ask.store, "seed": seed, "violations": violations, "states": outcome.states, "story": story}
    app.emit(data, lambda console: console.print(story, markup=False))
    return EXIT_FAILED if violations else 0


def _faults(names: str) -> frozenset[Fault]:
    """Which faults were asked for; all of them when none is named."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in set(Fault)]
    if unknown:
        raise Refused(say.NO_FAULT(name=unknown[0]), say.NO_FAULT_HINT(names=NAMES))
    return frozenset(map(Fault, wanted)) if wanted else frozenset(EVERY)


def remember(path: Path, store: str, broken: list[dict[str, Any]]) -> None:
    """Seeds that broke a rule, each once, for ever."""
    known = path.read_text("utf-8") if path.is_file() else ""
    new = [f"{store} {one['seed']}" for one in broken]
    lines = [f"{line}  # {one['rule']}" for line, one in zip(new, broken, strict=True) if f"{line} " not in known]
    if lines:
        path.write_text(known + "\n".join([*lines, ""]), "utf-8")


def _draw(app: App, console: Console, answer: dict[str, Any]) -> None:
    """For people."""
    from rich.table import Table

    table = Table(app.words(say.WHAT), app.words(say.FIGURE))
    rows = (
        (say.HISTORIES, f"{answer['histories']:,}"),
        (say.CALLS, f"{answer['calls']:,}"),
        (say.STEPS, f"{answer['steps']:,}"),
        (say.HOURS, f"{answer['virtual_hours']:,}"),
        (say.HAPPENED, _counted(answer["faults"])),
        (say.SLIPS, f"{answer['slips']:,}"),
        (say.ENDED, _counted(answer["endings"])),
        (say.SECONDS, f"{answer['seconds']:,}"),
        (say.SPEED, f"{answer['seeds_per_s']:,}"),
    )
    for text, figure in rows:
        table.add_row(app.words(text), figure)
    console.print(table)
    broken = answer["violations"]
    if not broken:
        console.print(app.words(say.ALL_HELD))
        return
    for one in broken:
        if one["story"]:
            console.print(f"\n{one['story']}\n", markup=False)
    shown = ", ".join(str(one["seed"]) for one in broken[:SHOWN_MAX])
    console.print(app.words(say.NOT_HELD(count=len(broken), seeds=shown)))
    for rule in dict.fromkeys(one["rule"] for one in broken):
        console.print(f"  {rule}: {app.words(RULES[rule])}", markup=False)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
