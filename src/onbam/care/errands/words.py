"""What errands say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

TOO_LATE: Final = Text(
    ko="그 PC가 2분 안에 가져가지 않아 하지 않았습니다. PC가 켜져 있는지 보고 다시 하십시오.",
    en="That PC did not fetch it within two minutes, so it was not done. See that the PC is on, then ask again.",
)
ACCEPTED: Final = Text(ko="지킴이가 맡았습니다: {names}.", en="The guard is at it: {names}.")
RESTARTED: Final = Text(ko="새 프로세스가 돕니다: {names}.", en="Fresh processes run: {names}.")
DRAINED: Final = Text(ko="하던 일을 마치고 꺼졌습니다: {names}.", en="Finished and off: {names}.")
CAME_UP: Final = Text(ko="켜졌습니다: {names}.", en="Up: {names}.")
TROUBLED: Final = Text(ko="{name}: {why}", en="{name}: {why}")
NOT_IN_TIME: Final = Text(
    ko="3분 안에 끝나지 않았습니다. 그 PC의 'onbam ps'를 보십시오.",
    en="Not finished within three minutes; see 'onbam ps' on that PC.",
)
NOTHING: Final = Text(ko="없음", en="none")
