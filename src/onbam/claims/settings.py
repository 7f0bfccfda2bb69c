"""Settings of the claims, under the names their users already have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class ClaimSettings:
    """Where it is decided who works on what, and for how long."""

    enabled: bool = setting(
        True,
        Text(
            ko="분산 락. false는 PC가 한 대일 때만 허용됩니다",
            en="Agree with other PCs before working on an order; false is allowed on a fleet of one PC only",
        ),
        env="ENABLE_DISTRIBUTED_LOCK",
    )
    store: Literal["auto", "database", "sheets"] = setting(
        "auto",
        Text(
            ko="누가 맡을지 정하는 곳. auto는 데이터베이스를 씁니다",
            en="Where it is decided who holds an order; auto is the database",
        ),
        env="CLAIM_STORE",
    )
    lease_s: float = setting(
        30.0,
        Text(
            ko="데이터베이스에서 맡은 시간(초). 1/3마다 저절로 연장됩니다",
            en="Length of a lease in a database, in seconds; renewed by itself at a third",
        ),
        ge=5,
        le=1800,
    )
    timeout_s: int = setting(
        1800,
        Text(
            ko="한 주문을 맡을 수 있는 가장 긴 시간(초). 시트에서는 맡은 시간이기도 합니다",
            en="Outer limit of a lease in seconds; on a sheet the lease itself",
        ),
        env="LOCK_TIMEOUT_SEC",
        ge=30,
        le=86_400,
    )
    sheet_name: str = setting(
        "processing_lock",
        Text(ko="락 상태를 보여 주는 시트 이름", en="Title of the sheet that shows the locks"),
        env="LOCK_SHEET_NAME",
    )
    cleanup_days: float = setting(
        7.0,
        Text(
            ko="끝난 주문의 행을 지우는 나이(일). 완료 기록은 영원히 남습니다",
            en="Age in days at which rows of finished orders are removed; that they were completed is remembered for ever",
        ),
        ge=0,
        le=3650,
    )
    poison_after: int = setting(
        3,
        Text(
            ko="처리 중에 프로세스가 이만큼 죽으면 그 주문을 보류합니다",
            en="An order in flight at so many crashes is parked",
        ),
        ge=1,
        le=100,
    )
    board: Literal["auto", "on", "off"] = setting(
        "auto",
        Text(
            ko="시트를 락 현황판으로 쓰기. auto는 GOOGLE_SHEET_ID가 있으면 켭니다",
            en="Keep the sheet as a visible board; auto does so when GOOGLE_SHEET_ID is set",
        ),
    )
    board_every_s: float = setting(
        15.0,
        Text(ko="현황판을 이만큼(초)마다 맞춥니다", en="How often the board is brought up to date, in seconds"),
        ge=5,
        le=600,
    )
    older_pcs: Literal["auto", "on", "off"] = setting(
        "auto",
        Text(
            ko="같은 시트를 쓰는 예전 프로그램(V10)의 PC를 존중합니다. auto는 최근 7일에 그 행이 있으면 더 조심합니다",
            en="Respect PCs that still run V10 on the same sheet; auto: strictest while a row of theirs is younger than 7 days",
        ),
    )
    only_pc: str = setting(
        "",
        Text(
            ko="분산 락 없이(ENABLE_DISTRIBUTED_LOCK=false) 일해도 되는 단 한 대의 PC 이름",
            en="The one PC that may work without the lock (ENABLE_DISTRIBUTED_LOCK=false), by its computer name or machine id",
        ),
    )
