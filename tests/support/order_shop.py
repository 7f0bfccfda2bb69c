"""A whole shop on this machine: the supplier's site, the ERP, and PCs that are processes of their own.

For: process tests of the order robot.
Promises: the simulators run here, so that their truth can be read and their faults set; each PC has a home of its own and all
share one database; what is started is ended.
Refuses: to help an agent: it gets settings and nothing else.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from onbam.bootstrap import Onbam
from onbam.claims.model import Item, State
from onbam.claims.ports import Filter
from onbam.claims.tables import items
from onbam.orders.codefile import csv_bytes
from onbam.orders.codes import Rule
from onbam.orders.model import KIND, order_ref
from onbam_sims.ecount import Company, EcountSimulator, catalogue_products
from onbam_sims.ecount.form import Form
from onbam_sims.ecount.tenant import Options
from onbam_sims.portal import Plan, PortalSimulator
from support.nursery import Child, Nursery
from support.order_life import APART
from support.waiting import until

SCALE: Final = 100.0
"""How much faster the ERP's windows run."""
LIMIT_S: Final = 150.0
"""Generous: it is only ever spent by a test that fails."""
ASK_AGAIN_S: Final = 1.0
"""More often would be heard inside the answer to the one before."""
SETTINGS: Final[dict[str, str]] = {
    "ONBAM_LANG": "en",
    # So much longer than any step that no slow machine loses a lease or an answer to it: time passes when a test says so.
    "ONBAM_CLAIMS_LEASE_S": "90",
    "ONBAM_CLAIMS_POISON_AFTER": "20",
    "ONBAM_ECOUNT_TIMEOUT_S": "20",
    "ONBAM_ECOUNT_SAVE_INTERVAL_S": str(10 / SCALE),
    "ONBAM_ECOUNT_LOGIN_INTERVAL_S": str(600 / SCALE),
    "ONBAM_ECOUNT_SLACK_S": "0.5",
    "ONBAM_ECOUNT_CUSTOMER": "00001",
    "ONBAM_ECOUNT_WAREHOUSE": "100",
    "ONBAM_PORTAL_PACE_S": "0",
    "ONBAM_ORDERS_LOOK_S": "0.1",
    "ONBAM_ORDERS_RETRY_S": "0.2",
    "ONBAM_SCHEDULES_OPENS": "00:00",
    "ONBAM_SCHEDULES_CLOSES": "23:59:59.999999",
    "ONBAM_SCHEDULES_WEEKDAYS": "mon,tue,wed,thu,fri,sat,sun",
    "ONBAM_SCHEDULES_HOLIDAYS": "false",
    "ONBAM_SCHEDULES_CYCLE_MINUTES": "0.02",
    "ENCRYPTION_KEY": "process tests only, long enough",
}
HURRIED: Final = {"ONBAM_CLAIMS_LEASE_S": "5", "ONBAM_ECOUNT_TIMEOUT_S": "1.5"}
"""For a PC whose leases are to run out by themselves: it may lose one, or an answer, to a slow machine."""


