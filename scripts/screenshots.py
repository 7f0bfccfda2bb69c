"""Makes the pictures of the README and the documentation from a real desk.

For: `python scripts/screenshots.py`, by whoever changed a page; each picture is looked at before it is committed.
Promises: a night told to the real stores (claims, ledger, evidence, registry, journal) and served as `onbam web run` serves it;
by day and by night, on a desk and on a phone.
Refuses: figures drawn by hand: what is on a picture was read from the database of that night.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402 -- after the path

from support import parts  # noqa: E402
from support.desk_server import Served, served  # noqa: E402
from support.stage import PASSWORD, night, people  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DESK, PHONE = (1280, 860), (390, 844)
SHOTS = (
    ("today-day", "/", "day", DESK),
    ("today-night", "/", "night", DESK),
    ("order", "/orders/{order}", "day", DESK),
    ("board", "/board", "night", DESK),
    ("phone", "/needs-you", "night", PHONE),
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
            for name, path, theme, size in SHOTS:
                shoot(browser, at, target / f"{name}.png", path.format(order=order), theme, size)
            browser.close()
        told.onbam.close()
    return 0


def shoot(browser: Browser, at: Served, file: Path, path: str, theme: str, size: tuple[int, int]) -> None:
    """One picture."""
    phone = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="ko-KR",
        timezone_id="Asia/Seoul",
        color_scheme="dark" if theme == "night" else "light",
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
    )
    page = context.new_page()
    page.goto(f"{at.address}/login")
    page.fill("input[name=name]", "kim")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.first")
    page.goto(f"{at.address}{path}")
    page.wait_for_selector("#fresh[data-state=live]")
    page.screenshot(path=file)
    print(file)
    context.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) == 2 else PICTURES))
