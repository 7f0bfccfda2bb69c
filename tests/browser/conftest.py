"""A real Chromium in front of a real desk.

For: the tests of this folder.
Promises: one browser and one served night for all of them (one for each of the processes that share them); each test its own
context, logged in where it asks for it; whatever a page complains about in its console fails the test that saw it.
Refuses: another host: a request to one fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from support import parts
from support.desk_server import Served, served
from support.long_first import in_the_order_found, long_first
from support.stage import PASSWORD, night, people

SIZES = {"desktop": (1440, 900), "tablet": (820, 1180), "phone": (390, 844), "small": (360, 740), "wide": (2560, 1300)}
LONG = ("pages", "desk_acts", "acting")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
BEGUN = """() => matchMedia("(scripting: none)").matches || !document.querySelector("script[data-src]") || !!window.htmx"""
"""The desk's own script begins after the first picture: by then a browser has called the page loaded."""
PATIENCE_MS = 60_000
"""Generous, for a machine with much to do: only a test that fails ever waits so long."""
expect.set_options(timeout=PATIENCE_MS)
UNHURRIED = """(() => { const real = window.setTimeout, long = 5000;
window.setTimeout = (then, ms, ...more) => real(then, ms >= long ? 20 * ms : ms, ...more); })()"""
"""What a page shows a person for some seconds, and what it waits some seconds for, lasts longer here: who looks is a program
that may not be given the processor for as long."""
EXPECTED = (
    "Failed to load resource",
    "htmx: htmx:error: Failed to fetch",
    "htmx: htmx:sse:error: Failed to fetch",
    "htmx: htmx:sse:error: network error",
)
"""Said by the browser about answers a test asked for (404, 409, a server that was stopped)."""


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is shared."""
    in_the_order_found(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first."""
    long_first(items, Path(__file__).parent, LONG)


@dataclass
class Look:
    """A browser window."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the desk and wait until it is there."""
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_load_state("load")
        return self.begun()

    def begun(self) -> Page:
        """The page that is there hears keys: its script begins after its first picture."""
        self.page.wait_for_function(BEGUN)
        return self.page

    doors: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    """What opened the desk before, by desk and person: a password is made to be slow."""

    def log_in(self, name: str = "kim", *, anew: bool = False) -> Look:
        """Come in: through the page the first time, and for a test that will log out again."""
        known = self.doors.get((self.address, name))
        if known and not anew:
            self.context.add_cookies(known)
            return self
        self.go("/login")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("button.first")
        self.page.wait_for_url(lambda url: "/login" not in url)
        if not anew:
            opened = [cookie for cookie in self.context.cookies() if cookie.get("httpOnly")]
            self.doors[self.address, name] = opened
        return self


Open = Callable[..., Look]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run."""
    path = parts.path("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A night, served."""
    told = night(tmp_path_factory.mktemp("night"), step=25)
    people(told)
    with served(told) as at:
        yield at
    told.onbam.close()


@pytest.fixture(scope="session")
def doors() -> dict[tuple[str, str], list[Any]]:
    """Sessions, once for the run."""
    return {}


@pytest.fixture
def look(chromium: Browser, desk: Served, doors: dict[tuple[str, str], list[Any]]) -> Iterator[Open]:
    """Opens windows; at the end none of them may have complained."""
    opened: list[Look] = []

    def open_one(size: str = "desktop", lang: str = "ko", theme: str = "day", address: str = "", **more: object) -> Look:
        made = _opened(chromium, address or desk.address, size, lang, theme, **more)
        made.doors = doors
        opened.append(made)
        return made

    yield open_one
    for one in opened:
        one.context.close()
    assert [text for one in opened for text in one.complaints] == []
    assert [url for one in opened for url in one.foreign] == []


def _opened(browser: Browser, address: str, size: str, lang: str, theme: str, **more: object) -> Look:
    width, height = SIZES[size]
    small = size in ("phone", "small")
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="ko-KR" if lang == "ko" else "en-US",
        timezone_id="Asia/Seoul",
        color_scheme="dark" if theme == "night" else "light",
        has_touch=small,
        is_mobile=small,
        **more,  # type: ignore[arg-type]
    )
    context.add_cookies(
        [{"name": "onbam_lang", "value": lang, "url": address}, {"name": "onbam_theme", "value": theme, "url": address}]
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(UNHURRIED)
    look = Look(context.new_page(), context, address)
    look.page.on("console", lambda message: _heard(look, message.type, message.text))
    look.page.on("pageerror", lambda error: look.complaints.append(str(error)))
    look.page.on("dialog", lambda dialog: look.complaints.append(f"a dialog: {dialog.message}"))
    look.page.on("request", lambda request: _asked(look, request))
    return look


def _heard(look: Look, kind: str, text: str) -> None:
    if kind in ("error", "warning") and not text.startswith(EXPECTED):
        look.complaints.append(text)


def _asked(look: Look, request: Request) -> None:
    host = urlsplit(request.url)
    if host.scheme in ("http", "https") and host.netloc != urlsplit(look.address).netloc:
        look.foreign.append(request.url)
