"""Settings of the log: how much is said, kept and shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from onbam.kernel.logfile import MIB, Limits
from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How much is said, how long it is kept, and what a terminal sees."""

    level: Literal["debug", "info", "warning", "error"] = setting(
        "info",
        Text(ko="기록할 가장 낮은 단계", en="The lowest level that is written"),
    )
    folder: Path = setting(
        Path("logs"),
        Text(ko="로그 폴더 (홈 폴더 기준 상대 경로)", en="Folder for logs, relative to the home folder"),
    )
    file_mb: int = setting(
        8,
        Text(
            ko="로그 파일 하나의 최대 크기(MB). 넘으면 다음 번호의 파일로",
            en="Largest log file, in MB; then the next number begins",
        ),
        ge=1,
        le=512,
    )
    total_mb: int = setting(
        256,
        Text(
            ko="로그 폴더 전체의 최대 크기(MB). 오래된 날짜부터 지웁니다",
            en="Largest log folder, in MB; the oldest days are deleted first",
        ),
        ge=8,
        le=102_400,
    )
    keep_days: int = setting(60, Text(ko="로그를 보관하는 날수", en="Days a log is kept"), ge=1, le=3_650)
    file_per: Literal["day", "cycle"] = setting(
        "day",
        Text(
            ko="새 로그 파일을 날마다(day) 또는 작업 주기마다(cycle) 만듭니다",
            en="A new log file for each day, or for each cycle of the robot",
        ),
    )
    console: Literal["auto", "pretty", "json", "off"] = setting(
        "auto",
        Text(ko="터미널에 보이는 로그. auto는 터미널일 때만", en="Log on the terminal; auto shows it only where there is one"),
    )

    @property
    def limits(self) -> Limits:
        """What the files may hold."""
        return Limits(self.file_mb * MIB, self.total_mb * MIB, self.keep_days)
