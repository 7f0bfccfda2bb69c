"""Makes the pictures of the README and the documentation from a real desk.

For: `python scripts/screenshots.py`, by whoever changed a page; each picture is looked at before it is committed.
Promises: a night told to the real stores (claims, ledger, evidence, registry, errands, journal) and served as `onbam web run`
serves it; by day and by night, on a desk and on a phone; small files, made small by the browser itself.
Refuses: figures drawn by hand: what is on a picture was read from the database of that night.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402 -- after the path

from onbam.care.errands.carrier import Carrier  # noqa: E402
from onbam.care.errands.model import Do  # noqa: E402
from support import parts  # noqa: E402
from support.desk_server import Served, served  # noqa: E402
from support.stage import PASSWORD, Stage, night, pc, people  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DESK, PHONE = (1280, 860), (390, 844)
QUALITY = 0.86
BEATS = 61
AS_WEBP = """async ([png, quality]) => {
  const picture = new Image(); picture.src = "data:image/png;base64," + png; await picture.decode();
  const canvas = document.createElement("canvas"); canvas.width = picture.width; canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    path: str
    theme: str = "day"
    size: tuple[int, int] = DESK
    lang: str = "ko"


SHOTS = (
    Shot("today-night", "/", "night"),
    Shot("today-day-en", "/", lang="en"),
    Shot("today-night-en", "/", "night", lang="en"),
    Shot("order-en", "/orders/{order}", lang="en"),
    Shot("board", "/board", "night"),
    Shot("machine", "/machines/PC-C"),
    Shot("settings", "/settings?show=editable"),
    Shot("phone-today", "/", "night", PHONE),
    Shot("phone-needs-you", "/needs-you", "night", PHONE),
)


def main(target: Path) -> int:
    """All of them."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        told = night(Path(folder))
        people(told)
        order = told.onbam.desk.needs_you()[0].item.key
        with served(told) as at, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=parts.path("chromium"), args=["--no-sandbox", "--disable-gpu"])
            beaten(told)
            for shot in SHOTS:
                told.at(8, 29, 56)
                shoot(browser, at, target / f"{shot.name}.webp", shot, order)
            browser.close()
        told.onbam.close()
    return 0


def beaten(told: Stage) -> None:
    """The last minutes: a beat of each PC every three seconds, two of PC-C's too late, and PC-C asked for a fresh process."""
    told.at(8, 26, 40)
    told.beat(pc("A", 1), pc("B", 1), pc("C", 2), due_s=12)
    for n in range(BEATS):
        told.at(8, 26, 48)
        told.clock.advance(3 * n)
        for agent, due_s in ((pc("A", 1), 5), (pc("B", 1), 5), (pc("C", 2), 2 if n in (40, 41) else 5)):
            told.beat(agent, due_s=40 if n == BEATS - 1 else due_s)
    told.at(8, 27)
    onbam = told.onbam
    onbam.errands.ask("PC-C-7k2c", Do.RESTART, "agent", who="person:lee", why="느려져서")
    up = {"processes": [{"name": "agent", "state": "up"}], "done": ["agent"]}
    there = Carrier(onbam.errands, "PC-C-7k2c", lambda _: up, lambda _do, _what: "[]")
    there.step(onbam.clock.now())
    told.clock.advance(9)
    there.step(onbam.clock.now())
    told.at(8, 29, 55)


def enter(page: Page, at: Served) -> None:
    """As a person does."""
    page.goto(f"{at.address}/login")
    page.fill("input[name=name]", "kim")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.first")
    page.wait_for_url(lambda url: "/login" not in url)


def shoot(browser: Browser, at: Served, file: Path, shot: Shot, order: str) -> None:
    """One picture."""
    phone = shot.size == PHONE
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        locale="ko-KR" if shot.lang == "ko" else "en-US",
        timezone_id="Asia/Seoul",
        color_scheme="dark" if shot.theme == "night" else "light",
        device_scale_factor=2 if phone else 1.5,
        is_mobile=phone,
        has_touch=phone,
    )
    context.add_cookies([{"name": "onbam_lang", "value": shot.lang, "url": at.address}])
    page = context.new_page()
    enter(page, at)
    page.goto(f"{at.address}{shot.path.format(order=order)}")
    page.wait_for_load_state("networkidle") if "settings" in shot.path else page.wait_for_selector("#fresh[data-state=live]")
    for frame in page.frames[1:]:
        frame.wait_for_load_state("load")
    png = base64.b64encode(page.screenshot()).decode()
    page.goto("about:blank")
    file.write_bytes(base64.b64decode(page.evaluate(AS_WEBP, [png, QUALITY])))
    print(file, file.stat().st_size)
    context.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) == 2 else PICTURES))
