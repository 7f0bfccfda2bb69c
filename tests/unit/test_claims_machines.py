"""Machines and agents: who they are, and who of them lives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onbam.claims.identity import FILE, Host, agent_of, machine_id, this_host
from onbam.claims.machines import Life, Registry
from onbam.claims.stores.registry_memory import MemoryRegistry
from onbam.claims.stores.registry_sql import SqlRegistry
from onbam.database.engine import open_database
from onbam.database.schema import metadata
from onbam.journal.memory import MemoryJournal
from onbam.kernel.chance import Chance
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Damaged
from support.claim_stands import A_AGAIN, A, B

PC = Host("DESKTOP-ABC", "192.168.1.100", "guid-1")
DUE_MS = 12_000


# ---- identity


def test_a14_a_machine_keeps_its_id_over_restart_rename_and_a_new_address(tmp_path: Path) -> None:
    """The id is made once, from the name the PC then had."""
    first = machine_id(tmp_path, PC, Chance(1))
    renamed = machine_id(tmp_path, Host("OFFICE-2", "10.0.0.7", "guid-1"), Chance(2))
    assert first == renamed
    assert first.startswith("DESKTOP-ABC-")


def test_a_data_folder_copied_to_another_pc_is_another_machine(tmp_path: Path) -> None:
    """The operating system's own id tells the copy from the original."""
    first = machine_id(tmp_path, PC, Chance(1))
    copied = machine_id(tmp_path, replace(PC, os_id="guid-2"), Chance(2))
    assert first != copied
    assert machine_id(tmp_path, replace(PC, os_id="guid-2"), Chance(3)) == copied


def test_a_damaged_identity_stops_instead_of_guessing(tmp_path: Path) -> None:
    """A wrong id would take another machine's work for its own."""
    (tmp_path / FILE).write_text('{"machine_id": ', "utf-8")
    with pytest.raises(Damaged, match="which machine this is"):
        machine_id(tmp_path, PC, Chance(1))


def test_a19_locked_by_is_name_and_address() -> None:
    """What people read in the sheet."""
    agent = agent_of("DESKTOP-ABC-7k2m", Host("PC-A", "192.168.1.100", ""), "agent", Chance(1))
    assert (agent.holder, agent.seat) == ("PC-A_192.168.1.100", "DESKTOP-ABC-7k2m/agent")
    again = agent_of("DESKTOP-ABC-7k2m", PC, "agent", Chance(2))
    assert (again.seat, again.agent_id == agent.agent_id) == (agent.seat, False)


def test_this_pc_has_a_name_and_an_address() -> None:
    """Asked for real, the system answers something usable, without a network too."""
    host = this_host()
    assert host.name
    assert host.ip.count(".") == 3


def test_a_name_that_cannot_stand_in_an_id_is_made_plain(tmp_path: Path) -> None:
    """Spaces, slashes and exclamation marks go; Korean stays."""
    assert machine_id(tmp_path, Host("사무실 PC/1!", "1.1.1.1", ""), Chance(1)).startswith("사무실-PC-1-")


# ---- registry


@pytest.fixture
def clock() -> FakeClock:
    """Time as the test says."""
    return FakeClock()


@pytest.fixture(params=["memory", "sqlite"])
def registry(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Registry]:
    """An empty list of agents."""
    if request.param == "memory":
        yield MemoryRegistry(clock, MemoryJournal(clock))
        return
    database = open_database(f"sqlite:///{(tmp_path / 'm.db').as_posix()}", clock=clock)
    with database.write() as connection:
        metadata.create_all(connection)
    yield SqlRegistry(database)
    database.close()


def test_an_agent_that_beats_lives(registry: Registry, clock: FakeClock) -> None:
    """As long as each beat comes before the promise of the last one."""
    registry.join(A, version="1.0", pid=1, due_in_ms=DUE_MS)
    for _ in range(5):
        clock.advance(10)
        assert registry.beat(A, doing="2601050229", due_in_ms=DUE_MS)
        assert list(registry.bury()) == []
    (peer,) = registry.peers()
    assert (peer.life, peer.doing, peer.holder) == (Life.ALIVE, "2601050229", A.holder)


