"""The benchmarks measure what they say: statistics, turns, and the form scripts read."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from onbam.bench import machine, run
from onbam.bench.claims import plan
from onbam.bench.claims.turns import Call, share
from onbam.bench.model import Peer, PeerResult, Report, Result, Subject, result_of
from onbam.bench.start import guard_program
from onbam.bench.tools import Bench, Plan, Tools
from onbam.cli import main
from onbam.cli.app import App
from onbam.cli.bench import draw
from onbam.kernel.clock import FakeClock, SystemClock
from onbam.kernel.errors import Misconfigured, Refused
from onbam.kernel.words import Lang, Text, plain


def quiet(_: float) -> None:
    """Nobody watches."""


def subject(**more: object) -> Subject:
    """A subject that takes one millisecond."""
    return Subject(plain("a thing")(), "ms", lambda: 1.0, **more)  # type: ignore[arg-type]


def test_one_slow_sample_does_not_move_the_value() -> None:
    """The value is the median; the slow sample shows in the spread."""
    result = result_of(subject(repeats=5), [10, 11, 12, 13, 900], [])
    assert (result.value, result.spread) == (12, (10, 900))


def test_a_target_is_held_up_to_its_last_bit() -> None:
    """A target is met by equality and missed by anything beyond, in the direction it names."""
    at = Result(plain("x")(), "ms", 150.0, (1, 2), target=150.0)
    over = Result(plain("x")(), "ms", 150.0001, (1, 2), target=150.0)
    rate = Result(plain("x")(), "per second", 99.0, (1, 2), target=100.0, better="more")
    assert (at.holds, over.holds, rate.holds) == (True, False, False)


def test_a_ratio_is_ours_over_the_peers() -> None:
    """Half of what the peer needs is 0.5."""
    result = result_of(subject(peers=(Peer("other", lambda: 0.0),)), [5, 5, 5], [[10, 10, 10]])
    assert [(p.name, p.value, p.ratio) for p in result.peers] == [("other", 10, 0.5)]


def test_warm_up_is_thrown_away_and_peers_take_turns() -> None:
    """Subject and peer are measured one after the other, and the first turns are not counted."""
    order: list[str] = []
    values = iter([500.0, 400.0, 3.0, 1.0, 2.0])

    def ours() -> float:
        order.append("ours")
        return next(values)

    def theirs() -> float:
        order.append("peer")
        return 4.0

    ticks: list[float] = []
    measured = Subject(plain("x")(), "ms", ours, peers=(Peer("peer", theirs),), warmups=2, repeats=3)
    result = run.measure(measured, ticks.append)
    assert order == ["ours", "peer"] * 5
    assert (result.value, result.spread, result.peers[0].ratio) == (2.0, (1.0, 3.0), 0.5)
    assert sum(ticks) == measured.samples == 10


def test_the_answer_has_the_form_scripts_read() -> None:
    """The JSON form is exactly the documented one."""
    totals: list[int] = []

    @contextlib.contextmanager
    def prepare(tools: Tools) -> Iterator[Plan]:
        assert tools.folder.is_dir()
        one = subject(target=2.0, peers=(Peer("other", lambda: 3.0),), repeats=2)
        rows = [Result(plain("row")(), "ms", 1 / 3, (0.1, 0.5))]
        yield Plan([one], lambda: rows, [plain("other was not measured")()])

    @contextlib.contextmanager
    def watch(total: int) -> Iterator[run.Tick]:
        totals.append(total)
        yield quiet

    report = run.run(Bench("toy", plain("toy"), prepare), FakeClock(), {}, watch)
    assert report.to_json() == {
        "bench": "toy",
        "machine": report.machine,
        "results": [
            {
                "what": "a thing",
                "unit": "ms",
                "value": 1.0,
                "spread": [1.0, 1.0],
                "target": 2.0,
                "holds": True,
                "peers": [{"name": "other", "value": 3.0, "ratio": 0.333}],
            },
            {"what": "row", "unit": "ms", "value": 0.333, "spread": [0.1, 0.5], "target": None, "holds": None, "peers": []},
        ],
        "notes": ["other was not measured"],
    }
    assert totals == [6]


def test_machine_facts_name_nobody() -> None:
    """The facts explain a figure and tell nothing about who measured it."""
    assert set(machine.facts()) == {
        "onbam",
        "python",
        "system",
        "processor",
        "cores",
        "memory_mb",
        "sqlite",
        "load_1min",
    }


def test_an_unknown_benchmark_is_refused_with_the_list() -> None:
    """A wrong name is answered with the names there are."""
    with pytest.raises(Refused) as refused:
        run.find("strat")
    assert "start" in refused.value.hint.to("en")


def test_every_benchmark_of_the_list_can_be_loaded() -> None:
    """Each entry names a module that holds a benchmark of that name."""
    assert [one.name for one in run.everything()] == list(run.BENCHES)


def test_a_time_is_read_from_the_clock_that_was_handed_in(tmp_path: Path) -> None:
    """Under a clock that stands still, a process takes no time."""
    tools = Tools(FakeClock(), {}, tmp_path)
    assert tools.timed([sys.executable, "-c", "pass"]) == 0.0


def test_a_warm_start_reads_bytecode_whatever_the_caller_forbids(tmp_path: Path) -> None:
    """Variables that keep Python from writing bytecode do not reach what is measured, so the second start is a warm one."""
    tools = Tools(FakeClock(), {"PYTHONDONTWRITEBYTECODE": "1"}, tmp_path)
    tools.timed([sys.executable, "-c", "import onbam.kernel.words"])
    assert list((tmp_path / "bytecode").rglob("words*.pyc"))


def test_a_program_that_fails_is_no_sample(tmp_path: Path) -> None:
    """A failing program is refused with its last line instead of being counted as fast."""
    tools = Tools(FakeClock(), {}, tmp_path)
    with pytest.raises(Refused, match="no such thing"):
        tools.timed([sys.executable, "-c", "raise SystemExit('no such thing')"])
    with pytest.raises(Refused, match="no such thing"):
        tools.weighed("raise SystemExit('no such thing')", sys.executable)


def test_a_process_of_guard_and_kernel_alone_idles_within_25_megabytes(tmp_path: Path) -> None:
    """The guard's modules, the kernel and psutil together stay small."""
    import os

    tools = Tools(FakeClock(), dict(os.environ), tmp_path)
    tools.weighed(guard_program(), sys.executable)  # the first one compiles, and compiling takes memory of its own
    assert 5 < tools.weighed(guard_program(), sys.executable) <= 25


