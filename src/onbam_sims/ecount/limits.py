"""How often one may call: the windows, the daily and hourly counters, and the ban for failing at the door.

For: the simulated ERP.
Promises: every figure the service publishes, on the simulator's clock, made shorter by `time_scale` for a demo with no
time; what a reply says about the counters is the truth.
Refuses: a call inside a window, the 5,001st of a day, any call after 30 failures in a row within an hour, any caller after ten
failed zone or log-in calls.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Final

WINDOWS_S: Final = {"zone": 600.0, "login": 600.0, "list": 600.0, "view": 1.0, "save": 10.0}
"""The least time between two calls of a kind, as published."""
PER_DAY: Final = 5000
FAILURES_PER_HOUR: Final = 30
FAILURES_UNTIL_BAN: Final = 10
HOUR_S: Final = 3600.0
DAY_S: Final = 86400.0
CLOCK_GRAIN_S: Final = 0.001
"""Two clocks of one machine may differ by a rounding."""


@dataclass(slots=True)
class Limits:
    """The counters of one company and the callers it was called from."""

    time_scale: float = 1.0
    per_day: int = PER_DAY
    failures_per_hour: int = FAILURES_PER_HOUR
    _last: dict[str, float] = field(default_factory=dict)
    _failures: deque[float] = field(default_factory=deque)
    _today: Counter[int] = field(default_factory=Counter)
    _at_the_door: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """Calls turned away, by window."""

    def too_soon(self, window: str, now: float, *, name: str = "") -> bool:
        """Whether a call must be turned away; when not, it counts."""
        key = f"{window}:{name}"
        spacing = WINDOWS_S[window] / self.time_scale
        last = self._last.get(key)
        self._forget(now)
        if last is not None and now - last < spacing - CLOCK_GRAIN_S:
            self.refused[window] += 1
            return True
        if window not in ("zone", "login") and self._spent(now):
            self.refused["quota"] += 1
            return True
        self._last[key] = now
        if window not in ("zone", "login"):
            self._today[int(now // DAY_S)] += 1
        return False

    def taken_back(self, window: str, *, name: str = "") -> None:
        """A failed call at the door does not open the ten-minute window: one can fail there as fast as one likes."""
        self._last.pop(f"{window}:{name}", None)

    def _spent(self, now: float) -> bool:
        return len(self._failures) >= self.failures_per_hour or self._today[int(now // DAY_S)] >= self.per_day

    def _forget(self, now: float) -> None:
        while self._failures and now - self._failures[0] > HOUR_S / self.time_scale:
            self._failures.popleft()

    def failed(self, now: float) -> None:
        """A call that was wrong."""
        self._failures.append(now)

    def succeeded(self) -> None:
        """Failures count in a row only."""
        self._failures.clear()

    def failed_at_the_door(self, caller: str) -> None:
        """A zone or log-in call that was wrong; the tenth closes the door for this caller."""
        self._at_the_door[caller] += 1

    def banned(self, caller: str) -> bool:
        """Whether this caller's address is blocked."""
        return self._at_the_door[caller] >= FAILURES_UNTIL_BAN

    def pardon(self) -> None:
        """The company's master unblocks everybody."""
        self._at_the_door.clear()

    def quantity_info(self, now: float) -> str:
        """The counters in the words of a reply."""
        today = self._today[int(now // DAY_S)]
        failures = f"시간당 연속 오류 제한 건수 : {len(self._failures)}/{self.failures_per_hour}건"
        return f"{failures}, 1일 허용량 : {today}/{self.per_day}건"

    def as_json(self, now: float) -> dict[str, Any]:
        """For `/_sim/state`."""
        return {
            "time_scale": self.time_scale,
            "windows_s": {name: s / self.time_scale for name, s in WINDOWS_S.items()},
            "today": self._today[int(now // DAY_S)],
            "failures_in_a_row": len(self._failures),
            "failed_at_the_door": dict(self._at_the_door),
            "banned": sorted(c for c in self._at_the_door if self.banned(c)),
            "turned_away": dict(self.refused),
        }
