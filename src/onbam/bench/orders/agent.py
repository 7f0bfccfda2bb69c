"""The real agent as people start it, between the simulated supplier and the simulated ERP.

For: what an agent costs while there is nothing to do, and how soon the first order is through after a start.
Promises: `onbam agent run` in a process and a home folder of its own, over real sockets, with the shop's usual look and beat;
it is ended when it was measured.
Refuses: real accounts.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import psutil

from onbam.bench import words as say
from onbam.bench.tools import Tools
from onbam.kernel.errors import Refused
from onbam.orders.codefile import csv_bytes
from onbam.orders.codes import Rule
from onbam_sims.catalogue import catalogue
from onbam_sims.ecount import Company, EcountSimulator
from onbam_sims.portal import Plan, PortalSimulator

SCALE: Final = 1e6
"""Makes the ERP's own windows vanish: a first log-in and a first save wait for nobody."""
HOME: Final = "shop"
LOG: Final = "agent.txt"
SETTLED_S: Final = 12.0
"""After a start: log-in, first look, clean-up."""
WATCHED_S: Final = 30.0
FIRST_LIMIT_S: Final = 60.0
LOOK_S: Final = 0.005
_MIB: Final = 1024 * 1024


@contextmanager
def running(tools: Tools, seed: int, orders: int) -> Iterator[tuple[psutil.Process, EcountSimulator]]:
    """A shop with so many orders and a database that stands, and its agent, just started.

    Each time another shop: an agent that starts within a minute of another one's look does not look again by itself.
    """
    folder = tools.folder / f"{HOME}{seed}"
    folder.mkdir()
    products = catalogue(seed)
    (folder / "codes.csv").write_bytes(csv_bytes(Rule(p.code, p.color, p.name, p.spec, "%", p.unit) for p in products))
    with ExitStack() as stack:
        portal = stack.enter_context(PortalSimulator(seed=seed, plan=Plan(orders=orders, days=1)))
        erp = stack.enter_context(EcountSimulator(seed=seed, time_scale=SCALE))
        log = stack.enter_context((folder / LOG).open("wb"))
        settings = _settings(folder, portal.url, erp.url)
        tools.output([sys.executable, "-m", "onbam", "orders", "list"], **settings)
        process: Any = subprocess.Popen(
            [sys.executable, "-m", "onbam", "agent", "run"],
            env=tools.surroundings(**settings),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield psutil.Process(process.pid), erp
        finally:
            process.terminate()
            try:
                process.wait(FIRST_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def first_order_ms(tools: Tools, seed: int) -> float:
    """Milliseconds from the start of the program to its first slip in the ERP."""
    with running(tools, seed, 1) as (process, erp):
        begun = tools.clock.monotonic()
        while not erp.slips:
            if tools.clock.monotonic() - begun > FIRST_LIMIT_S or not process.is_running():
                raise Refused(
                    say.NO_FIRST_ORDER, say.NO_FIRST_ORDER_HINT(last=_last_line(tools.folder / f"{HOME}{seed}" / LOG))
                )
            tools.clock.wait(LOOK_S)
        return (tools.clock.monotonic() - begun) * 1000


def idle(tools: Tools) -> tuple[float, float]:
    """Megabytes and per cent of one core of an agent with nothing to do."""
    with running(tools, 0, 0) as (process, _):
        tools.clock.wait(SETTLED_S)
        before, begun = process.cpu_times(), tools.clock.monotonic()
        tools.clock.wait(WATCHED_S)
        after, took_s = process.cpu_times(), tools.clock.monotonic() - begun
        used_s = after.user + after.system - before.user - before.system
        return process.memory_info().rss / _MIB, 100 * used_s / took_s


def _last_line(file: Path) -> str:
    """What the program said last: its folder goes away with the benchmark."""
    return next(reversed(file.read_text("utf-8", "replace").strip().splitlines()), "-")


def _settings(folder: Path, portal: str, erp: str) -> dict[str, str]:
    """What a shop would write, at any hour; how often it looks and beats stays as it is."""
    company = Company()
    return {
        "ONBAM_HOME": str(folder),
        "ONBAM_PORTAL_URL": portal,
        "ONBAM_PORTAL_USER": "onbam",
        "ONBAM_PORTAL_PASSWORD": "night-desk",
        "ONBAM_ECOUNT_HOST": f"{erp}/{{host}}",
        "ONBAM_ECOUNT_COMPANY": company.code,
        "ONBAM_ECOUNT_USER": company.user,
        "ONBAM_ECOUNT_API_KEY": company.real_key,
        "ONBAM_ECOUNT_CUSTOMER": "00001",
        "ONBAM_ECOUNT_WAREHOUSE": "100",
        "ONBAM_ECOUNT_TIMEOUT_S": "15",
        "ONBAM_SCHEDULES_OPENS": "00:00",
        "ONBAM_SCHEDULES_CLOSES": "23:59",
        "ONBAM_SCHEDULES_WEEKDAYS": "mon,tue,wed,thu,fri,sat,sun",
        "ONBAM_SCHEDULES_HOLIDAYS": "false",
    }
