"""`onbam demo`: what stands today, shown on this PC within a minute.

For: a newcomer's first minute.
Promises: looks at the PC and lets two agents fight over a hundred orders in a folder of its own that goes away afterwards;
never touches the shop's settings or data; ends well when the promises held, whatever this PC still lacks.
Refuses: sample data dressed up as a shop's. The order robot itself is not here yet, and the demo says so.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from onbam.cli import care_words, words
from onbam.cli import demo_words as say
from onbam.cli.app import App
from onbam.cli.claims import as_checks, draw_check
from onbam.cli.doctor import COLORS, looked
from onbam.cli.frame import command, json_option, pass_app
from onbam.kernel.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from onbam.claims.selftest import Checked


@command(words.DEMO, name="demo")
@json_option
@pass_app
def demo(app: App) -> int:
    """Look at the PC, then let two agents race."""
    from onbam.care.doctor import as_data

    findings = looked(app)
    if not app.as_json:
        app.say(say.THIS_PC)
        for finding in findings:
            app.out.print(f"  [{COLORS[finding.state]}]{app.words(care_words.STATE[finding.state])}[/]", end="  ")
            app.out.print(app.onbam.redactor.text(app.words(finding.text)), markup=False)
        app.say("")
        app.say(say.RACE)
    checks = _race(app)
    held = all(check.passed for check in checks)
    if app.as_json:
        app.emit(
            {"doctor": as_data(findings, app.onbam.redactor), "claims": as_checks(app, checks), "held": held}, lambda _: None
        )
    else:
        app.say("")
        app.say(say.HELD if held else say.BROKEN)
        app.say(say.NEXT)
    return EXIT_OK if held else EXIT_FAILED


def _race(app: App) -> list[Checked]:
    """The self-test of the claims, on a database of its own."""
    from onbam.bootstrap import Onbam
    from onbam.claims.selftest import SelfTest
    from onbam.kernel.ids import new_id

    checks: list[Checked] = []
    with tempfile.TemporaryDirectory(prefix="onbam-demo-") as folder, Onbam(Path(folder), {}) as own:
        for check in SelfTest(own.open_claims, own.clock, new_id(own.clock, own.chance)).run():
            checks.append(check)
            if not app.as_json:
                draw_check(app, check)
    return checks
