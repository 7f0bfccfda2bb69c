"""Does what this PC was asked to do: through the guard of this PC, and nothing else.

For: one service of each PC's programs (several do no harm).
Promises: an errand is done once, by whichever program takes it; one that is older than whoever asked would wait is failed, not
done; the outcome is what the guard then says, also when the program that took it was the one replaced.
Refuses: to end or start a process by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from onbam.care.errands import words as say
from onbam.care.errands.model import DO_LIMIT_MS, LOOKS, Do, Errand, Stage
from onbam.kernel.errors import OnbamError
from onbam.kernel.words import Said, Text, plain, received

LOOK_S: Final = 2.0
BECOMING: Final = frozenset({"starting", "renewing", "stopping", "again"})
TROUBLED: Final = frozenset({"slow", "misconfigured"})
ASKS: Final = {Do.RESTART: "restart", Do.DRAIN: "stop", Do.UP: "up"}
ENDED: Final = {Do.RESTART: say.RESTARTED, Do.DRAIN: say.DRAINED, Do.UP: say.CAME_UP}

AskGuard = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Asked(Protocol):
    """The side of the table this PC needs."""

    def now_ms(self) -> int:
        """The store's clock."""
        ...

    def open(self, machine_id: str) -> Sequence[Errand]:
        """What is still to do."""
        ...

    def take(self, errand: Errand, answer: str = "") -> bool:
        """Ours."""
        ...

    def note(self, errand: Errand, answer: str) -> None:
        """What is known meanwhile."""
        ...

    def end(self, errand: Errand, stage: Stage, answer: str) -> bool:
        """Over."""
        ...


class Carrier:
    """One look after the other."""

    name = "errands"

    def __init__(self, errands: Asked, machine_id: str, ask: AskGuard, look: Callable[[Do, str], str]) -> None:
        """`ask` reaches the guard of this PC; `look` answers what can be seen here, packed."""
        self._errands, self._machine_id, self._ask, self._look = errands, machine_id, ask, look

    def start(self) -> None:
        """Nothing to get ready."""

    def stop(self) -> None:
        """What was taken is ended by the next program that looks."""

    def step(self, now: datetime) -> float:  # noqa: ARG002 -- the store's clock decides what is late
        """Do what was asked, and see what became of what was begun."""
        waiting = self._errands.open(self._machine_id)
        if waiting:
            now_ms = self._errands.now_ms()
            for errand in waiting:
                if errand.stage is Stage.ASKED:
                    self._begin(errand, now_ms)
                else:
                    self._look_after(errand, now_ms)
        return LOOK_S

    def _begin(self, errand: Errand, now_ms: int) -> None:
        if errand.do in LOOKS:  # harmless, however late
            self._errands.end(errand, Stage.DONE, self._look(errand.do, errand.what))
        elif errand.silent(now_ms):
            self._errands.end(errand, Stage.FAILED, both(say.TOO_LATE()))
        elif self._errands.take(errand):
            self._do(replace(errand, stage=Stage.TAKEN))

    def _do(self, errand: Errand) -> None:
        names = [errand.what] if errand.what else []
        try:
            done = self._ask({"do": ASKS[errand.do], "names": names, "who": errand.who, "reason": errand.why})["done"]
        except OnbamError as error:
            self._errands.end(errand, Stage.FAILED, both(error.message, error.hint))
            return
        self._errands.note(errand, both(say.ACCEPTED(names=listed(done)), names=done))

    def _look_after(self, errand: Errand, now_ms: int) -> None:
        """Taken before: how is it now?"""
        names = names_of(errand.answer)
        try:
            programs = [one for one in self._ask({"do": "status"})["processes"] if one["name"] in names]
        except OnbamError as error:
            if now_ms - errand.changed_at_ms > DO_LIMIT_MS:
                self._errands.end(errand, Stage.FAILED, both(error.message, error.hint))
            return
        bad = next((one for one in programs if one["state"] in TROUBLED), None)
        wanted = {"off"} if errand.do is Do.DRAIN else {"up", "rest", "off"}
        if bad is not None:
            why = bad.get("why") or {}
            text = received(str(why.get("ko", "")).strip(), str(why.get("en", "")).strip())
            self._errands.end(errand, Stage.FAILED, both(say.TROUBLED(name=bad["name"], why=text)))
        elif names and all(one["state"] in wanted for one in programs):
            self._errands.end(errand, Stage.DONE, both(ENDED[errand.do](names=listed(names))))
        elif now_ms - errand.changed_at_ms > DO_LIMIT_MS:
            self._errands.end(errand, Stage.FAILED, both(say.NOT_IN_TIME()))


def listed(names: Sequence[str]) -> Said:
    """Names in a sentence."""
    return plain(", ".join(names))() if names else say.NOTHING()


def both(*said: Said | Text, names: Sequence[str] = ()) -> str:
    """An answer as it is kept: both languages, and the programs it is about."""
    texts = {lang: " ".join(filter(None, (one.to(lang) for one in said))) for lang in ("ko", "en")}
    return json.dumps({**texts, "names": list(names)} if names else texts, ensure_ascii=False)


def told(answer: str, lang: str) -> str:
    """An answer in one language."""
    try:
        return str(json.loads(answer).get(lang, ""))
    except (ValueError, AttributeError):
        return ""


def names_of(answer: str) -> list[str]:
    """The programs an answer is about."""
    try:
        return [str(name) for name in json.loads(answer).get("names", [])]
    except (ValueError, AttributeError):
        return []
