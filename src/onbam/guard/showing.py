"""What people are told of a program: one word for its state, and the figures behind it.

For: `ps`, the dashboard, the note for the next guard.
Promises: plain values, as JSON has them; the verdict is that of the moment of asking.
Refuses: to change anything.
"""

from __future__ import annotations

from typing import Any

from onbam.guard.model import State
from onbam.guard.program import Program
from onbam.guard.replacing import SETTLED_S
from onbam.guard.runs import Run
from onbam.guard.tending import Tending
from onbam.kernel.words import Said


def state(tending: Tending, program: Program) -> State:
    """One word for it."""
    run = program.run
    if program.take_over is not None:
        return "renewing"
    if run is not None:
        if run.ending is not None:
            return "stopping"
        return "starting" if _is_new(program, run, tending.now_s()) else "up"
    if program.wish == "up" and program.spec is None and program.misread is not None:
        return "misconfigured"
    if program.wish != "up" or program.spec is None or not program.spec.enabled:
        return "off"
    if tending.against(program) is not None:
        return "rest"
    if program.wrong is not None:
        return "misconfigured"
    return "slow" if program.ends.slow else "again"


def _is_new(program: Program, run: Run, now_s: float) -> bool:
    """Whether it has not shown yet that it works; one that says nothing about itself shows it by staying."""
    verdict = program.verdict
    if verdict is None or verdict.life == "starting":
        return True
    return verdict.life == "silent" and now_s - run.began_s < SETTLED_S and not run.adopted


def _why(program: Program) -> Said | None:
    """What happened to it last, or what is wrong with it."""
    return program.wrong or (program.misread if program.spec is None else None) or program.why


def shown(tending: Tending, program: Program, now_s: float) -> dict[str, Any]:
    """Everything `ps` tells of it."""
    run, verdict = program.run, program.verdict
    beat = run.beat() if run is not None else None
    if run is not None and run.ending is None:
        verdict = tending.verdict(run.spec, run, now_s, program.learned)
    lane = verdict.lane if verdict else None
    return {
        "name": program.name,
        "state": state(tending, program),
        "life": verdict.life if verdict else None,
        "step": lane.step if lane else "",
        "item": lane.item if lane else "",
        "thread": lane.thread if lane else "",
        "pid": run.pid if run else None,
        "since": run.began.isoformat(timespec="seconds") if run else None,
        "up_s": round(now_s - run.began_s, 1) if run else None,
        "silence_s": round(verdict.silence_s, 1) if verdict else None,
        "limit_s": round(verdict.limit_s, 1) if verdict else None,
        "beat_age_s": round(max(0.0, now_s - max(one.mono_s for one in beat.lanes)), 1) if beat and beat.lanes else None,
        "errors": beat.errors if beat else 0,
        "stats": dict(beat.stats) if beat else {},
        "usual_s": {**program.learned, **(beat.usual_s if beat else {})},
        "restarts": program.restarts,
        "again_in_s": round(max(0.0, program.again_s - now_s), 1) if program.again_s is not None and run is None else None,
        "why": why.both() if (why := _why(program)) is not None else None,
        "wish": program.wish,
        "adopted": run.adopted if run else False,
    }
