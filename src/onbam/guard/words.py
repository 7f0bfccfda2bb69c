"""What the guard says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.errors import OnbamError
from onbam.kernel.words import Said, Text, plain, spoken

# -- one instance

RUNNING: Final = Text(
    ko="[ERROR] 이미 실행 중인 프로세스가 있습니다.",
    en="[ERROR] One is already running (이미 실행 중인 프로세스가 있습니다).",
)
RUNNING_HINT: Final = Text(
    ko="PID {pid}, {since}부터, 사용자 {user}, 버전 {version}. 'onbam ps'로 봅니다.",
    en="PID {pid}, since {since}, user {user}, version {version}. See 'onbam ps'.",
)
RUNNING_UNKNOWN: Final = Text(
    ko="누구인지는 runtime.lock에 적혀 있지 않습니다. 'onbam ps'로 봅니다.",
    en="runtime.lock does not say who it is. See 'onbam ps'.",
)
REMOTE: Final = Text(
    ko="데이터 폴더 {folder}이(가) 네트워크 드라이브({kind})에 있습니다.",
    en="The data folder {folder} is on a network drive ({kind}).",
)
REMOTE_HINT: Final = Text(
    ko="네트워크 드라이브의 잠금은 믿을 수 없어 두 PC가 함께 돌 수 있습니다. app.data를 이 PC의 폴더로 정하십시오.",
    en="Locks on a network drive cannot be trusted, and two PCs could run at once. Set app.data to a folder of this PC.",
)
PUT_DOWN: Final = Text(
    ko="그사이 누군가 모두 멈추어 시작하지 않습니다.", en="Somebody put everything down meanwhile: nothing is started."
)
PUT_DOWN_HINT: Final = Text(ko="다시 켜려면 'onbam up'.", en="'onbam up' starts it again.")
UNLOCKABLE: Final = Text(ko="{file}을(를) 잠글 수 없습니다 ({what}).", en="{file} cannot be locked ({what}).")
UNLOCKABLE_HINT: Final = Text(
    ko="폴더에 쓸 수 있는지, 디스크에 자리가 있는지 확인하십시오.",
    en="Check that the folder may be written and the disk has room.",
)

UNWRITABLE: Final = Text(
    ko="{folder} 폴더에 쓸 수 없어 지킴이를 시작하지 못했습니다 ({what}).",
    en="The guard was not started: the folder {folder} cannot be written ({what}).",
)

# -- settings

NO_PROGRAM: Final = Text(ko="guard.run: '{name}'(이)라는 프로그램은 없습니다.", en="guard.run: there is no program '{name}'.")
NO_PROGRAM_HINT: Final = Text(
    ko="있는 것: {names}. 가게의 프로그램은 [process.{name}] command=…로 적습니다.",
    en="There are: {names}. A program of your own is written as [process.{name}] command=…",
)
NO_COMMAND: Final = Text(ko="[process.{name}]에 command가 없습니다.", en="[process.{name}] has no command.")
NO_COMMAND_HINT: Final = Text(ko='예: command = ["python", "robot.py"]', en='As in command = ["python", "robot.py"]')
BAD_COMMAND: Final = Text(
    ko="[process.{name}]의 command를 나눌 수 없습니다: {what}.", en="The command of [process.{name}] cannot be split: {what}."
)
BAD_COMMAND_HINT: Final = Text(ko="목록으로 적으십시오.", en="Write it as a list.")
SHARED_HEARTBEAT: Final = Text(
    ko='[process.{name}]은(는) watch = "file"인데, {file}은(는) {other}도 쓰는 파일이라 {name}이(가) 멈춰도 알 수 없습니다.',
    en='[process.{name}] has watch = "file", but {file} is also written by {other}: a hang of {name} would not be seen.',
)
SHARED_HEARTBEAT_HINT: Final = Text(
    ko='이 프로그램만의 폴더나 파일을 주십시오. 예: [process.{name}] cwd = "{name}" (또는 heartbeat = "{name}.txt")',
    en='Give it a folder or a file of its own, as in [process.{name}] cwd = "{name}" (or heartbeat = "{name}.txt").',
)
BAD_TIME: Final = Text(ko="{where} = {text}은(는) 시각이 아닙니다.", en="{where} = {text} is not a time of day.")
BAD_TIME_HINT: Final = Text(
    ko="05:55처럼, 시간대는 06:00-18:00처럼 적으십시오.", en="Write it as 05:55, and hours as 06:00-18:00."
)
BAD_ZONE: Final = Text(ko="'{name}'(이)라는 시간대는 없습니다.", en="There is no time zone '{name}'.")
BAD_ZONE_HINT: Final = Text(ko='예: app.time_zone = "Asia/Seoul"', en='As in app.time_zone = "Asia/Seoul"')

# -- what happened, for the log and the journal

GUARD_BEGINS: Final = Text(ko="지킴이 시작 (PID {pid}, 버전 {version})", en="The guard begins (PID {pid}, version {version})")
GUARD_ENDS: Final = Text(ko="지킴이 끝", en="The guard ends")
STARTED: Final = Text(ko="{name} 시작 (PID {pid})", en="{name} started (PID {pid})")
ADOPTED: Final = Text(
    ko="{name}은(는) 이미 돌고 있어 그대로 맡음 (PID {pid})",
    en="{name} was already running and is taken over as it is (PID {pid})",
)
REPLACED_OLD: Final = Text(
    ko="앞선 지킴이가 남긴 {name}을(를) 끝내고 새로 시작", en="{name}, left by an earlier guard, is ended and started anew"
)
DIED: Final = Text(ko="{name}이(가) 스스로 끝남 ({how})", en="{name} ended by itself ({how})")
HOW_CODE: Final = Text(ko="종료 코드 {code}", en="exit code {code}")
HOW_SIGNAL: Final = Text(ko="신호 {code}", en="signal {code}")
HOW_UNKNOWN: Final = Text(ko="까닭 모름", en="nobody knows how")
AGAIN_IN: Final = Text(ko="{name}: {seconds:.1f}초 뒤 다시 시작", en="{name}: again in {seconds:.1f} s")
STOPPED: Final = Text(ko="{name} 멈춤", en="{name} stopped")
KILLED: Final = Text(ko="{name}이(가) 멈추지 않아 끝냄", en="{name} did not stop and was ended")
ASKED: Final = Text(ko="{name}에게 멈추라고 함 ({why})", en="{name} is asked to stop ({why})")
LEFTOVER: Final = Text(
    ko="{name}이(가) 남긴 프로세스 {count}개를 끝냄: {what}", en="{count} processes {name} had left behind were ended: {what}"
)
FORKED_AWAY: Final = Text(
    ko="{name}은(는) 스스로 물러나 뒤에서 돕니다. 지킴이 아래에서는 앞에서 돌게 하십시오.",
    en="{name} moves itself into the background; under the guard let it run in the foreground.",
)
NEWS_LIE: Final = Text(
    ko="알림을 전하지 못해 나중에 다시 해 봄: {what}", en="Notices could not be carried; it is tried again later: {what}"
)
BAD_SETTINGS: Final = Text(
    ko="설정을 읽을 수 없어 앞서 읽은 것으로 계속함: {what}",
    en="The settings cannot be read; going on with the last good ones: {what}",
)
SETTINGS_READ: Final = Text(ko="바뀐 설정을 읽음", en="The changed settings were read")
SLEPT: Final = Text(ko="PC가 {seconds:.0f}초 동안 자고 있었음", en="The PC slept for {seconds:.0f} s")
LOCK_LOST: Final = Text(
    ko="다른 지킴이가 이 폴더를 맡아 이 지킴이는 물러남", en="Another guard holds this folder now; this one withdraws"
)
NO_WORDS: Final = Text(ko="까닭은 말하지 않았습니다.", en="It did not say why.")
MOVED: Final = Text(
    ko="가게 폴더 {home}이(가) 옮겨졌거나 지워져 모두 멈춤. 새 자리에서 'onbam up'",
    en="The shop's folder {home} was moved or deleted: everything stops. 'onbam up' in the new place",
)
TOML_GONE: Final = Text(ko="{file} 파일이 없어졌습니다.", en="{file} is gone.")
TOML_GONE_HINT: Final = Text(
    ko="제자리에 되돌리십시오. 설정 없이 돌리려면 빈 파일을 두십시오.",
    en="Put it back, or an empty one to run without settings.",
)
NO_FOLDER: Final = Text(
    ko="{name}의 작업 폴더 {folder}이(가) 없습니다. 폴더를 만들거나 [process.{name}] cwd를 고치십시오.",
    en="The working folder of {name}, {folder}, does not exist. Make it, or mend [process.{name}] cwd.",
)
NO_SUCH_COMMAND: Final = Text(
    ko="{name}의 명령 {command}을(를) 찾을 수 없습니다. [process.{name}] command를 고치거나 프로그램을 설치하십시오.",
    en="The command of {name}, {command}, was not found. Mend [process.{name}] command, or install the program.",
)
ENDED_STUCK: Final = Text(ko="{name}이(가) 멈춰 있어 끝냄: {why}", en="{name} stood still and was ended: {why}")
NOT_STARTED: Final = Text(ko="{name}을(를) 시작할 수 없음: {what}: {command}", en="{name} cannot be started: {what}: {command}")

# -- why a program is replaced

WHY_PERSON: Final = Text(ko="사람이 시킴", en="a person asked")
WHY_STUCK: Final = Text(
    ko="'{step}' 단계에서 {silence:.0f}초 동안 소식 없음 (한도 {limit:.0f}초)",
    en="silent for {silence:.0f} s in step '{step}' (limit {limit:.0f} s)",
)
WHY_NO_BEAT: Final = Text(
    ko="시작하고 {silence:.0f}초 동안 첫 신호 없음", en="no first beat within {silence:.0f} s of its start"
)
WHY_FILE: Final = Text(ko="{file}이(가) {silence:.0f}초 동안 바뀌지 않음", en="{file} has not changed for {silence:.0f} s")
WHY_ERRORS: Final = Text(ko="{count}회 연속 에러: {what}", en="{count} failures in a row: {what}")
WHY_DEAF: Final = Text(
    ko="디스크에 신호를 쓸 수 없어, 멈췄는지 알 수 없음",
    en="no beat can be written to the disk, so nobody knows whether it hangs",
)
DEAF: Final = Text(ko="{name}을(를) 그대로 둠: {why}", en="{name} is left as it is: {why}")
WHY_MEMORY: Final = Text(ko="메모리 {used} MB (한도 {limit} MB)", en="{used} MB of memory (limit {limit} MB)")
WHY_SETTINGS: Final = Text(ko="설정이 바뀜", en="its settings changed")
WHY_REMOVED: Final = Text(ko="설정에서 빠짐", en="it is no longer in the settings")
WHY_HOURS: Final = Text(ko="돌 시간이 아님", en="outside its hours")
WHY_RENEWAL: Final = Text(ko="일일 재시작", en="the daily renewal")
WHY_YESTERDAY: Final = Text(ko="어제 날짜의 로그에 쓰고 있음: {file}", en="it still writes yesterday's log: {file}")
WHY_DOWN: Final = Text(ko="모두 멈춤", en="everything stops")

# -- renewal

RENEWAL_BEGINS: Final = Text(ko="일일 재시작 시작", en="The daily renewal begins")
RENEWAL_PAUSED: Final = Text(
    ko="{name}: 새 일을 받지 않음, 하던 일 마무리", en="{name}: takes nothing new, finishes what it holds"
)
RENEWAL_ENDED: Final = Text(ko="{name}: 기존 프로세스 종료 완료", en="{name}: the old process has ended")
RENEWAL_STARTS: Final = Text(ko="{name}: 프로그램 재시작 중...", en="{name}: starting the new one")
RENEWAL_WORKS: Final = Text(ko="{name}: 재시작 성공", en="{name}: the new one works")
RENEWAL_FILES: Final = Text(ko="락 파일, 하트비트 파일 정리 완료", en="Lock and beat files tidied")
RENEWAL_FAILED: Final = Text(
    ko="{name}: 새 프로세스가 제대로 돌지 않아 기존 방식으로 되돌림 ({what})",
    en="{name}: the new one does not work; the old way is restored ({what})",
)
RENEWAL_DONE: Final = Text(ko="일일 재시작 완료 ({seconds:.0f}초)", en="The daily renewal is done ({seconds:.0f} s)")
NEW_DIED: Final = Text(ko="시작하자마자 끝남", en="it ended at once")
NEW_SILENT: Final = Text(ko="신호가 오지 않음", en="no beat came")

# -- notices

RESTART_TITLE: Final = Text(
    ko="프로세스 정지 감지 - 자동 재시작", en="A process stood still - restarted (프로세스 정지 감지 - 자동 재시작)"
)
RESTART_TEXT: Final = Text(
    ko="마지막 업데이트: {ago} 전\n자동 재시작 실행", en="Last update: {ago} ago\nRestarted automatically"
)
SLOW_TITLE: Final = Text(ko="{name}이(가) 자꾸 멈춥니다", en="{name} keeps ending")
SLOW_TEXT: Final = Text(
    ko="10분 동안 {count}번 다시 시작했습니다. {seconds:.0f}초마다 계속 시작해 봅니다. 'onbam logs {name}'을 보십시오.",
    en="It was restarted {count} times in a short while. It is tried again every {seconds:.0f} s. See 'onbam logs {name}'.",
)
LARGE_TITLE: Final = Text(ko="{name}이(가) 자꾸 메모리 한도를 넘습니다", en="{name} keeps going over its limit of memory")
LARGE_TEXT: Final = Text(
    ko="{why}. 짧은 동안 {count}번 새 프로세스로 바꾸었고, 이제 {seconds:.0f}초마다 바꿉니다. [process.{name}] memory_mb를 늘리거나 프로그램을 고치십시오.",
    en="{why}. It was replaced {count} times in a short while, and is from now on every {seconds:.0f} s. Raise [process.{name}] memory_mb, or mend the program.",
)
MISCONFIGURED_TITLE: Final = Text(ko="{name}의 설정이 잘못되었습니다", en="The settings of {name} are wrong")
MISCONFIGURED_TEXT: Final = Text(
    ko="{message} 설정을 고치면 저절로 다시 시작합니다.", en="{message} It starts by itself once the settings are mended."
)
MISREAD_TEXT: Final = Text(
    ko="{message} 설정을 고치면 저절로 따릅니다. 그때까지는 전에 읽은 설정대로 돌고, 처음이면 시작하지 않습니다.",
    en="{message} It is taken up once it is mended; until then the program goes on as it was set up, or does not start if it is new.",
)
BAD_SETTINGS_TITLE: Final = Text(ko="설정 파일을 읽을 수 없습니다", en="The settings cannot be read")
BAD_SETTINGS_TEXT: Final = Text(
    ko="{what} 고칠 때까지 전에 읽은 설정으로 계속합니다.",
    en="{what} Until it is mended everything goes on with the settings read before.",
)
RENEWAL_TITLE: Final = Text(ko="{name}의 일일 재시작에 실패했습니다", en="The daily renewal of {name} failed")
RENEWAL_TEXT: Final = Text(
    ko="기존 방식으로 계속 돕니다 ({what}). 'onbam logs {name}'을 보십시오.",
    en="It goes on the old way ({what}). See 'onbam logs {name}'.",
)
YESTERDAY_TITLE: Final = Text(ko="{name}이(가) 어제 날짜로 돌고 있었습니다", en="{name} was running on yesterday's date")
YESTERDAY_TEXT: Final = Text(
    ko="{file}에 쓰고 있어 새 프로세스로 바꾸었습니다.", en="It wrote to {file} and was replaced by a fresh process."
)
SECONDS: Final = Text(ko="{n:.0f}초", en="{n:.0f} s")
MINUTES: Final = Text(ko="{n:.0f}분", en="{n:.0f} min")

# -- the door

NO_GUARD: Final = Text(ko="지킴이가 돌고 있지 않습니다.", en="The guard is not running.")
NO_GUARD_HINT: Final = Text(ko="'onbam up'으로 시작하십시오.", en="Start it with 'onbam up'.")
NO_DOOR: Final = Text(
    ko="지킴이가 돌고 있지만 아직 말을 걸 수 없습니다.", en="The guard is running, but cannot be spoken to yet."
)
NO_DOOR_HINT: Final = Text(
    ko="지금 막 시작하는 중이거나 디스크가 가득 찼습니다. 자리를 비우면 몇 초 안에 말을 들을 수 있습니다.",
    en="It is just starting, or the disk is full; with room on it, it can be spoken to within seconds.",
)
LEAVING: Final = Text(ko="지킴이가 지금 멈추는 중입니다.", en="The guard is just ending.")
LEAVING_HINT: Final = Text(
    ko="다 멈추면 'onbam up'으로 다시 시작하십시오.", en="Start it anew with 'onbam up' once it has ended."
)
NOT_YOURS: Final = Text(ko="지킴이를 다른 사용자가 시작했습니다.", en="Another user of this PC started the guard.")
NOT_YOURS_HINT: Final = Text(
    ko="그 사용자로 하십시오. 누구인지는 runtime.lock에 있습니다.", en="Ask it as that user; runtime.lock names them."
)
NO_ANSWER: Final = Text(ko="지킴이가 {limit:g}초 안에 대답하지 않습니다.", en="The guard did not answer within {limit:g} s.")
NO_ANSWER_HINT: Final = Text(
    ko="'onbam ensure'가 멈춘 지킴이를 새로 시작합니다.", en="'onbam ensure' starts a guard that hangs anew."
)
NO_PROCESS: Final = Text(ko="'{name}'(이)라는 프로그램은 없습니다.", en="There is no program '{name}'.")
NO_PROCESS_HINT: Final = Text(ko="있는 것: {names}.", en="There are: {names}.")
NOT_ENABLED: Final = Text(
    ko="{name}은(는) 설정에서 꺼져 있습니다 (enabled = false).", en="{name} is switched off in the settings (enabled = false)."
)
GOES_ON_HINT: Final = Text(
    ko="돌던 것은 끝내지 않고 그대로 둡니다. 고친 뒤 다시 하십시오.",
    en="The one that runs was not ended. Say it again once that is mended.",
)
NOT_UNDERSTOOD: Final = Text(ko="지킴이가 이해하지 못한 말입니다: {what}.", en="The guard does not understand: {what}.")

# -- output

TOO_FAST: Final = Text(ko="({count}줄은 너무 빨리 나와 적지 않았습니다)", en="({count} lines came too fast and were not kept)")
LINES_LOST: Final = Text(
    ko="({count}번 적지 못했습니다: 디스크가 가득 찼거나 폴더에 쓸 수 없음)",
    en="({count} times nothing could be written: disk full, or the folder not writable)",
)

# -- more of what happened

RECOVERED: Final = Text(ko="{name} 정상 작동", en="{name} works again")
STUCK: Final = Text(
    ko="[ALERT] 프로세스 정지 감지! {name}: {why}", en="[ALERT] A process stands still (프로세스 정지 감지!): {name}: {why}"
)
ASKED_FRESH: Final = Text(ko="{name}을(를) 새 프로세스로 바꿈 ({why})", en="{name} is replaced by a fresh process ({why})")
PERSON: Final = Text(ko="{who}의 요청: {what}", en="{who} asks: {what}")


def quoted(words: str) -> Said:
    """Words of a program, as they came."""
    return plain(words)()


def in_full(error: OnbamError) -> Said:
    """An error's message with its hint."""
    return spoken({"ko": error.to("ko"), "en": error.to("en")})