def test_an_agent_that_missed_its_promise_is_dead_once(registry: Registry, clock: FakeClock) -> None:
    """It is declared dead by one of the others, by the store's clock, and learns so when it comes back."""
    registry.join(A, version="1.0", pid=1, due_in_ms=DUE_MS)
    clock.advance(12)
    assert list(registry.bury(grace_ms=1000)) == []
    assert [peer.agent_id for peer in registry.bury()] == [A.agent_id]
    assert list(registry.bury()) == []
    assert not registry.beat(A, doing="", due_in_ms=DUE_MS)


def test_an_agent_that_only_stood_still_lives_again(registry: Registry, clock: FakeClock) -> None:
    """A laptop that slept is no dead PC for the rest of its life; whoever lost the seat, or left it, does not come back."""
    registry.join(A, version="1.0", pid=1, due_in_ms=DUE_MS)
    clock.advance(12)
    registry.bury()
    assert registry.back(A, due_in_ms=DUE_MS)
    assert [peer.life for peer in registry.peers()] == [Life.ALIVE]
    assert registry.beat(A, doing="", due_in_ms=DUE_MS)
    assert list(registry.bury()) == []
    registry.leave(A)
    assert not registry.back(A, due_in_ms=DUE_MS)
    restarted = replace(A, agent_id=A_AGAIN.agent_id)
    registry.join(restarted, version="1.1", pid=2, due_in_ms=DUE_MS)
    clock.advance(12)
    registry.bury()
    assert not registry.back(A, due_in_ms=DUE_MS)
    assert [peer.life for peer in registry.peers()] == [Life.DEAD]


def test_a_restarted_agent_succeeds_its_predecessor(registry: Registry) -> None:
    """The same seat again: the process before us is gone, whatever its last beat said."""
    registry.join(A, version="1.0", pid=1, due_in_ms=DUE_MS)
    restarted = replace(A, agent_id=A_AGAIN.agent_id)
    joined = registry.join(restarted, version="1.1", pid=2, due_in_ms=DUE_MS)
    assert joined.succeeded is not None
    assert joined.succeeded.agent_id == A.agent_id
    assert not registry.beat(A, doing="", due_in_ms=DUE_MS)
    assert registry.beat(restarted, doing="", due_in_ms=DUE_MS)


def test_a_clean_goodbye_leaves_nothing_to_succeed(registry: Registry) -> None:
    """Who said goodbye is not dead, and its successor finds an empty seat."""
    registry.join(A, version="1.0", pid=1, due_in_ms=DUE_MS)
    registry.leave(A)
    assert [peer.life for peer in registry.peers()] == [Life.STOPPED]
    assert registry.join(A_AGAIN, version="1.0", pid=2, due_in_ms=DUE_MS).succeeded is None


def test_two_pcs_with_one_machine_id_are_noticed(registry: Registry, clock: FakeClock) -> None:
    """A cloned PC does not take the seat of the living original; once that one is silent, it may."""
    registry.join(A, version="1.0", pid=1, due_in_ms=DUE_MS)
    clone = replace(A, agent_id=A_AGAIN.agent_id, name="PC-CLONE", ip="192.168.1.77")
    twin = registry.join(clone, version="1.0", pid=2, due_in_ms=DUE_MS).twin
    assert twin is not None
    assert twin.holder == A.holder
    assert registry.beat(A, doing="", due_in_ms=DUE_MS)
    clock.advance(13)
    assert registry.join(clone, version="1.0", pid=2, due_in_ms=DUE_MS).twin is None


def test_the_living_come_first_and_are_not_forgotten(registry: Registry) -> None:
    """A person clears away machines that are gone for good, not those that live."""
    for agent in (A, B):
        registry.join(agent, version="1.0", pid=1, due_in_ms=DUE_MS)
    registry.leave(A)
    assert [peer.machine_id for peer in registry.peers()] == [B.machine_id, A.machine_id]
    assert (registry.forget(A.machine_id), registry.forget(B.machine_id)) == (1, 0)
    assert [peer.machine_id for peer in registry.peers()] == [B.machine_id]
