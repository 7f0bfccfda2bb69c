"""How long each page takes.

For: the plan next door.
Promises: every page of the table and what the interface answers most, each asked over HTTP by somebody who is logged in;
another order, another place in the list, another moment each time, so that no answer is one that was just given.
Refuses: an average: 95 of 100 are told, and the slowest of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from statistics import median
from typing import Final

from onbam.bench.desk import words as say
from onbam.bench.desk.history import DAYS, Size
from onbam.bench.desk.served import Desk
from onbam.bench.model import Result, Subject
from onbam.kernel.chance import Chance

TARGET_MS: Final = 50.0
SLOWEST_MS: Final = 200.0
REPEATS: Final = 100
QUICK_REPEATS: Final = 10
SHARE: Final = 0.95
Path = Callable[[], str]
"""The next address to ask for."""


class Paths:
    """Where to look."""

    def __init__(self, size: Size, now: datetime, chance: Chance) -> None:
        self._size, self._now, self._chance = size, now, chance

    def table(self) -> Mapping[str, Path]:
        """By a name a reader knows."""
        fixed = {
            name: partial(str, path)
            for name, path in (
                ("/", "/"),
                ("/needs-you", "/needs-you"),
                ("/orders", "/orders"),
                ("/orders?state=failed", "/orders?state=failed"),
                ("/board", "/board"),
                ("/board?as=table", "/board?as=table"),
                ("/machines", "/machines"),
                ("/locks", "/locks"),
                ("/notices", "/notices"),
                ("/settings", "/settings"),
                ("/people", "/people"),
                ("/me", "/me"),
                ("/about", "/about"),
                ("/help", "/help"),
                ("/api/today", "/api/today"),
                ("/api/orders?limit=100", "/api/orders?limit=100"),
                ("/api/history?days=30", "/api/history?days=30"),
                ("/api/events", "/api/events?limit=500"),
            )
        }
        return {
            **fixed,
            "/machines/PC-n": lambda: f"/machines/PC-{1 + self._chance.below(self._size.machines)}",
            "/orders/n": lambda: f"/orders/{self._number()}",
            "/orders?q=n": lambda: f"/orders?q={self._number()}",
            "/orders?q=…": lambda: f"/orders?q=x{self._chance.bits(32)}y",
            "/orders?pc=n": lambda: f"/orders?pc=PC-{1 + self._chance.below(self._size.machines)}",
            "/orders?since=…": lambda: f"/orders?state=completed&since={(day := self._day()):%Y-%m-%d}&until={day:%Y-%m-%d}",
            "/orders?after=…": lambda: f"/orders?after={int(self._day().timestamp() * 1000)}:~",
            "/?at=…": lambda: f"/?at={self._moment(30)}",
            "/board?at=…": lambda: f"/board?at={self._moment(30)}",
        }

    def _day(self) -> datetime:
        return self._now - timedelta(days=1 + self._chance.below(DAYS - 2))

    def _moment(self, days: int) -> int:
        return int((self._now - timedelta(seconds=60 + self._chance.below(days * 86_400))).timestamp() * 1000)

    def _number(self) -> str:
        in_a_day = max(1, self._size.orders // DAYS)
        return str(int(self._day().strftime("%y%m%d")) * 100_000 + self._chance.below(in_a_day))


class Pages:
    """Measures them on one desk."""

    def __init__(self, desk: Desk, database: str, paths: Paths, *, quick: bool) -> None:
        self._desk, self._database = desk, database
        self._paths = paths.table()
        self._repeats = QUICK_REPEATS if quick else REPEATS
        self._took: dict[str, list[float]] = {name: [] for name in self._paths}

    def subjects(self) -> Iterator[Subject]:
        """One a page."""
        for name in self._paths:
            what = say.PAGE(page=name, database=self._database)
            yield Subject(what, "ms", partial(self._sample, name), repeats=self._repeats, warmups=2)

    def results(self) -> Iterator[Result]:
        """What most answers stay within, page by page."""
        slowest: list[float] = []
        for name, every in self._took.items():
            took = sorted(every[-self._repeats :])
            within = took[ceil(SHARE * len(took)) - 1]
            slowest.append(took[-1])
            what = say.PAGE_95(page=name, database=self._database)
            yield Result(what, "ms", within, (median(took), took[-1]), TARGET_MS)
        worst = max(slowest)
        yield Result(say.SLOWEST(database=self._database), "ms", worst, (min(slowest), worst), SLOWEST_MS)

    def _sample(self, name: str) -> float:
        took = self._desk.timed(self._paths[name]())
        self._took[name].append(took)
        return took
