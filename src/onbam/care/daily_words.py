"""What the daily check says; the first lines are those of the older `daily_check.ps1`."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

HEAD: Final = Text(ko="[{at}] 시스템 상태 체크", en="[{at}] check of the system")
PROCESSES: Final = Text(ko="  프로세스 수: {count} (예상: 1)", en="  processes: {count} (expected: 1)")
HEARTBEAT: Final = Text(
    ko="  하트비트: {minutes}분 전 (예상: <{limit}분)", en="  heartbeat: {minutes} min ago (expected: <{limit} min)"
)
NO_HEARTBEAT: Final = Text(ko="  하트비트: 없음 (예상: <{limit}분)", en="  heartbeat: none (expected: <{limit} min)")
SCHEDULER: Final = Text(ko="  작업 스케줄러: {says}", en="  task scheduler: {says}")
NOT_REGISTERED: Final = Text(ko="등록되지 않음", en="not registered")
UNKNOWN: Final = Text(ko="알 수 없음", en="not known")

LOG_OK: Final = Text(ko="오늘 날짜의 로그 파일이 있습니다: {file}.", en="There is a log file of today: {file}.")
LOG_NONE: Final = Text(
    ko="오늘 날짜의 로그 파일이 없습니다 (마지막: {last}).", en="There is no log file of today (the last one: {last})."
)
LOG_FIX: Final = Text(
    ko="'onbam ps'로 일하고 있는지, 'onbam doctor'로 로그 폴더를 보십시오.",
    en="See with 'onbam ps' whether anything runs, and with 'onbam doctor' how the log folder is.",
)
ONE_OK: Final = Text(ko="{name}은(는) 하나만 돕니다 (PID {pids}).", en="One {name} runs (PID {pids}).")
ONE_NONE: Final = Text(ko="{name}이(가) 돌고 있지 않습니다.", en="No {name} runs.")
ONE_NONE_FIX: Final = Text(
    ko="'onbam up'으로 시작하십시오. 스스로 시작되게 하려면 'onbam install'.",
    en="Start it with 'onbam up'; have it started by itself with 'onbam install'.",
)
ONE_MANY: Final = Text(ko="{name}이(가) {count}개 돌고 있습니다 (PID {pids}).", en="{count} of {name} run (PIDs {pids}).")
ONE_MANY_FIX: Final = Text(
    ko="교체 중이 아니라면 손으로 시작한 것을 끄십시오. 지킴이가 시작한 것은 'onbam ps'에 보입니다.",
    en="Unless one takes over from the other, end those started by hand; 'onbam ps' shows those of the guard.",
)
BEAT_OK: Final = Text(ko="하트비트가 {minutes}분 전에 있었습니다.", en="The last heartbeat was {minutes} min ago.")
BEAT_OLD: Final = Text(ko="하트비트가 {minutes}분째 없습니다.", en="There was no heartbeat for {minutes} min.")
BEAT_NONE: Final = Text(ko="하트비트가 한 번도 없었습니다.", en="There was no heartbeat yet.")
BEAT_FIX: Final = Text(
    ko="'onbam ps'와 'onbam incidents'를 보십시오. 곧 저절로 다시 시작됩니다.",
    en="See 'onbam ps' and 'onbam incidents'; it is restarted by itself shortly.",
)
BEAT_RESTS_FIX: Final = Text(
    ko="저절로 시작되지 않습니다. 까닭은 'onbam ps'에 있습니다. 고친 뒤 'onbam up'으로 시작하십시오.",
    en="It does not start by itself; 'onbam ps' says why. Mend that, then start it with 'onbam up'.",
)
BEAT_DOWN_FIX: Final = Text(
    ko="지킴이가 돌고 있지 않습니다. 'onbam up'으로 시작하십시오.", en="No guard runs. Start with 'onbam up'."
)
LOCK_OK: Final = Text(
    ko="runtime.lock의 PID {pid}가 일하는 지킴이와 같습니다.", en="The PID in runtime.lock, {pid}, is the guard that works."
)
LOCK_NONE: Final = Text(ko="runtime.lock이 없습니다.", en="There is no runtime.lock.")
LOCK_WRONG: Final = Text(
    ko="runtime.lock의 PID {pid}는 일하는 지킴이({guard})가 아닙니다.",
    en="The PID in runtime.lock, {pid}, is not the guard that works ({guard}).",
)
LOCK_FIX: Final = Text(
    ko="일에는 지장이 없습니다. 파일은 사람에게 알려 주기만 합니다. 업무 시간 밖에 'onbam down'과 'onbam up'을 하면 새로 씁니다.",
    en="Nothing is held up: the file only informs people. Outside business hours 'onbam down' and 'onbam up' write it anew.",
)
LOCK_DOWN_FIX: Final = Text(
    ko="지킴이가 돌고 있지 않습니다. 'onbam up'으로 시작하면 새로 씁니다.",
    en="No guard runs. Starting with 'onbam up' writes it anew.",
)
TASK_OK: Final = Text(ko="{name}: {says}", en="{name}: {says}")
TASK_OFF: Final = Text(ko="{name}: 등록되지 않았거나 꺼져 있습니다.", en="{name}: not registered, or switched off.")
TASK_FIX: Final = Text(ko="'onbam install'을 실행하십시오.", en="Run 'onbam install'.")
TASK_UNKNOWN: Final = Text(ko="시작 등록을 볼 수 없습니다: {what}", en="What starts at boot cannot be looked at: {what}")
