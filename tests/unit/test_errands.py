"""A PC does what it was asked to do: once, in time, through its guard."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from onbam.care.errands.carrier import Carrier, told
from onbam.care.errands.model import DO_LIMIT_MS, FETCH_LIMIT_MS, Do, Errand, Stage
from onbam.care.errands.seen import Windows, evidence_of, log_lines
from onbam.guard import incidents as evidence
from onbam.kernel.errors import Refused, Transient

NOW = datetime(2026, 1, 13, 8, 30, tzinfo=UTC)


@dataclass
class Table:
    """Errands in memory."""

    now: int = 1_000_000
    rows: dict[str, Errand] = field(default_factory=dict)

    def put(self, do: Do, what: str = "agent") -> None:
        """One more."""
        name = f"e{len(self.rows)}"
        self.rows[name] = Errand(name, "me", do, what, "person:kim", "x", Stage.ASKED, self.now, self.now)

    def now_ms(self) -> int:
        """The time."""
        return self.now

    def open(self, machine_id: str) -> Sequence[Errand]:
        """What is left."""
        return [e for e in self.rows.values() if e.machine_id == machine_id and e.stage in (Stage.ASKED, Stage.TAKEN)]

    def take(self, errand: Errand, answer: str = "") -> bool:
        """Ours."""
        return self._move(errand, Stage.ASKED, Stage.TAKEN, answer)

    def note(self, errand: Errand, answer: str) -> None:
        """Known meanwhile."""
        self._move(errand, Stage.TAKEN, Stage.TAKEN, answer)

    def end(self, errand: Errand, stage: Stage, answer: str) -> bool:
        """Over."""
        return self._move(errand, errand.stage, stage, answer)

    def _move(self, errand: Errand, before: Stage, after: Stage, answer: str) -> bool:
        known = self.rows[errand.id]
        if known.stage is not before:
            return False
        self.rows[errand.id] = replace(known, stage=after, changed_at_ms=self.now, answer=answer)
        return True


@dataclass
class Guard:
    """Answers as the guard's door does."""

    states: dict[str, str] = field(default_factory=lambda: {"agent": "up", "web": "up"})
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    trouble: Exception | None = None

    def __call__(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """One question."""
        if self.trouble is not None:
            raise self.trouble
        if request["do"] == "status":
            return {"processes": [{"name": n, "state": s, "why": {"ko": "왜", "en": "why"}} for n, s in self.states.items()]}
        self.asked.append(request)
        return {"done": request["names"] or list(self.states)}


def carrier(table: Table, guard: Guard, windows: Windows | None = None) -> Carrier:
    """This PC's."""
    return Carrier(table, "me", guard, windows.look if windows else lambda do, what: f"{do.value} {what}")


def test_a_restart_is_asked_of_the_guard_once_and_told_when_it_is_over() -> None:
    """Taken, under way, done; the guard hears who and why; another program of the PC may bring the news."""
    table, guard = Table(), Guard()
    table.put(Do.RESTART)
    carrier(table, guard).step(NOW)
    assert [(one["do"], one["names"], one["who"], one["reason"]) for one in guard.asked] == [
        ("restart", ["agent"], "person:kim", "x")
    ]
    guard.states["agent"] = "renewing"
    carrier(table, guard).step(NOW)
    assert table.rows["e0"].stage is Stage.TAKEN
    guard.states["agent"] = "up"
    carrier(table, guard).step(NOW)
    assert table.rows["e0"].stage is Stage.DONE
    assert "agent" in told(table.rows["e0"].answer, "ko")
    assert len(guard.asked) == 1


def test_a_drain_is_over_when_the_program_is_off() -> None:
    """`stop` finishes what it holds first; until it is off, the errand is under way."""
    table, guard = Table(), Guard()
    table.put(Do.DRAIN)
    carrier(table, guard).step(NOW)
    carrier(table, guard).step(NOW)
    assert table.rows["e0"].stage is Stage.TAKEN
    guard.states["agent"] = "off"
    carrier(table, guard).step(NOW)
    assert (guard.asked[0]["do"], table.rows["e0"].stage) == ("stop", Stage.DONE)


def test_what_nobody_fetched_in_time_is_not_done_late() -> None:
    """A PC that wakes up after an hour does not restart what nobody thinks of any more."""
    table, guard = Table(), Guard()
    table.put(Do.RESTART)
    table.now += FETCH_LIMIT_MS + 1
    carrier(table, guard).step(NOW)
    assert guard.asked == []
    assert table.rows["e0"].stage is Stage.FAILED


def test_a_refusal_is_told_in_the_words_of_the_guard() -> None:
    """A program nobody knows, or a guard that does not run."""
    for trouble in (Refused("no such program", "look"), Transient("no guard", "start it")):
        table = Table()
        table.put(Do.RESTART, "ghost")
        carrier(table, Guard(trouble=trouble)).step(NOW)
        assert table.rows["e0"].stage is Stage.FAILED
        assert told(table.rows["e0"].answer, "en") == f"{trouble.message.to('en')} {trouble.hint.to('en')}"


def test_a_program_that_does_not_come_back_is_a_failure() -> None:
    """Misconfigured at once; one that only hangs, after its time."""
    table, guard = Table(), Guard()
    table.put(Do.RESTART)
    carrier(table, guard).step(NOW)
    guard.states["agent"] = "misconfigured"
    carrier(table, guard).step(NOW)
    assert (table.rows["e0"].stage, told(table.rows["e0"].answer, "en")) == (Stage.FAILED, "agent: why")
    table.put(Do.RESTART)
    carrier(table, guard).step(NOW)
    guard.states["agent"] = "starting"
    table.now += DO_LIMIT_MS + 1
    carrier(table, guard).step(NOW)
    assert table.rows["e1"].stage is Stage.FAILED


def test_a_log_goes_through_the_store_as_it_was_read(tmp_path: Path) -> None:
    """Lines with the wanted words, the newest last, cleaned; a broken line is shown as it is."""
    name = tmp_path / f"app_{NOW:%Y%m%d}.json"
    rows = [{"time": f"2026-01-13T08:0{n}:00", "level": "info", "event": f"주문 {n}", "key": "SECRET"} for n in range(4)]
    name.write_text("\n".join([*(json.dumps(row, ensure_ascii=False) for row in rows), "half a {line 주문"]), "utf-8")
    windows = Windows(tmp_path, tmp_path, lambda: NOW, lambda text: text.replace("SECRET", "•••"))
    lines = windows.log("주문")
    assert lines[0] == ("2026-01-13T08:00:00", "info", "주문 0  key=•••")
    assert lines[-1] == ("", "", "half a {line 주문")
    assert windows.log("주문 3")[0][2].startswith("주문 3")
    assert replace(windows, local=lambda: NOW + timedelta(days=1)).log("") == []
    table = Table()
    table.put(Do.LOG, "주문")
    carrier(table, Guard(), windows).step(NOW)
    assert (table.rows["e0"].stage, log_lines(table.rows["e0"].answer)) == (Stage.DONE, lines)
    assert log_lines("nonsense") == []
    assert log_lines('{"a": 1}') == []


def test_evidence_goes_through_the_store_too(tmp_path: Path) -> None:
    """The list is short; one incident is whole: stacks, last lines, facts; a name nobody has is nothing."""
    name = "20260113-031200-agent"
    (tmp_path / name).mkdir()
    raw = {"id": name, "at": "2026-01-13T03:12:00+09:00", "process": "agent", "pid": 7, "why": {"ko": "가", "en": "a"}}
    more = {
        "step": "slip",
        "item": "2601130001",
        "silence_s": 61.0,
        "stacks": "File x\nSECRET",
        "lines": ["a", "b"],
        "threads": 4,
    }
    (tmp_path / name / evidence.FILE).write_text(json.dumps({**raw, **more}), "utf-8")
    windows = Windows(tmp_path, tmp_path, lambda: NOW, lambda text: text.replace("SECRET", "•••"))
    table = Table()
    for what in ("", name, "../other"):
        table.put(Do.INCIDENTS, what)
    carrier(table, Guard(), windows).step(NOW)
    short, whole, none = (evidence_of(errand.answer) for errand in table.rows.values())
    assert ("stacks" in short[0], short[0]["item"], none) == (False, "2601130001", [])
    assert (whole[0]["stacks"], whole[0]["lines"], whole[0]["facts"]["threads"]) == ("File x\n•••", ["a", "b"], 4)
