"""Promises of the older robot about claims that are kept by settings and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from onbam.bootstrap import Onbam
from onbam.claims.asks import Grant
from onbam.claims.identity import Host, agent_of, machine_id
from onbam.claims.model import Ref, State
from onbam.kernel.chance import Chance


def test_a15_one_pc_works_without_any_network(tmp_path: Path) -> None:
    """No sheet, no server, no setting: the claims lie in a file of this PC."""
    with Onbam(tmp_path, {}) as here:
        agent = agent_of(here.machine_id, here.host, "agent", here.chance)
        answer = here.claims.claim_many(agent, [Ref("order", "2601050229")])[0]
        assert isinstance(answer, Grant)
        assert not here.claims.capabilities.many_machines


@pytest.mark.parametrize(("written", "limit_ms"), [({}, 1_800_000), ({"LOCK_TIMEOUT_SEC": "600"}, 600_000)])
def test_a27_the_timeout_is_a_setting(tmp_path: Path, written: dict[str, str], limit_ms: int) -> None:
    """Under the name it always had; half an hour without it."""
    with Onbam(tmp_path, written) as here:
        assert here.terms.limit_ms == limit_ms
        assert here.terms.lease_ms <= limit_ms


def test_a21_a_machine_is_called_as_windows_calls_it(tmp_path: Path) -> None:
    """`DESKTOP-ABC`, and four letters that keep two PCs of one name apart."""
    made = machine_id(tmp_path, Host("DESKTOP-ABC", "192.168.1.100", "os-1"), Chance(1))
    assert made.startswith("DESKTOP-ABC-")
    assert len(made) == len("DESKTOP-ABC-xxxx")


def test_a23_the_three_old_statuses_have_their_names() -> None:
    """`processing`, `completed`, `failed`."""
    assert [State.PROCESSING.value, State.COMPLETED.value, State.FAILED.value] == ["processing", "completed", "failed"]
