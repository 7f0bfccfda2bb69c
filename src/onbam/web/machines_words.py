"""What the pages of PCs say about acts on them, their log, their evidence, and why they are as they are."""

from __future__ import annotations

from typing import Final

from onbam.care.errands.model import Do, Stage
from onbam.kernel.words import Text

# -- asking a PC for something -----------------------------------------------------------------------------------------------

ACTS: Final = {
    Do.RESTART: Text(ko="다시 시작", en="Restart"),
    Do.DRAIN: Text(ko="마무리하고 끄기", en="Drain and stop"),
    Do.UP: Text(ko="켜기", en="Start"),
}
ASK: Final = {
    Do.RESTART: Text(ko="{what}을(를) 다시 시작할까요?", en="Restart {what}?"),
    Do.DRAIN: Text(ko="{what}을(를) 마무리하고 끌까요?", en="Drain and stop {what}?"),
    Do.UP: Text(ko="{what}을(를) 켤까요?", en="Start {what}?"),
}
MEANS: Final = {
    Do.RESTART: Text(
        ko="새 프로세스가 일하는 것을 본 뒤 옛 프로세스가 끝납니다. 맡은 주문은 끝내거나 돌려놓습니다. 중복은 생기지 않습니다.",
        en="The old process ends when a fresh one is seen at work. Orders in hand are finished or handed back; nothing is done twice.",
    ),
    Do.DRAIN: Text(
        ko="맡은 주문을 끝내거나 돌려놓고 꺼집니다. 그 PC에서 도는 프로그램이 하나도 없게 되면 여기서 다시 켤 수 없고, 그 PC에서 'onbam up'을 실행해야 합니다.",
        en="Orders in hand are finished or handed back, then it stops. Once nothing runs on that PC it cannot be started from here; run 'onbam up' there.",
    ),
    Do.UP: Text(ko="꺼 둔 프로그램을 바로 켭니다.", en="What was stopped comes up at once."),
}
ASKED_SAID: Final = {
    Do.RESTART: Text(ko="{what}에 다시 시작을 요청했습니다.", en="{what} was asked to restart."),
    Do.DRAIN: Text(ko="{what}에 마무리를 요청했습니다.", en="{what} was asked to drain."),
    Do.UP: Text(ko="{what}에 켜기를 요청했습니다.", en="{what} was asked to start."),
}
WHICH: Final = Text(ko="무엇을", en="Which")
WHICH_MAIN: Final = Text(ko="로봇만 ({name})", en="the robot only ({name})")
WHICH_ALL: Final = Text(ko="이 PC의 모든 프로그램", en="every program of this PC")
ERRANDS: Final = Text(ko="요청한 일", en="What was asked of it")
STAGES: Final = {
    Stage.ASKED: Text(ko="답을 기다림", en="waiting for its answer"),
    Stage.TAKEN: Text(ko="하는 중", en="under way"),
    Stage.DONE: Text(ko="됨", en="done"),
    Stage.FAILED: Text(ko="안 됨", en="failed"),
}
STAGE_ICONS: Final = {
    Stage.ASKED: "waiting",
    Stage.TAKEN: "processing",
    Stage.DONE: "completed",
    Stage.FAILED: "parked",
}
SILENT: Final = Text(
    ko="이 PC가 요청을 가져가지 않습니다. 꺼졌거나 연결이 끊겼습니다. 요청은 하지 않은 것으로 칩니다.",
    en="This PC does not come for it: it is off or out of reach. Nothing was done.",
)
SILENT_WORD: Final = Text(ko="응답 없음", en="no answer")
SILENT_BEFORE: Final = Text(
    ko="이 PC는 지금 응답이 없습니다. 요청해도 2분 안에 켜지지 않으면 하지 않습니다.",
    en="This PC does not answer now. What is asked is dropped unless it comes back within two minutes.",
)
NOT_FROM_HERE: Final = Text(
    ko="Google 시트로 나누는 동안에는 다른 PC에 요청할 수 없습니다. 데이터베이스 서버를 쓰면 됩니다.",
    en="PCs that share a Google Sheet only cannot be asked from here; with a database server they can.",
)

# -- its log -----------------------------------------------------------------------------------------------------------------

LOG: Final = Text(ko="기록", en="Log")
LOG_TODAY: Final = Text(ko="오늘의 마지막 {n}줄", en="the last {n} lines of today")
LOG_FIND: Final = Text(ko="기록에서 찾기", en="Find in the log")
LOG_NONE: Final = Text(ko="오늘 기록이 아직 없습니다.", en="Nothing was logged today yet.")
LOG_NO_HIT: Final = Text(ko="'{words}'이(가) 든 줄이 없습니다.", en="No line has '{words}'.")
LOG_HERE: Final = Text(ko="이 PC의 파일에서 바로 읽습니다.", en="Read from this PC's own file.")
LOG_FETCHED: Final = Text(ko="{pc}이(가) 보낸 것:", en="sent by {pc}:")
LOG_WAITING: Final = Text(ko="{pc}에게 묻는 중입니다.", en="Asking {pc}.")
LOG_SILENT: Final = Text(
    ko="{pc}이(가) 답하지 않습니다. 아래는 마지막으로 받은 것입니다.", en="{pc} does not answer; below is what it sent last."
)

# -- its evidence ------------------------------------------------------------------------------------------------------------

INCIDENTS: Final = Text(ko="멈춤 사건", en="Incidents")
INCIDENTS_NONE: Final = Text(ko="멈춘 적이 없습니다.", en="Nothing has stood still.")
INCIDENTS_NONE_TEXT: Final = Text(
    ko="프로그램이 멈추면 지킴이가 끝내기 전에 스택과 마지막 기록을 남기고, 여기에 나타납니다.",
    en="When a program stands still the guard keeps its stacks and last lines before it ends it, and they appear here.",
)
INCIDENT_WHERE: Final = Text(ko="어디서", en="Where")
INCIDENT_ITEM: Final = Text(ko="맡고 있던 주문", en="Order in hand")
INCIDENT_SILENCE: Final = Text(ko="조용했던 시간", en="Silent for")
INCIDENT_OF: Final = Text(ko="{seconds}초 (한도 {limit}초)", en="{seconds} s (limit {limit} s)")
INCIDENT_STACKS: Final = Text(ko="스택", en="Stacks")
INCIDENT_LINES: Final = Text(ko="마지막 기록", en="Last lines")
INCIDENT_FACTS: Final = Text(ko="그때의 상태", en="State at the time")
INCIDENT_GONE: Final = Text(
    ko="그런 사건이 없습니다. 오래되어 지워졌을 수 있습니다.", en="No such incident; it may have been too old to keep."
)

# -- its programs ------------------------------------------------------------------------------------------------------------

PROGRAMS: Final = Text(ko="프로그램과 버전", en="Programs and versions")
VERSIONS_DIFFER: Final = Text(
    ko="PC마다 버전이 다릅니다: {versions}. 'onbam update'로 맞추십시오.",
    en="The PCs run different versions: {versions}. Bring them together with 'onbam update'.",
)
PAUSE_FILE_NEXT: Final = Text(ko="그 파일을 지우면 다시 일합니다.", en="It works again once that file is removed.")
