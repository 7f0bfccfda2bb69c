"""What can go wrong while the environment is prepared, each in one sentence with its fix, in Korean and English.

For: scripts/environment.py.
Promises: an exit code per kind of trouble; a tool's own last words are quoted under our sentence, never lost.
Refuses: to guess: what matches nothing known is shown as it came.
"""

from __future__ import annotations

import errno
import re
import shutil
import sys
from pathlib import Path
from typing import Final

import run

FULL_BYTES: Final = 32 * 1024**2
"""With less than this free after a failure, the disk was the cause, whatever the tool said."""
LAST_WORDS: Final = 12
"""Lines of a failed tool that are shown under our sentence."""

UNAVAILABLE, CANNOT_WRITE, BUSY, INTERRUPTED = 69, 73, 75, 130
"""Exit codes (sysexits.h has the first three): no network; read-only or full; another start never ended; Ctrl-C."""

NO_NETWORK: Final = re.compile(
    r"dns error|connect error|error sending request|network (is unreachable|connectivity is disabled|was disabled)|name resolution"
    r"|getaddrinfo|connection (refused|error|broken|reset)|NewConnectionError|timed out|ProxyError|SSLError|certificate|failed to fetch",
    re.IGNORECASE,
)
NO_DISK: Final = re.compile(r"no space left|not enough space|disk quota exceeded|os error (28|112|122)|errno 28", re.IGNORECASE)
NO_WHEEL: Final = re.compile(
    r"no wheels with a matching|No matching distribution|no usable wheels|has no usable", re.IGNORECASE
)
WRONG_HASH: Final = re.compile(r"hash mismatch|do not match the hashes", re.IGNORECASE)
IN_USE: Final = re.compile(r"os error (5|32)\b|WinError (5|32)\b|being used by another process", re.IGNORECASE)


class Trouble(Exception):
    """What stops the preparation: a sentence with its fix in both languages, and the exit code."""

    def __init__(self, code: int, korean: str, english: str, details: str = "") -> None:
        """Keep the tool's own last words apart: they are quoted, not translated."""
        super().__init__(english)
        self.code, self.korean, self.english, self.details = code, korean, english, details


def disk_full(output: str, venv: Path) -> bool:
    """The tool said so, or the disk does."""
    return bool(NO_DISK.search(output)) or shutil.disk_usage(venv).free < FULL_BYTES


def is_final(output: str, venv: Path) -> bool:
    """Another installer would come to the same end."""
    return disk_full(output, venv) or any(kind.search(output) for kind in (IN_USE, WRONG_HASH, NO_WHEEL))


def of_output(output: str, venv: Path) -> Trouble:
    """Which trouble a failed tool had."""
    details = "\n".join(output.strip().splitlines()[-LAST_WORDS:])
    if disk_full(output, venv):
        return full(venv)
    if NO_NETWORK.search(output):
        return Trouble(
            UNAVAILABLE,
            f"필요한 패키지를 내려받지 못했습니다. 인터넷에 연결한 뒤 다시 실행하십시오 (처음 한 번만 필요합니다). 자세한 내용: {venv / 'onbam.log'}",
            f"The packages could not be downloaded. Connect to the internet and run this again (needed this once only). Details: {venv / 'onbam.log'}",
        )
    if IN_USE.search(output):
        return Trouble(
            CANNOT_WRITE,
            "환경의 파일을 다른 프로그램이 쓰고 있습니다. 온밤을 끄고 (run.py stop) 다시 실행하십시오.",
            "Files of the environment are in use. Stop Onbam (run.py stop) and run this again.",
        )
    if NO_WHEEL.search(output):
        version = "{}.{}".format(*sys.version_info[:2])
        return Trouble(
            run.MISCONFIGURED,
            f"이 컴퓨터의 Python {version} 에 맞는 패키지가 없습니다. 64비트 Python 3.13 을 설치하고 그것으로 다시 실행하십시오.",
            f"Some packages do not exist for this computer's Python {version}. Install a 64-bit Python 3.13 and run this again with it.",
            details,
        )
    return Trouble(
        1,
        f"환경을 준비하지 못했습니다. 위의 말을 읽어 보고, 그래도 모르겠으면 {venv} 폴더를 지우고 다시 실행하십시오.",
        f"The environment could not be prepared. Read the lines above; if they do not help, delete {venv} and run this again.",
        details,
    )


def of_os_error(error: OSError, venv: str) -> Trouble:
    """Which trouble our own writing had."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full(Path(venv))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(
            CANNOT_WRITE,
            f"{error.filename or venv} 에 쓸 수 없습니다. 온밤 폴더를 쓸 수 있는 곳으로 옮기거나 ONBAM_VENV 로 쓸 수 있는 폴더를 정하십시오.",
            f"{error.filename or venv} cannot be written. Move Onbam's folder to a place you may write to, or name one in ONBAM_VENV.",
        )
    return Trouble(
        CANNOT_WRITE,
        f"환경을 준비하다 멈췄습니다: {error}. 디스크를 살펴보고 다시 실행하십시오.",
        f"Preparing the environment stopped: {error}. Look at the disk and run this again.",
    )


def full(venv: Path) -> Trouble:
    """No room."""
    return Trouble(
        CANNOT_WRITE,
        f"디스크에 자리가 없습니다 ({venv}). 1 GB 쯤 비우고 다시 실행하십시오.",
        f"The disk is full ({venv}). Free about 1 GB and run this again.",
    )


def interrupted() -> Trouble:
    """Ctrl-C."""
    return Trouble(INTERRUPTED, "멈췄습니다. 다음 실행이 이어서 준비합니다.", "Stopped. The next start continues from here.")


def busy() -> Trouble:
    """Another start holds the lock and does not end."""
    return Trouble(
        BUSY,
        "다른 실행이 30분째 환경을 준비하고 있습니다. 그 창을 닫고 다시 실행하십시오.",
        "Another start has been preparing the environment for 30 minutes. Close it and run this again.",
    )


def not_ours(venv: str) -> Trouble:
    """The folder holds something that no environment ever was."""
    return Trouble(
        run.MISCONFIGURED,
        f"{venv} 폴더는 비어 있지도 않고 Python 환경도 아닙니다. 이름을 바꾸거나 ONBAM_VENV 로 다른 폴더를 정하십시오.",
        f"{venv} is neither empty nor a Python environment. Rename it, or name another folder in ONBAM_VENV.",
    )


def no_venv() -> Trouble:
    """Debian splits venv off Python."""
    return Trouble(
        run.MISCONFIGURED,
        "이 Python 에는 venv 가 빠져 있습니다. sudo apt install python3-venv 를 실행한 뒤 다시 실행하십시오.",
        "This Python lacks its venv part. Run: sudo apt install python3-venv, then run this again.",
    )
