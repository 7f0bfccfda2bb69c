"""Several processes take over one history at once: each line is new once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from onbam.claims.model import Ref, State
from onbam.claims.ports import Memory
from support.claim_stands import server_stand, sqlite_stand

IMPORTERS = 3
LINES = 400


@pytest.mark.parametrize(
    "kind",
    [
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.needs("postgres")),
        pytest.param("mariadb", marks=pytest.mark.needs("mariadb")),
    ],
)
def test_one_history_taken_over_by_several_at_once_is_counted_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Their counts of what was new add up to the file; what one found new the others found known."""
    stand = sqlite_stand(tmp_path) if kind == "sqlite" else server_stand(request.getfixturevalue(f"{kind}_url"))
    memories = [Memory(Ref("order", f"{n:08d}"), State.COMPLETED, 1_000 + n, 1, "PC-1_10.0.0.1", "") for n in range(LINES)]
    together = threading.Barrier(IMPORTERS, timeout=60)
    stores = [stand.open() for _ in range(IMPORTERS)]

    def take_over(n: int) -> tuple[int, int]:
        mine = memories if n % 2 else memories[::-1]  # also in the other direction: nobody waits crosswise
        together.wait()
        answer = stores[n].remember(mine)
        return answer.new, answer.known

    with closing(stand), ThreadPoolExecutor(IMPORTERS) as people:
        answers = list(people.map(take_over, range(IMPORTERS)))
    assert sum(new for new, _ in answers) == LINES
    assert all(new + known == LINES for new, known in answers)
