"""The shop's manners from its settings.

For: the composition root, `onbam notices`.
Promises: what is written wrong is named with its setting.
Refuses: nothing more.
"""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from onbam.kernel.errors import Misconfigured
from onbam.kernel.forms import stretch_of, time_of
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
    stretch = stretch_of(text)
    if stretch is None:
        raise Misconfigured(say.BAD_QUIET(text=text), say.BAD_QUIET_HINT)
    return Quiet(*stretch)


def _digest(text: str) -> time | None:
    if not text.strip():
        return None
    at = time_of(text)
    if at is None:
        raise Misconfigured(say.BAD_DIGEST(text=text), say.BAD_DIGEST_HINT)
    return at
