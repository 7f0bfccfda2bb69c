"""`onbam check --daily`: what people looked at every morning, in the same words.

For: the morning; scripts that used to run `daily_check.ps1`.
Promises: the three lines first, then each thing on the checklist with its fix; exit code 1 when something is bad.
Refuses: to mend by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onbam.cli import lookback_words as say
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from rich.console import Console


@command(say.CHECK, name="check")
@option("--daily", text=say.DAILY_OPTION, is_flag=True, expose_value=False)
@json_option
@pass_app
def check(app: App) -> int:
    """Look, and tell."""
    from onbam.care.daily import checklist, three_lines
    from onbam.care.doctor import as_data, worst
    from onbam.cli.care_words import STATE
    from onbam.cli.doctor import COLORS

    day = app.onbam.day()
    lines, findings = three_lines(day), checklist(day)

    def draw(console: Console) -> None:
        for line in lines:
            app.say(line)
        console.print()
        for finding in findings:
            mark = f"{app.words(STATE[finding.state]):<5}"
            console.print(f"{mark} {app.words(finding.text)}", style=COLORS[finding.state], markup=False)
            if finding.fix is not None:
                console.print(f"      → {app.words(finding.fix)}", markup=False)

    facts = {
        "at": day.at.isoformat(timespec="seconds"),
        "processes": len(day.pids),
        "pids": list(day.pids),
        "heartbeat_age_s": None if day.beat_age_s is None else round(day.beat_age_s, 1),
        "task": {"name": day.start.name, "state": day.start.says, "active": day.start.active},
        "log": day.log,
        "lock_pid": day.lock_pid,
        "guard_pid": day.guard_pid,
    }
    app.emit({**facts, "lines": [line.both() for line in lines], **as_data(findings, app.onbam.redactor)}, draw)
    return EXIT_FAILED if worst(findings) == "bad" else EXIT_OK
