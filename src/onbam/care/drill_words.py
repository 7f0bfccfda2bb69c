"""What a drill says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from onbam.kernel.words import Text

KILL: Final = Text(ko="프로그램을 kill -9로 끝냅니다.", en="End a program as hard as the system can (kill -9).")
HANG: Final = Text(ko="프로그램을 소리 없이 멈춰 세웁니다.", en="Let a program stand still, alive and silent.")
SLEEP: Final = Text(
    ko="지킴이와 모든 프로그램을 잠시 멈춥니다 (PC가 잠든 것처럼).",
    en="Let the guard and every program stand still for a moment, as when the PC sleeps.",
)
CLOCK: Final = Text(
    ko="지킴이의 시계를 한 시간 뒤로 돌렸다가 되돌립니다.", en="Set the guard's clock back by an hour, and right again."
)
DISK: Final = Text(
    ko="지킴이가 디스크에 한 글자도 쓰지 못할 때 프로그램을 끝냅니다.",
    en="End a program while the guard cannot write a byte to the disk.",
)
STORE_DOWN: Final = Text(
    ko="데이터베이스를 잠시 아무도 쓰지 못하게 합니다.", en="Keep everybody out of the database for a moment."
)

BEGINS: Final[Mapping[str, Text]] = {
    "kill": Text(ko="{name}을(를) 지금 끝냅니다.", en="Ending {name} now."),
    "hang": Text(ko="{name}을(를) 지금 멈춰 세웁니다.", en="{name} stands still from now."),
    "sleep": Text(ko="{seconds:g}초 동안 모두 멈춥니다.", en="Everything stands still for {seconds:g} s."),
    "clock": Text(
        ko="{seconds:g}초 동안 지킴이의 시계가 한 시간 늦습니다.", en="The guard's clock is an hour late for {seconds:g} s."
    ),
    "disk": Text(
        ko="지킴이가 쓸 수 없는 동안 {name}을(를) 끝냅니다 (길어야 {seconds:g}초).",
        en="Ending {name} while the guard cannot write (for {seconds:g} s at most).",
    ),
    "store-down": Text(
        ko="{seconds:g}초 동안 데이터베이스를 잠급니다.", en="The database is locked for everybody for {seconds:g} s."
    ),
}

NOT_HERE: Final = Text(
    ko="이 시스템에서는 도는 프로그램의 디스크를 안전하게 막았다 풀 수 없습니다.",
    en="On this system a running program cannot be kept from its disk and given it back safely.",
)
NOT_HERE_HINT: Final = Text(
    ko="다른 훈련을 하십시오. 이 훈련은 Linux에서 됩니다.", en="Do another drill; this one needs Linux."
)
OPEN_HOURS: Final = Text(ko="업무 시간에는 훈련하지 않습니다.", en="There are no drills in business hours.")
OPEN_HOURS_HINT: Final = Text(
    ko="업무 시간이 지난 뒤에 하거나, 그래도 하려면 --force를 쓰십시오.",
    en="Do it after hours, or use --force to do it all the same.",
)
NOT_UP: Final = Text(ko="'{name}'은(는) 지금 일하고 있지 않습니다.", en="'{name}' is not at work now.")
NOT_UP_HINT: Final = Text(
    ko="일하는 프로그램: {names}. 'onbam ps'로 보고 'onbam up'으로 시작하십시오.",
    en="At work: {names}. See with 'onbam ps', start with 'onbam up'.",
)
BUSY: Final = Text(ko="{name}이(가) 지금 주문을 다루고 있습니다.", en="{name} is in the middle of something.")
BUSY_HINT: Final = Text(
    ko="끝난 뒤에 다시 하거나, 그래도 하려면 --force를 쓰십시오.",
    en="Do it again when that is finished, or use --force to do it all the same.",
)
NO_HELPER: Final = Text(
    ko="되돌릴 도우미가 시작되지 않아 아무것도 하지 않았습니다.",
    en="The helper that takes it back did not start; nothing was done.",
)
NO_HELPER_HINT: Final = Text(ko="'onbam doctor'로 이 PC를 보십시오.", en="Look at this PC with 'onbam doctor'.")

DONE: Final = Text(
    ko="{what}: {took:.1f}초 만에 모두 다시 일합니다 (목표 {target:g}초).",
    en="{what}: everything works again after {took:.1f} s (target {target:g} s).",
)
LATE: Final = Text(
    ko="{what}: {took:.1f}초 걸렸습니다. 목표 {target:g}초를 넘었습니다.",
    en="{what}: it took {took:.1f} s, more than the {target:g} s promised.",
)
NEVER: Final = Text(
    ko="{what}: {limit:g}초 안에 돌아오지 않았습니다 (목표 {target:g}초).",
    en="{what}: not back within {limit:g} s (target {target:g} s).",
)
LOST: Final = Text(ko="멀쩡하던 프로그램 {count}개가 끝났습니다.", en="{count} programs that were well were ended for nothing.")
LIST_LINE: Final = Text(
    ko="{at}  {machine}  {kind:<10}  {program:<12}  {took}초 (목표 {target:g}초) {verdict}",
    en="{at}  {machine}  {kind:<10}  {program:<12}  {took} s (target {target:g} s) {verdict}",
)
HELD: Final = Text(ko="지킴", en="held")
MISSED: Final = Text(ko="못 지킴", en="missed")
NONE: Final = Text(
    ko="아직 훈련한 적이 없습니다. 업무 시간이 끝난 뒤 'onbam drill kill'부터 해 보십시오.",
    en="There has been no drill yet. Begin with 'onbam drill kill', after business hours.",
)
NOT_KEPT: Final = Text(
    ko="훈련의 결과를 적어 두지 못했습니다: {what}", en="The outcome of the drill could not be recorded: {what}"
)
