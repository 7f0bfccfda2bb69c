"""`onbam bench`: what things cost, measured here and now.

For: people who ask whether this PC is fast enough, and for figures in the documentation.
Promises: the table and `--json` hold the same figures; while it measures, a bar shows how far it is.
Refuses: to measure anything itself; that is the room's.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from onbam.cli import bench_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.bench.model import Report, Result


ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


@group(say.BENCH, name="bench")
def bench() -> None:
    """Hold the commands below."""


@command(say.LIST, name="list")
@json_option
@pass_app
def list_(app: App) -> None:
    """Name every benchmark."""
    from onbam.bench.run import everything

    benches = everything()

    def show(console: Console) -> None:
        for one in benches:
            console.print(f"{one.name:<12} {app.words(one.text)}", markup=False)

    app.emit([{"bench": one.name, "text": app.words(one.text), **one.text().named("text")} for one in benches], show)


@command(say.RUN, name="run")
@click.argument("name")
@option("--quick", text=say.QUICK_OPTION, is_flag=True)
@json_option
@pass_app
def run(app: App, name: str, quick: bool) -> None:  # noqa: FBT001 -- a flag of click's
    """Measure, then answer."""
    from onbam.bench.run import find
    from onbam.bench.run import run as measure
    from onbam.bench.tools import QUICK

    chosen = find(name)
    environ = {**app.onbam.environ, QUICK: "1"} if quick else app.onbam.environ
    with _ending_in_order():
        report = measure(chosen, app.onbam.clock, environ, lambda total: app.progress(say.MEASURING, total))
    app.emit(report.to_json(), lambda console: draw(app, report, console))


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Asked to end is like Ctrl+C, once: a benchmark ends what it started on its way out."""

    def interrupt(_: int, __: FrameType | None) -> None:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def draw(app: App, report: Report, console: Console) -> None:
    """The report for people: one line a figure, its peers below it."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(app.words(say.WHAT), overflow="fold", ratio=1)
    for heading in (say.VALUE, say.SPREAD, say.TARGET, say.RATIO):
        table.add_column(app.words(heading), justify="right", no_wrap=True)
    for result in report.results:
        table.add_row(app.words(result.what), *_figures(app, result), "")
        for peer in result.peers:
            table.add_row(f"  {peer.name}", _number(peer.value, result.unit), "", "", f"{peer.ratio:.2f}×", style="dim")
    console.print(table)
    for note in report.notes:
        console.print(app.words(note), markup=False)
    machine = report.machine
    console.print()
    console.print(
        app.words(
            say.MACHINE(
                processor=machine["processor"],
                cores=machine["cores"],
                memory=machine["memory_mb"],
                system=machine["system"],
                python=machine["python"],
                load=machine["load_1min"],
            )
        ),
        style="dim",
        markup=False,
    )


def _figures(app: App, result: Result) -> tuple[str, str, str]:
    """Value, spread and target of one line."""
    low, high = result.spread
    spread = f"{_number(low, '')}–{_number(high, '')}"
    if result.target is None:
        return _number(result.value, result.unit), spread, ""
    sign = "≤" if result.better == "less" else "≥"
    verdict = app.words(say.HOLDS if result.holds else say.MISSED)
    return _number(result.value, result.unit), spread, f"{sign} {_number(result.target, '')} {verdict}"


def _number(value: float, unit: str) -> str:
    """A figure with as many decimals as it can carry."""
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return f"{shown} {unit}".rstrip()


bench.add_command(list_)
bench.add_command(run)
