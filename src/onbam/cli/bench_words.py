"""What `onbam bench` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

BENCH: Final = Text(ko="이 PC에서 비용을 잽니다.", en="Measure what things cost on this PC.")
LIST: Final = Text(ko="어떤 측정이 있는지 보여 줍니다.", en="List the benchmarks.")
RUN: Final = Text(
    ko="측정 하나를 실행합니다.\n\n중앙값과 범위, 같은 실행에서 잰 비교 대상의 값과 비율(우리 ÷ 비교 대상)을 보여 줍니다.",
    en="Run one benchmark.\n\nShows medians with their spread, and peers measured in the same run with the ratio ours ÷ theirs.",
)
QUICK_OPTION: Final = Text(ko="적은 횟수로 빠르게 잽니다.", en="Fewer samples, where the benchmark knows how.")
MEASURING: Final = Text(ko="재는 중", en="measuring")
WHAT: Final = Text(ko="무엇", en="what")
VALUE: Final = Text(ko="중앙값", en="median")
SPREAD: Final = Text(ko="범위", en="spread")
TARGET: Final = Text(ko="목표", en="target")
RATIO: Final = Text(ko="우리 ÷ 비교", en="ours ÷ peer")
HOLDS: Final = Text(ko="지킴", en="holds")
MISSED: Final = Text(ko="못 지킴", en="missed")
MACHINE: Final = Text(
    ko="{processor}, 코어 {cores}개, 메모리 {memory} MB, {system}, Python {python}, 잴 때의 부하 {load}",
    en="{processor}, {cores} cores, {memory} MB memory, {system}, Python {python}, load while measuring {load}",
)
