"""What `onbam demo` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

THIS_PC: Final = Text(ko="이 PC를 살펴봅니다.", en="A look at this PC.")
RACE: Final = Text(
    ko="주문은 정확히 한 번. PC 두 대가 같은 주문을 두고 다툽니다 (임시 폴더, 15초쯤).",
    en="Every order once. Two PCs fight over the same orders (in a folder of their own, about 15 seconds).",
)
HELD: Final = Text(ko="약속이 모두 지켜졌습니다.", en="Every promise held.")
BROKEN: Final = Text(
    ko="지켜지지 않은 약속이 있습니다. 'onbam support bundle'로 기록을 모아 보내 주십시오.",
    en="A promise was broken. Collect the records with 'onbam support bundle' and send them to us.",
)
NEXT: Final = Text(
    ko="다음: 'onbam init'으로 설정을 시작하십시오. 발주서를 ERP에 넣는 로봇은 아직 준비 중입니다.",
    en="Next: begin with 'onbam init'. The robot that enters orders into the ERP is still being built.",
)
