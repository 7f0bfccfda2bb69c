"""What the journal tells people."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

HOLE: Final = Text(
    ko="기록(journal)의 순서가 끊겼습니다: {expected}번이 있어야 할 곳에 {found}번이 있습니다.",
    en="The journal has a hole: {found} stands where {expected} should be.",
)
HOLE_HINT: Final = Text(
    ko="누군가 기록을 직접 지웠을 수 있습니다. 데이터 폴더를 보관하고 지원 묶음을 만들어 보내 주십시오.",
    en="Somebody may have deleted lines by hand. Keep the data folder as it is and make a support bundle.",
)
FOLLOWING_BROKE: Final = Text(
    ko="기록을 실시간으로 따라가던 연결이 끊겼습니다.",
    en="The connection that follows the journal broke.",
)
FOLLOWING_BROKE_HINT: Final = Text(
    ko="곧 자동으로 다시 연결합니다. 빠진 기록은 없습니다.",
    en="It is opened again by itself; nothing is missed.",
)
ROLLED_UP: Final = Text(
    ko="기록(journal)에서 {days}일이 지난 {lines}줄을 날짜별 개수로 바꾸었습니다.",
    en="{lines} lines of the journal older than {days} days became counts of their days.",
)
