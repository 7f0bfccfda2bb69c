"""Settings of the vault: where its key is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from onbam.kernel.settings import Secret, setting
from onbam.kernel.words import Text


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """Where the key is, and how long a key ring may take to answer."""

    encryption_key: Secret = setting(
        Secret(""),
        Text(
            ko="비밀을 암호화하는 열쇠. 비우면 key_file을 씁니다",
            en="The key that encrypts secrets; without it key_file is used",
        ),
        env="ENCRYPTION_KEY",
    )
    old_keys: Secret = setting(
        Secret(""),
        Text(
            ko="이전 열쇠들(쉼표로 구분). 바꾸는 동안 예전 것을 읽는 데만 씁니다",
            en="Earlier keys, separated by commas; only to read what they encrypted, while the key is being changed",
        ),
    )
    key_file: Path = setting(
        Path("vault.keys"),
        Text(
            ko="열쇠 파일 (홈 폴더 기준). 다른 디스크나 USB에 두면 더 안전합니다",
            en="File of keys, relative to the home folder; safer on another disk or a USB stick",
        ),
    )
    secrets_file: Path = setting(
        Path("secrets.enc"),
        Text(ko="암호화한 비밀 파일 (홈 폴더 기준)", en="File of encrypted secrets, relative to the home folder"),
    )
    keyring_limit_s: float = setting(
        10.0,
        Text(ko="운영 체제 열쇠고리의 대답을 기다리는 한도(초)", en="Seconds to wait for the operating system's key ring"),
        ge=0.1,
        le=300,
    )
