"""Processes that start together on one database."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from onbam.database import revisions
from onbam.database.tables import INSTALLATION, meta
from support.databases import KINDS
from support.waiting import DEADLINE_S

TOGETHER = 5

START = """
import json, sys
from onbam.database.engine import open_database
from onbam.database.migrate import upgrade
from onbam.kernel.clock import SystemClock
print("ready", flush=True)
sys.stdin.readline()
database = open_database(sys.argv[1], clock=SystemClock())
done = upgrade(database)
print(json.dumps([done.before, done.after]), flush=True)
database.close()
"""


@pytest.mark.parametrize("kind", KINDS)
def test_five_processes_start_on_one_new_database(kind: str, request: pytest.FixtureRequest) -> None:
    """All five start, exactly one makes the schema, and there is one installation."""
    url: str = request.getfixturevalue(f"{kind}_url")
    command = [sys.executable, "-W", "error", "-c", START, url]
    pipe = subprocess.PIPE
    children = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=dict(os.environ))
        for _ in range(TOGETHER)
    ]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        said = [child.communicate(timeout=3 * DEADLINE_S) for child in children]
    finally:
        for child in children:
            child.kill()
            child.wait()
    assert [child.returncode for child in children] == [0] * TOGETHER, [errors for _, errors in said]
    last = revisions.known()[-1]
    assert sorted(json.loads(out)[0] or "" for out, _ in said) == ["", last, last, last, last]
    assert {json.loads(out)[1] for out, _ in said} == {last}
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(meta.c.name == INSTALLATION)) == 1
    engine.dispose()
