"""Reads a `.env` file to the letter.

For: the shops' `.env` and `.env.local`, as they are.
Promises: nothing in a value is ever expanded (a library that expands `$` silently cuts Naver secrets, which begin `$2a$`); each
value comes with its line; Notepad's byte-order mark and Korean ANSI files are read.
Refuses: lines that are neither empty, comment nor `NAME=value`, with file and line. Written by hand because the kept libraries
expand variables, or do not tell the line.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Final, NamedTuple

from onbam.kernel.errors import Misconfigured
from onbam.kernel.oserror import what_of
from onbam.kernel.words import Text

_LINE: Final = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(?P<value>.*?)\s*\Z")
_QUOTED: Final = re.compile(r"""(?P<quote>['"])(?P<inside>.*?)(?P=quote)\s*(?:\#.*)?\Z""")
_COMMENT: Final = re.compile(r"\s+\#.*\Z")

BAD_LINE: Final = Text(
    ko="{file} {line}번째 줄을 이해할 수 없습니다.",
    en="Line {line} of {file} cannot be understood.",
)
BAD_LINE_HINT: Final = Text(
    ko="한 줄에 이름=값 하나만 적고, 설명은 # 으로 시작하십시오.",
    en="Write one NAME=value on a line; start remarks with #.",
)
BAD_ENCODING: Final = Text(
    ko="{file} 파일의 글자를 읽을 수 없습니다.",
    en="{file} is in an encoding that cannot be read.",
)
BAD_ENCODING_HINT: Final = Text(ko="메모장에서 UTF-8로 다시 저장하십시오.", en="Save it again as UTF-8.")
NOT_READ: Final = Text(ko="{file} 파일을 읽을 수 없습니다 ({what}).", en="{file} cannot be read ({what}).")
NOT_READ_HINT: Final = Text(
    ko="이 파일과 그 폴더를 읽을 권한이 있는 사용자로 실행하거나, --home으로 다른 폴더를 지정하십시오.",
    en="Run it as a user who may read this file and its folder, or name another folder with --home.",
)


class Line(NamedTuple):
    """One value and where it stands."""

    value: str
    line: int


def there(path: Path) -> bool:
    """Whether the file is there; where nobody may look, nobody knows, and that is no no."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _not_read(path, error) from None


def read_text(path: Path) -> str:
    """A text file as people save it: UTF-8 with or without mark, or Korean Windows' own code page."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _not_read(path, error) from None
    for encoding in ("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Misconfigured(BAD_ENCODING(file=path), BAD_ENCODING_HINT)


def _not_read(path: Path, error: OSError) -> Misconfigured:
    return Misconfigured(NOT_READ(file=path, what=what_of(error)), NOT_READ_HINT)


def parse(text: str, file: Path) -> dict[str, Line]:
    """The values by name; a name given twice keeps its last value, as shells do."""
    out: dict[str, Line] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise Misconfigured(BAD_LINE(file=file, line=number), BAD_LINE_HINT)
        out[match["name"]] = Line(_unquoted(match["value"]), number)
    return out


def _unquoted(value: str) -> str:
    """Quotes taken off, a remark after the value cut off; nothing else touched."""
    quoted = _QUOTED.match(value)
    if quoted is not None:
        return quoted["inside"]
    return "" if value.startswith("#") else _COMMENT.sub("", value)
