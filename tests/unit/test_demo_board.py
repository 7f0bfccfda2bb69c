"""The demo's board and report: they fit the terminal in both languages, and say what a shop owner wants to know."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from onbam.claims.model import Phase, State
from onbam.cli.app import App
from onbam.cli.demo_board import SILENCE, Board
from onbam.cli.demo_dashboard import Dashboard
from onbam.cli.demo_fleet import Fleet, Pc
from onbam.cli.demo_report import introduce, tell
from onbam.cli.demo_shop import Shop
from onbam.cli.demo_watch import Happened, Watch
from onbam.kernel.clock import FakeClock
from onbam.kernel.words import LANGS, Lang

SIZES = [(80, 24), (100, 30), (120, 40), (200, 60)]
ADDRESS = "http://localhost:50800"
FACTS: dict[str, Any] = {
    "orders": 40,
    "completed": 36,
    "uncertain": 4,
    "uncertain_in_erp": 3,
    "parked": 0,
    "cancelled": 0,
    "open": 0,
    "open_by_state": {"waiting": 0, "processing": 0, "failed": 0, "unseen": 0, "unplaced": 0},
    "slips": 39,
    "duplicates": 0,
    "lost": 0,
    "kills": 2,
    "kill_points": {"claimed": 1, "saved": 1},
    "kill_points_missed": [],
    "left_out": {"hang": 2},
    "machines": {"PC-A": {"completed": 36, "taken_over": 3, "kills": 2, "hangs": 1, "starts": 3}},
    "seconds": 30.0,
    "orders_per_min": 72.0,
    "time_scale": {"erp": 40.0},
}


def item(number: int, state: State, holder: str = "", phase: Phase | None = None) -> Any:
    """An order, as far as the board looks at it."""
    key = f"26112101{number:02}"
    return SimpleNamespace(key=key, state=state, holder=holder, phase=phase, note="차례를 기다립니다", step="slip")


def watched(folder: Path, machines: int) -> Watch:
    """A shop in the middle of its night: one PC is dead, one has much in hand, one order is in doubt."""
    clock = FakeClock()
    shop = Shop(folder, {}, clock, "sqlite", machines, 40, 7, skewed=False, cables=False)
    shop.fleet = Fleet(folder, {}, clock, pcs=[Pc(f"PC-{n}", folder, {}) for n in range(machines)])
    dashboard = Dashboard(SimpleNamespace(poll=lambda: None), folder / "address", folder / "log", ADDRESS)  # type: ignore[arg-type]
    shop.dashboard = dashboard
    watch = Watch(shop)
    held = [item(n, State.PROCESSING, "PC-1_192.0.2.1", Phase.SENDING) for n in range(10, 20)]
    watch.items = [item(1, State.COMPLETED, "PC-0_192.0.2.1"), item(2, State.UNCERTAIN, "PC-1_192.0.2.1"), *held]
    for at in range(12):
        watch.events.append(Happened(clock.monotonic() + at, "PC-0", "uncertain", "2611210102"))
    watch.events.append(Happened(clock.monotonic() + 12, "PC-1", "kill", "2611210101", "saved"))
    return watch


def drawn(board: Board, width: int, height: int) -> list[str]:
    """The board's rows."""
    out = io.StringIO()
    Console(file=out, width=width, height=height).print(board.draw(30, width, height))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("machines", [1, 3, 50])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_board_fits_the_terminal(tmp_path: Path, lang: Lang, machines: int, width: int, height: int) -> None:
    """Nothing is wider or higher than the window, whatever letters it is written with and however many PCs there are."""
    watch = watched(tmp_path, machines)
    board = Board(lambda what: what.to(lang), watch, watch.shop.clock.monotonic())
    board.note_silence(30)
    rows = drawn(board, width, height)
    assert max(cell_len(row.rstrip()) for row in rows) <= width
    assert len(rows) < height
    text = "\n".join(rows)
    assert ADDRESS in text
    assert SILENCE in text, "who is down is seen"
    assert "40" in text


@pytest.mark.parametrize("lang", LANGS)
def test_columns_of_wide_letters_stand_under_each_other(tmp_path: Path, lang: Lang) -> None:
    """The numbers of all PCs end in one column."""
    watch = watched(tmp_path, 3)
    rows = drawn(Board(lambda what: what.to(lang), watch, 0.0), 80, 24)
    first = [row for row in rows if "PC-" in row and "✕" in row]
    assert len(first) == 3
    assert len({cell_len(row[: row.rindex("  ", 0, row.rindex("→"))]) for row in first}) == 1


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [80, 120])
def test_the_report_says_first_what_matters(capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: Lang, width: int) -> None:
    """Nothing twice, nothing lost; why some are asked about; and no line beyond the window."""
    app = App(home=tmp_path, lang_chosen=lang)
    app.__dict__["out"] = Console(width=width)
    introduce(app, 3, 40, {"kill", "lost-reply"})
    capsys.readouterr()
    tell(app, FACTS, skew_left_out=False, until_done=True)
    lines = capsys.readouterr().out.strip().splitlines()
    assert {"ko": "두 번 들어간 것 없음", "en": "none entered twice"}[lang] in lines[0]
    assert any({"ko": "그중 3건", "en": "3 of them"}[lang] in line for line in lines)
    assert max(cell_len(line.rstrip()) for line in lines) <= width


def test_a_broken_promise_and_unfinished_work_are_said_first(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """An order entered twice is the headline; what is left open is named by its state, with the way on."""
    app = App(home=tmp_path, lang_chosen="en")
    tell(app, {**FACTS, "duplicates": 1}, skew_left_out=False, until_done=True)
    assert capsys.readouterr().out.strip().startswith("The promise is broken: entered twice 1, lost 0.")
    unfinished = {**FACTS, "open": 5, "open_by_state": {**FACTS["open_by_state"], "waiting": 3, "unplaced": 2}}
    tell(app, unfinished, skew_left_out=False, until_done=False)
    told = " ".join(capsys.readouterr().out.split())
    assert told.startswith("Time is up with 5 orders still open.")
    assert "--until-done" in told
    assert "Still open: 3 waiting, 2 not yet placed" in told
