"""What `onbam machines` says."""

from __future__ import annotations

from typing import Final

from onbam.claims.machines import Life
from onbam.kernel.words import Text

THIS_PC: Final = Text(ko="이 PC: {name} ({ip}), 식별자 {machine}", en="This PC: {name} ({ip}), machine id {machine}")
NOBODY: Final = Text(ko="아직 일하는 에이전트가 없습니다.", en="No agent has worked here yet.")
SHEET_ONLY: Final = Text(
    ko="시트만 함께 쓰는 PC들은 목록이 없습니다. 누가 맡고 있는지는 'onbam claims list'로 보십시오.",
    en="PCs that share a sheet only keep no list; see who holds what with 'onbam claims list'.",
)
HOLDER: Final = Text(ko="PC 이름", en="PC")
LIFE: Final = Text(ko="상태", en="state")
DOING: Final = Text(ko="하는 일", en="doing")
BEAT: Final = Text(ko="마지막 신호", en="last beat")
LIVES: Final = {
    Life.ALIVE: Text(ko="일하는 중", en="alive"),
    Life.STOPPED: Text(ko="종료함", en="stopped"),
    Life.DEAD: Text(ko="응답 없음", en="dead"),
}
PAUSED: Final = Text(ko="다른 PC {name}: {what}", en="On {name}: {what}")
WHY: Final = Text(ko="{name}: {now} {next}", en="{name}: {now} {next}")
