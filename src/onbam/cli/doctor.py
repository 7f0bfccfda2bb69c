"""`onbam doctor`: how everything is, and what to do about what is not.

For: people when something is odd, scripts and the daily check.
Promises: each line ok, warn or bad with its fix; works with unreadable settings; exit code 1 when something is bad.
Refuses: to mend by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from onbam.cli import care_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.frame import command, json_option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK, OnbamError

if TYPE_CHECKING:
    from rich.console import Console

    from onbam.kernel.checks import Finding

COLORS: Final = {"ok": "green", "warn": "yellow", "bad": "red"}


@command(words.DOCTOR, name="doctor")
@json_option
@pass_app
def doctor(app: App) -> int:
    """Look at everything."""
    from onbam.care.doctor import as_data, worst

    findings = looked(app)
    state = worst(findings)

    def draw(console: Console) -> None:
        from rich.text import Text

        width = max((len(finding.name) for finding in findings), default=0)
        for finding in findings:
            line = Text(f"{app.words(say.STATE[finding.state]):<5}", style=COLORS[finding.state])
            line.append(f"{finding.name:<{width}} ", style="bold")
            line.append(app.onbam.redactor.text(app.words(finding.text)), style="default")
            console.print(line)
            if finding.fix is not None:
                console.print(f"      → {app.onbam.redactor.text(app.words(finding.fix))}", markup=False)
        count = sum(finding.state == state for finding in findings)
        console.print(app.words((say.SUM_ONE if count == 1 else say.SUM)[state](count=count)), style=f"bold {COLORS[state]}")

    app.emit(as_data(findings, app.onbam.redactor), draw)
    return EXIT_FAILED if state == "bad" else EXIT_OK


def looked(app: App) -> list[Finding]:
    """What the checks found; within the limit of the settings, or of their default when they cannot be read."""
    from onbam.care.doctor import examine
    from onbam.care.settings import CareSettings

    try:
        limit = app.onbam.settings.care.check_limit_s
    except OnbamError:
        limit = CareSettings().check_limit_s
    with app.progress(say.CHECKING, None):
        return examine(app.onbam.checks(), limit, app.onbam.clock)
