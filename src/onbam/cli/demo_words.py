"""What `onbam demo` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain

DEMO_MACHINES: Final = Text(ko="PC 수.", en="How many PCs.")
DEMO_ORDERS: Final = Text(ko="주문 수.", en="How many orders.")
DEMO_SEED: Final = Text(
    ko="같은 씨앗이면 같은 주문과 같은 사고.", en="The same seed brings the same orders and the same accidents."
)
DEMO_STORE: Final = Text(ko="PC들이 서로 맞추는 곳.", en="Where the PCs agree with each other.")
DEMO_CHAOS: Final = Text(
    ko="일으킬 사고 (쉼표로 나눔): kill, hang, lost-reply, slow, skew, offline, 또는 none.",
    en="Which accidents to cause, separated by commas: kill, hang, lost-reply, slow, skew, offline, or none.",
)
DEMO_UNTIL_DONE: Final = Text(
    ko="주문이 모두 끝날 때까지 (없으면 1분 안에 끝냅니다).",
    en="Until every order has come to its end (else the demo ends within a minute).",
)
DEMO_KEEP: Final = Text(ko="끝난 뒤 임시 폴더를 남깁니다.", en="Leave the folder behind when it ends.")
DEMO_WEB: Final = Text(
    ko="대시보드도 엽니다 (이 PC에서만, 구경만 할 수 있게).", en="Open the dashboard as well, on this PC only, to look."
)
BAD_CHAOS: Final = Text(ko="모르는 사고입니다: {name}. 가능한 것: {known}", en="No such accident: {name}. There are: {known}")
STARTING: Final = Text(ko="가게를 여는 중입니다. 몇 초 걸립니다…", en="Opening the shop; this takes a few seconds…")
NOT_STARTED: Final = Text(ko="{what}이(가) 시작되지 않았습니다: {why}", en="{what} did not start: {why}")
NOT_STARTED_HINT: Final = Text(
    ko="다시 해 보고, 그래도 안 되면 'onbam doctor'로 이 PC를 점검하십시오.",
    en="Try again; if it stays so, look at this PC with 'onbam doctor'.",
)
GUEST: Final = Text(ko="구경하는 사람", en="Guest")

# -- before it begins -------------------------------------------------------------------------------------------------------

TITLE: Final = Text(ko="온밤 데모", en="Onbam, demo")
STORY: Final = Text(
    ko="공급처 원장에 주문이 들어오고, PC {machines}대가 나누어 ERP에 입력합니다. 주문 {orders}건.",
    en="Orders appear in a supplier's ledger; {machines} PCs share them out and enter them into an ERP. {orders} orders.",
)
WILL: Final = Text(ko="그동안 일부러 사고를 냅니다: {list}.", en="Meanwhile, on purpose: {list}.")
WILL_BE: Final = {
    "kill": Text(ko="PC 죽이기(kill -9)", en="PCs are killed (kill -9)"),
    "hang": Text(ko="PC 멈춰 세우기", en="PCs are made to stand still"),
    "lost-reply": Text(ko="ERP의 답 없애기", en="the ERP's answers get lost"),
    "slow": Text(ko="서버 느리게 하기", en="servers answer slowly"),
    "skew": Text(ko="PC 시계 틀리게 하기", en="PCs have wrong clocks"),
    "offline": Text(ko="PC 연결 끊기", en="PCs are cut off"),
}
QUESTION: Final = Text(
    ko="끝나면 ERP 장부를 셉니다: 두 번 들어간 주문은? 잃어버린 주문은?",
    en="At the end the ERP's own books are counted: what stands there twice? What is missing?",
)
HARMLESS: Final = Text(
    ko="모두 이 PC 안의 모의 서버입니다. 여러분의 설정과 데이터는 읽지도 쓰지도 않습니다.",
    en="All of it is simulated, on this PC. Your settings and data are neither read nor written.",
)

# -- the board --------------------------------------------------------------------------------------------------------------

SHOP: Final = Text(
    ko="PC {machines}대 · {store} · ERP의 10초 규칙이 여기서는 {spacing}초",
    en="{machines} PCs · {store} · the ERP's 10-second rule is {spacing} s here",
)
STORES: Final = {"sqlite": plain("SQLite"), "postgres": plain("PostgreSQL"), "sheets": plain("Google Sheets")}
DASHBOARD: Final = Text(ko="대시보드", en="Dashboard")
DASHBOARD_SOON: Final = Text(ko="여는 중", en="opening")
DASHBOARD_GUEST: Final = Text(ko="브라우저로 구경하십시오. 비밀번호가 없습니다", en="look with a browser; there is no password")
DASHBOARD_AT: Final = Text(ko="대시보드: {address}", en="Dashboard: {address}")
NO_DASHBOARD: Final = Text(ko="열지 못했습니다: {why}", en="did not open: {why}")
WELL: Final = Text(ko="모두 정상입니다.", en="All is well.")
OPENING: Final = Text(ko="첫 주문을 기다립니다.", en="Waiting for the first orders.")
DOUBTS: Final = Text(
    ko="{count}건은 ERP에 들어갔는지 알 수 없습니다 → 다시 보내지 않고 사람에게 묻습니다.",
    en="Of {count} it is not known whether they are in the ERP → a person is asked.",
)
DOWN: Final = Text(
    ko="멈춘 PC: {names} → 맡던 주문은 다른 PC가 이어받습니다.",
    en="Down: {names} → what it held, the others take over.",
)
ALL_DONE: Final = Text(ko="모두 끝났습니다. {entered}건 입력.", en="Everything is done. {entered} entered.")
ALL_DONE_BUT: Final = Text(
    ko="끝났습니다. {entered}건 입력, {needs}건은 사람이 확인합니다.",
    en="Done. {entered} entered, {needs} are in front of a person.",
)
LAST_SECONDS: Final = Text(ko="지난 {n}초 (░ 멈춤)", en="last {n} s (░ down)")
ENTERED_BY: Final = Text(ko="입력", en="done")
NOW: Final = Text(ko="지금", en="now")
AND_MORE: Final = Text(ko="외 {n}건", en="and {n} more")
MORE_PCS: Final = Text(ko="외 {n}대", en="and {n} more")
FIGURES: Final = Text(
    ko="주문 {orders} · 입력 {entered} · 사람 확인 {needs} · 남음 {left}",
    en="{orders} orders · {entered} entered · {needs} asked · {left} to go",
)
IDLE: Final = Text(ko="대기", en="waiting")
LIVES: Final = {
    "starting": Text(ko="시작하는 중", en="starting"),
    "alive": Text(ko="정상", en="well"),
    "dead": Text(ko="죽음 → 다시 켜는 중", en="died → starting again"),
    "frozen": Text(ko="멈춤 (응답 없음)", en="stands still, does not answer"),
    "offline": Text(ko="연결 끊김", en="offline"),
    "ended": Text(ko="끝남", en="ended"),
}
STEPS: Final = {
    "": Text(ko="문서 읽는 중", en="reading its document"),
    "document": Text(ko="문서 읽는 중", en="reading its document"),
    "slip": Text(ko="ERP 차례 기다림", en="waiting for its turn"),
    "sending": Text(ko="ERP에 입력 중", en="entering"),
}
JUST_NOW: Final = Text(ko="방금 일어난 일", en="Just now")
ENTERED: Final = Text(ko="입력됨, 전표 {receipt}", en="entered, slip {receipt}")
TAKEN_OVER: Final = Text(ko="{before} 대신 이어받음", en="taken over from {before}")
UNCERTAIN: Final = Text(
    ko="들어갔는지 알 수 없음 → 다시 보내지 않고 사람에게", en="in or not? not sent again → a person is asked"
)
PARKED: Final = Text(ko="보류 → 사람에게", en="parked → a person is asked")
CANCELLED: Final = Text(ko="취소됨", en="cancelled")
KILLED: Final = Text(ko="PC를 죽임: {point}", en="PC killed: {point}")
FROZEN: Final = Text(ko="PC를 {seconds}초 멈춰 세움", en="PC made to stand still for {seconds} s")
CUT: Final = Text(ko="PC의 연결을 {seconds}초 끊음", en="PC cut off for {seconds} s")
ENDED: Final = Text(ko="PC의 프로그램이 끝남 ({point})", en="PC's program ended ({point})")
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
    ko="시간이 다 되어 {open}건이 남았습니다. 두 번 들어간 것 없음, 잃어버린 것 없음.",
    en="Time is up with {open} orders still open. None entered twice, none lost.",
)
SEE_THROUGH: Final = Text(ko="끝까지 보려면 --until-done을 붙이십시오.", en="To see it through, add --until-done.")
LEFT_OPEN: Final = Text(ko="남은 주문: {list}", en="Still open: {list}")
OPEN_STATES: Final = {
    "waiting": Text(ko="대기 {n}", en="{n} waiting"),
    "processing": Text(ko="작업 중 {n}", en="{n} being worked on"),
    "failed": Text(ko="다시 시도 예정 {n}", en="{n} to be tried again"),
    "unseen": Text(ko="원장에서 아직 안 읽음 {n}", en="{n} not yet read in the ledger"),
    "unplaced": Text(ko="아직 들어오지 않음 {n}", en="{n} not yet placed"),
}
NO_POINT: Final = Text(ko="여기서는 죽이지 못했습니다: {points}", en="Nobody could be killed here: {points}")
LEFT_OUT: Final = Text(
    ko="주문이 먼저 끝나 일어나지 못한 사고: {list}", en="The orders were done before these could happen: {list}"
)
ACCIDENT_KINDS: Final = {
    "hang": Text(ko="멈춤 {n}번", en="hangs: {n}"),
    "offline": Text(ko="연결 끊김 {n}번", en="cables pulled: {n}"),
}
ACCIDENTS: Final = Text(
    ko="PC들이 {kills}번 죽고 {hangs}번 멈췄습니다. 맡던 주문은 다른 PC나 다시 켜진 PC가 마쳤습니다.",
    en="PCs died {kills} times and stood still {hangs} times; others, or the same ones started again, finished their orders.",
)
IN_THE_ERP: Final = Text(
    ko="ERP 장부에는 전표 {slips}장이 있습니다. 주문마다 많아야 한 장입니다.",
    en="The ERP's books hold {slips} slips, at most one for each order.",
)
ASKED: Final = Text(
    ko="{uncertain}건은 ERP의 답을 듣지 못해, 다시 보내지 않고 사람에게 묻습니다.",
    en="Of {uncertain} the ERP's answer never came: they were not sent again, a person is asked.",
)
ASKED_THERE: Final = Text(
    ko="그중 {there}건은 사실 들어가 있습니다. 그냥 다시 보냈다면 두 번 들어갔을 주문입니다.",
    en="{there} of them are in the ERP after all: sent again, they would stand there twice.",
)
TEMPO: Final = Text(
    ko="{seconds}초, 분당 {rate}건. ERP가 요구하는 10초 간격을 {scale}배 빠르게 돌렸습니다.",
    en="{seconds} s, {rate} orders a minute. The 10 seconds the ERP asks for ran {scale} times faster.",
)
PC_HEAD: Final = plain("PC")
DONE_HEAD: Final = Text(ko="입력", en="entered")
TAKEN_HEAD: Final = Text(ko="이어받음", en="taken over")
KILLS_HEAD: Final = Text(ko="죽음", en="died")
HANGS_HEAD: Final = Text(ko="멈춤", en="stood still")
KILLS: Final = Text(ko="죽은 순간: {points}", en="When they died: {points}")
NO_SKEW: Final = Text(
    ko="SQLite에서는 모든 PC가 이 PC의 시계 하나를 쓰므로 시계 틀리게 하기(skew)는 뺐습니다.",
    en="On SQLite all PCs share this PC's one clock, so skew was left out.",
)
LOOK_ROUND: Final = Text(
    ko="가게는 아직 열려 있습니다. 둘러보십시오: {address}\n끝내려면 Enter (30분 뒤에는 저절로 닫힙니다).",
    en="The shop is still open, look round: {address}\nEnter closes it (after 30 minutes it closes by itself).",
)
CLOSED: Final = Text(ko="모두 닫습니다.", en="Closing everything.")
ENDED_EARLY: Final = Text(
    ko="데모를 멈췄습니다. 데모가 시작한 것은 모두 끝났습니다.", en="The demo was stopped. Nothing it started is still running."
)
NEXT: Final = Text(
    ko="다음: 'onbam init'으로 설정을 시작하십시오. 데모는 여러분의 설정과 데이터를 건드리지 않았습니다.",
    en="Next: begin with 'onbam init'. The demo has touched none of your settings and data.",
)
KEPT: Final = Text(ko="남겨 둔 폴더: {folder}", en="The folder that was kept: {folder}")
