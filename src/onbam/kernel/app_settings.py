"""The few settings that belong to no room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class AppSettings:
    """How this installation speaks and where it keeps its things."""

    language: Literal["auto", "ko", "en"] = setting(
        "auto",
        Text(
            ko="화면과 알림의 언어. auto는 시스템 언어를 따릅니다",
            en="Language of screens and notices; auto follows the system",
        ),
        env="ONBAM_LANG",
    )
    time_zone: str = setting(
        "Asia/Seoul",
        Text(ko="업무 시간과 날짜를 계산하는 시간대", en="Time zone of business hours and dates"),
    )
    data: Path = setting(
        Path("data"),
        Text(ko="데이터 폴더 (홈 폴더 기준 상대 경로)", en="Folder for data, relative to the home folder"),
    )
    machine_name: str = setting(
        "",
        Text(
            ko="이 PC의 이름 (PC-A처럼). 비워 두면 컴퓨터 이름을 씁니다",
            en="What people call this PC, as in PC-A; empty = the computer's own name",
        ),
    )
