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
    tries: int = setting(
        3,
        Text(
            ko="일시적인 문제일 때 다시 시도하는 횟수. 그다음에는 사람을 기다립니다",
            en="How often an order is tried again after passing trouble; then it waits for a person",
        ),
        ge=0,
        le=100,
    )
    retry_s: float = setting(
        300.0,
        Text(
            ko="첫 번째 재시도까지의 시간(초). 다음부터 두 배씩 늘어납니다 (5, 10, 20분)",
            en="Seconds until the first new try; doubled for each further one (5, 10, 20 minutes)",
        ),
        ge=0.1,
        le=86_400,
    )
    in_hand: int = setting(
        4,
        Text(
            ko="이 PC가 한꺼번에 맡는 주문 수. ERP 차례를 기다리는 동안 다음 문서를 미리 받습니다",
            en="How many orders this PC holds at a time: the next documents are fetched while the ERP's turn is awaited",
        ),
        ge=1,
        le=100,
    )
    look_s: float = setting(
        2.0,
        Text(ko="할 일이 생겼는지 살펴보는 간격(초)", en="Seconds between two looks for waiting orders"),
        ge=0.05,
        le=600,
    )
    evidence_days: int = setting(
        365,
        Text(
            ko="끝난 주문의 증거(문서, 전표, 응답)를 보관하는 날수. 0이면 지우지 않습니다",
            en="For how many days the evidence of finished orders is kept (documents, slips, answers); 0: for ever",
        ),
        ge=0,
        le=36_500,
    )
    evidence_mb: int = setting(
        4096,
        Text(
            ko="증거 전체의 최대 크기(MB). 넘으면 끝난 주문의 오래된 것부터 지웁니다. 0이면 제한하지 않습니다",
            en="How many megabytes all evidence may take; beyond it the oldest of finished orders goes first; 0: no limit",
        ),
        ge=0,
        le=10_000_000,
    )
    pause_file: Path = setting(
        Path("PAUSE"),
        Text(
            ko="이 파일이 있으면 이 PC는 아무것도 보내지 않습니다 (홈 폴더 기준)",
            en="While this file is there, this PC sends nothing; relative to the home folder",
        ),
    )
