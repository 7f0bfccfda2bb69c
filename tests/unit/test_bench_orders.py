"""What the benchmark of orders makes of its samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from onbam.bench.orders.child import FIGURE
from onbam.bench.orders.plan import HAND, ON_POSTGRES, ON_SQLITE, OURS, POSTGRES, SQLITE, Samples, Stage
from onbam.bench.tools import Tools
from onbam.kernel.clock import FakeClock

WAITS: Final = {"ours": 4.0, "huey": 6.0}


class Told(Tools):
    """A sample's figure is what the test says, one after the other."""

    figures: Mapping[str, list[float]]

    def output(self, command: Sequence[str], **_: str) -> str:
        """Write the figure where the child would."""
        contender, _orders, folder, *_rest = command[3:]
        Path(folder, FIGURE).write_text(f"{self.figures[contender].pop(0)} {WAITS.get(contender, 0.0)}", "ascii")
        return ""


Turns = Mapping[str, tuple[str, list[float]]]
Row = tuple[str, float, tuple[float, float], bool | None]


def taken(folder: Path, stage: Stage, turns: Turns) -> Samples:
    """The turns of everybody."""
    tools = Told(FakeClock(), {}, folder)
    object.__setattr__(tools, "figures", {contender: list(figures) for contender, (_, figures) in turns.items()})
    samples = Samples(tools)
    for _ in range(4):
        for contender, (shown, _figures) in turns.items():
            samples.take(contender, shown, stage, str)
    return samples


def ratios(folder: Path, stage: Stage, turns: Turns) -> list[Row]:
    """What is made of them."""
    return [(one.what.to("en"), one.value, one.spread, one.holds) for one in taken(folder, stage, turns).ratios(stage)]


def test_ours_is_held_against_the_limit_and_the_quickest_peer_turn_by_turn(tmp_path: Path) -> None:
    """The warm-up counts for nobody; a peer that was quickest in one turn only is the one of that turn."""
    turns = {
        "ours": (OURS, [1.0, 50.0, 60.0, 70.0]),
        "hand-sqlite": (HAND, [1000.0, 100.0, 100.0, 100.0]),
        "huey": ("Huey", [1000.0, 100.0, 30.0, 35.0]),
        "dbos": ("DBOS", [1000.0, 10.0, 40.0, 20.0]),
    }
    share, ahead = ratios(tmp_path, Stage(SQLITE, ON_SQLITE), turns)
    assert share == ("As a share of five commits written by hand (SQLite)", 0.6, (0.5, 0.7), True)
    assert ahead == ("How many times the quickest peer of the same run (SQLite)", 1.5, (0.5, 2.0), True)


def test_on_postgresql_a_queue_is_no_peer_to_be_ahead_of(tmp_path: Path) -> None:
    """Only those that keep durable steps count; whoever was not measured is nobody's peer."""
    turns = {"ours": (OURS, [1.0, 60.0, 60.0, 60.0]), "pgqueuer": ("PgQueuer", [1.0, 90.0, 90.0, 90.0])}
    assert ratios(tmp_path, Stage(POSTGRES, ON_POSTGRES), turns) == []
    turns["dbos"] = ("DBOS", [1.0, 80.0, 80.0, 80.0])
    (ahead,) = ratios(tmp_path, Stage(POSTGRES, ON_POSTGRES, wait_ms=1.5), turns)
    where = "PostgreSQL, each wait for the disk 1.5 ms longer, as on an office PC"
    assert ahead == (f"How many times the quickest peer that keeps durable steps ({where})", 0.75, (0.75, 0.75), False)


def test_waits_for_the_disk_are_told_where_they_were_counted(tmp_path: Path) -> None:
    """Ours, and beside it whoever was counted too; nothing where nobody was."""
    turns = {"ours": (OURS, [1.0] * 4), "huey": ("Huey", [1.0] * 4), "dbos": ("DBOS", [1.0] * 4)}
    stage = Stage(SQLITE, ON_SQLITE, wait_ms=1.5)
    samples = taken(tmp_path, stage, turns)
    (told,) = samples.waits(stage)
    assert (told.what.to("en"), told.value) == ("Waits for the disk an order (SQLite)", 4.0)
    assert [(peer.name, peer.value, round(peer.ratio, 2)) for peer in told.peers] == [("Huey", 6.0, 0.67)]
    assert list(samples.waits(Stage(POSTGRES, ON_POSTGRES))) == []
