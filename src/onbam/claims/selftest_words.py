"""What the claim self-test says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

CONNECTION: Final = Text(ko="락 저장소 연결", en="The claim store can be reached")
ACQUIRE_RELEASE: Final = Text(ko="락 획득/해제", en="A lease is taken and handed back")
DUPLICATE: Final = Text(ko="중복 락 방지", en="A second PC does not get the same order")
COMPLETED: Final = Text(ko="완료 주문 재처리 방지", en="A completed order is not given out again")
RENEWAL: Final = Text(ko="맡은 시간 연장", en="A lease that is renewed does not end")
TAKE_OVER: Final = Text(ko="멈춘 PC의 주문 인계", en="Another PC takes over when a lease ends")
FENCING: Final = Text(ko="잠들었다 깬 PC의 쓰기 차단", en="A PC that had slept cannot write any more")
RACE: Final = Text(ko="두 PC가 주문 100건을 동시에 맡기", en="Two PCs race for 100 orders: each goes to exactly one")
FOUND: Final = Text(ko="확인 결과: {what}", en="Found: {what}")
