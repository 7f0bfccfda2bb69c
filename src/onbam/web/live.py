"""The live stream: what changes of a page is drawn again when the journal grows, and sent to everybody who looks at it.

For: every open tab.
Promises: one drawing serves all who see the same; what is sent is the whole changing part, so nothing can be missed between two
connections; a sign of life at least every `BEAT_S`, with the store's clock; nobody looking costs nothing.
Refuses: to draw one view faster than `GAP_S`; more than `STREAMS_MAX` streams.
"""

from __future__ import annotations

import asyncio
import heapq
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from onbam.kernel.errors import OnbamError
from onbam.kernel.words import Lang
from onbam.logs.voice import get_logger
from onbam.people.model import May
from onbam.web.page import Page
from onbam.web.render import fragment, mark_of, own
from onbam.web.seen import Seen

if TYPE_CHECKING:
    from onbam.web.house import House

GAP_S: Final = 0.25
"""Between two drawings of one view."""
BEAT_S: Final = 2.0
"""So often a reader gets a sign of life. Leases are renewed and machines beat without a line in the journal: a view that shows
them is drawn anew as often."""
REST_S: Final = 10.0
"""So often the other views are drawn anew: what they show is told by the journal, but for what time alone changes."""
FOLLOWED_S: Final = 3.0
"""A follower that was heard of so lately has missed nothing."""
TAIL_S: Final = 1.0
STREAMS_MAX: Final = 1000
AT_ONCE: Final = 2
"""Drawings under way at the same time: the order robot may run on this PC too."""
PATIENCE: Final = 4.0
"""A view that takes twice as long, or that half as many look at, waits its length for each of them times this longer for its
turn: what most people see is on the glass at once, and what is heavy is not overtaken for ever."""
OLDER_MAX: Final = 2
"""The picture at hand and the one under way may be older than what a new reader sees; a third is not."""
MOMENT_MAX: Final = 16
"""Figures of a moment: what a stranger's browser claims to have seen may be of any length."""
CHECK_S: Final = 30.0
"""So often a stream asks whether its reader may still see it."""
log = get_logger("web")

ViewKey = tuple[str, Lang, frozenset[May], tuple[tuple[str, str], ...]]


@dataclass
class Sent:
    """What a view looks like."""

    number: int = 0
    """Grows with each change."""
    mark: str = ""
    """Of its content: the same on every start and every PC."""
    html: str = ""
    now_ms: int = 0

    @cached_property
    def message(self) -> str:
        """As the stream sends it; the place of the reader's own form token is still open."""
        return f"id: {moment(self.mark, self.now_ms)}\n" + "".join(f"data: {line}\n" for line in self.html.splitlines()) + "\n"


def moment(mark: str, now_ms: int) -> str:
    """What a reader has before its eyes, and when that was drawn."""
    return f"{mark}.{now_ms}"


class Turns:
    """Who draws next: at most so many at once, the light ones first."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    @asynccontextmanager
    async def turn(self, now: float, cost_s: float) -> AsyncIterator[None]:
        """Draw while the block runs. `cost_s`: how long it took last time, for each of its readers."""
        if self._free:
            self._free -= 1
        else:
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._count += 1
            heapq.heappush(self._waiting, (now + PATIENCE * cost_s, self._count, mine))
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._next()  # it was ours already
                raise
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        while self._waiting:
            _, _, waiting = heapq.heappop(self._waiting)
            if not waiting.done():
                waiting.set_result(None)
                return
        self._free += 1


@dataclass(slots=True)
class View:
    """A view somebody looks at."""

    key: ViewKey
    page: Page
    readers: int = 0
    sent: Sent = field(default_factory=Sent)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set and replaced with every drawing."""
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    drawing: asyncio.Task[None] | None = None
    cost_s: float = 0.0
    """How long the last drawing took."""
    over: bool = False


