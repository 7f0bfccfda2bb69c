"""Settings of the check-up and the support bundle."""

from __future__ import annotations

from dataclasses import dataclass

from onbam.kernel.forms import ADDRESS_OR_NONE
from onbam.kernel.settings import setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class CareSettings:
    """What counts as healthy, and how long looking may take."""

    disk_free_mb: int = setting(
        1_024,
        Text(ko="이보다 디스크 여유(MB)가 적으면 이상입니다", en="Less free disk than this, in MB, is not healthy"),
        ge=1,
        le=10_000_000,
    )
    clock_limit_s: float = setting(
        5.0,
        Text(ko="시계가 이보다 많이(초) 어긋나면 이상입니다", en="A clock further off than this, in seconds, is not healthy"),
        ge=1,
        le=3_600,
    )
    clock_url: str = setting(
        "",
        Text(
            ko="시계를 견줄 웹 주소 (예: https://www.google.com). 비우면 데이터베이스 서버와만 견줍니다",
            en="Web address to compare the clock with, as https://www.google.com; empty compares with a database server only",
        ),
        form=ADDRESS_OR_NONE,
    )
    check_limit_s: float = setting(
        15.0,
        Text(ko="점검 하나를 기다리는 한도(초)", en="Seconds to wait for one check"),
        ge=0.1,
        le=600,
    )
    update_watch_s: float = setting(
        20.0,
        Text(
            ko="새 버전의 프로그램이 잘 도는지 지켜보는 시간(초). 그 안에 끝나면 이전 버전으로 돌아갑니다",
            en="Seconds the programs of a new version are looked at; one that ends within them leads back to the old version",
        ),
        ge=1,
        le=3_600,
    )
    bundle_mb: int = setting(
        32,
        Text(
            ko="지원 꾸러미에 담는 로그의 최대 크기(MB, 압축 전)", en="Most log text in a support bundle, in MB before packing"
        ),
        ge=1,
        le=1_024,
    )
