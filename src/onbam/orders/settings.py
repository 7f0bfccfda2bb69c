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
