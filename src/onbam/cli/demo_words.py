"""What `onbam demo` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain

DEMO_MACHINES: Final = Text(ko="PC 수", en="How many PCs")
DEMO_ORDERS: Final = Text(ko="주문 수", en="How many orders")
DEMO_SEED: Final = Text(
    ko="같은 씨앗이면 같은 주문과 같은 사고", en="The same seed brings the same orders and the same accidents"
)
DEMO_STORE: Final = Text(ko="PC들이 서로 맞추는 곳", en="Where the PCs agree with each other")
DEMO_CHAOS: Final = Text(
    ko="일으킬 사고 (쉼표로 나눔): kill, hang, lost-reply, slow, skew, offline, 또는 none",
    en="Which accidents to cause, separated by commas: kill, hang, lost-reply, slow, skew, offline, or none",
)
DEMO_UNTIL_DONE: Final = Text(
    ko="주문이 모두 끝날 때까지 (없으면 1분 안에 끝냅니다)",
    en="Until every order has come to its end (else the demo ends within a minute)",
)
DEMO_KEEP: Final = Text(ko="끝난 뒤 임시 폴더를 남깁니다", en="Leave the folder behind when it ends")
BAD_CHAOS: Final = Text(ko="모르는 사고입니다: {name}. 가능한 것: {known}", en="No such accident: {name}. There are: {known}")
STARTING: Final = Text(ko="가게를 여는 중입니다…", en="Opening the shop…")
NOT_STARTED: Final = Text(ko="{what}이(가) 시작되지 않았습니다: {why}", en="{what} did not start: {why}")
NOT_STARTED_HINT: Final = Text(
    ko="다시 해 보고, 그래도 안 되면 'onbam doctor'로 이 PC를 점검하십시오.",
    en="Try again; if it stays so, look at this PC with 'onbam doctor'.",
)
STOPPED: Final = Text(ko="멈췄습니다. 남은 프로세스가 없습니다.", en="Stopped. No process is left.")

# -- the board --------------------------------------------------------------------------------------------------------------

TITLE: Final = Text(ko="온밤 데모", en="Onbam, demo")
SHOP: Final = Text(
    ko="PC {machines}대 · {store} · ERP의 10초가 여기서는 {spacing}초 · 모두 이 PC 안의 모의 서버",
    en="{machines} PCs · {store} · the ERP's 10 s are {spacing} s here · all of it simulated, on this PC",
)
STORES: Final = {"sqlite": plain("SQLite"), "postgres": plain("PostgreSQL"), "sheets": plain("Google Sheets")}
WELL: Final = Text(ko="모두 정상입니다. {entered}건 입력, {left}건 남음.", en="All is well. {entered} entered, {left} to go.")
OPENING: Final = Text(ko="첫 주문을 기다립니다.", en="Waiting for the first orders.")
DOUBT: Final = Text(
    ko="주문 {number}: ERP에 들어갔는지 알 수 없습니다 → 사람이 확인합니다. {entered}건 입력, {left}건 남음.",
    en="Order {number}: whether it is in the ERP is not known → a person looks. {entered} entered, {left} to go.",
)
DOUBTS: Final = Text(
    ko="주문 {count}건은 ERP에 들어갔는지 알 수 없습니다 → 사람이 확인합니다. {entered}건 입력, {left}건 남음.",
    en="Of {count} orders it is not known whether they are in the ERP → a person looks. {entered} entered, {left} to go.",
)
DOWN: Final = Text(
    ko="{names}이(가) 멈췄습니다. 맡던 주문은 다른 PC가 이어받습니다. {entered}건 입력, {left}건 남음.",
    en="{names} is down; the others take over what it held. {entered} entered, {left} to go.",
)
ALL_DONE: Final = Text(ko="모두 끝났습니다. {entered}건 입력.", en="Everything is done. {entered} entered.")
ALL_DONE_BUT: Final = Text(
    ko="끝났습니다. {entered}건 입력, {needs}건은 사람이 확인합니다.",
    en="Done. {entered} entered, {needs} are in front of a person.",
)
IDLE: Final = Text(ko="대기", en="waiting")
LIVES: Final = {
    "starting": Text(ko="시작하는 중", en="starting"),
    "alive": Text(ko="정상", en="well"),
    "dead": Text(ko="꺼짐 → 다시 켜는 중", en="died → starting again"),
    "frozen": Text(ko="멈춤 (응답 없음)", en="stands still"),
    "offline": Text(ko="연결 끊김", en="offline"),
    "ended": Text(ko="끝남", en="ended"),
}
STEPS: Final = {
    "": Text(ko="문서", en="document"),
    "document": Text(ko="문서", en="document"),
    "slip": Text(ko="차례", en="its turn"),
    "sending": Text(ko="입력", en="entering"),
}
JUST_NOW: Final = Text(ko="방금", en="Just now")
ENTERED: Final = Text(ko="입력 → 전표 {receipt}", en="entered → slip {receipt}")
TAKEN_OVER: Final = Text(ko="이어받음 ({before}에서)", en="taken over from {before}")
UNCERTAIN: Final = Text(ko="알 수 없음 → 사람에게", en="not known → to a person")
PARKED: Final = Text(ko="보류 → 사람에게", en="parked → to a person")
CANCELLED: Final = Text(ko="취소됨", en="cancelled")
KILLED: Final = Text(ko="kill -9 ({point})", en="kill -9 ({point})")
FROZEN: Final = Text(ko="멈춰 세움 ({seconds}초)", en="made to stand still for {seconds} s")
CUT: Final = Text(ko="연결을 끊음 ({seconds}초)", en="cut off for {seconds} s")
POINTS: Final = {
    "claimed": Text(ko="맡은 직후", en="just claimed"),
    "download": Text(ko="문서를 받는 중", en="downloading"),
    "understood": Text(ko="해석한 뒤", en="understood"),
    "waiting": Text(ko="차례를 기다리는 중", en="waiting its turn"),
    "intent": Text(ko="보내려고 적은 뒤", en="intent written"),
    "sending": Text(ko="보내기 직전", en="about to send"),
    "saved": Text(ko="ERP가 저장한 직후", en="the ERP had saved it"),
    "receipt": Text(ko="완료 표시 전", en="before completed"),
    "completed": Text(ko="완료 직후", en="just completed"),
}

# -- the report -------------------------------------------------------------------------------------------------------------

HELD: Final = Text(
    ko="주문 {orders}건: 두 번 들어간 것 없음, 잃어버린 것 없음.",
    en="{orders} orders: none entered twice, none lost.",
)
NOT_HELD: Final = Text(
    ko="약속이 깨졌습니다: 두 번 들어간 것 {duplicates}, 잃어버린 것 {lost}.",
    en="The promise is broken: entered twice {duplicates}, lost {lost}.",
)
NOT_DONE: Final = Text(
    ko="시간이 다 되어 {open}건을 남기고 끝냅니다. 끝까지 보려면 --until-done을 붙이십시오.",
    en="Time is up with {open} orders still open. To see it through, add --until-done.",
)
COUNTED: Final = Text(
    ko="ERP에서 센 전표 {slips}건 · 입력 {completed} · 사람 확인 {needs} · 취소 {cancelled} · {seconds}초 · 분당 {rate}건",
    en="Counted in the ERP: {slips} slips · entered {completed} · for a person {needs} · cancelled {cancelled} · {seconds} s · {rate} a minute",
)
BY_MACHINE: Final = Text(ko="PC별", en="By PC")
MACHINE_LINE: Final = Text(
    ko="{name}: 입력 {completed}, 이어받음 {taken_over}, 죽음 {kills}, 멈춤 {hangs}",
    en="{name}: entered {completed}, taken over {taken_over}, died {kills}, stood still {hangs}",
)
KILLS: Final = Text(ko="kill -9 {kills}번: {points}", en="kill -9, {kills} times: {points}")
NO_SKEW: Final = Text(
    ko="SQLite에서는 모든 PC가 이 PC의 시계 하나를 쓰므로 skew는 빼고 했습니다.",
    en="On SQLite all PCs share this PC's one clock, so skew was left out.",
)
NEXT: Final = Text(
    ko="다음: 'onbam init'으로 설정을 시작하십시오. 데모는 여러분의 설정과 데이터를 건드리지 않았습니다.",
    en="Next: begin with 'onbam init'. The demo has touched none of your settings and data.",
)
KEPT: Final = Text(ko="남겨 둔 폴더: {folder}", en="The folder that was kept: {folder}")
