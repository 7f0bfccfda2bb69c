"""What the ERP connector says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NAME: Final = "Ecount"

# -- settings ---------------------------------------------------------------------------------------------------------------
NO_ACCOUNT: Final = Text(ko="이카운트 설정이 빠졌습니다: {names}.", en="Ecount settings are missing: {names}.")
NO_ACCOUNT_HINT: Final = Text(
    ko="onbam.toml의 [ecount]에 넣고, 인증키는 'onbam secret set ecount.api_key'로 넣으십시오.",
    en="Put them under [ecount] in onbam.toml, and the key with 'onbam secret set ecount.api_key'.",
)
BAD_HOST: Final = Text(
    ko="ecount.host는 http:// 또는 https://로 시작하고 {{host}}가 있어야 합니다: '{value}'.",
    en="ecount.host must begin with http:// or https:// and hold {{host}}, and is '{value}'.",
)
BAD_HOST_HINT: Final = Text(ko="기본값은 {default}입니다.", en="The default is {default}.")

# -- the wire ---------------------------------------------------------------------------------------------------------------
UNREACHABLE: Final = Text(
    ko="이카운트에 연결할 수 없습니다 ({what}). 아무것도 보내지 않았습니다.",
    en="Ecount cannot be reached ({what}). Nothing was sent.",
)
UNREACHABLE_HINT: Final = Text(
    ko="인터넷 연결을 확인하십시오. 연결되면 저절로 이어집니다.",
    en="Check the internet connection; work goes on by itself once it is back.",
)
CERTIFICATE: Final = Text(
    ko="이카운트 서버의 인증서가 올바르지 않습니다.", en="The certificate of the Ecount server is not valid."
)
CERTIFICATE_HINT: Final = Text(
    ko="PC의 날짜와 ecount.host를 확인하십시오. 고쳐진 뒤 'onbam agent relogin'을 실행하면 이어집니다.",
    en="Check this PC's date and the setting ecount.host. Once it is mended, 'onbam agent relogin' lets work go on.",
)
LOST: Final = Text(
    ko="이카운트에서 쓸 수 있는 답이 오지 않았습니다 ({what}).",
    en="No usable answer came from Ecount ({what}).",
)
LOST_HINT: Final = Text(
    ko="이카운트 구매현황에서 {key}을(를) 찾아보고 'ERP에 있음' 또는 'ERP에 없음'을 눌러 주십시오. 저절로 다시 보내지 않습니다.",
    en="Look for {key} in Ecount's 'purchase status' and choose 'it is there' or 'it is not there'. It is never sent again by itself.",
)
PARTLY: Final = Text(
    ko="주문 {key}: 이카운트가 일부 라인만 저장했다고 합니다 (저장 {ok}, 실패 {failed}).",
    en="Order {key}: Ecount says it saved some of the lines only ({ok} saved, {failed} failed).",
)
PARTLY_HINT: Final = Text(
    ko="이카운트에서 전표 {numbers}을(를) 열어 확인하고 고치거나 지워 주십시오.",
    en="Open slip {numbers} in Ecount, and complete or delete it.",
)
SEVERAL: Final = Text(
    ko="주문 {key}: 이카운트가 전표를 {count}장 만들었다고 합니다 ({numbers}).",
    en="Order {key}: Ecount says it made {count} slips of it ({numbers}).",
)
SEVERAL_HINT: Final = Text(
    ko="이카운트에서 두 전표를 열어, 같은 것이면 하나만 남기고 지워 주십시오.",
    en="Open them in Ecount, and where they are the same, leave one and delete the others.",
)
ANSWERED_PAGE: Final = Text(ko="데이터가 아닌 웹 화면", en="a web page instead of data")
ANSWERED_ODD: Final = Text(ko="알 수 없는 모양의 답", en="an answer of unknown shape")
ANSWERED_STATUS: Final = Text(ko="HTTP {status} 응답", en="the answer HTTP {status}")
BROKE_OFF: Final = Text(ko="처리하다 멈췄다는 답 ({what})", en="an answer that its work broke off ({what})")
NO_ANSWER: Final = Text(ko="{limit:g}초 안에 답 없음", en="no answer within {limit:g} s")

# -- the door ---------------------------------------------------------------------------------------------------------------
STOPPED: Final = Text(
    ko="이카운트 로그인이 {count}번 거절되어 멈췄습니다.", en="Ecount rejected {count} log-ins, so it is not tried any more."
)
STOPPED_HINT: Final = Text(
    ko="10번 실패하면 사무실 IP가 차단됩니다. 거절된 원인을 없앤 뒤 'onbam agent relogin'을 실행하십시오.",
    en="Ten failures would block the office's address. Remove the cause; 'onbam agent relogin' then starts it again.",
)
REJECTED: Final = Text(ko="이카운트 로그인이 거절되었습니다: {why}", en="Ecount rejected the log-in: {why}")
REJECTED_HINT: Final = Text(
    ko="ecount.company와 ecount.user를 확인하고 'onbam secret set ecount.api_key'로 인증키를 다시 넣은 뒤 'onbam agent relogin'과 'onbam restart agent'를 실행하십시오.",
    en="Check ecount.company and ecount.user and enter the key again (onbam secret set ecount.api_key). Run 'onbam agent relogin' and 'onbam restart agent' after that.",
)
THERE_HINT: Final = Text(
    ko="이카운트에서 고치거나 마스터에게 부탁하십시오. 그 뒤에 'onbam agent relogin'을 실행하면 저절로 이어집니다.",
    en="Put it right in Ecount, or ask its master user. Work goes on by itself after 'onbam agent relogin'.",
)
HOURS_HINT: Final = Text(
    ko="이카운트에서 접속 허용 시간을 늘리거나, schedules.opens와 schedules.closes를 그 시간에 맞추십시오. 허용 시간에 'onbam agent relogin'을 실행하면 이어집니다.",
    en="Have the hours widened in Ecount, or set schedules.opens and schedules.closes to them. Within those hours 'onbam agent relogin' lets work go on.",
)
WRONG_HOST_LIVE: Final = Text(ko="테스트 인증키로 실서버에 로그인하려 했습니다.", en="A test key was used on the real host.")
WRONG_HOST_TEST: Final = Text(
    ko="실서버 인증키로 테스트 서버에 로그인하려 했습니다.", en="A real key was used on the test host."
)
WRONG_HOST_HINT: Final = Text(
    ko="ecount.live를 {should}(으)로 바꾸거나 인증키를 바꾸십시오.", en="Change ecount.live to {should}, or change the key."
)
BLOCKED: Final = Text(ko="이카운트가 이 사무실의 접속을 차단했습니다.", en="Ecount has blocked this office's address.")
BLOCKED_HINT: Final = Text(
    ko="이카운트 마스터 ID로 차단을 풀거나 고객센터에 문의하십시오. 풀린 뒤 'onbam agent relogin'을 실행하십시오.",
    en="Have the Ecount master user lift the block, or call Ecount; then run 'onbam agent relogin'.",
)
NO_ZONE: Final = Text(
    ko="이카운트가 회사코드 {company}을(를) 모른다고 합니다.", en="Ecount does not know the company code {company}."
)
DOOR_BUSY: Final = Text(
    ko="이카운트 로그인은 10분에 한 번만 됩니다. 다른 PC의 로그인을 기다립니다.",
    en="Ecount allows one log-in in ten minutes; another PC's is awaited.",
)
DOOR_BUSY_HINT: Final = Text(ko="{wait:.0f}초 뒤에 저절로 이어집니다.", en="Work goes on by itself in {wait:.0f} s.")
DOOR_ODD: Final = Text(
    ko="이카운트 로그인의 답을 이해할 수 없습니다 ({what}).",
    en="The answer to the log-in at Ecount is not understood ({what}).",
)
LATER_HINT: Final = Text(ko="잠시 뒤 저절로 다시 시도합니다.", en="It is tried again by itself shortly.")
CODES: Final[dict[int, Text]] = {
    20: Text(ko="회사코드, 아이디 또는 비밀번호가 틀립니다.", en="wrong company code, user name or password."),
    21: Text(ko="일시적으로 차단되었습니다.", en="temporarily blocked."),
    22: Text(ko="이 사용자의 접속 허용 시간이 아닙니다.", en="outside this user's allowed hours."),
    23: Text(ko="회사의 접속 허용 시간이 아닙니다.", en="outside the company's allowed hours."),
    24: Text(ko="이 사용자에게 허용되지 않은 IP입니다.", en="this address is blocked for the user."),
    25: Text(ko="회사에 허용되지 않은 IP입니다.", en="this address is blocked for the company."),
    26: Text(ko="앱 사용이 허용되지 않았습니다.", en="use by programs is not allowed."),
    27: Text(ko="모바일 로그인이 허용되지 않았습니다.", en="mobile log-in is not allowed."),
    98: Text(
        ko="비밀번호를 5회 이상 틀렸습니다. 마스터가 초기화해야 합니다.",
        en="five or more wrong passwords; the master must reset it.",
    ),
    99: Text(ko="없는 사용자 ID입니다.", en="there is no such user."),
    201: Text(ko="API 인증키가 유효하지 않습니다.", en="the API key is not valid."),
    203: Text(ko="API 인증키가 유효하지 않습니다.", en="the API key is not valid."),
    205: Text(ko="등록되지 않은 IP에서 접속했습니다.", en="this address is not registered for the API."),
}
CLOSED: Final = Text(ko="회사의 이카운트 이용이 중지된 상태입니다.", en="the company's use of Ecount is suspended.")
CLOSED_CODES: Final = range(81, 90)
HOURS_CODES: Final = (22, 23)
SEEN_TO_THERE: Final = (*(CODES[code] for code in (21, 24, 25, 26, 27, 98, 205)), CLOSED)
"""Refusals that no setting of ours can mend."""
UNKNOWN_CODE: Final = Text(ko="코드 {code}: {said}", en="code {code}. It said: '{said}'")

# -- limits -----------------------------------------------------------------------------------------------------------------
TOO_OFTEN: Final = Text(
    ko="이카운트가 호출이 너무 잦다고 거절했습니다. 저장되지 않았습니다.",
    en="Ecount refused the call as too frequent. Nothing was saved.",
)
QUOTA: Final = Text(
    ko="이카운트의 오늘 호출 한도를 다 썼습니다 ({used}/{limit}).",
    en="Today's allowance of Ecount calls is used up ({used}/{limit}).",
)
QUOTA_HINT: Final = Text(ko="내일 0시에 저절로 이어집니다.", en="Work goes on by itself at midnight.")
TOO_MANY_ERRORS: Final = Text(
    ko="이카운트의 연속 오류 한도에 닿았습니다 ({used}/{limit}).",
    en="Ecount's limit of errors in a row is reached ({used}/{limit}).",
)
TOO_MANY_ERRORS_HINT: Final = Text(
    ko="한 시간 뒤에 이어집니다. 멈춘 주문들의 이유를 먼저 확인하십시오.",
    en="Work goes on in an hour. See first why the parked orders were refused.",
)
TURN_MISSED: Final = Text(
    ko="저장할 차례를 놓쳤습니다. 아무것도 보내지 않았습니다.", en="The turn to save was missed. Nothing was sent."
)
SESSION_ENDED: Final = Text(
    ko="이카운트 세션이 끝났습니다. 저장되지 않았습니다.", en="The session at Ecount ended. Nothing was saved."
)
SESSION_ENDED_HINT: Final = Text(ko="다시 로그인하여 저절로 이어집니다.", en="Work goes on by itself after a new log-in.")

# -- slips ------------------------------------------------------------------------------------------------------------------
REFUSED: Final = Text(ko="주문 {key}: 이카운트가 거절했습니다. {why}", en="Order {key}: Ecount refused it. It said: '{why}'")
REFUSED_HINT: Final = Text(
    ko="품목코드, 거래처코드, 창고와 입력화면 양식을 확인한 뒤 다시 시도하십시오.",
    en="Check product codes, customer code, warehouse and the company's form, then try again.",
)
LINE_SAID: Final = Text(ko="{line}번 라인: {what}", en="line {line}: {what}")
AND: Final = Text(ko="{first} 그리고 {second}", en="{first} and {second}")
BAD_SLIP: Final = Text(ko="주문 {key}: 전표로 만들 수 없습니다. {why}", en="Order {key} cannot be made into a slip: {why}")
BAD_SLIP_HINT: Final = Text(
    ko="주문의 내용을 확인하십시오. 아무것도 보내지 않았습니다.", en="Look at the order. Nothing was sent."
)
NO_LINES: Final = Text(ko="라인이 없습니다.", en="it has no lines.")
TOO_MANY_LINES: Final = Text(
    ko="라인이 {count}개입니다. 한 번에 {most}개까지만 됩니다. 'onbam orders paste {key}'로 만든 것을 웹자료올리기로 직접 넣으십시오.",
    en="it has {count} lines, and {most} are the most of one call. Enter by hand what 'onbam orders paste {key}' makes.",
)
NO_CODE: Final = Text(ko="{line}번 라인에 품목코드가 없습니다.", en="line {line} has no product code.")
LONG_VALUE: Final = Text(
    ko="{line}번 라인의 {field}이(가) {most}자보다 깁니다.", en="line {line}: {field} is longer than {most} characters."
)
BAD_FIGURE: Final = Text(
    ko="{line}번 라인의 {field} {value}은(는) 쓸 수 없는 숫자입니다.", en="line {line}: {field} {value} is not a usable figure."
)
BAD_KEY: Final = Text(ko="주문번호 '{key}'을(를) 전표에 적을 수 없습니다.", en="the key '{key}' cannot be written on a slip.")
NO_CUSTOMER: Final = Text(
    ko="거래처코드나 창고가 설정되지 않았습니다 (ecount.customer, ecount.warehouse).",
    en="customer code or warehouse are not set (ecount.customer, ecount.warehouse).",
)
FIELDS: Final[dict[str, Text]] = {
    "code": Text(ko="품목코드", en="product code"),
    "qty": Text(ko="수량", en="quantity"),
    "price": Text(ko="단가", en="price"),
    "supply": Text(ko="공급가액", en="supply amount"),
    "vat": Text(ko="부가세", en="tax"),
}

# -- exports ----------------------------------------------------------------------------------------------------------------
NOT_AN_EXPORT: Final = Text(
    ko="{file}은(는) 구매현황 파일이 아닙니다. '일자-No.' 열을 찾을 수 없습니다.",
    en="{file} is no purchase report: there is no column '일자-No.'.",
)
NOT_AN_EXPORT_HINT: Final = Text(
    ko="이카운트 구매현황에서 엑셀로 내려받은 파일을 그대로 쓰십시오. {field} 항목이 보이는 상태여야 합니다.",
    en="Use the file as downloaded from Ecount's purchase report, with the column that holds our key ({field}) shown.",
)
UNREADABLE_EXPORT: Final = Text(ko="{file} 파일을 읽을 수 없습니다 ({what}).", en="{file} cannot be read ({what}).")
UNREADABLE_EXPORT_HINT: Final = Text(
    ko="이카운트의 구매현황을 엑셀이나 CSV로 다시 내려받아 그 파일을 쓰십시오.",
    en="Export '구매현황' from Ecount again, as Excel or CSV, and use that file.",
)
NO_WORKBOOK: Final = Text(ko="엑셀 통합 문서가 아니거나 손상됨", en="it is no Excel workbook, or damaged")
NO_TABLE: Final = Text(ko="CSV 표가 아님", en="it is no CSV table")
NO_TEMPLATE: Final = Text(
    ko="웹자료올리기 열 순서에 모르는 이름이 있습니다: {name}.",
    en="The column order for pasting holds an unknown name: {name}.",
)
NO_TEMPLATE_HINT: Final = Text(ko="쓸 수 있는 이름: {names}", en="Known names: {names}")
