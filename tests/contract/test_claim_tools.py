"""Tools over any claim store: the self-test, the import of older history, the lock manager older scripts know."""

from __future__ import annotations

import importlib
import json
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import onbam
from onbam.bootstrap import Onbam
from onbam.claims.asks import Denied, Ending, Grant, WhyDenied
from onbam.claims.history import import_history
from onbam.claims.lock_manager import DistributedLockManager
from onbam.claims.model import TRIAL_KIND, Agent, Ref, State, Terms
from onbam.claims.ports import ClaimStore
from onbam.claims.selftest import SelfTest
from onbam.claims.stores.memory import MemoryStore
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Refused, Transient
from support.claim_stands import MemoryStand
from support.sheet_stand import SheetStand

SOURCE = Path(onbam.__file__).parents[1]
SEOUL = ZoneInfo("Asia/Seoul")
PC_A = Agent("PC-A-1", "PC-A-1/script/x", "PC-A", "192.168.1.100")
PC_B = Agent("PC-B-2", "PC-B-2/script/y", "PC-B", "192.168.1.101")
NAMES = [
    "connection",
    "acquire_release",
    "duplicate_prevention",
    "completed_not_reprocessed",
    "renewal",
    "take_over",
    "fencing",
    "race",
]


@pytest.mark.parametrize("make", [MemoryStand, SheetStand])
def test_a44_the_self_test_passes_on_a_good_store_and_leaves_no_work_behind(
    make: Callable[[], MemoryStand | SheetStand],
) -> None:
    """A44: the four checks of the old stand-alone test, and four more."""
    stand = make()
    results = list(SelfTest(stand.open, stand.clock, "r1").run())
    assert [check.name for check in results] == NAMES
    assert [(check.name, check.why) for check in results if not check.passed] == []
    assert stand.open().counts() == {}
    stand.pass_time(8 * 86_400)
    assert stand.open().cleanup() == 0


def test_what_a_killed_self_test_left_is_cleaned_up_and_not_counted_or_remembered() -> None:
    """Rows of real orders are counted and remembered for ever, those that only tried the store out are not."""
    stand = MemoryStand()
    store = stand.open()
    refs = [Ref(TRIAL_KIND, "1"), Ref("order", "1")]
    for grant in store.claim_many(PC_A, refs):
        assert isinstance(grant, Grant)
        store.finish([Ending(grant.item.fence, State.COMPLETED)])
    stand.pass_time(8 * 86_400)
    assert store.cleanup() == 1
    trial, real = store.claim_many(PC_B, refs)
    assert isinstance(trial, Grant)
    assert isinstance(real, Denied)


class Forgetful(MemoryStore):
    """A store that gives everything to everybody, as read-then-write locking does."""

    def claim_many(self, by: Agent, want, *, note: str = "", grace_ms: int = 0):
        """Forget who holds what before answering."""
        for ref in want:
            self.items.pop(ref, None)
            self.memory.pop(ref, None)
        return super().claim_many(by, want, note=note, grace_ms=grace_ms)


def test_the_self_test_can_fail() -> None:
    """On a store that gives everything to everybody, the checks say so."""
    clock = FakeClock()
    shared = Forgetful(clock)

    def another(terms: Terms) -> ClaimStore:
        store = Forgetful(clock, terms)
        store.items, store.memory, store._lock = shared.items, shared.memory, shared._lock
        return store

    failed = {check.name for check in SelfTest(another, clock, "r1").run() if not check.passed}
    assert {"duplicate_prevention", "completed_not_reprocessed", "fencing"} <= failed


def test_the_self_test_names_what_cannot_be_reached() -> None:
    """A store that is away fails each check with the reason, and nothing hangs."""
    stand = SheetStand()
    test = SelfTest(stand.open, stand.clock, "r1")
    stand.service.faults.set("request_lost", count=3)
    first = next(iter(test.run()))
    assert (first.name, first.passed) == ("connection", False)
    assert first.why is not None
    assert "Google" in first.why.to("en")


HISTORIES = [
    (["2601050229", "2601050194"], 2, 0),
    ([{"order_id": "2601050229", "status": "completed"}, {"order_id": "2601050194", "status": "failed"}], 1, 1),
    ({"2601050229": {"status": "완료", "processed_at": "2026-01-07 10:30:00"}, "2601050194": "pending"}, 1, 1),
    ({"version": 2, "processed": ["0601050229"]}, 1, 0),
    ({"2601050229": True, "2601050781": False, "2601050782": None, "version": 10}, 1, 3),
    ({"completed": ["2601050229"], "failed": ["2601050194"], "2601050195": "완료", "2601050196": {"status": None}}, 2, 2),
    ({"2601050229": "2026-01-07T10:30:00", "2601050194": 1767749400, "2601050195": 10, "2601050196": []}, 2, 2),
    ([2601050229.0, None, True, ["2601050194"], "x" * 500], 1, 4),
    ({"history": [{"number": 2601050229}, {"status": "completed"}, {"order_no": "1", "status": "누락"}]}, 1, 2),
]


@pytest.mark.parametrize(("content", "new", "skipped"), HISTORIES)
def test_a16_what_older_robots_completed_is_never_worked_on_again(
    tmp_path: Path, content: object, new: int, skipped: int
) -> None:
    """A16: read in every known shape, reported, and the same after a second import."""
    file = tmp_path / "v10_history.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8-sig")
    store = MemoryStore(FakeClock())
    report = import_history(store, [file], "order", SEOUL)
    assert (report.new, len(report.skipped)) == (new, skipped)
    again = import_history(store, [file], "order", SEOUL)
    assert (again.new, again.known) == (0, new)
    number = "0601050229" if "0601050229" in file.read_text("utf-8-sig") else "2601050229"
    answer = store.claim_many(PC_A, [Ref("order", number)])[0]
    assert isinstance(answer, Denied)
    assert answer.why is WhyDenied.COMPLETED


