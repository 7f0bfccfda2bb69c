"""The bars of a PC's last beats: late is only what somebody saw to be late."""

from __future__ import annotations

from onbam.claims.machines import Life, Peer
from onbam.web.views.fleet import BEATS, Beats

MINUTE = 60_000


def peer(beat_at_ms: int) -> Peer:
    """A PC that promises a beat every minute."""
    return Peer("a", "a/agent", "a/agent/1", "PC-A", "10.0.0.1", "1", 1, Life.ALIVE, "", 0, beat_at_ms, beat_at_ms + MINUTE)


def test_a_pc_nobody_watched_for_an_hour_is_not_called_late() -> None:
    """The page was closed: what came meanwhile is not known, and the beats that were seen were on time."""
    beats = Beats()
    for at_ms in (0, 50_000, 3_600_000, 3_650_000):
        beats.look([peer(at_ms)], at_ms + 1000)
    assert beats.of("a/agent") == [None] * (BEATS - 3) + [0, None, 0]


def test_a_beat_that_was_waited_for_is_late() -> None:
    """Somebody looked after the promise and it had not come; the next one is on time again."""
    beats = Beats()
    for beat_at_ms, now_ms in ((0, 1000), (0, 90_000), (95_000, 96_000), (150_000, 151_000)):
        beats.look([peer(beat_at_ms)], now_ms)
    assert beats.of("a/agent")[-2:] == [1, 0]
