"""The shop's manners from its settings.

For: the composition root, `onbam notices`.
Promises: what is written wrong is named with its setting.
Refuses: nothing more.
"""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from onbam.kernel.errors import Misconfigured
from onbam.notices import words as say
from onbam.notices.letters import Manners, Quiet
from onbam.notices.settings import NoticeSettings


def manners_of(chosen: NoticeSettings, zone: ZoneInfo) -> Manners:
    """When this shop wants to hear of something."""
    return Manners(
        zone,
        _quiet(chosen.quiet),
        _digest(chosen.digest_at),
        chosen.tell_resolved,
        int(chosen.again_minutes * 60_000),
        int(chosen.remind_hours * 3_600_000),
        int(chosen.give_up_hours * 3_600_000),
    )


def _quiet(text: str) -> Quiet | None:
    if not text.strip():
        return None
    begins, dash, ends = (part.strip() for part in text.partition("-"))
    first, last = _time(begins), _time(ends)
    if not dash or first is None or last is None or first == last:
        raise Misconfigured(say.BAD_QUIET(text=text), say.BAD_QUIET_HINT)
    return Quiet(first, last)


def _digest(text: str) -> time | None:
    if not text.strip():
        return None
    at = _time(text.strip())
    if at is None:
        raise Misconfigured(say.BAD_DIGEST(text=text), say.BAD_DIGEST_HINT)
    return at


def _time(text: str) -> time | None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is None else None
