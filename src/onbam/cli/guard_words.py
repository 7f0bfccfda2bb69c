"""What the commands of the guard say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain

UP: Final = Text(
    ko="프로그램을 시작합니다.\n\n이름이 없으면 모두 시작합니다. 설정의 [guard] run과 [process.NAME]이 무엇을 돌릴지 정합니다.",
    en="Start the programs.\n\nAll of them without a name; [guard] run and [process.NAME] in the settings say what runs.",
)
DOWN: Final = Text(
    ko="모두 멈추고 지킴이도 끝냅니다.\n\n'onbam up'을 하거나 PC를 새로 켤 때까지 멈춰 있습니다.",
    en="Stop everything, the guard too.\n\nIt stays down until 'onbam up', or until the PC starts anew.",
)
ENSURE: Final = Text(
    ko="돌아야 할 것이 도는지 보고, 아니면 시작합니다 (운영체제가 부릅니다).",
    en="See that what should run runs, and start it where not (the operating system calls this).",
)
PS: Final = Text(ko="무엇이 도는지 보여 줍니다.", en="Show what runs.")
RESTART: Final = Text(
    ko="새 프로세스로 바꿉니다.\n\n하던 일을 끝내거나 돌려놓고, 새 프로세스가 도는 것을 본 뒤 끝냅니다.",
    en="Replace by a fresh process.\n\nThe old one finishes or hands back what it holds, and ends when the fresh one is seen working.",
)
STOP: Final = Text(
    ko="프로그램을 멈춥니다. 'onbam up' 할 때까지 멈춰 있습니다.", en="Stop programs; they stay stopped until 'onbam up'."
)
REMOVE: Final = Text(
    ko="프로그램을 멈추고 목록에서 뺍니다. 'onbam up NAME'으로 되돌립니다.",
    en="Stop a program and leave it out of the list; 'onbam up NAME' brings it back.",
)
LOGS: Final = Text(
    ko="프로그램이 쓴 것을 보여 줍니다. 이름 guard는 지킴이 자신의 기록입니다.",
    en="Show what programs wrote; the name guard means the guard's own log.",
)
WATCHDOG: Final = Text(
    ko="하트비트 감시: 지킴이를 켜 두고, --foreground면 한 줄씩 알립니다.",
    en="The heartbeat watchdog: keeps the guard up, and with --foreground tells line by line.",
)
FOREGROUND_OPTION: Final = Text(
    ko="뒤로 물러나지 않고 여기서 돕니다. Ctrl+C로 모두 끝납니다.",
    en="Stay here instead of the background; Ctrl+C ends everything.",
)
WATCH_OPTION: Final = Text(ko="바뀌는 대로 보여 줍니다. Ctrl+C로 끝냅니다.", en="Keep showing; Ctrl+C ends it.")
NOW_OPTION: Final = Text(ko="하던 일을 기다리지 않고 곧바로.", en="At once, without waiting for what is under way.")
FOLLOW_OPTION: Final = Text(ko="쓰는 대로 계속 보여 줍니다.", en="Go on as lines are written.")
COUNT_OPTION: Final = Text(ko="처음에 보여 줄 줄 수.", en="How many lines to begin with.")

NAMES_AND_FOREGROUND: Final = Text(
    ko="--foreground는 이름과 함께 쓰지 않습니다.", en="--foreground is not used together with names."
)
NO_LOGS: Final = Text(ko="아직 아무것도 쓰지 않았습니다.", en="Nothing was written yet.")

# -- outcomes

STARTED: Final = Text(ko="지킴이를 시작했습니다.", en="The guard was started.")
RESTARTED: Final = Text(ko="멈춰 있던 지킴이를 새로 시작했습니다.", en="The guard hung and was started anew.")
HEALTHY: Final = Text(ko="지킴이가 잘 돌고 있습니다.", en="The guard is running well.")
IS_DOWN: Final = Text(
    ko="사람이 멈춰 두었습니다. 'onbam up'으로 다시 시작합니다.", en="A person put it down; 'onbam up' starts it again."
)
ALL_DOWN: Final = Text(ko="모두 멈췄습니다.", en="Everything has stopped.")
NOT_DOWN: Final = Text(ko="아직 멈추는 중입니다. 'onbam ps'로 보십시오.", en="It is still stopping; see 'onbam ps'.")
WAS_DOWN: Final = Text(ko="돌고 있는 것이 없습니다.", en="Nothing is running.")
GOES_ON: Final = Text(
    ko="기다리지 않습니다. 시킨 일은 지킴이가 계속합니다. 지금 어떤지는 'onbam ps'가 보여 줍니다.",
    en="Not waited for any longer. The guard goes on with what was asked; 'onbam ps' shows how it stands.",
)
ENDS_FIRST: Final = Text(
    ko="지금 멈추는 중이라, 다 멈춘 뒤 다시 시작합니다.",
    en="Everything is just stopping; it is started anew once it has stopped.",
)

# -- ps

NOTHING_SET: Final = Text(
    ko="돌릴 프로그램이 없습니다. onbam.toml의 [process.NAME]이나 [guard] run에 적습니다.",
    en="No program is set to run; write [process.NAME] or [guard] run into onbam.toml.",
)
ALL_REMOVED: Final = Text(
    ko="목록에 남은 프로그램이 없습니다 (뺀 것: {names}). 'onbam up NAME'으로 되돌립니다.",
    en="No program is left on the list (taken off: {names}). 'onbam up NAME' brings one back.",
)
TAKEN_OFF: Final = Text(
    ko="{name}: 목록에서 뺐습니다. 'onbam up {name}'으로 되돌립니다.",
    en="{name}: off the list. 'onbam up {name}' brings it back.",
)
DISK_REFUSES: Final = Text(
    ko="지킴이가 디스크에 쓰지 못하고 있습니다 ({what}). 프로그램은 계속 돕니다. 자리를 비우십시오.",
    en="The guard cannot write to the disk ({what}). The programs go on. Make room on it.",
)
NOT_REMEMBERED: Final = Text(
    ko="했지만 기억해 두지는 못했습니다 ({what}). 지킴이가 새로 시작하면 되돌아갈 수 있습니다. 디스크에 자리를 비우십시오.",
    en="It is done, but could not be remembered ({what}): it may come back when the guard starts anew. Make room on the disk.",
)
ALL_WELL: Final = Text(
    ko="모두 정상입니다. 프로그램 {count}개가 돌고 있습니다.", en="All is well. {count} programs are running."
)
ONE_WELL: Final = Text(ko="모두 정상입니다. 프로그램 1개가 돌고 있습니다.", en="All is well. One program is running.")
ONE_RUNS: Final = Text(ko="프로그램 1개가 돌고 있습니다.", en="One program is running.")
MANY_RUN: Final = Text(ko="프로그램 {count}개가 돌고 있습니다.", en="{count} programs are running.")
URGENT: Final = Text(
    ko="확인할 일이 있습니다. {title} → onbam notices list", en="Something needs you: {title} → onbam notices list"
)
URGENT_MANY: Final = Text(
    ko="확인할 일이 {count}건 있습니다. 먼저, {title} → onbam notices list",
    en="{count} things need you. First: {title} → onbam notices list",
)
NONE_RUNS: Final = Text(
    ko="돌고 있는 프로그램이 없습니다. 사람이 멈췄습니다.", en="No program is running; a person stopped them."
)
TROUBLE: Final = Text(ko="{name}: {state}. {why} → onbam logs {name}", en="{name}: {state}. {why} → onbam logs {name}")
BECOMING: Final = Text(ko="{name}: {state}.", en="{name}: {state}.")
NOT_RUNNING: Final = Text(ko="지킴이가 돌고 있지 않습니다. → onbam up", en="The guard is not running. → onbam up")
NOT_GUARDED: Final = Text(
    ko="지킴이가 돌고 있지 않습니다. 그래도 도는 것: {names}. → onbam up (멈추려면 onbam down)",
    en="The guard is not running, but these still are: {names}. → onbam up (to end them: onbam down)",
)
NAME: Final = Text(ko="이름", en="name")
STATE: Final = Text(ko="상태", en="state")
DOING: Final = Text(ko="하는 일", en="doing")
SINCE: Final = Text(ko="시작", en="since")
PID: Final = plain("PID")
MEMORY: Final = Text(ko="메모리", en="memory")
RESTARTS: Final = Text(ko="재시작", en="restarts")
BEAT: Final = Text(ko="마지막 신호", en="last beat")
AGO: Final = Text(ko="{seconds:.0f}초 전", en="{seconds:.0f} s ago")
MEGABYTES: Final = Text(ko="{n} MB", en="{n} MB")
STATES: Final = {
    "off": Text(ko="멈춤", en="stopped"),
    "rest": Text(ko="쉬는 시간", en="outside its hours"),
    "starting": Text(ko="시작하는 중", en="starting"),
    "up": Text(ko="도는 중", en="running"),
    "renewing": Text(ko="새 프로세스로 바꾸는 중", en="being replaced"),
    "stopping": Text(ko="멈추는 중", en="stopping"),
    "again": Text(ko="곧 다시 시작", en="restarting"),
    "slow": Text(ko="자꾸 끝나 천천히 다시 시작", en="keeps ending, restarted slowly"),
    "misconfigured": Text(ko="설정이 잘못됨", en="misconfigured"),
}
LIVES: Final = {
    "busy": Text(ko="일하는 중", en="busy"),
    "idle": Text(ko="한가함", en="idle"),
    "waiting": Text(ko="바깥을 기다림", en="waiting"),
    "stopping": Text(ko="마무리하는 중", en="finishing"),
    "starting": Text(ko="시작하는 중", en="starting"),
    "silent": Text(ko="도는 중", en="running"),
    "stuck": Text(ko="멈춰 있음", en="stuck"),
}

# -- watchdog, in the words of the older one

BANNER: Final = Text(ko="하트비트 감시 프로그램 시작", en="The heartbeat watchdog begins (하트비트 감시 프로그램 시작)")
BANNER_CHECK: Final = Text(ko="- 체크 간격: {seconds:.0f}초", en="- check every {seconds:.0f} s (체크 간격)")
BANNER_TIMEOUT: Final = Text(ko="- 타임아웃: {minutes:.0f}분", en="- time-out: {minutes:.0f} min (타임아웃)")
OK_LINE: Final = Text(
    ko="[OK] 프로세스 정상 작동 (마지막 업데이트: {seconds:.0f}초 전)",
    en="[OK] The process works (last update: {seconds:.0f} s ago)",
)
OK_SILENT: Final = Text(ko="[OK] 프로세스 정상 작동", en="[OK] The process works")
ALERT_LINE: Final = Text(ko="[ALERT] 프로세스 정지 감지!", en="[ALERT] A process stands still (프로세스 정지 감지!)")
ALERT_WHY: Final = Text(
    ko="[ALERT] 프로세스 정지 감지! {what}", en="[ALERT] A process stands still (프로세스 정지 감지!): {what}"
)
HELPED: Final = Text(ko="[OK] 자동 재시작 실행", en="[OK] Restarted automatically")
BY_PERSON: Final = Text(ko="[OK] 사람이 멈춰 두었습니다", en="[OK] A person put it down")
