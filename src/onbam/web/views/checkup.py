"""Help: the check-up, live, and the chapters of trouble.

For: whoever is alone with it at 22:00.
Promises: the same checks as `onbam doctor`, each with its fix.
Refuses: to wait for a check that hangs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from onbam.care.doctor import examine, worst
from onbam.web import house_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen


def build(_: Seen) -> Mapping[str, Any]:
    """The page without the findings: those come when they are there."""
    return {"s": say}


def checked(seen: Seen) -> Mapping[str, Any]:
    """The findings."""
    onbam = seen.house.onbam
    # Whether the port is free is asked before a start; now this very server has it.
    checks = {name: check for name, check in onbam.checks().items() if name != "port"}
    findings = examine(checks, onbam.settings.care.check_limit_s, onbam.clock)
    clean = onbam.redactor.text
    rows = [
        (
            seen.t(say.CHECKS.get(f.name, f.name)),
            f.state,
            clean(f.text.to(seen.lang)),
            clean(f.fix.to(seen.lang)) if f.fix else "",
        )
        for f in findings
    ]
    order = {"bad": 0, "warn": 1, "ok": 2}
    return {"s": say, "findings": sorted(rows, key=lambda row: order[row[1]]), "sum": worst(findings)}


PAGE: Final = Page("help", "/help", words.HELP, build, live=False)
