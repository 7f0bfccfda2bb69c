"""The live stream: what changes of a page is drawn again when the journal grows, and sent to everybody who looks at it.

For: every open tab.
Promises: one drawing serves all who see the same; what is sent is the whole changing part, so nothing can be missed between two
connections; a sign of life at least every `BEAT_S`, with the store's clock; nobody looking costs nothing.
Refuses: to draw one view faster than `GAP_S`; more than `STREAMS_MAX` streams.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
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
"""Leases are renewed and machines beat without a line in the journal: so often everything is drawn anew."""
TAIL_S: Final = 1.0
STREAMS_MAX: Final = 1000
AT_ONCE: Final = 2
"""Drawings under way at the same time: the order robot may run on this PC too."""
CHECK_S: Final = 30.0
"""So often a stream asks whether its reader may still see it."""
log = get_logger("web")

ViewKey = tuple[str, Lang, frozenset[May], tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Sent:
    """What a view looks like."""

    number: int = 0
    """Grows with each change."""
    mark: str = ""
    """Of its content: the same on every start and every PC."""
    html: str = ""
    now_ms: int = 0


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
    over: bool = False


class Hub:
    """Everything that is looked at."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._views: dict[ViewKey, View] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._limit: asyncio.Semaphore | None = None
        self._follower: threading.Thread | None = None
        self._gate = threading.Lock()
        self._stop = threading.Event()
        self.streams = 0

    def start(self) -> None:
        """In the loop that serves."""
        self._loop = asyncio.get_running_loop()
        self._limit = asyncio.Semaphore(AT_ONCE)
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
        """What the view looks like whenever it changes; none: nothing changed, but we are here. `known`: the mark last seen."""
        view = self._join(page, seen)
        try:
            mark, number = known, 0
            while not self.stopping and not view.over:
                changed = view.changed
                if view.sent.number > number:
                    number = view.sent.number
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
        assert self._limit is not None, "the hub was started"
        while True:
            view.wanted.clear()
            began = self._loop.time()
            async with self._limit:
                sent = await run_in_threadpool(self._drawn, view)
            if sent is not None:
                view.sent = sent
                old, view.changed = view.changed, asyncio.Event()
                old.set()
            await asyncio.sleep(max(0.0, GAP_S - (self._loop.time() - began)))
            try:
                async with asyncio.timeout(BEAT_S):
                    await view.wanted.wait()
            except TimeoutError:
                continue

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
                if position < 0:
                    position = journal.head()
                grown = journal.tail(position, TAIL_S, 1).position != position
                if grown:  # only whether, and up to where: what there is to see the views read themselves
                    position = journal.head()
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
    lines = own(house, sent.html, handle).splitlines()
    return f"id: {sent.mark}\n" + "".join(f"data: {line}\n" for line in lines) + "\n"


def beat(now_ms: int) -> str:
    """A message that says: here, and this late it is."""
    return f"event: beat\ndata: {now_ms}\n\n"
