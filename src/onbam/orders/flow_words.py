"""What the flow of an order tells people."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain

EVIDENCE_LARGE: Final = Text(
    ko="{item}: 근거 자료가 너무 큽니다 ({size}바이트, 최대 {limit}바이트).",
    en="{item}: a piece of evidence is too large ({size} bytes, at most {limit}).",
)
EVIDENCE_LARGE_HINT: Final = Text(
    ko="공급처 화면이 바뀌었는지 확인해 주십시오.",
    en="Check whether the supplier's page has changed.",
)
EVIDENCE_DAMAGED: Final = Text(
    ko="{item}: 보관한 근거 {name}이(가) 보관할 때와 다릅니다.",
    en="{item}: the kept evidence {name} is not what was kept.",
)
EVIDENCE_DAMAGED_HINT: Final = Text(
    ko="데이터베이스가 손상되었을 수 있습니다. 'onbam db status'로 확인하고 백업에서 되살리십시오.",
    en="The database may be damaged: look with 'onbam db status', and restore a backup if it is.",
)

# -- stops ------------------------------------------------------------------------------------------------------------------

PAUSED_ALL: Final = Text(ko="모든 PC가 멈춰 있습니다 ({who}: {why}).", en="Every PC is paused ({who}: {why}).")
PAUSED_HERE: Final = Text(ko="이 PC가 멈춰 있습니다 ({who}: {why}).", en="This PC is paused ({who}: {why}).")
NO_REASON: Final = Text(ko="이유를 적지 않음", en="no reason given")
PAUSED_FILE: Final = Text(
    ko="홈 폴더에 {file} 파일이 있어 이 PC는 아무것도 보내지 않습니다 ({why}).",
    en="The file {file} is in the home folder, so this PC sends nothing ({why}).",
)

# -- connectors -------------------------------------------------------------------------------------------------------------

PORTAL: Final = Text(ko="공급처 사이트", en="the supplier's site")
ERP: Final = plain("ERP")
CONNECTOR_AWAY: Final = Text(ko="{connector}에 문제가 이어지고 있습니다: {why}", en="Trouble with {connector} goes on: {why}")
CONNECTOR_AWAY_ADVICE: Final = Text(
    ko="저절로 다시 시도합니다. 오래 이어지면 인터넷과 그 사이트를 확인해 주십시오.",
    en="It is tried again by itself. If it lasts, check the internet and that site.",
)
CONNECTOR_DENIES: Final = Text(
    ko="주문마다 {connector}의 같은 답이 이어집니다: {why}",
    en="One order after the other gets the same answer from {connector}: {why}",
)
CONNECTOR_DENIES_ADVICE: Final = Text(
    ko="처음 {count}건은 보류했고, 나머지는 저절로 다시 시도합니다. 그 사이트가 바뀌었거나 설정이 틀리지 않았는지 확인한 뒤, 보류된 주문을 다시 시도하게 하십시오.",
    en="The first {count} are parked, the others are tried again by themselves. Check whether that site has changed or a setting is wrong, then "
    "retry the parked ones.",
)
ERP_MUTE: Final = Text(
    ko="ERP에서 잇따라 결과를 알 수 없어, 더 보내지 않고 잠시 쉽니다. {why}",
    en="One entry after the other ended without an answer of the ERP that can be used, so it is given a rest. {why}",
)
ERP_MUTE_ADVICE: Final = Text(
    ko="ERP가 점검 중인지 브라우저로 확인해 주십시오. 쉬었다가 한 건씩 다시 해 보고, 되면 저절로 이어집니다. 아주 멈추려면 'onbam pause --all'입니다.",
    en="Look with a browser whether the ERP is down. After the rest one order is tried, and work goes on once that is entered. 'onbam pause --all' stops everything.",
)
CONNECTOR_STOPPED: Final = Text(ko="{connector}에 로그인할 수 없어 멈췄습니다: {why}", en="Stopped using {connector}: {why}")

# -- steps ------------------------------------------------------------------------------------------------------------------

DOWNLOADING: Final = Text(ko="원장에서 문서를 받는 중", en="Download attempt from ledger")
UNDERSTOOD: Final = Text(
    ko="문서를 받아 해석함: {lines}줄, {total}원. 입력 차례를 기다리는 중",
    en="Download successful. Lines: {lines}, {total} won; waiting for its turn",
)
ENTERED: Final = Text(ko="ERP에 입력됨: 전표 {receipt}", en="Entered in the ERP: slip {receipt}")
FOUND_ENTERED: Final = Text(
    ko="앞선 시도에서 이미 입력된 것을 확인함: 전표 {receipt}", en="An earlier attempt had entered it: slip {receipt}"
)
WORKS_AGAIN: Final = Text(ko="다시 됨", en="it works again")
READ_AGAIN: Final = Text(ko="다시 읽힘", en="it was read again")
ALL_READ: Final = Text(ko="모든 줄을 읽음", en="all rows were read")
TAKEN_BACK: Final = Text(ko="공급처가 입력 전에 주문을 취소함", en="The supplier cancelled the order before it was entered")
LISTED_AGAIN: Final = Text(ko="공급처 원장에 다시 있음", en="The supplier's ledger lists it again")
ODD: Final = Text(
    ko="{item}: 사람이 확인할 것이 {count}가지 있습니다. {place}: {first}",
    en="{item}: to be looked at by a person: {count}. {place}: {first}",
)
ODD_HINT: Final = Text(
    ko="주문 화면에서 문서와 비교해 고치거나 품목코드를 알려 준 뒤 「보류 해제」를 누르십시오.",
    en="Compare with the document on the order's page, correct it or teach the product code, then release the order.",
)
UPLOAD_SENDS: Final = Text(ko="ERP에 보냅니다", en="Sending to the ERP")
UPLOAD_CONFIRMED: Final = Text(ko="ERP가 확인했습니다", en="The ERP confirmed")
UPLOAD_BEFORE: Final = Text(
    ko="보내지 않았습니다: 앞선 시도에서 이미 입력되었습니다", en="Not sent: an earlier attempt had entered it"
)
UPLOAD_WITHHELD: Final = Text(ko="보내지 않았습니다: {why}", en="Not sent: {why}")

# -- ends -------------------------------------------------------------------------------------------------------------------

PARKED_ODD: Final = Text(ko="확인이 필요한 주문 {why}", en="An order needs you: {why}")
PARKED_UNKNOWN: Final = Text(
    ko="주문 {item}의 화면을 알아볼 수 없어 보류했습니다. {why}",
    en="Order {item} is parked: its page is not what we know. {why}",
)
PARKED_UNKNOWN_HINT: Final = Text(
    ko="주문 화면에 그 페이지가 보관되어 있습니다. 공급처 사이트가 바뀌었는지 확인해 주십시오.",
    en="The page is kept with the order. Check whether the supplier's site has changed.",
)
PARKED_REFUSED: Final = Text(ko="주문 {item}을(를) 보류했습니다. {why}", en="Order {item} is parked. {why}")
PARKED_TRIED: Final = Text(
    ko="주문 {item}: 여러 번 시도했지만 되지 않아 보류했습니다. {why}",
    en="Order {item} is parked: it was tried several times. {why}",
)
PARKED_TRIED_HINT: Final = Text(
    ko="원인을 없앤 뒤 「보류 해제」를 누르십시오. 처음부터 다시 셉니다.",
    en="Remove the cause and release the order; its tries are counted anew.",
)
PARKED_BUG: Final = Text(ko="주문 {item}을(를) 보류했습니다. {why}", en="Order {item} is parked. {why}")
PARKED_BUG_HINT: Final = Text(
    ko="'onbam support bundle'로 기록을 모아 보내 주십시오. 다른 주문은 계속 처리됩니다.",
    en="Collect the records with 'onbam support bundle' and send them to us. All other work goes on.",
)
BUG: Final = Text(ko="프로그램 오류가 났습니다 ({kind}).", en="The program itself made a mistake ({kind}).")
LOG_LOST: Final = Text(ko="이 PC의 것이 아니게 되어 멈춥니다", en="not this PC's any more, work on it stops")
LOG_NOT_TOLD: Final = Text(
    ko="끝을 적지 못했습니다. 저절로 정리됩니다", en="its end could not be written down; it settles by itself"
)
LOG_NO_EVIDENCE: Final = Text(ko="근거를 보관하지 못했습니다", en="evidence could not be kept")
LOG_BUG: Final = Text(ko="주문을 처리하던 중 프로그램 오류", en="a bug while working on an order")

# -- strands ----------------------------------------------------------------------------------------------------------------

STOPPING: Final = Text(ko="이 PC의 프로그램이 끝나 돌려놓음", en="handed back: the program on this PC ends")
RESTS: Final = Text(ko="{connector}이(가) 쉬는 동안 돌려놓음", en="handed back while {connector} rests")
RESTING: Final = Text(
    ko="{connector}에 문제가 있어 잠시 쉽니다. 저절로 다시 시도합니다.",
    en="There is trouble with {connector}, and it is given a rest; it is tried again by itself.",
)
TURNS_MISSED: Final = Text(ko="ERP 차례를 여러 번 놓쳐 돌려놓음", en="handed back: the ERP's turn was missed several times")

# -- the ledger -------------------------------------------------------------------------------------------------------------

LEDGER_CHANGED: Final = Text(
    ko="{kind} 원장 화면을 알아볼 수 없습니다. {why}", en="The ledger page of '{kind}' is not what we know. {why}"
)
LEDGER_CHANGED_ADVICE: Final = Text(
    ko="페이지를 보관했습니다. 사이트가 바뀌었는지 확인하고, 그동안은 주문을 직접 입력해 주십시오.",
    en="The page is kept. Check whether the site has changed; until then enter orders by hand.",
)
CANCELLED_LATE: Final = Text(
    ko="주문 {item}은(는) ERP에 입력된 뒤에 공급처가 취소했습니다 (전표 {receipt}).",
    en="The supplier cancelled order {item} after it was entered in the ERP (slip {receipt}).",
)
CHANGED_LATE: Final = Text(
    ko="주문 {item}은(는) ERP에 입력된 뒤에 공급처가 고쳤습니다 (전표 {receipt}).",
    en="The supplier changed order {item} after it was entered in the ERP (slip {receipt}).",
)
TWO_OF_A_NUMBER: Final = Text(
    ko="번호 {item}이(가) {ours} 원장과 {theirs} 원장에 모두 있습니다. 온밤은 {ours}의 주문만 입력합니다.",
    en="Number {item} stands in the ledgers of both businesses, {ours} and {theirs}. Onbam enters only the order of {ours}.",
)
TWO_OF_A_NUMBER_ADVICE: Final = Text(
    ko="{theirs}의 주문은 ERP에 직접 입력하고, 같은 번호가 맞는지 공급처에 물어보십시오.",
    en="Enter the order of {theirs} in the ERP by hand, and ask the supplier whether the number is right.",
)
LATE_ADVICE: Final = Text(
    ko="공급처의 문서와 ERP 전표를 비교해 ERP에서 직접 고치거나 지워 주십시오. 온밤은 입력한 전표를 고치지 않습니다.",
    en="Compare the supplier's document with the slip, and correct or delete it in the ERP. Onbam changes no slip it has entered.",
)
UNREAD: Final = Text(
    ko="{kind} 원장에 읽을 수 없는 줄이 {count}개 있습니다: {rows}",
    en="Rows of the ledger '{kind}' that cannot be read: {count}. {rows}",
)
UNREAD_ADVICE: Final = Text(
    ko="공급처 원장에서 그 줄을 보고, 주문이면 직접 입력해 주십시오.",
    en="Look at these rows in the supplier's ledger; enter them by hand if they are orders.",
)
LOG_SKIPPED: Final = Text(ko="{item}: 스킵 (다른 PC가 처리 중: {holder})", en="{item}: skipped, held by {holder}")
LOG_SWEPT: Final = Text(
    ko="원장을 살펴봄: {seen}건, 새 주문 {new}건", en="looked at the ledger: {seen} orders, {new} of them new"
)
NOT_BEGUN: Final = Text(ko="프로그램이 끝났을 때 아직 시작하지 않은 주문", en="not begun when the program ended")
LOG_PRUNED: Final = Text(
    ko="끝난 주문 {orders}건의 오래된 증거를 지움: {size} MB",
    en="let go of the old evidence of {orders} finished orders: {size} MB",
)

# -- the agent --------------------------------------------------------------------------------------------------------------

UNSET: Final = Text(ko="주문 로봇의 설정이 빠졌습니다: {names}.", en="The order robot lacks these settings: {names}.")
UNSET_PLAIN: Final = Text(
    ko="onbam.toml에 넣고({names}) 다시 시작하십시오.", en="Put into onbam.toml: {names}. Then start again."
)
UNSET_SECRETS: Final = Text(ko="실행하십시오: {secrets}", en="Run: {secrets}")
UNSET_BOTH: Final = Text(
    ko="onbam.toml에 넣고({names}), 이어서 실행하십시오: {secrets}", en="Put into onbam.toml: {names}. And run: {secrets}"
)
TWIN: Final = Text(
    ko="같은 PC 이름표를 가진 다른 PC({other})가 이미 일하고 있습니다.",
    en="Another PC ({other}) already works under this PC's id.",
)
TWIN_HINT: Final = Text(
    ko="데이터 폴더를 복사해 왔다면 이 PC의 data/machine.json을 지우고 다시 시작하십시오.",
    en="If the data folder was copied from that PC, delete data/machine.json here and start again.",
)
SUCCEEDED: Final = Text(
    ko="이 PC에서 더 나중에 시작된 로봇이 자리를 이어받아, 이 로봇은 끝냅니다.",
    en="A robot that was started later on this PC has taken over, so this one ends.",
)
SUCCEEDED_HINT: Final = Text(
    ko="할 일은 없습니다. 맡았던 주문은 새 로봇이 이어 갑니다. 무엇이 일하는지는 'onbam ps'와 'onbam machines'로 볼 수 있습니다.",
    en="There is nothing to do: the new robot goes on with its orders. 'onbam ps' and 'onbam machines' show what is at work.",
)
NO_LOCK: Final = Text(
    ko="분산 락이 꺼져 있는데 다른 PC도 일하고 있습니다: {others}.",
    en="The lock between PCs is switched off, and other PCs are at work: {others}.",
)
NO_LOCK_HINT: Final = Text(
    ko="ENABLE_DISTRIBUTED_LOCK=true로 되돌리십시오. false는 PC가 한 대일 때만 허용됩니다.",
    en="Set ENABLE_DISTRIBUTED_LOCK=true again; false is allowed for a single PC only.",
)
LEASE_SHORT: Final = Text(
    ko="맡은 시간({lease}초)이 ERP 요청의 제한 시간보다 짧아 아무것도 보낼 수 없습니다.",
    en="A lease of {lease} s is too short for the ERP's time-out, so nothing could ever be sent.",
)
LEASE_SHORT_HINT: Final = Text(
    ko="claims.lease_s를 {least} 이상으로 하거나 ecount.timeout_s를 줄이십시오.",
    en="Set claims.lease_s to {least} or more, or make ecount.timeout_s shorter.",
)
HISTORY_UNREADABLE: Final = Text(
    ko="{file}을(를) 읽을 수 없어 그대로 둡니다.", en="{file} cannot be read and is left as it is."
)
HISTORY_NOT_WRITTEN: Final = Text(ko="{file}을(를) 쓸 수 없습니다 ({what}).", en="{file} cannot be written ({what}).")
PAUSED_SHEET: Final = Text(
    ko="공유 시트의 onbam_stop에 적혀 있어 모든 PC가 멈춰 있습니다 ({why}).",
    en="Every PC is paused by the shared sheet, onbam_stop ({why}).",
)
PAUSED_SHEET_ADVICE: Final = Text(
    ko="공유 시트에서 onbam_stop의 A2 칸을 비우면 다시 합니다.", en="Empty cell A2 of the shared sheet's onbam_stop to go on."
)
LOG_SHEET_FREE: Final = Text(ko="공유 시트의 멈춤이 풀렸습니다", en="the stop in the shared sheet is gone")
LOG_SHEET_OTHER: Final = Text(ko="다른 PC가 방금 만들었습니다", en="another PC has just made it")
