"""The units systemd keeps: the guard as a service, and a timer for the morning.

For: `/etc/systemd/system`, or `~/.config/systemd/user` for one person.
Promises: the guard is started at boot, watched (`WatchdogSec`) and started again when it crashes or hangs, however often; one
that ended by itself (`onbam down`) or refuses its settings (exit 78) stays down until the next morning; paths may hold spaces,
Korean, `%` and `$`.
Refuses: keys that only newer systemds know: a unit they would merely warn about is not clean.
"""

from __future__ import annotations

from typing import Final

from onbam.guard.boot.model import Boot, Piece
from onbam.kernel.errors import EXIT_MISCONFIGURED

SERVICE: Final = "onbam.service"
TIMER: Final = "onbam-daily.timer"
WATCHDOG_S: Final = 30
"""The guard must be heard within this time; a dead or hanging one is replaced within twice that."""
START_LIMIT_S: Final = 120
STOP_LIMIT_S: Final = 180
"""Longer than the guard gives its children to finish or hand back what they hold."""
RESTART_S: Final = 2
_PRINTED: Final = "# Made by 'onbam install'; change it there, or your change is shown as a difference.\n"


def units(boot: Boot, folder: str) -> list[Piece]:
    """Both units, as files of this folder."""
    return [_piece(SERVICE, _service(boot), folder), _piece(TIMER, _timer(boot), folder)]


def folder_of(boot: Boot, config: str) -> str:
    """Where systemd reads them. `config`: the folder of this person's settings."""
    return "/etc/systemd/system" if boot.scope == "system" else f"{config}/systemd/user"


def command_line(boot: Boot) -> str:
    """What the service starts, quoted as a unit wants it."""
    return " ".join(quoted(word) for word in (boot.python, *boot.guard()))


def quoted(word: str) -> str:
    """One word of a command line in a unit: nothing in it is expanded."""
    plain = word.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(letter in word for letter in " \\';#") else plain


def _service(boot: Boot) -> str:
    network = "After=network-online.target\nWants=network-online.target\n" if boot.scope == "system" else ""
    user = f"User={boot.user}\n" if boot.scope == "system" else ""
    target = "multi-user.target" if boot.scope == "system" else "default.target"
    return (
        "[Unit]\n"
        "Description=Onbam\n"
        f"{network}"
        "StartLimitIntervalSec=0\n"
        "\n[Service]\n"
        "Type=notify\n"
        "NotifyAccess=main\n"
        f"ExecStart={command_line(boot)}\n"
        f"WorkingDirectory={boot.home.replace('%', '%%')}\n"
        f"{user}"
        "Restart=on-failure\n"
        f"RestartSec={RESTART_S}\n"
        f"RestartPreventExitStatus={EXIT_MISCONFIGURED}\n"
        f"WatchdogSec={WATCHDOG_S}\n"
        f"TimeoutStartSec={START_LIMIT_S}\n"
        f"TimeoutStopSec={STOP_LIMIT_S}\n"
        "KillMode=mixed\n"
        "OOMPolicy=continue\n"
        "\n[Install]\n"
        f"WantedBy={target}\n"
    )


def _timer(boot: Boot) -> str:
    """The morning: wakes the PC, and starts the guard should it be down. One that runs is left to renew itself."""
    wake = "WakeSystem=yes\n" if boot.scope == "system" else ""  # a person's systemd may not set an alarm
    return (
        "[Unit]\n"
        "Description=Onbam every morning\n"
        "\n[Timer]\n"
        f"OnCalendar=*-*-* {boot.renewal:%H:%M:%S}\n"
        "AccuracySec=1s\n"
        "Persistent=yes\n"
        f"{wake}"
        f"Unit={SERVICE}\n"
        "\n[Install]\n"
        "WantedBy=timers.target\n"
    )


def _piece(name: str, content: str, folder: str) -> Piece:
    return Piece(name, _PRINTED + content, f"{folder}/{name}")