def toy() -> Report:
    """A report with a held target, a missed one, and a peer."""
    peers = (PeerResult("other", 3.0, 1 / 3),)
    held = Result(Text(ko="첫째", en="the first")(), "ms", 1.0, (0.5, 2.0), target=150.0, peers=peers)
    missed = Result(Text(ko="둘째", en="the second")(), "MB", 1234.5, (1.0, 2000.0), target=25.0)
    note = Text(ko="셋째는 재지 않음", en="the third was not measured")()
    return Report("toy", machine.facts(), (held, missed), (note,))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ko", ("첫째", "지킴", "못 지킴", "셋째는 재지 않음", "코어")),
        ("en", ("the first", "holds", "missed", "the third was not measured", "cores")),
    ],
)
def test_the_table_speaks_both_languages(lang: Lang, words: tuple[str, ...]) -> None:
    """Every figure, its target and the verdict stand in the table, in the reader's language."""
    paper = io.StringIO()
    draw(App(home=Path(), lang_chosen=lang), toy(), Console(file=paper, width=120))
    for word in (*words, "0.33×", "1,234 MB", "≤ 150", "0.50–2.00"):
        assert word in paper.getvalue()


def test_the_list_is_the_same_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    """`bench list --json` names every benchmark."""
    assert main.run(["bench", "list", "--json"]) == 0
    assert [row["bench"] for row in json.loads(capsys.readouterr().out)] == list(run.BENCHES)


def test_a_share_is_taken_call_by_call_in_turns() -> None:
    """Ours takes three seconds a call, theirs one and once forty: a third, whoever goes first, whatever one call took."""
    clock, order = FakeClock(), list[str]()

    def calls(name: str, *seconds: float) -> list[Call]:
        return [lambda taken=one: (order.append(name), clock.advance(taken)) for one in seconds]  # type: ignore[misc]

    assert share(clock, lambda: calls("ours", 3, 3, 3), lambda: calls("theirs", 1, 40, 1))() == pytest.approx(1 / 3)
    assert order == ["theirs", "ours", "ours", "theirs", "theirs", "ours"]


def test_a_server_that_is_not_there_is_named_and_the_file_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra for PostgreSQL, `claims` measures SQLite and says in a line why nothing else."""
    absent = Misconfigured(Text(ko="없음", en="the extra is absent"))
    monkeypatch.setattr(plan, "_server", lambda _: (_ for _ in ()).throw(absent))
    monkeypatch.setattr(plan, "LARGE", 0)
    with plan.prepare(Tools(SystemClock(), {}, tmp_path)) as made:
        assert all(subject.sample() > 0 for subject in made.subjects)
        assert [subject.target for subject in made.subjects] == [None, 0.5, 20_000.0, 0.9, 0.9]
        assert [note.to("en") for note in made.notes] == ["PostgreSQL was not measured: the extra is absent"]
        assert {result.what.to("en").split(",")[0] for result in made.afterwards()} == {"One claim (SQLite)"}
