"""A history told in short lines: when, who, what, what came of it. Made smaller first, as far as it still goes wrong.

For: whoever has to understand a seed that broke a rule.
Promises: what does not belong to the order in question is left out; faults stand where they struck; the smaller history is a
real one, run and judged like the first.
Refuses: to explain. It shows; the reader concludes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from onbam.claims.asks import Command, Denied, Ending, Grant, Lost, New, NotAllowed, Progress, Renewed, TooShort
from onbam.claims.model import Agent, Fence, Item, Ref
from onbam.claims.ports import Filter, Page
from onbam.effects.model import Done, Doubt, Effect, Try, Word
from onbam.effects.ports import Intended
from onbam.notices.model import Cause, Notice
from onbam.simulate.history import Outcome
from onbam.simulate.plan import Plan
from onbam.simulate.ports import Told
from onbam.simulate.world import KIND

RUNS_MAX: Final = 60
"""How many smaller histories are tried."""
LINES_MAX: Final = 400
MOMENT: Final = 11
"""Letters of the time at the beginning of a line."""
ORDER: Final = re.compile(r"\b2601\d{6}\b")

Run = Callable[[Plan], Outcome]


def smaller(outcome: Outcome, run: Run) -> Outcome:
    """The same kind of violation with less going wrong, when that is cheap to find."""
    broken = {violation.rule for violation in outcome.violations}
    best, runs = outcome, 0
    changed = True
    while changed and runs < RUNS_MAX:
        changed = False
        for plan in _less(best):
            runs += 1
            tried = run(plan)
            if broken & {violation.rule for violation in tried.violations}:
                best, changed = tried, True
                break
            if runs >= RUNS_MAX:
                break
    return best


def _less(outcome: Outcome) -> Iterator[Plan]:
    """Plans with one thing less, the greater cuts first."""
    plan = outcome.plan
    if plan.agents > 2:
        yield replace(plan, agents=plan.agents - 1)
    if plan.orders > 1:
        yield replace(plan, orders=plan.orders - 1)
    for fault in sorted(plan.faults):
        yield replace(plan, faults=plan.faults - {fault})
    for name in dict.fromkeys(name for _, name, _, _ in outcome.happened if name):
        yield replace(plan, without=plan.without | {name})


def told(outcome: Outcome) -> str:
    """The story."""
    plan = outcome.plan
    about = {key for violation in outcome.violations for key in ORDER.findall(violation.about)}
    faults = ", ".join(sorted(fault.value for fault in plan.faults)) or "none"
    lines = [
        f"seed {plan.seed}: {plan.agents} PCs, {plan.orders} orders, rate {plan.rate}, prover {'yes' if plan.prover else 'no'}",
        f"faults: {faults}",
        *(f"left out: {name}" for name in sorted(plan.without)),
        "",
    ]
    body = list(_without_repeats(outcome.record, about))
    if len(body) > LINES_MAX:
        body = [f"  … {len(body) - LINES_MAX} lines before …", *body[-LINES_MAX:]]
    return "\n".join([*lines, *body, "", *(f"BROKEN {v.rule.value}: {v.about}" for v in outcome.violations)])


def _without_repeats(record: Sequence[Told], about: set[str]) -> Iterator[str]:
    """The lines; what a process says again and again is said once."""
    last: dict[str, str] = {}
    for entry in record:
        line = _line(entry, about)
        if line is not None:
            said = line[MOMENT:]
            if last.get(entry.who) != said or entry.fault:
                yield line
            last[entry.who] = said


def _line(entry: Told, about: set[str]) -> str | None:
    """One call, if it is about the orders in question."""
    asked, answered = _shown(entry.args), _answer(entry.answer)
    port, _, call = entry.what.partition(".")
    if entry.who != "world" and about and not any(key in asked or key in answered for key in about) and not entry.fault:
        return None
    if port == "google" and not entry.fault:
        return None
    if call in ("read", "find") and port in ("look", "store") and not entry.fault:
        return None
    mark = f"   ⚡ {entry.fault}" if entry.fault else ""
    if entry.who == "world":
        return f"{entry.at_s:9.2f}  ⚡ {entry.what}"
    return f"{entry.at_s:9.2f}  {entry.who:7} {entry.what}({_cut(asked)}) → {_cut(answered)}{mark}"


def _cut(text: str, most: int = 110) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _answer(answer: Any) -> str:
    if isinstance(answer, BaseException):
        name = type(answer).__name__
        return "dies" if name == "Crashed" else f"{name}"
    return _shown(answer)


def _shown(value: Any) -> str:  # noqa: C901, PLR0912 -- one line for each kind of thing that is asked or answered
    """A value in few letters."""
    match value:
        case None:
            return "—"
        case str():
            return value if len(value) < 40 else value[:39] + "…"
        case Ref(kind=kind, key=key):
            return key if kind == KIND else f"{kind}:{key}"
        case Fence(ref=ref, token=token):
            return f"{ref.key}/{token}"
        case Agent():
            return ""
        case Grant(item=item, remaining_ms=left):
            return f"granted {item.key}/{item.token} for {left / 1000:.0f}s"
        case Denied(ref=ref, why=why):
            return f"{ref.key} {why.value}"
        case Lost(fence=fence, why=why):
            return f"LOST {_shown(fence)} {why.value}"
        case Renewed(fence=fence, remaining_ms=left):
            return f"renewed {_shown(fence)} for {left / 1000:.0f}s"
        case TooShort(fence=fence, remaining_ms=left):
            return f"too short {_shown(fence)} {left / 1000:.0f}s"
        case Progress(fence=fence, phase=phase, step=step):
            return f"{_shown(fence)} {phase.value if phase else step or ''}"
        case Ending(fence=fence, state=state, receipt=receipt):
            return f"{_shown(fence)} {state.value} {receipt}".rstrip()
        case Command(ref=ref, act=act, who=who):
            return f"{ref.key} {act.value} by {who}"
        case NotAllowed(ref=ref, why=why):
            return f"{ref.key} not allowed: {why.value}"
        case New(ref=ref):
            return ref.key
        case Item(key=key, state=state, phase=phase, token=token):
            return f"{key}/{token} {phase.value if phase else state.value}"
        case Page(items=items):
            return _shown(items)
        case Filter():
            return ",".join(state.value for state in value.states)
        case Try(key=key, number=number, token=token, outcome=outcome, verdict=verdict):
            return f"try {number} of {key}/{token}: {outcome.value}" + (f", {verdict.value}" if verdict else "")
        case Intended(one=one) | Doubt(about=one) | Done(proof=one):
            return f"{type(value).__name__.lower()} {_shown(one)}"
        case Effect(key=key) | Cause(key=key) | Notice(key=key):
            return key
        case Word(key=key, verdict=verdict, who=who):
            return f"{key} {verdict.value} by {who}"
        case dict():
            return ", ".join(f"{k}={_shown(v)}" for k, v in value.items())
        case Sequence():
            return ", ".join(text for text in map(_shown, value) if text)
        case _:
            return str(value)
