"""What the incidents say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

UNKNOWN: Final = Text(ko="'{id}'라는 사고 기록이 없습니다.", en="There is no incident '{id}'.")
UNKNOWN_HINT: Final = Text(
    ko="'onbam incidents'에 나오는 이름이나 latest를 쓰십시오.", en="Use a name from 'onbam incidents', or 'latest'."
)
NONE_HINT: Final = Text(ko="아직 사고가 없었습니다.", en="There was no incident yet.")
NONE: Final = Text(ko="사고가 없었습니다.", en="There was no incident.")
WHEN: Final = Text(ko="때", en="when")
PROCESS: Final = Text(ko="프로그램", en="program")
WHY: Final = Text(ko="까닭", en="reason")
ITEM: Final = Text(ko="하던 일", en="item")
NAME: Final = Text(ko="이름", en="id")
SILENCE: Final = Text(
    ko="침묵 {silence:.0f}초 (한도 {limit:.0f}초), 단계 {step}",
    en="silent for {silence:.0f} s (limit {limit:.0f} s) in step {step}",
)
STACKS: Final = Text(ko="모든 스레드가 서 있던 곳", en="Where each thread stood")
NO_STACKS: Final = Text(ko="스택을 얻지 못했습니다.", en="No stacks could be taken.")
LINES: Final = Text(ko="마지막 {count}줄", en="Last {count} lines")
FACTS: Final = Text(ko="그 밖의 근거", en="Other evidence")
