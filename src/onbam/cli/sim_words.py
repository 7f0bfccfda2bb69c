"""What `onbam sim` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

SIM: Final = Text(
    ko="바깥 세계의 모의 서버를 이 PC에서 엽니다 (sheets, portal, ecount). 예: onbam sim ecount --port 5091 --seed 7\n\n서버마다 옵션이 다릅니다: onbam sim portal --help",
    en="Run a simulator of the outside world on this PC (sheets, portal, ecount), as in: onbam sim ecount --port 5091 --seed 7\n\nEach has options of its own: onbam sim portal --help",
)
