"""What the server says in the terminal."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

PORT_TAKEN: Final = Text(ko="{host}:{port}에서 들을 수 없습니다 ({what}).", en="Cannot listen on {host}:{port} ({what}).")
PORT_TAKEN_HINT: Final = Text(
    ko="대시보드가 이미 켜져 있거나 다른 프로그램이 그 포트를 씁니다. web.port로 다른 포트를 정하십시오.",
    en="The dashboard runs already, or another program has that port. Choose another one with web.port.",
)