class Shop:
    """One shop."""

    def __init__(self, folder: Path, nursery: Nursery, portal: PortalSimulator, erp: EcountSimulator, url: str) -> None:
        self.folder, self.portal, self.erp = folder, portal, erp
        self._nursery = nursery
        self._started = 0
        self.environ = {
            **SETTINGS,
            "ONBAM_DATABASE_URL": url,
            "ONBAM_PORTAL_URL": portal.url,
            "ONBAM_PORTAL_USER": portal.user,
            "ONBAM_PORTAL_PASSWORD": portal.password,
            "ONBAM_ECOUNT_HOST": f"{erp.url}/{{host}}",
            "ONBAM_ECOUNT_COMPANY": erp.company.code,
            "ONBAM_ECOUNT_USER": erp.company.user,
            "ONBAM_ECOUNT_API_KEY": erp.company.real_key,
        }
        self.deaths_file = folder / "deaths.jsonl"
        self.apart = False
        """Whether a receipt and the end of its order are two steps, as where the leases lie in a sheet."""

    def home(self, name: str, **settings: str) -> Path:
        """A PC's own folder; `settings` are its own and come before the shop's, when it is made."""
        home = self.folder / name
        if not home.exists():
            home.mkdir()
            products = self.portal.book.products
            rules = (Rule(p.code, p.color, p.name, p.spec, "%", p.unit) for p in products)
            (home / "codes.csv").write_bytes(csv_bytes(rules))
            lines = "".join(f"{name}={value}\n" for name, value in {**self.environ, **settings}.items())
            (home / ".env").write_text(lines, encoding="utf-8")
        return home

    def start(self, name: str, **deaths: int) -> Child:
        """A PC's program starts; `saved=1` ends it the first time the ERP has saved."""
        self._started += 1
        arguments = ["--home", str(self.home(name)), "--name", name, "--deaths", str(self.deaths_file)]
        arguments += [APART] if self.apart else []
        for point, count in deaths.items():
            arguments += ["--die", f"{point}={count}"]
        return self._nursery.child(self.folder / f"{name}-{self._started}.log", json.dumps(arguments))

    def dies(self, name: str, **deaths: int) -> None:
        """A PC's program starts, ends where it is to end, and then so much time passes that its leases are over."""
        child = self.start(name, **deaths)
        until(lambda: child.poll() is not None, what=f"{name} has died at {deaths}", deadline_s=LIMIT_S)
        assert child.poll() == -signal.SIGKILL, child.log.read_text("utf-8")
        over = items.update().where(items.c.state == State.PROCESSING.value)
        with self.open() as onbam, onbam.database.write() as connection:
            connection.execute(over.values(expires_at_ms=items.c.claimed_at_ms))

    @contextmanager
    def at_work(self, name: str) -> Iterator[Child]:
        """A PC that is asked to end afterwards, and does so cleanly."""
        child = self.start(name)
        try:
            yield child
            assert child.poll() is None, child.log.read_text("utf-8")
            until(_asking(child), what=f"{name} has ended", deadline_s=LIMIT_S)
            assert child.poll() == 0, child.log.read_text("utf-8")
        finally:
            child.kill()

    @contextmanager
    def open(self) -> Iterator[Onbam]:
        """A person's own look, from another PC."""
        with Onbam(self.home("DESK"), {}) as onbam:
            yield onbam

    def slips(self) -> list[str]:
        """The keys of what stands in the ERP."""
        return sorted(slip.key for slip in self.erp.slips)

    @property
    def deaths(self) -> list[str]:
        """Where programs died."""
        if not self.deaths_file.exists():
            return []
        return [json.loads(line)["point"] for line in self.deaths_file.read_text("utf-8").splitlines()]


def _asking(child: Child) -> Callable[[], bool]:
    """Ask it to end, and now and then again: one that has only just started does not listen yet."""
    again_s = 0.0

    def ended() -> bool:
        nonlocal again_s
        if (now_s := time.monotonic()) >= again_s:
            child.send_signal(signal.SIGTERM)
            again_s = now_s + ASK_AGAIN_S
        return child.poll() is not None

    return ended


def states(onbam: Onbam) -> dict[str, State]:
    """How every order stands."""
    return {item.key: item.state for item in onbam.claims.find(Filter(kinds=(KIND,)), limit=1000).items}


def come_to(onbam: Onbam, ends: set[State], *, count: int, limit_s: float = LIMIT_S) -> dict[str, State]:
    """Wait until there are so many orders and each has come to one of these ends. Woken by the journal, not by time."""
    until_s = onbam.clock.monotonic() + limit_s
    position = 0
    while True:
        position = onbam.journal.tail(position, wait_s=1.0).position
        found = states(onbam)
        if len(found) == count and set(found.values()) <= ends:
            return found
        assert onbam.clock.monotonic() < until_s, f"{limit_s:g} s were not enough: {found}"


def told(onbam: Onbam, key: str, *, limit_s: float = LIMIT_S) -> None:
    """Wait until a person is told of this cause."""
    until_s = onbam.clock.monotonic() + limit_s
    position = 0
    while onbam.notices.get(key) is None:
        position = onbam.journal.tail(position, wait_s=1.0).position
        assert onbam.clock.monotonic() < until_s, f"{limit_s:g} s were not enough until {key} was told"


def item(onbam: Onbam, number: str) -> Item:
    """One order."""
    found = onbam.claims.get([order_ref(number)])[0]
    assert found is not None, f"nobody knows {number}"
    return found


@contextmanager
def open_shop(folder: Path, nursery: Nursery, *, orders: int, url: str = "", **plan: Any) -> Iterator[Shop]:
    """Everything running but the PCs."""
    form = Form(products=catalogue_products(7))
    with (
        PortalSimulator(seed=7, plan=Plan(orders=orders, **plan)) as portal,
        EcountSimulator(seed=7, company=Company(), options=Options(form=form), time_scale=SCALE) as erp,
    ):
        yield Shop(folder, nursery, portal, erp, url or f"sqlite:///{(folder / 'shop.db').as_posix()}")
