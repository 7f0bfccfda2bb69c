"""Working without the lock: on one PC only, said loudly, and told to the others afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.claims import lone
from onbam.claims.asks import Ending, Grant
from onbam.claims.identity import Host
from onbam.claims.lone import Fleet, refusal
from onbam.claims.machines import Life, Peer
from onbam.claims.model import Agent, Ref, State
from onbam.claims.settings import ClaimSettings
from onbam.claims.stores.memory import MemoryStore
from onbam.kernel.clock import FakeClock
from onbam.kernel.errors import Misconfigured

HERE = Host("PC-A", "192.168.1.100", "os")
OFF = ClaimSettings(enabled=False)
A = Agent("PC-A-7k2m", "PC-A-7k2m/agent/1", "PC-A", "192.168.1.100")
B = Agent("PC-B-9x3p", "PC-B-9x3p/agent/1", "PC-B", "192.168.1.101")
REF = Ref("order", "2601050229")


def peer(agent: Agent, life: Life = Life.ALIVE) -> Peer:
    """An agent of the list."""
    return Peer(agent.machine_id, agent.seat, agent.agent_id, agent.name, agent.ip, "1", 1, life, "", 0, 0, 0)


def told(settings: ClaimSettings, **fleet: object) -> str:
    """Why this PC must not work; empty when it may."""
    why = refusal(settings, Fleet("PC-A-7k2m", HERE, **fleet))  # type: ignore[arg-type]
    return "" if why is None else why.to("en")


def test_t4_without_the_lock_a_fleet_of_several_pcs_is_refused() -> None:
    """T4, A59: fail closed, with the name of the setting, whatever tells of the other PCs."""
    for why in (
        told(OFF, machines=3),
        told(OFF, peers=[peer(A), peer(B)]),
        told(OFF, peers=[peer(B, Life.STOPPED)]),
        told(ClaimSettings(enabled=False, only_pc="PC-A"), peers=[peer(B)]),
        told(ClaimSettings(enabled=False, only_pc="PC-B")),
    ):
        assert why
        assert "ENABLE_DISTRIBUTED_LOCK" in why


def test_a_single_pc_may_work_without_the_lock() -> None:
    """A59: one PC, by what is known of the fleet, or the one that is named."""
    assert told(OFF) == ""
    assert told(OFF, peers=[peer(A)]) == ""
    for name in ("pc-a", "PC-A-7k2m", "PC-A_192.168.1.100"):
        assert told(ClaimSettings(enabled=False, only_pc=name), machines=3, peers=[peer(B, Life.DEAD)]) == ""


def test_while_one_pc_is_named_the_others_take_nothing_even_with_the_lock() -> None:
    """A PC whose own lock is on would not see the one that works without it."""
    assert "only_pc" in told(ClaimSettings(only_pc="PC-B"))
    assert told(ClaimSettings(only_pc="PC-A")) == ""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shop's folder."""
    return tmp_path


def shop(home: Path, **environ: str) -> Onbam:
    """The shop as its .env says."""
    return Onbam(home, environ, clock=FakeClock())


def test_t4_the_refusal_stands_at_the_door_of_the_claims_and_looking_goes_on(home: Path) -> None:
    """T4 through the whole house: a sheet for three PCs and the lock off: no lease is given out, and the list can be read."""
    with shop(home, ENABLE_DISTRIBUTED_LOCK="false", CLAIM_STORE="sheets", GOOGLE_SHEET_ID="x") as onbam:
        for ask in (
            lambda: onbam.claims.claim_many(A, [REF]),
            lambda: onbam.claims.claim_due(A, ["order"], 1),
            lambda: onbam.claims.recover(A),
        ):
            with pytest.raises(Misconfigured) as caught:
                ask()
            assert "ENABLE_DISTRIBUTED_LOCK" in caught.value.to("ko")
        assert onbam.claims.counts() == {}
        assert lone.begun(onbam.data) is None


def test_the_named_pc_works_on_without_google_and_remembers_since_when(home: Path) -> None:
    """Google is away, the shop is not: this PC's own database decides, and nothing asks the sheet."""
    environ = {"ENABLE_DISTRIBUTED_LOCK": "false", "CLAIM_STORE": "sheets", "GOOGLE_SHEET_ID": "x"}
    with shop(home, **environ) as onbam:
        name = onbam.host.name
    with shop(home, ONBAM_CLAIMS_ONLY_PC=name, **environ) as onbam:
        assert isinstance(onbam.claims.claim_many(A, [REF])[0], Grant)
        assert lone.begun(onbam.data) is not None
        assert onbam.registry is not None


def finished(store: MemoryStore, key: str, state: State = State.COMPLETED) -> None:
    """One order from its claim to its end."""
    grant = store.claim_many(A, [Ref("order", key)])[0]
    assert isinstance(grant, Grant)
    store.finish([Ending(grant.item.fence, state, receipt=f"S-{key}" if state is State.COMPLETED else "")])


def test_what_was_completed_without_the_lock_is_told_to_the_others(tmp_path: Path) -> None:
    """The lock comes back: nobody does those orders again, also those cleaned away meanwhile; doing it twice does no harm."""
    clock = FakeClock()
    local, shared = MemoryStore(clock), MemoryStore(clock)
    finished(local, "before")
    lone.begin(tmp_path, local.journal.head(), 1)
    lone.begin(tmp_path, 999_999, 2)
    finished(local, "new")
    finished(local, "waits-there")
    finished(local, "cleaned")
    finished(local, "gave-up", State.FAILED)
    shared.claim_many(B, [Ref("order", "waits-there")])
    clock.advance(8 * 86_400)
    local.cleanup(7)
    assert lone.carry_over(tmp_path, local, shared) == 3
    stands = {key: shared.get([Ref("order", key)])[0] for key in ("new", "waits-there", "cleaned", "before", "gave-up")}
    assert {key: item.state for key, item in stands.items() if item} == dict.fromkeys(
        ("new", "waits-there", "cleaned"), State.COMPLETED
    )
    assert lone.begun(tmp_path) is None
    assert lone.carry_over(tmp_path, local, shared) == 0


def test_a_damaged_note_forgets_nothing(tmp_path: Path) -> None:
    """A power cut spoilt it: everything is told."""
    clock = FakeClock()
    local, shared = MemoryStore(clock), MemoryStore(clock)
    finished(local, "1")
    (tmp_path / lone.FILE).write_text("{")
    assert lone.carry_over(tmp_path, local, shared) == 1
