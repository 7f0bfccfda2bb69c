"""What *Today* says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

WELL: Final = Text(ko="모두 정상입니다.", en="All is well.")
WELL_NIGHT_ONE: Final = Text(ko="지난밤 1건, 확인할 일 없음.", en="1 order last night, nothing needs you.")
WELL_NIGHT: Final = Text(ko="지난밤 {n:,}건, 확인할 일 없음.", en="{n:,} orders last night, nothing needs you.")
WELL_DAY_ONE: Final = Text(ko="지금까지 1건, 확인할 일 없음.", en="1 order so far, nothing needs you.")
WELL_DAY: Final = Text(ko="지금까지 {n:,}건, 확인할 일 없음.", en="{n:,} orders so far, nothing needs you.")
WELL_QUIET: Final = Text(ko="할 일이 없고, 확인할 일도 없습니다.", en="There is nothing to do, and nothing needs you.")
NEED_MANY: Final = Text(ko="확인할 일이 {n:,}건 있습니다. 먼저, {what}", en="{n:,} things need you. First, {what}")
DOUBT: Final = Text(ko="주문 {key}: ERP에 들어갔는지 알 수 없습니다.", en="order {key}: whether it is in the ERP is not known.")
STUCK: Final = Text(ko="주문 {key}이(가) {pc}에서 멈춰 있습니다.", en="order {key} stands still on {pc}.")
PARKED: Final = Text(ko="주문 {key}이(가) 보류되었습니다: {why}.", en="order {key} is parked: {why}.")
PARKED_BARE: Final = Text(ko="주문 {key}이(가) 보류되었습니다.", en="order {key} is parked.")
NOTICE: Final = Text(ko="{what}.", en="{what}.")
GO_LOOK: Final = Text(ko="확인하기", en="Look")
NO_PC: Final = Text(ko="일하는 PC가 없습니다.", en="No PC is at work.")
NO_PC_WAITING_ONE: Final = Text(ko="일하는 PC가 없습니다. 주문 1건이 기다립니다.", en="No PC is at work; 1 order waits.")
NO_PC_WAITING: Final = Text(ko="일하는 PC가 없습니다. 주문 {n:,}건이 기다립니다.", en="No PC is at work; {n:,} orders wait.")
PC_DOWN: Final = Text(ko="{pc}이(가) 응답하지 않습니다.", en="{pc} does not answer.")
PC_DOWN_OTHERS: Final = Text(
    ko="{pc}이(가) 응답하지 않습니다. 나머지 {n}대가 이어서 합니다.",
    en="{pc} does not answer; the other {n} carry on.",
)
STOPPED: Final = Text(ko="멈춰 두었습니다. {stop}", en="Work is stopped. {stop}")
UNLOCKED: Final = Text(
    ko="락이 꺼져 있는데 PC가 {n}대입니다. 같은 주문이 두 번 처리될 수 있습니다.",
    en="Locks are off while {n} PCs work: the same order may be done twice.",
)
UNLOCKED_ONE: Final = Text(
    ko="락이 꺼져 있습니다 (ENABLE_DISTRIBUTED_LOCK=false). 이 PC 한 대만 일할 수 있습니다.",
    en="Locks are off (ENABLE_DISTRIBUTED_LOCK=false): only this one PC may work.",
)
NOT_SHARED: Final = Text(
    ko="여러 PC가 한 PC용 데이터베이스(SQLite)를 함께 쓰고 있습니다. 같은 주문이 두 번 처리될 수 있습니다.",
    en="Several PCs share a database made for one (SQLite): the same order may be done twice.",
)
BEGINNING: Final = Text(ko="아직 시작하지 않았습니다.", en="Nothing has begun yet.")
BEGINNING_TEXT: Final = Text(
    ko="PC에서 'onbam up'을 실행하면 여기에 밤 띠가 그려지기 시작합니다. 먼저 'onbam demo'로 구경할 수도 있습니다.",
    en="Run 'onbam up' on a PC and the night strip begins to be drawn here. Or have a look first with 'onbam demo'.",
)
THEN: Final = Text(ko="{at}에는 주문 {n:,}건을 처리하고 있었습니다.", en="At {at}, {n:,} orders were in hand.")
THEN_NONE: Final = Text(ko="{at}에는 처리 중인 주문이 없었습니다.", en="At {at}, no order was in hand.")

PC_ONE: Final = Text(ko="PC 1대", en="1 PC")
PCS: Final = Text(ko="PC {n}대", en="{n} PCs")
PCS_OF: Final = Text(ko="PC {n}/{all}대", en="{n} of {all} PCs")
LAST_NIGHT: Final = Text(ko="지난밤 {n}건", en="{n} last night")
DONE_TODAY: Final = Text(ko="오늘 {n}건", en="{n} today")
IN_HAND: Final = Text(ko="처리 중 {n}건", en="{n} in hand")
WAITING: Final = Text(ko="대기 {n}건", en="{n} waiting")
RETRY: Final = Text(ko="다시 시도 예정 {n}건", en="{n} to be retried")
NEEDS: Final = Text(ko="확인 필요 {n}건", en="{n} need you")

STRIP: Final = Text(ko="밤 띠", en="Night strip")
STRIP_SAYS: Final = Text(
    ko="{from_}부터 {to}까지 PC {n}대의 일. 응답이 없던 구간 {holes}곳, 넘겨받은 주문 {over}건.",
    en="Work from {from_} to {to}, PCs: {n}. Stretches of silence: {holes}. Orders taken over: {over}.",
)
STRIP_HELP: Final = Text(ko="끌어서 지난 시각을 봅니다.", en="Drag to look at an earlier time.")
SILENT: Final = Text(ko="멈춤 {span}", en="silent {span}")
SILENT_BACK: Final = Text(ko="멈춤 {span} → 자동 복구", en="silent {span} → back by itself")
SILENT_STILL: Final = Text(ko="멈춤 {span}, 아직", en="silent for {span}, still")
RESTART: Final = Text(ko="{at} 다시 시작", en="{at} restarted")
STOP: Final = Text(ko="{at} 꺼짐", en="{at} stopped")
TAKEOVER: Final = Text(ko="{at} {pc}의 주문을 넘겨받음", en="{at} took over from {pc}")
FOLDED: Final = Text(ko="조용한 PC {n}대 더", en="{n} quiet PCs more")
UNFOLD: Final = Text(ko="모두 보기", en="Show all")
LEGEND_WORK: Final = Text(ko="높이는 처리량", en="height is work")
LEGEND_SILENCE: Final = Text(ko="빗금은 멈춤", en="hatched is silence")
LEGEND_RESTART: Final = Text(ko="눈금은 다시 시작", en="a tick is a restart")
LEGEND_TAKEOVER: Final = Text(ko="화살은 넘겨받음", en="an arrow is a take-over")

FLEET: Final = Text(ko="PC들", en="PCs")
IDLE: Final = Text(ko="다음 일을 기다림", en="waits for work")
HOLDS: Final = Text(ko="주문 {n:,}건", en="{n:,} orders")
CARDS: Final = Text(ko="확인할 일", en="Needs you")
ALL_CARDS: Final = Text(ko="모두 보기 ({n})", en="See all ({n})")
FLOW: Final = Text(ko="시간별 처리", en="By the hour")
FLOW_DONE: Final = Text(ko="완료", en="completed")
FLOW_NOT: Final = Text(ko="실패·확인 필요", en="failed or uncertain")
FLOW_HOUR: Final = Text(ko="시각", en="hour")
NEXT: Final = Text(ko="다음 일정", en="Next")
EVENTS: Final = Text(ko="방금 있었던 일", en="What just happened")
NO_EVENTS: Final = Text(ko="아직 아무 일도 없었습니다.", en="Nothing has happened yet.")
NO_FLEET: Final = Text(
    ko="함께 일하는 PC가 아직 없습니다. 각 PC에서 'onbam up'을 실행하십시오. 설정이 갖추어진 PC부터 함께합니다.",
    en="No PC has joined yet. Run 'onbam up' on each of them; a PC joins once its settings are complete.",
)
NO_FLEET_SHEET: Final = Text(
    ko="Google 시트로 나누어 하는 동안에는 PC 목록이 없습니다. 데이터베이스를 쓰면 여기에 보입니다.",
    en="A shared Google Sheet keeps no list of PCs; with a database they are shown here.",
)
NEXT_SWEEP: Final = Text(ko="원장 살펴보기", en="look through the ledger")
NEXT_STANDBY: Final = Text(ko="대기 신호", en="standby beat")
NEXT_CLOSE: Final = Text(ko="업무 종료", en="closing time")
NEXT_OPEN: Final = Text(ko="업무 시작", en="opening time")
NEXT_RENEW: Final = Text(ko="새 프로세스로 교체", en="fresh processes take over")
LAST_SWEEP: Final = Text(ko="마지막으로 살펴봄", en="last look")
LOCK_ON: Final = Text(ko="락 연결됨", en="locks connected")
LOCK_OFF: Final = Text(ko="락 끊김", en="locks disconnected")
