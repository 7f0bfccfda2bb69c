"""Moments and figures as people read them.

For: templates.
Promises: every moment carries its full form with the zone for whoever points at it; ages are words the page keeps current by
itself; figures have their separators.
Refuses: to guess a zone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup, escape

from onbam.web import words as say
from onbam.web.seen import Seen

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000


def full(seen: Seen, at_ms: int) -> str:
    """To the second, with the zone."""
    return seen.local(at_ms).strftime("%Y-%m-%d %H:%M:%S %Z")


def clock(seen: Seen, at_ms: int | None, *, seconds: bool = False) -> Markup:
    """The time of day; with the day when it is not today."""
    if at_ms is None:
        return Markup("")
    local, today = seen.local(at_ms), seen.local(seen.now_ms).date()
    form = "%H:%M:%S" if seconds else "%H:%M"
    days = (today - local.date()).days
    if days == 0:
        shown = local.strftime(form)
    elif days == 1:
        shown = f"{seen.t(say.YESTERDAY)} {local.strftime(form)}"
    elif days == -1:
        shown = f"{seen.t(say.TOMORROW)} {local.strftime(form)}"
    else:
        shown = local.strftime(f"%m-%d {form}" if local.year == seen.local(seen.now_ms).year else f"%Y-%m-%d {form}")
    return _time(seen, at_ms, shown)


def ago(seen: Seen, at_ms: int | None) -> Markup:
    """How long ago; the page goes on counting."""
    return Markup("") if at_ms is None else _time(seen, at_ms, age(seen, seen.now_ms - at_ms), counting="ago")


def left(seen: Seen, at_ms: int | None) -> Markup:
    """How long until; the page goes on counting."""
    return Markup("") if at_ms is None else _time(seen, at_ms, span(seen, at_ms - seen.now_ms), counting="left")


def _time(seen: Seen, at_ms: int, shown: str, counting: str = "") -> Markup:
    iso = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")
    data = f' data-{counting}="{at_ms}"' if counting else ""
    return Markup(f'<time datetime="{iso}" title="{escape(full(seen, at_ms))}"{data}>{escape(shown)}</time>')  # noqa: S704 -- escaped here


def age(seen: Seen, ms: int) -> str:
    """`3초 전`."""
    return seen.t(say.JUST_NOW) if ms < 1000 else seen.t(say.AGO, span=span(seen, ms))


def span(seen: Seen, ms: int) -> str:
    """A length of time in its largest unit; two for hours."""
    s = max(0, ms) // 1000
    if s < 60:
        return seen.t(say.SECONDS, n=s)
    if s < 3600:
        return seen.t(say.MINUTES, n=s // 60)
    if s < 86_400:
        return seen.t(say.HOURS, n=s // 3600)
    return seen.t(say.DAYS, n=s // 86_400)


def exact_span(seen: Seen, ms: int) -> str:
    """`1분 12초`."""
    s = max(0, ms) // 1000
    if s < 60:
        return seen.t(say.SECONDS, n=s)
    if s < 3600:
        return seen.t(say.MINUTES_SECONDS, m=s // 60, s=s % 60) if s % 60 else seen.t(say.MINUTES, n=s // 60)
    return seen.t(say.HOURS_MINUTES, h=s // 3600, m=s % 3600 // 60) if s % 3600 >= 60 else seen.t(say.HOURS, n=s // 3600)


def number(value: float | None) -> str:
    """With separators."""
    return "–" if value is None else f"{value:,}"


def figure(text: str | None) -> str:
    """A document's figure with separators; a question mark where there is none."""
    if text is None:
        return "?"
    whole, dot, part = str(text).partition(".")
    return f"{int(whole):,}{dot}{part}" if whole.removeprefix("-").isdecimal() else str(text)


def size(value: int | None) -> str:
    """Bytes for people."""
    if value is None:
        return "–"
    amount = float(value)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            break
        amount /= 1024
    return f"{amount:,.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
