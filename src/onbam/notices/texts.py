"""Turns notices into messages: pure.

For: the postman, the digest, `onbam notices test`.
Promises: a notice's own title and advice stand first, word for word; then how bad, how often, since when, and where to look; in
one language, without secrets (`clean` is the last step).
Refuses: to hide anything of a bundle: what does not fit is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from onbam.kernel.words import Lang, Said
from onbam.notices import words as say
from onbam.notices.channels.model import Message, Tone
from onbam.notices.letters import RANK, Letter, Sort
from onbam.notices.model import Notice, Severity

BUNDLE_MAX: Final = 50
"""So many lines of a bundle or a digest are written out."""
_TONES: Final[dict[Severity, Tone]] = {Severity.INFO: "info", Severity.WARN: "warn", Severity.URGENT: "urgent"}


@dataclass(frozen=True, slots=True)
class Writer:
    """How this shop's messages are written."""

    lang: Lang
    zone: ZoneInfo
    clean: Callable[[str], str]
    link_base: str = ""

    def letter(self, letter: Letter, notice: Notice) -> Message:
        """One notice."""
        if letter.sort is Sort.RESOLVED:
            return self._message(self._said(say.RESOLVED(title=notice.title[self.lang])), [self._lasted(notice)], "good")
        lines = [notice.advice[self.lang], "", self._met(notice)]
        lines += [self.link_base.rstrip("/") + notice.link] if self.link_base and notice.link else []
        return self._message(notice.title[self.lang], lines, _TONES[notice.severity])

    def bundle(self, pairs: Sequence[tuple[Letter, Notice]]) -> Message:
        """Many at once: the worst first, each on its line."""
        ordered = sorted(pairs, key=lambda pair: (pair[0].sort is Sort.RESOLVED, -RANK[pair[1].severity], pair[0].id))
        lines = [self._line(notice, resolved=letter.sort is Sort.RESOLVED) for letter, notice in ordered]
        worst = max(
            (notice.severity for letter, notice in pairs if letter.sort is not Sort.RESOLVED),
            key=RANK.__getitem__,
            default=None,
        )
        return self._message(self._said(say.BUNDLE(count=len(pairs))), self._some(lines), _TONES[worst] if worst else "good")

    def digest(self, day: str, notices: Sequence[Notice], since_ms: int, more: Sequence[Said]) -> Message:
        """The day in a page: what the house says of itself, what is open, what is over."""
        still = sorted((n for n in notices if n.open), key=lambda n: (-RANK[n.severity], n.id))
        over = [n for n in notices if not n.open and (n.resolved_at_ms or 0) >= since_ms]
        lines = [self._said(line) for line in more]
        lines += [""] if lines else []
        lines += [self._said(say.DIGEST_OPEN(count=len(still)) if still else say.DIGEST_CALM())]
        lines += self._some([self._line(notice) for notice in still])
        if over:
            lines += [
                "",
                self._said(say.DIGEST_OVER(count=len(over))),
                *self._some([self._line(n, resolved=True) for n in over]),
            ]
        return self._message(self._said(say.DIGEST(day=day)), lines, _TONES[still[0].severity] if still else "good")

    def trial(self, machine: str, now: datetime) -> Message:
        """What a person who tests a channel sees."""
        at = now.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")
        return self._message(self._said(say.TEST_TITLE()), [self._said(say.TEST_BODY(machine=machine, at=at))], "info")

    # -- inside ---------------------------------------------------------------------------------------------------------

    def _message(self, title: str, lines: Sequence[str], tone: Tone) -> Message:
        one_line = " ".join(title.split())  # a title is a mail's subject: an end of line would begin another header
        return Message(self.clean(one_line), self.clean("\n".join(lines)), tone)

    def _said(self, said: Said) -> str:
        return said.to(self.lang)

    def _line(self, notice: Notice, *, resolved: bool = False) -> str:
        title = notice.title[self.lang]
        shown = self._said(say.RESOLVED(title=title)) if resolved else title
        return f"- {shown} ({self._met(notice)})"

    def _some(self, lines: list[str]) -> list[str]:
        hidden = len(lines) - BUNDLE_MAX
        return [*lines[:BUNDLE_MAX], self._said(say.BUNDLE_MORE(count=hidden))] if hidden > 0 else lines

    def _met(self, notice: Notice) -> str:
        severity, first = say.SEVERITY[notice.severity], self._at(notice.first_at_ms)
        if notice.count == 1:
            return self._said(say.MET_ONCE(severity=severity, first=first))
        return self._said(say.MET_OFTEN(severity=severity, count=notice.count, first=first, last=self._at(notice.last_at_ms)))

    def _lasted(self, notice: Notice) -> str:
        seconds = ((notice.resolved_at_ms or notice.last_at_ms) - notice.first_at_ms) // 1000
        hours, rest = divmod(seconds, 3600)
        lasted = f"{hours}:{rest // 60:02}:{rest % 60:02}"
        return self._said(say.RESOLVED_BODY(lasted=lasted, count=notice.count, why=notice.resolved_why)).strip()

    def _at(self, at_ms: int) -> str:
        return datetime.fromtimestamp(at_ms / 1000, self.zone).strftime("%m-%d %H:%M")
