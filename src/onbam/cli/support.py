"""`onbam support …`: what to send when help is needed.

For: the person who asks for help.
Promises: one file without secrets, made even when the settings cannot be read.
Refuses: to send it anywhere.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onbam.cli import care_words as say
from onbam.cli import words
from onbam.cli.app import App
from onbam.cli.frame import command, group, json_option, option, pass_app
from onbam.kernel.errors import OnbamError

if TYPE_CHECKING:
    from rich.console import Console


@group(words.SUPPORT, name="support")
def support() -> None:
    """Hold the commands below."""


@command(say.SUPPORT_BUNDLE, name="bundle")
@option("--to", "target", text=say.TO_OPTION, type=click.Path(path_type=Path))
@json_option
@pass_app
def bundle(app: App, target: Path | None) -> None:
    """Make the bundle."""
    from onbam.care.bundle import bundle as pack
    from onbam.care.bundle import bundle_name, newest_first, versions
    from onbam.care.doctor import as_data
    from onbam.care.settings import CareSettings
    from onbam.cli.doctor import looked
    from onbam.guard.incidents import FOLDER as INCIDENTS
    from onbam.kernel.app_settings import AppSettings
    from onbam.kernel.logfile import MIB
    from onbam.logs.settings import LogSettings

    onbam = app.onbam
    zone: tzinfo = UTC
    try:
        logs, care, data, config = onbam.settings.logs, onbam.settings.care, onbam.settings.app.data, _config(app)
        zone = onbam.zone
    except OnbamError as error:  # unreadable settings are a reason to ask for help, not to refuse it
        logs, care, data, config = LogSettings(), CareSettings(), AppSettings().data, {"error": error.to("en")}
    facts = {"versions": versions(), "config": config, "doctor": as_data(looked(app), onbam.redactor)}
    folder, limit, kept = app.home / logs.folder, care.bundle_mb * MIB, app.home / data / INCIDENTS
    path = target or app.home / bundle_name(onbam.clock.now(), zone, onbam.host.name)
    size = sum(file.stat().st_size for file, _ in newest_first(folder))
    with app.progress(say.PACKING, 2.0 * min(size, limit)) as advance:  # once to pack, once to look through what was packed
        made = pack(path, folder, facts, redactor=onbam.redactor, limit_bytes=limit, incidents=kept, progress=advance)

    def draw(_: Console) -> None:
        app.say(say.BUNDLED(file=made.path, kib=made.bytes / 1024, count=len(made.members)))
        if made.left_out:
            app.say(say.LEFT_OUT(count=len(made.left_out)))

    told = {"path": str(made.path), "bytes": made.bytes, "members": made.members, "left_out": made.left_out}
    app.emit(told, draw)


def _config(app: App) -> Any:
    """The settings as they may be seen."""
    from onbam.bootstrap import Settings
    from onbam.care.config import shown

    return [row.as_data() for row in shown(Settings, app.onbam.loaded, app.onbam.redactor)]


support.add_command(bundle)
