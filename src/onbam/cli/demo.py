"""`onbam demo`: a whole shop at work on this PC, with accidents, within a minute.

For: a newcomer's first minute; whoever wants to see what happens when PCs die.
Promises: simulators of the supplier and the ERP, several PCs that are processes of their own, and the dashboard; what stands at
the end is counted in the ERP's books; Ctrl-C leaves no process behind, and neither does `kill -9`; the shop's own settings and
data are neither read nor written.
Refuses: sample data dressed up as a shop's; to call a run good in which an order was entered twice or lost.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from onbam.cli import demo_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.demo_report import introduce, tell
from onbam.cli.demo_sweep import PREFIX
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel import home as homes
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from onbam.cli.demo_board import Board
    from onbam.cli.demo_chaos import Chaos
    from onbam.cli.demo_shop import Shop
    from onbam.cli.demo_watch import Watch

CHAOS: Final = "kill,hang,lost-reply,slow"
LIMIT_S: Final = 50.0
"""A run that is not asked to see it through ends by then."""
PATIENCE_S: Final = 1800.0
"""And one that is asked to, by then: something is wrong with this PC."""
LOOK_S: Final = 0.25
ROUND_S: Final = 1800.0
"""A person may look round so long before everything is closed."""
ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))


@command(words.DEMO, name="demo")
@option("--machines", text=say.DEMO_MACHINES, type=click.IntRange(1, 50), default=3, show_default=True)
@option("--orders", text=say.DEMO_ORDERS, type=click.IntRange(1, 5000), default=40, show_default=True)
@option("--seed", text=say.DEMO_SEED, type=int, default=7, show_default=True)
@option("--store", text=say.DEMO_STORE, type=click.Choice(list(say.STORES)), default="sqlite", show_default=True)
@option("--chaos", text=say.DEMO_CHAOS, default=CHAOS, show_default=True)
@option("--until-done", text=say.DEMO_UNTIL_DONE, is_flag=True)
@option("--keep", text=say.DEMO_KEEP, is_flag=True)
@option("--web/--no-web", "web", text=say.DEMO_WEB, default=True)
@json_option
@pass_app
def demo(
    app: App,
    machines: int,
    orders: int,
    seed: int,
    store: str,
    chaos: str,
    until_done: bool,  # noqa: FBT001 -- a flag of click's
    keep: bool,  # noqa: FBT001 -- the same
    web: bool,  # noqa: FBT001 -- the same
) -> int:
    """Open the shop, let it happen, count."""
    from onbam.cli.demo_fleet import clean_environ
    from onbam.cli.demo_shop import Shop
    from onbam.kernel.clock import SystemClock

    kinds = _kinds(app, chaos)
    skewed = "skew" in kinds and store != "sqlite"
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # an embedded server may run as another user, who has to pass
    environ = {**clean_environ(homes.environment()), "ONBAM_LANG": app.lang}
    clock = SystemClock()
    shop = Shop(folder, environ, clock, store, machines, orders, seed, skewed, "offline" in kinds, web, keep)
    try:
        with _endable(app):
            facts = _run(app, shop, kinds, LIMIT_S if not until_done else PATIENCE_S)
            left_out = "skew" in kinds and not skewed
            app.emit(facts, lambda _: tell(app, facts, skew_left_out=left_out, until_done=until_done))
            if shop.dashboard is not None and shop.dashboard.address and _somebody(app):
                _look_round(app, shop)
    finally:
        try:
            shop.close()
        finally:
            shop.clear()
    if keep:
        app.aside(say.KEPT(folder=folder))
    held = not facts["duplicates"] and not facts["lost"]
    return EXIT_OK if held else EXIT_FAILED


def _kinds(app: App, chaos: str) -> frozenset[str]:
    from onbam.cli.demo_chaos import KINDS

    wanted = [part.strip() for part in chaos.split(",") if part.strip() and part.strip() != "none"]
    for name in wanted:
        if name not in KINDS:
            raise click.UsageError(app.words(say.BAD_CHAOS(name=name, known=", ".join(KINDS))))
    return frozenset(wanted)


@contextmanager
def _endable(app: App) -> Iterator[None]:
    """A termination signal, or a closed terminal, ends the demo as Ctrl-C does: with everything cleared away."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in ENDING}
    try:
        yield
    except KeyboardInterrupt:
        app.aside(say.ENDED_EARLY)
        raise click.exceptions.Exit(EXIT_FAILED) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(app: App, shop: Shop, kinds: frozenset[str], limit_s: float) -> dict[str, Any]:
    """The run itself; answers what is true at its end."""
    from onbam.cli.demo_board import Board
    from onbam.cli.demo_chaos import Chaos
    from onbam.cli.demo_watch import Watch, report
    from onbam.kernel.chance import Chance

    if not app.as_json:
        introduce(app, shop.machines, shop.orders, kinds)
    shop.open()
    chaos = Chaos(shop, kinds, Chance.seeded("demo", shop.seed))
    watch = Watch(shop)
    began_s = shop.clock.monotonic()
    chaos.begin()
    shop.open_dashboard()
    board = Board(app.words, watch, began_s)
    with _shown(app, board) as draw:
        _until_done(shop, chaos, watch, draw, began_s, limit_s)
        draw(int(shop.clock.monotonic() - began_s))
    return report(shop, watch, chaos, shop.clock.monotonic() - began_s)


