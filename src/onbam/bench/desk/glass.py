"""A real Chromium in front of the desk.

For: the subjects next door, where playwright and a Chromium are.
Promises: an empty cache for each first view, in a window that has been opened; what is timed ends when a frame with it was
drawn, by the same clock as the one that began it.
Refuses: to download a browser.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import psutil

from onbam.bench.desk.served import Desk

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
LIMIT_MS: Final = 20_000
WATCH: Final = """(() => {
  window.noted = {};
  const live = document.getElementById("live");
  let drawn = 0, came = 0;
  live.addEventListener("htmx:sse:before:message", (event) => {
    came = Date.now();
    drawn = Number(event.detail.message.id.split(".")[1] || 0);
  });
  const look = () => {
    for (const row of live.querySelectorAll("[data-open], [data-row], a[href^='/orders/']")) {
      const key = (row.dataset.open || row.getAttribute("href") || "").split("/").pop();
      if (key && !(key in window.noted)) {
        const one = window.noted[key] = [drawn, came, Date.now(), 0];
        requestAnimationFrame(() => requestAnimationFrame(() => { one[3] = Date.now(); }));
      }
    }
  };
  new MutationObserver(look).observe(live, {childList: true, subtree: true, attributes: true});
  look();
})()"""
"""Of each key: when the server began to draw it, when that came, when it stood in the page, when it was on the glass. The last
is the moment of the frame after the one in which it came: by then the first is on the glass."""
PAINTS: Final = """(() => new Promise((done) => {
  let largest = 0, shift = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) largest = e.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) shift += e.value; })
    .observe({type: "layout-shift", buffered: true});
  new PerformanceObserver((list) => {
    for (const first of list.getEntriesByName("first-contentful-paint"))
      setTimeout(() => done([first.startTime, largest, shift]), 300);
  }).observe({type: "paint", buffered: true});
}))()"""
"""The first paint is waited for: a page may be loaded before it is painted, and no paint is no fast one."""
REST_SHARE: Final = 0.05
"""Of one core: a browser that uses less has opened its window."""
REST_LOOK_MS: Final = 300
REST_LIMIT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class FirstView:
    """A page that was opened with an empty cache."""

    bytes: int
    paint_ms: float
    drawn_ms: float
    shift: float


@dataclass(frozen=True, slots=True)
class Noted:
    """How a change came onto the glass, in milliseconds of the PC's clock, which the server reads too."""

    drawing_ms: float
    """The server began to draw the picture it is in."""
    came_ms: float
    """The picture had come."""
    there_ms: float
    """It stood in the page."""
    glass_ms: float
    """Seen."""


class Glass:
    """One browser."""

    def __init__(self, browser: Any, desk: Desk) -> None:
        self._browser, self._desk = browser, desk

    def first_view(self, path: str = "/") -> FirstView:
        """Open a page as if for the first time; the browser's own account of it."""
        with self._window() as page:
            wire = page.context.new_cdp_session(page)
            received: list[int] = []
            wire.on("Network.loadingFinished", lambda told: received.append(int(told["encodedDataLength"])))
            wire.send("Network.enable")
            self._at_rest(page)
            page.goto(f"{self._desk.address}{path}", wait_until="load", timeout=LIMIT_MS)
            paint, drawn, shift = page.evaluate(PAINTS)
            return FirstView(sum(received), paint, drawn, shift)

    @staticmethod
    def _at_rest(page: Any) -> None:
        """A new window is opened with hundreds of files of the browser's own, for a second: that is no page's first view."""
        family = psutil.Process()
        before = _used_s(family)
        for _ in range(int(REST_LIMIT_S * 1000 / REST_LOOK_MS)):
            page.wait_for_timeout(REST_LOOK_MS)
            used_s = _used_s(family)
            if used_s - before < REST_SHARE * REST_LOOK_MS / 1000:
                return
            before = used_s

    @contextmanager
    def watching(self, path: str) -> Iterator[Watched]:
        """A tab that notes when each order came onto the glass."""
        with self._window() as page:
            page.goto(f"{self._desk.address}{path}", wait_until="load", timeout=LIMIT_MS)
            page.wait_for_selector("#fresh[data-state=live]", timeout=LIMIT_MS)
            page.evaluate(WATCH)
            yield Watched(page)

    @contextmanager
    def _window(self) -> Iterator[Any]:
        context = self._browser.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR")
        try:
            name, _, value = self._desk.cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": self._desk.address}])
            yield context.new_page()
        finally:
            context.close()


class Watched:
    """One tab."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def noted(self, key: str) -> Noted:
        """The moments of an order; it is waited for."""
        self._page.wait_for_function("(key) => window.noted[key]?.[3] > 0", arg=key, timeout=LIMIT_MS, polling=20)
        return Noted(*self._page.evaluate("(key) => window.noted[key]", key))


def _used_s(family: psutil.Process) -> float:
    """Processor time of the browser, and of whatever else was started here and rests meanwhile."""
    used_s = 0.0
    for one in family.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            used_s += times.user + times.system
    return used_s


def programs() -> Sequence[str]:
    """Where a Chromium is."""
    return [path for name in PROGRAMS if (path := shutil.which(name))]


@contextmanager
def glass(desk: Desk) -> Iterator[Glass | None]:
    """A browser, where there is one."""
    found = programs()
    if not found or importlib.util.find_spec("playwright") is None:
        yield None
        return
    driver_of: Any = importlib.import_module("playwright.sync_api").sync_playwright
    with driver_of() as driver:
        browser = driver.chromium.launch(executable_path=found[0], args=list(FLAGS))
        try:
            yield Glass(browser, desk)
        finally:
            browser.close()
