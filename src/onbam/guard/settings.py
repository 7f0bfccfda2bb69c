"""Settings of the guard: what runs on this PC, and when it is helped.

For: `bootstrap` (as part of the whole tree) and the guard itself, which reads its share alone.
Promises: the guard reads its settings also when another room's are wrong; a wrong section of one program costs that program
alone; the numbers people know from the older watchdog keep their meaning (check every 300 s, 60 minutes, three errors, 05:55).
Refuses: secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from onbam.kernel.app_settings import AppSettings
from onbam.kernel.forms import STRETCH_OR_NONE, TIME
from onbam.kernel.settings import Loaded, load, setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """What runs, how it is judged, when it is renewed."""

    run: tuple[str, ...] = setting(
        ("auto",),
        Text(
            ko="이 PC에서 돌릴 온밤의 프로그램 (쉼표로 나눔). auto는 이 버전에 있는 것 모두, 비우면 없음",
            en="Programs of Onbam this PC runs, separated by commas; auto means all this version has, empty means none",
        ),
    )
    main: str = setting(
        "agent",
        Text(
            ko="heartbeat.txt를 남기고 watchdog이 말하는 주 프로그램",
            en="The main program: it keeps heartbeat.txt, and the watchdog speaks of it",
        ),
    )
    check_s: float = setting(
        300.0,
        Text(ko="watchdog이 한 줄씩 알리는 간격(초), 체크 간격", en="Seconds between two lines of the watchdog"),
        ge=1,
        le=3_600,
    )
    timeout_s: float = setting(
        3_600.0,
        Text(
            ko="신호가 없으면 어떤 경우에도 다시 시작하는 시간(초), 타임아웃. 그 안에서는 신호의 약속이 한도입니다",
            en="Seconds of silence after which a program is restarted in any case; within them its own promise counts",
        ),
        ge=10,
        le=86_400,
    )
    errors: int = setting(
        3,
        Text(ko="연달아 이만큼 실패하면 다시 시작합니다", en="Failures in a row after which a program is restarted"),
        ge=1,
        le=100,
    )
    start_s: float = setting(
        60.0,
        Text(ko="새로 시작한 프로그램의 첫 신호를 기다리는 시간(초)", en="Seconds a new program has for its first beat"),
        ge=2,
        le=3_600,
    )
    stop_s: float = setting(
        30.0,
        Text(
            ko="멈추라고 한 뒤 하던 일을 끝내거나 돌려놓기를 기다리는 시간(초)",
            en="Seconds a program has to finish or hand back what it holds when it is asked to stop",
        ),
        ge=0.1,
        le=3_600,
    )
    burst: int = setting(
        5,
        Text(
            ko="10분 안에 이만큼 다시 시작하면 천천히 시작하고 알림을 보냅니다",
            en="Restarts within ten minutes after which it goes on slowly and a notice goes out",
        ),
        ge=1,
        le=100,
    )
    slow_s: float = setting(
        300.0, Text(ko="천천히 시작할 때의 간격(초)", en="Seconds between restarts once it goes slowly"), ge=10, le=3_600
    )
    steady_s: float = setting(
        600.0,
        Text(
            ko="이만큼(초) 멈추지 않고 일하면 나은 것으로 보고 알림을 거둡니다",
            en="Seconds a program works without an end before it counts as well again and its notices are taken back",
        ),
        ge=1,
        le=86_400,
    )
    look_s: float = setting(
        30.0,
        Text(
            ko="메모리와 어제 날짜의 파일을 살펴보는 간격(초)",
            en="Seconds between two looks at a program's memory and at files of yesterday",
        ),
        ge=0.5,
        le=600,
    )
    renew: bool = setting(
        True, Text(ko="날마다 새 프로세스로 바꿉니다", en="Whether every program is replaced by a fresh one each day")
    )
    renew_at: str = setting("05:55", Text(ko="날마다 새 프로세스로 바꾸는 시각", en="When they are replaced"), form=TIME)
    log_mb: int = setting(
        32,
        Text(
            ko="프로그램 하나가 화면에 쓴 것을 보관하는 크기(MB)", en="Megabytes kept of what one program writes to its output"
        ),
        ge=1,
        le=10_240,
    )
    incidents_mb: int = setting(64, Text(ko="사고 기록을 보관하는 크기(MB)", en="Megabytes of evidence kept"), ge=1, le=10_240)


@dataclass(frozen=True, slots=True)
class ProcessSettings:
    """One program of the shop's own, as `[process.my-robot]`; for a program of Onbam's, what differs."""

    command: str | tuple[str, ...] = setting(
        "",
        Text(
            ko="명령: 한 줄 또는 목록. 온밤의 프로그램이면 비웁니다",
            en="The command, as one line or a list; empty for a program of Onbam's",
        ),
    )
    cwd: Path = setting(Path(), Text(ko="작업 폴더 (홈 폴더 기준 상대 경로)", en="Working folder, relative to the home folder"))
    env: Mapping[str, str] | None = setting(
        None, Text(ko='더할 환경 변수, 예: env.NAME = "값"', en='Environment variables to add, as in env.NAME = "value"')
    )
    enabled: bool = setting(True, Text(ko="돌립니다", en="Whether it runs at all"))
    hours: str = setting(
        "",
        Text(
            ko="이 시간에만 돌립니다, 예: 06:00-18:00. 비우면 늘",
            en="Runs in these hours only, as in 06:00-18:00; empty means always",
        ),
        form=STRETCH_OR_NONE,
    )
    memory_mb: int = setting(
        0,
        Text(
            ko="이 메모리(MB)를 넘으면 새 프로세스로 바꿉니다. 0은 한도 없음",
            en="Megabytes of memory above which it is replaced by a fresh one; 0 means no limit",
        ),
        ge=0,
        le=1_048_576,
    )
    watch: Literal["auto", "beats", "file", "none"] = setting(
        "auto",
        Text(
            ko="보는 법: beats는 진행 신호, file은 heartbeat 파일, none은 보지 않음, auto는 신호를 보내면 봄",
            en="How it is judged: by its beats, by a heartbeat file, not at all (none), or by beats once it sent one (auto)",
        ),
    )
    heartbeat: Path = setting(
        Path("heartbeat.txt"),
        Text(
            ko="watch = file일 때 볼 파일 (작업 폴더 기준). 다른 프로그램이 쓰는 파일이면 안 됩니다",
            en="The file that is watched with watch = file, relative to the working folder; nobody else may write it",
        ),
    )
    timeout_s: float | None = setting(
        None,
        Text(
            ko="이 프로그램의 타임아웃(초). 비우면 guard.timeout_s",
            en="Its own limit of silence in seconds; empty means guard.timeout_s",
        ),
        ge=1,
        le=86_400,
    )
    start_s: float | None = setting(
        None,
        Text(
            ko="이 프로그램의 첫 신호를 기다리는 시간(초). 비우면 guard.start_s",
            en="Seconds for its first beat; empty means guard.start_s",
        ),
        ge=1,
        le=86_400,
    )
    stop_s: float | None = setting(
        None,
        Text(
            ko="멈추라고 한 뒤 기다리는 시간(초). 비우면 guard.stop_s",
            en="Seconds it has to stop by itself; empty means guard.stop_s",
        ),
        ge=0,
        le=3_600,
    )
    handover: Literal["auto", "pause", "stop"] = setting(
        "auto",
        Text(
            ko="바꾸는 법: pause는 새 것이 도는 것을 본 뒤 옛것을 끝내고, stop은 먼저 끝냄. auto는 온밤의 프로그램만 pause",
            en="Taking over: pause ends the old one once the fresh one works, stop ends it first; auto pauses only ours",
        ),
    )
    renew: bool | None = setting(
        None, Text(ko="날마다 바꿉니다. 비우면 guard.renew", en="Whether it is replaced each day; empty means guard.renew")
    )


@dataclass(frozen=True, slots=True)
class LogFolder:
    """The one setting of the logs the guard needs; the rest is the logs' own room."""

    folder: Path = setting(
        Path("logs"),
        Text(ko="로그 폴더 (홈 폴더 기준 상대 경로)", en="Folder for logs, relative to the home folder"),
    )


@dataclass(frozen=True, slots=True)
class SecretsFile:
    """The one setting of the vault the guard needs: a change of this file mends settings too. It is never opened here."""

    secrets_file: Path = setting(
        Path("secrets.enc"),
        Text(ko="암호화한 비밀을 두는 파일 (홈 폴더 기준)", en="The encrypted file of secrets, relative to the home folder"),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """What the guard reads of the shop's settings."""

    app: AppSettings = field(default_factory=AppSettings)
    guard: GuardSettings = field(default_factory=GuardSettings)
    logs: LogFolder = field(default_factory=LogFolder)
    process: Mapping[str, ProcessSettings] = field(default_factory=dict)
    vault: SecretsFile = field(default_factory=SecretsFile)


def read_share(home: Path, environ: Mapping[str, str], flags: Mapping[str, str]) -> Loaded[Share]:
    """Read it, passing over what other rooms know; raises `Misconfigured` for what is wrong in this share.

    A wrong section of one program is left out and told in `wrong`.
    """
    return load(Share, home, environ, flags, partial=True, apart=True)