class Hub:
    """Everything that is looked at."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._views: dict[ViewKey, View] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns = Turns(AT_ONCE)
        self.checking = asyncio.Semaphore(AT_ONCE)
        """Whoever asks whether a reader may still see it: tabs that were opened together ask together, and each thread that
        does so opens a connection of its own."""
        self._heard = float("-inf")
        """When the follower last found out where the journal ends."""
        self._follower: threading.Thread | None = None
        self._gate = threading.Lock()
        self._stop = threading.Event()
        self.streams = 0

    def start(self) -> None:
        """In the loop that serves."""
        self._loop = asyncio.get_running_loop()
        self._turns, self.checking = Turns(AT_ONCE), asyncio.Semaphore(AT_ONCE)
        self._stop.clear()

    def end(self) -> None:
        """From another thread: every stream ends now."""
        self._stop.set()
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._let_go)

    def _let_go(self) -> None:
        for view in self._views.values():
            view.changed.set()

    async def stop(self) -> None:
        """Let everybody go."""
        self._stop.set()
        for view in list(self._views.values()):
            if view.drawing is not None:
                view.drawing.cancel()
            view.changed.set()
        follower = self._follower
        if follower is not None:
            await run_in_threadpool(follower.join, 2 * TAIL_S)

    @property
    def full(self) -> bool:
        """Whether no more streams are taken."""
        return self.streams >= STREAMS_MAX

    @property
    def stopping(self) -> bool:
        """Whether streams should end."""
        return self._stop.is_set()

    async def follow(self, page: Page, seen: Seen, known: str = "") -> AsyncIterator[Sent | None]:
        """What the view looks like whenever it changes; none: nothing changed, but we are here. `known`: what was last seen."""
        view = self._join(page, seen)
        try:
            mark, _, at_ms = known.partition(".")
            seen_ms = int(at_ms[:MOMENT_MAX]) if at_ms.isascii() and at_ms.isdecimal() else 0
            number = older = 0
            while not self.stopping and not view.over:
                changed = view.changed
                if view.sent.number > number:
                    number = view.sent.number
                    if view.sent.mark != mark and view.sent.now_ms < seen_ms and older < OLDER_MAX:
                        older += 1
                        view.wanted.set()  # never back in time: it is drawn anew at once
                        continue
                    yield view.sent if view.sent.mark != mark else None
                    mark = view.sent.mark
                    continue
                await changed.wait()
        finally:
            self._leave(view)

    def _join(self, page: Page, seen: Seen) -> View:
        key: ViewKey = (page.name, seen.lang, seen.may, tuple(sorted(seen.params.items())))
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = View(key, page)
            view.drawing = asyncio.create_task(self._draw(view))
            view.drawing.add_done_callback(lambda task: self._over(view, task))
        view.readers += 1
        self.streams += 1
        self._follow_journal()
        return view

    def _leave(self, view: View) -> None:
        self.streams -= 1
        view.readers -= 1
        if view.readers == 0 and self._views.get(view.key) is view:
            del self._views[view.key]
            if view.drawing is not None:
                view.drawing.cancel()

    def _over(self, view: View, task: asyncio.Task[None]) -> None:
        """A view nobody draws any more: its readers are let go, and come back to a new one."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("view not drawn", view=view.page.name, error=error)
        view.over = True
        view.changed.set()
        if self._views.get(view.key) is view:
            del self._views[view.key]

    async def _draw(self, view: View) -> None:
        """Draw it again and again, when something happened and every now and then."""
        assert self._loop is not None, "the hub was started"
        while True:
            view.wanted.clear()
            began = self._loop.time()
            async with self._turns.turn(began, view.cost_s / max(1, view.readers)):
                started = self._loop.time()
                sent = await run_in_threadpool(self._drawn, view)
                view.cost_s = self._loop.time() - started
            if sent is not None:
                self._tell(view, sent)
            await asyncio.sleep(max(0.0, GAP_S - (self._loop.time() - began)))
            await self._rest(view, None if sent is None else began)

    async def _rest(self, view: View, drawn_at: float | None) -> None:
        """Until something happened, or until it is to be drawn anew; meanwhile the readers are told that nothing did."""
        assert self._loop is not None, "the hub was started"
        while True:
            try:
                async with asyncio.timeout(BEAT_S):
                    await view.wanted.wait()
            except TimeoutError:
                followed = self._house.clock.monotonic() - self._heard < FOLLOWED_S
                if view.page.beats or drawn_at is None or not followed or self._loop.time() - drawn_at > REST_S:
                    return
                self._tell(view, replace(view.sent, number=view.sent.number + 1))
            else:
                return

    @staticmethod
    def _tell(view: View, sent: Sent) -> None:
        view.sent = sent
        old, view.changed = view.changed, asyncio.Event()
        old.set()

    def _drawn(self, view: View) -> Sent | None:
        """One drawing; none when it could not be made: the readers see that it grows old."""
        name, lang, may, params = view.key
        try:
            seen = Seen(self._house, lang, may, self._house.now_ms(), dict(params))
            html = fragment(seen, view.page)
        except OnbamError as error:
            log.warning("view not drawn", view=name, error=error)
            return None
        return Sent(view.sent.number + 1, mark_of(html), html, seen.now_ms)

    # ---- the journal

    def _follow_journal(self) -> None:
        with self._gate:
            if self._follower is None:
                self._follower = threading.Thread(target=self._tail, name="web-follower", daemon=True)
                self._follower.start()

    def _done(self) -> bool:
        """Whether nobody looks any more; then this follower is over, and the next reader starts another."""
        with self._gate:
            if self._views and not self._stop.is_set():
                return False
            self._follower = None
            return True

    def _tail(self) -> None:
        """Ring as long as somebody looks."""
        journal, position = self._house.onbam.journal, -1
        while not self._done():
            try:
                beginning = position < 0  # nobody listened before: what the first drawings missed is drawn now
                grown = beginning or journal.tail(position, TAIL_S, 1).position != position
                if grown:  # only whether, and up to where: what there is to see the views read themselves
                    position = journal.head()
                self._heard = self._house.clock.monotonic()
            except OnbamError as error:
                log.warning("journal not followed", error=error)
                self._house.clock.wait(TAIL_S, self._stop)
                continue
            if grown:
                self._house.glance.forget()
                self._ring()

    def _ring(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._want)

    def _want(self) -> None:
        for view in self._views.values():
            view.wanted.set()


def event(sent: Sent, house: House, handle: str) -> str:
    """A message of the stream that is put into the page."""
    return own(house, sent.message, handle)


def beat(now_ms: int) -> str:
    """A message that says: here, and this late it is."""
    return f"event: beat\ndata: {now_ms}\n\n"