def _somebody(app: App) -> bool:
    """Whether a person sits at a terminal."""
    return not app.as_json and app.out.is_terminal and sys.stdin.isatty()


def _look_round(app: App, shop: Shop) -> None:
    """The PCs and the dashboard stay until the person has seen enough."""
    assert shop.dashboard is not None, "there is something to look at"
    app.say(say.LOOK_ROUND(address=shop.dashboard.address))
    enough = threading.Event()

    def listen() -> None:
        os.read(sys.stdin.fileno(), 1)  # not by a reader with a lock: this thread may still wait when the program ends
        enough.set()

    threading.Thread(target=listen, name="enough", daemon=True).start()
    ends = shop.clock.monotonic() + ROUND_S
    try:
        while not enough.is_set() and shop.clock.monotonic() < ends:
            shop.clock.wait(LOOK_S, enough)
    except KeyboardInterrupt:
        pass  # that is how one leaves
    app.say(say.CLOSED)


def _until_done(shop: Shop, chaos: Chaos, watch: Watch, draw: Any, began_s: float, limit_s: float) -> None:
    """Until every order has come to its end and every accident has happened, at the latest until the limit."""
    while True:
        second = int(shop.clock.monotonic() - began_s)
        chaos.step(watch.open_now, watch.busy)
        watch.look(chaos, second)
        draw(second)
        shown = shop.dashboard is None or shop.dashboard.look()
        done = shop.placed == shop.orders and not watch.open and chaos.over and shown
        if done or shop.clock.monotonic() - began_s > limit_s:
            return
        shop.clock.wait(LOOK_S)


@contextmanager
def _shown(app: App, board: Board) -> Iterator[Any]:
    """The live board on a terminal; for scripts only where the dashboard is."""
    if app.as_json or not app.out.is_terminal:
        told: list[str] = []

        def say_where(_: int) -> None:
            dashboard = board.dashboard
            if dashboard is not None and not told and dashboard.look() and dashboard.address:
                told.append(dashboard.address)
                app.aside(say.DASHBOARD_AT(address=dashboard.address))

        yield say_where
        return
    from rich.live import Live

    with Live(console=app.out, auto_refresh=False, vertical_overflow="crop") as live:
        last = 0

        def draw(second: int) -> None:
            nonlocal last
            last = second
            board.note_silence(second)
            live.update(board.draw(second, app.out.width, app.out.height), refresh=True)

        yield draw
        live.update(board.draw(last, app.out.width, app.out.height, last=True), refresh=True)
