"""What a shop may choose about its database.

For: `[database]` in onbam.toml.
Promises: the default needs no server and nothing to be typed.
Refuses: a switch that trades durability for speed: a committed claim must survive a power cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onbam.kernel.settings import Secret, setting
from onbam.kernel.words import Text

DATA_PLACE: Final = "{data}"
"""Stands for the data folder inside a URL, so that the default is right on every PC."""
DEFAULT_URL: Final = f"sqlite:///{DATA_PLACE}/onbam.db"
EMBEDDED: Final = "embedded"
"""The whole URL of a shop that wants Onbam to run its own PostgreSQL."""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """`[database]`."""

    url: Secret = setting(
        Secret(DEFAULT_URL),
        Text(
            ko="데이터베이스 주소: sqlite:///파일, postgresql://…, mysql://…, embedded(내장 PostgreSQL). 표시하지 않습니다.",
            en="Where state is kept: sqlite:///FILE, postgresql://…, mysql://… or embedded (our own PostgreSQL). Never shown.",
        ),
    )
    busy_timeout_s: float = setting(
        15.0, Text(ko="다른 쓰기를 기다리는 시간(초).", en="How long a write waits for another, in seconds."), ge=0.1, le=300
    )
    connect_timeout_s: int = setting(
        10, Text(ko="서버 연결을 기다리는 시간(초).", en="How long connecting to a server may take, in seconds."), ge=1, le=120
    )
    statement_timeout_s: int = setting(
        60,
        Text(ko="한 문장의 서버 제한 시간(초).", en="How long one statement may run on a server, in seconds."),
        ge=1,
        le=3600,
    )
    pool_size: int = setting(
        5, Text(ko="프로세스마다 열어 두는 연결 수.", en="Connections each process keeps open."), ge=1, le=100
    )
    pool_extra: int = setting(
        10, Text(ko="바쁠 때 더 여는 연결 수.", en="Further connections opened while busy."), ge=0, le=200
    )
    pool_wait_s: float = setting(
        15.0, Text(ko="빈 연결을 기다리는 시간(초).", en="How long to wait for a free connection, in seconds."), ge=0.1, le=300
    )
    keep_backups: int = setting(7, Text(ko="남겨 두는 자동 백업 수.", en="How many automatic backups are kept."), ge=1, le=1000)
    embedded_user: str = setting(
        "",
        Text(
            ko="root로 실행할 때 내장 PostgreSQL을 돌릴 계정. 비우면 nobody입니다.",
            en="The account that runs the embedded PostgreSQL when Onbam runs as root; empty means nobody.",
        ),
    )

    def url_in(self, data: Path) -> str:
        """The URL with the data folder put in its place."""
        return (self.url.reveal() or DEFAULT_URL).replace(DATA_PLACE, data.as_posix())