def test_an_order_that_failed_in_one_file_and_was_completed_in_another_is_named(tmp_path: Path) -> None:
    """A16: completed wins, whichever file comes first, and both are told of."""
    done, failed = tmp_path / "v8_history.json", tmp_path / "v10_history.json"
    done.write_text('{"2601050229": "completed"}')
    failed.write_text('{"2601050229": "failed", "2601050194": "failed"}')
    for files in ((done, failed), (failed, done)):
        store = MemoryStore(FakeClock())
        report = import_history(store, files, "order", SEOUL)
        assert (report.new, [one.entry for one in report.contradictions]) == (1, ["2601050229"])
        assert "v8_history" in report.contradictions[0].why.to("en")
        assert isinstance(store.claim_many(PC_A, [Ref("order", "2601050229")])[0], Denied)
        assert not isinstance(store.claim_many(PC_A, [Ref("order", "2601050194")])[0], Denied)


def test_a_folder_is_no_history(tmp_path: Path) -> None:
    """Named with the fix."""
    with pytest.raises(Refused, match="cannot be read"):
        import_history(MemoryStore(FakeClock()), [tmp_path], "order", SEOUL)


def test_an_order_without_a_number_is_refused_in_words() -> None:
    """What a script or a person typed is no bug of ours."""
    manager = DistributedLockManager(MemoryStand().open, PC_A)
    assert manager.connect()
    for call in (manager.acquire_lock, manager.is_locked):
        for number in ("", "  ", "9" * 500):
            with pytest.raises(Refused, match="An order's number has"):
                call(number)
    assert not manager.release_lock("")


def test_an_order_in_hand_here_is_reported_as_a_conflict(tmp_path: Path) -> None:
    """What this installation is working on is not overruled by an old file."""
    file = tmp_path / "v8_history.json"
    file.write_text('["1"]')
    store = MemoryStore(FakeClock())
    store.claim_many(PC_A, [Ref("order", "1")])
    report = import_history(store, [file], "order", SEOUL)
    assert [item.key for item in report.conflicts] == ["1"]
    assert report.new == 0


@pytest.mark.parametrize(
    ("content", "told"), [(b"{", "not a JSON"), (b'"x"', "cannot be understood"), (None, "does not exist")]
)
def test_a_history_that_cannot_be_read_changes_nothing(tmp_path: Path, content: bytes | None, told: str) -> None:
    """The file and the fix are named."""
    file = tmp_path / "v10_history.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused, match=told):
        import_history(MemoryStore(FakeClock()), [file], "order", SEOUL)


def test_a30_older_scripts_find_the_names_and_answers_they_know() -> None:
    """A30: connect, acquire, release, is_locked, cleanup_old_locks."""
    stand = MemoryStand()
    ours = DistributedLockManager(stand.open, PC_A)
    theirs = DistributedLockManager(stand.open, PC_B)
    with pytest.raises(Refused, match=r"not connected"):
        ours.acquire_lock("2601050229")
    assert ours.connect()
    assert theirs.connect()
    assert ours.acquire_lock("2601050229", "Download attempt from ledger")
    assert ours.acquire_lock("2601050229")
    assert not theirs.acquire_lock("2601050229")
    assert theirs.is_locked("2601050229")
    assert not theirs.release_lock("2601050229")
    assert ours.release_lock("2601050229", notes="Download successful")
    assert not theirs.acquire_lock("2601050229")
    assert theirs.acquire_lock("2601050194")
    assert theirs.release_lock("2601050194", "failed")
    assert ours.acquire_lock("2601050194")
    stand.pass_time(8 * 86_400)
    assert ours.cleanup_old_locks(max_age_days=7) == 1
    assert not theirs.acquire_lock("2601050229")


def test_a30_an_old_script_runs_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`from lock_manager import DistributedLockManager`, without an argument, in the folder where the settings are."""
    monkeypatch.setenv("ONBAM_HOME", str(tmp_path))
    monkeypatch.setenv("LOCK_TIMEOUT_SEC", "600")
    module = importlib.import_module("lock_manager")
    with closing(module.DistributedLockManager()) as m:
        assert m.connect()
        assert m.acquire_lock("0601050229")
        assert m.is_locked("0601050229")
        with Onbam(tmp_path, {"LOCK_TIMEOUT_SEC": "600"}) as here:
            item = here.claims.get([Ref("order", "0601050229")])[0]
        assert item is not None
        assert (item.lease_ms, item.machine_id) == (600_000, m.machine_id)
        assert m.release_lock("0601050229")
        assert m.cleanup_old_locks(max_age_days=7) == 0
    with closing(module.DistributedLockManager()) as again:
        assert again.connect()
        assert not again.acquire_lock("0601050229")


def test_a30_the_module_is_part_of_what_is_installed() -> None:
    """Beside the packages: `pip install .` brings it too."""
    project = tomllib.loads((SOURCE.parent / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"src/lock_manager.py": "lock_manager.py"}
    assert (SOURCE / "lock_manager.py").is_file()


def test_a_store_that_is_away_answers_no_and_says_why() -> None:
    """`connect()` does not raise at a script that expects a yes or no."""

    def away() -> ClaimStore:
        raise Transient("no network")

    manager = DistributedLockManager(away, PC_A)
    assert manager.connect() is False
    assert manager.problem == "no network"
