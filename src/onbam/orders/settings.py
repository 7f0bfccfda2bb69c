"""Settings of the order robot, under the names its users already have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class OrderSettings:
    """What the order robot reads and keeps."""

    history_file: Path = setting(
        Path("v10_history.json"),
        Text(
            ko="예전 스크립트가 읽는 처리 이력 파일 (홈 폴더 기준)",
            en="History file that older scripts read, relative to the home folder",
        ),
        env="HISTORY_FILE",
    )
    codes_file: Path = setting(
        Path("codes.csv"),
        Text(
            ko="품목코드표 파일 (홈 폴더 기준). 엑셀에서 열어 고칠 수 있습니다",
            en="The code book, relative to the home folder; Excel opens it",
        ),
    )
