"""Settings of the product synchronisation, under the names its users already have."""

from __future__ import annotations

from dataclasses import dataclass

from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class SchedulerSettings:
    """When due sellers are looked for, and how many are synchronised at once."""

    enabled: bool = setting(
        True,
        Text(ko="상품 자동 동기화 스케줄러를 켭니다", en="Run the scheduler of the product synchronisation"),
        env="SCHEDULER_ENABLED",
    )
    check_interval_s: float = setting(
        60.0,
        Text(
            ko="동기화할 판매자를 찾는 간격(초). SCHEDULER_CHECK_INTERVAL은 밀리초입니다",
            en="Seconds between two looks for due sellers; SCHEDULER_CHECK_INTERVAL counts in milliseconds",
        ),
        env="SCHEDULER_CHECK_INTERVAL",
        env_scale=0.001,
        ge=1,
        le=86_400,
    )
    max_concurrent: int = setting(
        1,
        Text(ko="동시에 동기화하는 판매자 수", en="Sellers synchronised at the same time"),
        env="SCHEDULER_MAX_CONCURRENT",
        ge=1,
        le=100,
    )
