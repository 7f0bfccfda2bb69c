"""The two tasks Windows keeps, as Task Scheduler XML.

For: `schtasks /Create /XML`.
Promises: the names people know (`ERP 자동화 일일 재시작`, `ERP Watchdog 자동 시작`); every default of Windows that would
stop a robot at night is overruled (battery, 72 hours, background priority, a missed start); both tasks run `onbam ensure`,
which does nothing when all is well.
Refuses: to restart anything by force: the guard renews itself at that time, a task only makes sure that there is a guard.

Elements stand in the order of the published schema (MS-TSCH 2.5), though Windows forgives another one.
"""

from __future__ import annotations

import ntpath
import subprocess
from typing import Final
from xml.sax.saxutils import escape

from onbam.guard.boot import words as say
from onbam.guard.boot.model import EVERY_MIN, Boot, Piece
from onbam.kernel.words import Text

DAILY: Final = "ERP 자동화 일일 재시작"
KEEP: Final = "ERP Watchdog 자동 시작"
NAMESPACE: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"
SINCE: Final = "2026-01-01"
"""A day in the past: the task is due from its first morning on, and the text does not change with the day of installation."""
PRIORITY: Final = 5
"""4 to 6 are normal; 7, Windows' default for tasks, would also slow the disk of everything the guard starts."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-16"?>\n'


def tasks(boot: Boot) -> list[Piece]:
    """Both tasks."""
    daily = _node("CalendarTrigger", _daily(boot))
    at_start = _leaf("Delay", "PT30S") if boot.scope == "system" else _leaf("UserId", boot.user) + _leaf("Delay", "PT30S")
    keep = _node("BootTrigger" if boot.scope == "system" else "LogonTrigger", f"{_leaf('Enabled', 'true')}{_often()}{at_start}")
    # A second trigger in the same task: a repetition begins only when its trigger fires, and the first one needs a reboot.
    since = _leaf("Enabled", "true") + _leaf("StartBoundary", f"{SINCE}T00:00:00") + _often()
    keep += _node("TimeTrigger", since)
    return [_task(boot, DAILY, say.DAILY_ABOUT, daily, wake=True), _task(boot, KEEP, say.KEEP_ABOUT, keep, wake=False)]


def as_bytes(content: str) -> bytes:
    """A task's text as `schtasks` reads it: UTF-16 with its mark, lines ending as on Windows."""
    return b"\xff\xfe" + content.replace("\n", "\r\n").encode("utf-16-le")


def _daily(boot: Boot) -> str:
    return (
        _leaf("Enabled", "true")
        + _leaf("StartBoundary", f"{SINCE}T{boot.renewal:%H:%M:%S}")
        + _node("ScheduleByDay", _leaf("DaysInterval", "1"))
    )


def _often() -> str:
    return _node("Repetition", _leaf("Interval", f"PT{EVERY_MIN}M") + _leaf("StopAtDurationEnd", "false"))


def _task(boot: Boot, name: str, about: Text, triggers: str, *, wake: bool) -> Piece:
    described = f"{about.ko} {about.en}"
    registration = _leaf("Author", "Onbam") + _leaf("Description", described) + _leaf("URI", f"\\{name}")
    inside = (
        _node("RegistrationInfo", registration)
        + _node("Triggers", triggers)
        + _node("Principals", _node("Principal", _who(boot), id="Author"))
        + _node("Settings", _settings(wake=wake))
        + _node("Actions", _node("Exec", _what(boot)), Context="Author")
    )
    return Piece(name, _HEAD + _indented(_node("Task", inside, version="1.2", xmlns=NAMESPACE)))


def _who(boot: Boot) -> str:
    """S4U: whether somebody is logged on or not, without a stored password. InteractiveToken: on the desktop people see."""
    kind = "S4U" if boot.scope == "system" else "InteractiveToken"
    return _leaf("UserId", boot.user) + _leaf("LogonType", kind) + _leaf("RunLevel", "LeastPrivilege")


def _what(boot: Boot) -> str:
    """`pythonw`: nothing flashes on the screen every five minutes."""
    folder, program = ntpath.split(boot.python)
    quiet = ntpath.join(folder, "pythonw.exe") if program.lower() == "python.exe" else boot.python
    arguments = subprocess.list2cmdline(boot.ensure())
    return _leaf("Command", quiet) + _leaf("Arguments", arguments) + _leaf("WorkingDirectory", boot.home)


def _settings(*, wake: bool) -> str:
    return "".join(
        (
            _leaf("MultipleInstancesPolicy", "IgnoreNew"),
            _leaf("DisallowStartIfOnBatteries", "false"),
            _leaf("StopIfGoingOnBatteries", "false"),
            _leaf("AllowHardTerminate", "true"),
            _leaf("StartWhenAvailable", "true"),
            _leaf("RunOnlyIfNetworkAvailable", "false"),
            _node("IdleSettings", _leaf("StopOnIdleEnd", "false") + _leaf("RestartOnIdle", "false")),
            _leaf("AllowStartOnDemand", "true"),
            _leaf("Enabled", "true"),
            _leaf("Hidden", "false"),
            _leaf("RunOnlyIfIdle", "false"),
            _leaf("WakeToRun", "true" if wake else "false"),
            _leaf("ExecutionTimeLimit", "PT0S"),
            _leaf("Priority", str(PRIORITY)),
        )
    )


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>\n"


def _node(name: str, inside: str, **attributes: str) -> str:
    shown = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{shown}>\n{inside}</{name}>\n"


def _indented(text: str) -> str:
    """Two spaces for each level: people read these files."""
    out: list[str] = []
    depth = 0
    for line in text.removesuffix("\n").split("\n"):  # not splitlines: a folder's name may hold other ends of line
        depth -= line.startswith("</")
        out.append("  " * depth + line)
        depth += not line.startswith("</") and "</" not in line
    return "\n".join(out) + "\n"
