"""What the benchmark `desk` measures.

For: the list of benchmarks.
Promises: one shop on SQLite with everything, the same shop on Onbam's own PostgreSQL with its pages; a quick run is the same on
a small shop; what is missing here is said.
Refuses: somebody's database.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

import onbam
from onbam.bench.desk import words as say
from onbam.bench.desk.flower import NAME as FLOWER
from onbam.bench.desk.flower import flower
from onbam.bench.desk.glass import Glass, glass
from onbam.bench.desk.history import LINES, QUICK, WHOLE, Size, fill
from onbam.bench.desk.pages import Pages, Paths
from onbam.bench.desk.served import NAME, PASSWORD, Desk, serving
from onbam.bench.desk.tabs import Tabs, tabs
from onbam.bench.model import Peer, PeerResult, Result, Subject
from onbam.bench.postgres import fresh, server
from onbam.bench.run import measure
from onbam.bench.tools import QUICK as SHORT
from onbam.bench.tools import Bench, Plan, Tools
from onbam.bootstrap import Onbam
from onbam.claims.asks import New
from onbam.journal.model import Line
from onbam.kernel.chance import Chance
from onbam.kernel.errors import Misconfigured
from onbam.kernel.words import Said
from onbam.orders.model import order_ref
from onbam.people.model import Role

STATIC: Final = Path(onbam.__file__).parent / "web" / "static"
SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"
TABS: Final = 100
TASKS: Final = 10_000
QUICK_TASKS: Final = 1_000
LISTS: Final = 100
QUICK_LISTS: Final = 10
PIXELS: Final = 40
QUICK_PIXELS: Final = 8
PIXEL_TARGET_MS: Final = 300.0
PIXEL_WORST_MS: Final = 1000.0
MEMORY_TARGET_MB: Final = 110.0
IDLE_TARGET: Final = 0.5
IDLE_S: Final = 30.0
QUICK_IDLE_S: Final = 5.0
SETTLED_S: Final = 5.0
WIRE_TARGET_KB: Final = 100.0
STATIC_TARGET_KB: Final = 80.0
PAINT_TARGET_MS: Final = 300.0
SHIFT_TARGET: Final = 0.01
"""A tenth of what is called good."""
VIEWS: Final = 10
QUICK_VIEWS: Final = 3
EVENTS: Final = 1_000_000
QUICK_EVENTS: Final = 20_000
EVENTS_AT_ONCE: Final = 500
EVENTS_WARM: Final = 0.2
"""After this share of the events memory is taken as what it needs."""
GROWN_TARGET_MB: Final = 5.0
_MIB: Final = 1024 * 1024
_KB: Final = 1000


@dataclass(frozen=True, slots=True)
class Shop:
    """One database with its desk."""

    name: str
    home: Path
    onbam: Onbam
    """As another process has it."""
    desk: Desk
    size: Size
    quick: bool

    @property
    def pages(self) -> Pages:
        """Its pages."""
        now = self.onbam.clock.now().astimezone(self.onbam.zone)
        return Pages(self.desk, self.name, Paths(self.size, now, Chance(7)), quick=self.quick)


@contextmanager
def prepare(tools: Tools) -> Iterator[Plan]:
    """Both databases, filled."""
    quick = SHORT in tools.environ
    size = QUICK if quick else WHOLE
    notes: list[Said] = []
    with ExitStack() as open_ones:
        shops = [open_ones.enter_context(_shop(tools, SQLITE, "", size, notes))]
        try:
            url = fresh(open_ones.enter_context(server(tools)), "desk")
        except Misconfigured as error:
            notes.append(say.NOT_MEASURED(what=POSTGRES, why=error.message))
        else:
            shops.append(open_ones.enter_context(_shop(tools, POSTGRES, url, size, notes)))
        standing = [line for shop in shops for line in _standing_by(tools, shop)]
        looked = [(shop, shop.pages) for shop in shops]
        first = shops[0]
        beside = list(_beside(tools, first, notes))
        browser = open_ones.enter_context(glass(first.desk))
        if browser is None:
            notes.append(say.NO_BROWSER())
        live = Live(tools, first, browser)
        yield Plan(
            [*(one for _, pages in looked for one in pages.subjects()), *live.subjects()],
            lambda: [*(line for _, pages in looked for line in pages.results()), *beside, *standing, *live.results()],
            notes,
        )


@contextmanager
def _shop(tools: Tools, name: str, url: str, size: Size, notes: list[Said]) -> Iterator[Shop]:
    """A home of its own, filled, with its desk."""
    home = tools.folder / name.lower()
    home.mkdir(mode=0o755)
    settings = {"ONBAM_DATABASE_URL": url} if url else {}
    with closing(Onbam(home, {"ONBAM_LANG": "ko", **settings}, clock=tools.clock)) as made:
        begun = tools.clock.monotonic()
        fill(made, size)
        made.people.add(NAME, Role.ADMIN, who="person:bench", password=PASSWORD)
        took_s = tools.clock.monotonic() - begun
        notes.append(
            say.FILLED(
                database=name,
                orders=f"{size.orders:,}",
                lines=f"{size.orders * len(LINES):,}",
                machines=size.machines,
                open=f"{size.open:,}",
                seconds=f"{took_s:.0f}",
            )
        )
        with serving(tools, home, **settings) as first:
            first.get("/")  # a first start writes the bytecode, and holds more memory for having compiled it
        with serving(tools, home, **settings) as desk:
            yield Shop(name, home, made, desk, size, SHORT in tools.environ)


def _beside(tools: Tools, shop: Shop, notes: list[Said]) -> Iterator[Result]:
    """What both have: a list of work, and the memory to have it at hand. The peer is gone before anything else is measured."""
    with flower(tools, QUICK_TASKS if shop.quick else TASKS, notes) as peer:
        if peer is None:
            return
        rows, shown = f"{shop.size.orders + shop.size.open:,}", f"{FLOWER}, {peer.tasks:,} tasks"
        lists = Peer(shown, peer.page_ms)
        timed = partial(shop.desk.timed, "/orders")
        repeats = QUICK_LISTS if shop.quick else LISTS
        yield measure(Subject(say.LIST(rows=rows), "ms", timed, peers=(lists,), repeats=repeats), lambda _: None)
        ours, theirs = shop.desk.held_bytes() / _MIB, peer.held_mb()
        held = PeerResult(shown, theirs, ours / theirs)
        yield Result(say.LIST_MEMORY(rows=rows), "MB", ours, (ours, ours), peers=(held,))


def _standing_by(tools: Tools, shop: Shop) -> Iterator[Result]:
    """What the process costs while nobody looks, once it has shown its first page."""
    shop.desk.get("/")
    tools.clock.wait(SETTLED_S)
    held = shop.desk.held_bytes() / _MIB
    yield Result(say.MEMORY(database=shop.name), "MB", held, (held, held), MEMORY_TARGET_MB)
    watched_s = QUICK_IDLE_S if shop.quick else IDLE_S
    share = _share(tools, shop.desk, watched_s)
    what = say.IDLE(database=shop.name, seconds=f"{watched_s:g}")
    yield Result(what, "count", share, (share, share), IDLE_TARGET)


def _share(tools: Tools, desk: Desk, watched_s: float) -> float:
    """Per cent of one core, over so long."""
    before, begun = desk.used_s(), tools.clock.monotonic()
    tools.clock.wait(watched_s)
    return 100 * (desk.used_s() - before) / (tools.clock.monotonic() - begun)


class Live:
    """What happens while people look on."""

    def __init__(self, tools: Tools, shop: Shop, browser: Glass | None) -> None:
        self._tools, self._shop, self._browser = tools, shop, browser
        self._paints: list[tuple[float, float, float, float]] = []
        self._next = int(f"{tools.clock.now().astimezone(shop.onbam.zone):%y%m%d}") * 100_000 + 90_000

    def subjects(self) -> Iterator[Subject]:
        """The first view, each with an empty cache."""
        if self._browser is not None:
            repeats = QUICK_VIEWS if self._shop.quick else VIEWS
            yield Subject(say.PAINT(), "ms", self._first_view, PAINT_TARGET_MS, repeats=repeats)

    def _first_view(self) -> float:
        assert self._browser is not None, "asked for where there is one"
        view = self._browser.first_view()
        self._paints.append((view.bytes / _KB, view.paint_ms, view.drawn_ms, view.shift))
        return view.paint_ms

    def results(self) -> Sequence[Result]:
        """Everything else, in the order in which a desk would meet it."""
        packed = sum(len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.rglob("*") if path.is_file()) / _KB
        lines = [Result(say.STATIC(), "count", packed, (packed, packed), STATIC_TARGET_KB)]
        if self._paints:
            lines += [
                _line(say.WIRE(), "count", [one[0] for one in self._paints], WIRE_TARGET_KB),
                _line(say.DRAWN(), "ms", [one[2] for one in self._paints[1:]], None),
                _line(say.SHIFT(), "count", [one[3] for one in self._paints], SHIFT_TARGET),
            ]
        with tabs(self._shop.desk, TABS - 1) as others:
            lines += self._pixels()
            lines += self._looked_at()
            lines.append(self._grown(others))
        return lines

    def _pixels(self) -> Iterator[Result]:
        """An order found by another process, on the glass of one tab among many."""
        if self._browser is None:
            return
        took: list[list[float]] = []
        with self._browser.watching("/orders") as tab:
            for n in range(1 + (QUICK_PIXELS if self._shop.quick else PIXELS)):
                self._tools.clock.wait(0.4 + 0.137 * (n % 8))
                self._next += 1
                key = str(self._next)
                begun_ms = self._tools.clock.now().timestamp() * 1000
                self._shop.onbam.claims.add([New(order_ref(key), due_in_ms=3_600_000)])
                kept_ms = self._tools.clock.now().timestamp() * 1000
                seen = tab.noted(key)
                moments = (begun_ms, kept_ms, seen.drawing_ms, seen.came_ms, seen.there_ms, seen.glass_ms)
                took.append([seen.glass_ms - begun_ms, *(late - early for early, late in pairwise(moments))])
        whole, *legs = zip(*took[1:], strict=True)
        yield _line(say.PIXEL(tabs=TABS), "ms", whole, PIXEL_TARGET_MS)
        yield Result(say.PIXEL_WORST(), "ms", max(whole), (min(whole), max(whole)), PIXEL_WORST_MS)
        for what, one in zip(say.LEGS, legs, strict=True):
            yield _line(what(), "ms", one, None)

    def _looked_at(self) -> Iterator[Result]:
        watched_s = QUICK_IDLE_S if self._shop.quick else IDLE_S
        share = _share(self._tools, self._shop.desk, watched_s)
        yield Result(say.LOOKED_AT(tabs=TABS - 1, seconds=f"{watched_s:g}"), "count", share, (share, share))

    def _grown(self, others: Tabs) -> Result:
        """A night's events, a year's events: memory stays."""
        events = QUICK_EVENTS if self._shop.quick else EVENTS
        journal, desk = self._shop.onbam.journal, self._shop.desk
        warm, held = int(events * EVENTS_WARM), 0
        for begin in range(0, events, EVENTS_AT_ONCE):
            if begin >= warm and not held:
                held = desk.held_bytes()
            journal.append([_told(n, self._shop.size.machines) for n in range(begin, begin + EVENTS_AT_ONCE)])
        desk.get("/")
        assert others.ended == 0, "no stream was ended"
        grown = max(0.0, (desk.held_bytes() - held) / _MIB)
        what = say.GROWN(events=f"{events:,}", tabs=TABS - 1)
        return Result(what, "MB", grown, (grown, grown), GROWN_TARGET_MB)


def _told(n: int, machines: int) -> Line:
    """A line as an agent writes it."""
    what = ("item.claimed", "item.advanced", "item.sending", "item.completed")[n % 4]
    pc = n // 4 % machines + 1
    return Line(what, "order", f"e{n // 4}", f"agent:PC-{pc}_192.168.1.{pc}", "", {"token": 1, "attempt": 1})


def _line(what: Said, unit: str, samples: Sequence[float], target: float | None) -> Result:
    return Result(what, unit, median(samples), (min(samples), max(samples)), target)  # type: ignore[arg-type]


BENCH: Final = Bench("desk", say.DESK, prepare)
