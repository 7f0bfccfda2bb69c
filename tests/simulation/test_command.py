"""`onbam simulate` as people and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onbam.cli import simulate as command
from onbam.cli.main import run
from onbam.simulate.plan import Fault


def test_the_answer_has_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """Seeds, faults, violations, steps, seconds and speed, and the exit code of success."""
    assert run(["simulate", "--seeds", "5", "--jobs", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["store"], answer["seeds"], answer["histories"], answer["violations"]) == ("memory", 5, 5, [])
    assert set(answer["faults"]) <= set(Fault)
    assert sum(answer["endings"].values()) >= 5
    assert answer["steps"] > 1000
    assert answer["seeds_per_s"] > 0


def test_a45_any_number_of_pcs_take_each_order_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A45: the same orders on two PCs and on six, without a second slip."""
    for agents in ("2", "6"):
        assert run(["simulate", "--seeds", "2", "--agents", agents, "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["violations"] == []
        assert answer["slips"] > 0


def test_two_processes_answer_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """How the seeds were shared out changes nothing."""
    answers = []
    for jobs in ("1", "2"):
        run(["simulate", "--seeds", "40", "--jobs", jobs, "--json"])
        answers.append(json.loads(capsys.readouterr().out))
    own = ("jobs", "seconds", "seeds_per_s", "steps_per_s")
    assert [[one.pop(name) is not None for name in own] for one in answers] == [[True] * 4] * 2
    assert answers[0] == answers[1]


def test_a_violation_ends_with_1_and_its_story(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the condition of the claim two PCs get the same order; people read how."""
    assert run(["--lang", "en", "simulate", "--seeds", "20", "--without", "condition", "--jobs", "1"]) == 1
    said = capsys.readouterr().out
    assert "BROKEN no-stale-write" in said
    assert "seeds broke a rule" in said


def test_one_seed_is_told_also_when_it_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    """`--seed` shows a whole history."""
    assert run(["simulate", "--seed", "3"]) == 0
    assert "store.claim_many" in capsys.readouterr().out


def test_an_unknown_fault_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """With the list of those there are."""
    assert run(["--lang", "en", "simulate", "--faults", "crash,gremlins"]) == 1
    said = capsys.readouterr().err
    assert "There is no fault 'gremlins'." in said
    assert "lost-reply" in said


def test_seeds_that_broke_a_rule_are_kept_once(tmp_path: Path) -> None:
    """Each with its store and rule; a second time adds nothing."""
    path = tmp_path / "seeds.txt"
    broken = [{"seed": 12, "rule": "one-slip"}, {"seed": 7, "rule": "one-slip"}]
    command.remember(path, "memory", broken)
    command.remember(path, "memory", broken)
    command.remember(path, "sheets", broken[:1])
    assert path.read_text("utf-8").splitlines() == ["memory 12  # one-slip", "memory 7  # one-slip", "sheets 12  # one-slip"]
