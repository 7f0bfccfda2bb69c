"""What the pages of PCs, locks, notices, settings, users, help and about say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain

# -- PCs --------------------------------------------------------------------------------------------------------------------

PC_TITLE: Final = Text(ko="PC 1대 가운데 {well}대가 일합니다", en="{well} of 1 PC is at work")
PCS_TITLE: Final = Text(ko="PC {n}대 가운데 {well}대가 일합니다", en="{well} of {n} PCs are at work")
PCS_STOPPED: Final = Text(ko="모두 멈춰 두었습니다", en="Work is stopped")
PCS_NONE: Final = Text(ko="함께 일하는 PC가 없습니다", en="No PC has joined")
STATE: Final = Text(ko="상태", en="State")
PROGRAM: Final = Text(ko="프로그램", en="Program")
DOING: Final = Text(ko="하는 일", en="Doing")
BEAT: Final = Text(ko="마지막 신호", en="Last beat")
NEXT_BEAT: Final = Text(ko="다음 신호 약속", en="Next beat by")
SINCE: Final = Text(ko="시작한 때", en="Running since")
VERSION: Final = Text(ko="버전", en="Version")
ADDRESS: Final = Text(ko="주소", en="Address")
MACHINE_ID: Final = Text(ko="Machine ID (이 PC의 이름표)", en="Machine ID")
THIS_PC: Final = Text(ko="이 PC", en="this PC")
PID: Final = Text(ko="프로세스 번호", en="Process id")
HOLDS: Final = Text(ko="맡은 주문", en="Orders in hand")
NOTHING_HELD: Final = Text(ko="맡은 주문이 없습니다.", en="It holds no order.")
BEATS_60: Final = Text(ko="최근 신호 60번", en="Last 60 beats")
ITS_EVENTS: Final = Text(ko="이 PC에서 있었던 일", en="What happened on this PC")
PAUSE: Final = Text(ko="멈추기", en="Stop work")
PAUSE_ALL: Final = Text(ko="모든 PC 멈추기", en="Stop all PCs")
RESUME: Final = Text(ko="다시 시작하게 하기", en="Let it work again")
RESUME_ALL: Final = Text(ko="모든 PC 다시 하게 하기", en="Let all PCs work again")
PAUSE_ASK: Final = Text(ko="{what}을(를) 멈출까요?", en="Stop {what}?")
PAUSE_MEANS: Final = Text(
    ko="지금 보내는 것은 끝나지만, 그 뒤로는 아무것도 ERP에 보내지 않습니다. 다른 PC에서도, 휴대폰에서도 다시 시작할 수 있습니다.",
    en="What is being sent now ends; after that nothing is sent to the ERP. It can be lifted from any PC and from the phone.",
)
RESUME_ASK: Final = Text(ko="{what}을(를) 다시 하게 할까요?", en="Let {what} work again?")
RESUME_MEANS: Final = Text(ko="차례를 기다리던 주문을 바로 맡기 시작합니다.", en="Waiting orders are taken at once.")
EVERY_PC: Final = Text(ko="모든 PC", en="all PCs")
PAUSED_BY: Final = Text(ko="{at} {who}: {why}", en="{at} {who}: {why}")
PAUSED: Final = Text(ko="멈춰 둠", en="stopped by a person")
PAUSE_SAID: Final = Text(ko="{what}을(를) 멈췄습니다.", en="{what}: work is stopped.")
RESUME_SAID: Final = Text(ko="{what}이(가) 다시 일합니다.", en="{what}: work goes on.")
FORGET: Final = Text(ko="목록에서 지우기", en="Remove from the list")
FORGET_ASK: Final = Text(ko="{what}을(를) 목록에서 지울까요?", en="Remove {what} from the list?")
FORGET_MEANS: Final = Text(
    ko="그 PC가 영영 사라졌을 때 씁니다. 다시 켜지면 저절로 돌아옵니다.",
    en="For a PC that is gone for good. Should it start again, it comes back by itself.",
)
FORGET_SAID: Final = Text(ko="{what}을(를) 목록에서 지웠습니다.", en="{what} is removed from the list.")
LOGS: Final = Text(ko="이 PC의 기록", en="Log of this PC")
LOGS_FIND: Final = Text(ko="기록에서 찾기", en="Find in the log")
LOGS_NONE: Final = Text(ko="오늘 기록이 아직 없습니다.", en="Nothing was logged today yet.")
LOGS_ELSEWHERE: Final = Text(
    ko="다른 PC의 기록은 그 PC의 logs 폴더에 있습니다.", en="The log of another PC lies in its own folder logs."
)
UNKNOWN_PC: Final = Text(ko="PC {name}을(를) 알지 못합니다.", en="The PC {name} is not known.")

# -- locks ------------------------------------------------------------------------------------------------------------------

CONNECTED: Final = Text(ko="연결됨 (Connected)", en="Connected")
DISCONNECTED: Final = Text(ko="끊김 (Disconnected)", en="Disconnected")
LOCK_MANAGER: Final = Text(ko="락 관리자 (Distributed Lock Manager)", en="Distributed Lock Manager")
DOWNLOADER: Final = Text(ko="자동 다운로드 (Auto Downloader)", en="Auto Downloader")
PENDING: Final = Text(ko="대기 (Pending)", en="Pending")
HISTORY: Final = Text(ko="오늘 완료 (History)", en="History (completed today)")
STORE: Final = Text(ko="정하는 곳", en="Where it is decided")
STORE_DATABASE: Final = Text(ko="데이터베이스 ({kind})", en="database ({kind})")
STORE_SHEET: Final = Text(ko="Google 시트", en="Google Sheet")
SHEET_LINK: Final = Text(ko="시트 열기", en="Open the sheet")
LEASE: Final = Text(ko="맡은 시간", en="Length of a lease")
LIMIT: Final = Text(ko="가장 긴 시간 (LOCK_TIMEOUT_SEC)", en="Outer limit (LOCK_TIMEOUT_SEC)")
MANY: Final = Text(ko="여러 PC가 함께 쓸 수 있음", en="May be shared by several PCs")
CLOCK: Final = Text(ko="누구의 시계", en="Whose clock decides")
CLOCK_SERVER: Final = Text(ko="서버", en="the server's")
CLOCK_MACHINE: Final = Text(ko="이 PC", en="this PC's")
QUOTA: Final = Text(ko="분당 한도 (PC들이 나눔)", en="Calls a minute, shared by all PCs")
QUOTA_NONE: Final = Text(ko="한도 없음", en="no limit")
SPARE: Final = Text(ko="이번 1분에 남은 몫 (이 화면)", en="Left of this minute (this desk's share)")
SPARE_IS: Final = Text(
    ko="읽기 {reads}/{of_reads} · 쓰기 {writes}/{of_writes}", en="reads {reads}/{of_reads} · writes {writes}/{of_writes}"
)
SPARE_WAIT: Final = Text(ko="Google이 {wait_s:.0f}초 쉬라고 했습니다", en="Google asked for {wait_s:.0f} s of quiet")
HELD: Final = Text(ko="지금 맡은 주문", en="Held now")
HELD_NONE: Final = Text(ko="지금 맡은 주문이 없습니다.", en="Nothing is held now.")
HELD_MORE: Final = Text(ko="그 밖에 {n}건: 주문 화면에서 모두 보기", en="{n} more: see all of them among the orders")
UNLOCKED: Final = Text(
    ko="ENABLE_DISTRIBUTED_LOCK=false: 락이 꺼져 있습니다. PC가 한 대일 때만 허용됩니다.",
    en="ENABLE_DISTRIBUTED_LOCK=false: locks are off. This is allowed on a fleet of one PC only.",
)
UNLOCKED_MANY: Final = Text(
    ko="지금 PC {n}대가 함께 일하고 있습니다. 같은 주문이 두 번 처리될 수 있습니다. 모든 PC의 .env에서 ENABLE_DISTRIBUTED_LOCK=true로 고치십시오.",
    en="{n} PCs are at work now: the same order may be done twice. Set ENABLE_DISTRIBUTED_LOCK=true in the .env of every PC.",
)
NOT_SHARED: Final = Text(
    ko="이 데이터베이스는 한 PC에서만 쓸 수 있습니다. 여러 PC가 함께 일하려면 데이터베이스 서버나 Google 시트를 쓰십시오.",
    en="This database may be used by one PC only. For several PCs use a database server or a Google Sheet.",
)
NOT_CONNECTED: Final = Text(
    ko="Lock manager not connected: 정하는 곳에 닿지 못합니다. 그동안 아무 PC도 새 주문을 맡지 않습니다.",
    en="Lock manager not connected: where it is decided cannot be reached. Until then no PC takes an order.",
)
SEE_HELP: Final = Text(ko="「도움말」의 점검을 보십시오.", en="See the check-up under Help.")

# -- notices ----------------------------------------------------------------------------------------------------------------

NOTICES_NONE: Final = Text(ko="열린 알림이 없습니다.", en="There are no open notices.")
NOTICES_NONE_TEXT: Final = Text(
    ko="원인마다 하나씩 열리고, 원인이 사라지면 저절로 닫힙니다.",
    en="Each cause opens one, and it closes by itself when the cause is gone.",
)
NOTICES_ONE: Final = Text(ko="알림 1건", en="1 notice")
NOTICES_N: Final = Text(ko="알림 {n}건", en="{n} notices")
NOTICES_SHOWN: Final = Text(
    ko="급한 것, 그다음 최근 것부터 {n}건을 보입니다. 하나를 해결하면 다음 것이 나타납니다.",
    en="{n} of them stand here, the urgent first, then the newest; settle one and the next appears.",
)
FIRST_LAST: Final = Text(ko="처음 {first}, 마지막 {last}", en="first {first}, last {last}")
TIMES_ONE: Final = Text(ko="1번", en="once")
TIMES: Final = Text(ko="{n}번", en="{n} times")
READ: Final = Text(ko="읽음", en="Mark as read")
READ_BY: Final = Text(ko="{who}이(가) 읽음", en="read by {who}")
READ_SAID: Final = Text(ko="읽음으로 표시했습니다.", en="Marked as read.")
SNOOZE: Final = Text(ko="{n}시간 동안 조용히", en="Quiet for {n} h")
SNOOZED: Final = Text(ko="{at}까지 조용히", en="quiet until {at}")
SNOOZE_SAID: Final = Text(ko="{n}시간 동안 밖으로 알리지 않습니다.", en="Nobody is told outside for {n} hours.")
RESOLVE: Final = Text(ko="해결됨", en="Resolved")
RESOLVE_SAID: Final = Text(
    ko="알림을 닫았습니다. 원인이 남아 있으면 다시 열립니다.",
    en="The notice is closed. Should its cause still be there, it opens again.",
)
PAST: Final = Text(ko="지난 알림", en="Earlier notices")
OPEN_LINK: Final = Text(ko="열기", en="Open")
BY_PERSON: Final = Text(ko="화면에서 닫음", en="closed on the page")

# -- settings ---------------------------------------------------------------------------------------------------------------

SETTINGS_TEXT: Final = Text(
    ko="이 PC의 값과 그 출처입니다. 「바꾸기」가 있는 것은 여기서 바꾸고, 나머지는 출처의 파일(onbam.toml, .env)을 고칩니다. 바꾼 값은 다시 시작하면 쓰입니다.",
    en="The values of this PC and where each comes from. Some can be changed here; for the others edit that file (onbam.toml, .env). A change is used after a restart.",
)
SETTINGS_FIND: Final = Text(ko="이름이나 뜻으로 찾기", en="Find by name or meaning")
SETTINGS_NO_HIT: Final = Text(ko="맞는 설정이 없습니다.", en="No setting fits.")
SETTINGS_NO_HIT_TEXT: Final = Text(
    ko="다른 말로 찾거나 「전체」를 누르십시오. 환경 변수 이름으로도 찾을 수 있습니다.",
    en="Try another word, or show all. The name of a variable works too.",
)
SETTINGS_PENDING: Final = Text(
    ko="다시 시작해야 쓰이는 변경이 있습니다: {names}.", en="These changes are used only after a restart: {names}."
)
SETTINGS_RESTART: Final = Text(ko="PC 화면에서 다시 시작하기", en="Restart on the page of the PC")
ONLY_EDITABLE: Final = Text(ko="여기서 바꿀 수 있는 것", en="Can be changed here")
SETTING_NEXT: Final = Text(ko="다시 시작하면 {value}", en="after a restart: {value}")
SETTING_ASK: Final = Text(ko="{name}을(를) 바꿀까요?", en="Change {name}?")
SETTING_MEANS: Final = Text(
    ko="{help}. 이 PC의 onbam.toml에 적습니다. 지금 도는 프로그램은 다시 시작할 때까지 옛 값을 씁니다.",
    en="{help}. It is written into onbam.toml of this PC. What runs now uses the old value until it is restarted.",
)
SETTING_SEVERAL: Final = Text(ko="여럿이면 쉼표로 나눕니다.", en="Separate several by commas.")
SETTING_BETWEEN: Final = Text(ko="{low}부터 {high}까지", en="from {low} to {high}")
SETTING_DEFAULT: Final = Text(ko="기본값({value})으로 되돌리기", en="Back to the default ({value})")
SETTING_SAID: Final = Text(
    ko="{name}을(를) 적었습니다. 다시 시작하면 쓰입니다.", en="{name} is written down; it is used after a restart."
)
SETTING: Final = Text(ko="설정", en="Setting")
VALUE: Final = Text(ko="값", en="Value")
ORIGIN: Final = Text(ko="출처", en="From")
DEFAULT: Final = Text(ko="기본값", en="default")
VARIABLE: Final = Text(ko="환경 변수", en="Variable")
SECRET: Final = Text(ko="비밀값", en="secret")
ONLY_CHANGED: Final = Text(ko="바꾼 것만", en="Changed ones only")

# -- users ------------------------------------------------------------------------------------------------------------------

PEOPLE_ONE: Final = Text(ko="사용자 1명", en="1 user")
PEOPLE_N: Final = Text(ko="사용자 {n}명", en="{n} users")
NAME: Final = Text(ko="이름", en="Name")
SHOWN: Final = Text(ko="보이는 이름", en="Shown as")
ROLE: Final = Text(ko="역할", en="Role")
SEEN: Final = Text(ko="마지막 로그인", en="Last log-in")
NEVER: Final = Text(ko="아직 없음", en="never")
ADD: Final = Text(ko="사용자 더하기", en="Add a user")
ADDED: Final = Text(ko="{name} 님을 더했습니다. 이 링크를 보내십시오.", en="{name} is added. Send them this link.")
LINK_IS: Final = Text(ko="한 번만, 30분 동안 열립니다.", en="It opens once, within 30 minutes.")
NEW_LINK: Final = Text(ko="로그인 링크", en="Log-in link")
DISABLE: Final = Text(ko="막기", en="Shut out")
ENABLE: Final = Text(ko="다시 들이기", en="Let in again")
DISABLED: Final = Text(ko="막힘", en="shut out")
PERSON_SAID: Final = Text(ko="{name} 님을 바꿨습니다.", en="{name} is changed.")
CHANGE: Final = Text(ko="바꾸기", en="Change")
KEYS: Final = Text(ko="API 열쇠", en="API keys")
KEYS_TEXT: Final = Text(
    ko="프로그램이 쓰는 열쇠입니다. 만든 사람의 권한을 넘지 못합니다.",
    en="For programs. A key may never do more than the person who made it.",
)
KEYS_NONE: Final = Text(ko="API 열쇠가 없습니다.", en="There are no API keys.")
KEY_NAME: Final = Text(ko="열쇠 이름", en="Name of the key")
SCOPE: Final = Text(ko="범위", en="Scope")
USED: Final = Text(ko="마지막 사용", en="Last used")
EXPIRES: Final = Text(ko="끝나는 때", en="Expires")
DAYS: Final = Text(ko="며칠 동안 (비우면 계속)", en="For how many days (empty: for ever)")
MAKE_KEY: Final = Text(ko="열쇠 만들기", en="Make a key")
KEY_MADE: Final = Text(
    ko="열쇠를 만들었습니다. 지금만 보이니 옮겨 적으십시오.", en="The key is made. It is shown only now: copy it."
)
REVOKE: Final = Text(ko="없애기", en="Revoke")
REVOKED: Final = Text(ko="열쇠를 없앴습니다.", en="The key is revoked.")
MADE_BY: Final = Text(ko="만든 사람", en="Made by")
API_DOCS: Final = Text(ko="API 안내", en="About the API")

# -- help -------------------------------------------------------------------------------------------------------------------

HELP_TEXT: Final = Text(
    ko="이 PC에서 지금 점검합니다. 문제가 있으면 고칠 방법이 함께 나옵니다.",
    en="Looks at this PC now; whatever is wrong comes with its fix.",
)
CHECKING: Final = Text(ko="점검하는 중입니다.", en="Looking.")
CHECK_AGAIN: Final = Text(ko="다시 점검", en="Look again")
SUMS: Final = {
    "ok": Text(ko="모두 정상입니다.", en="Everything is in order."),
    "warn": Text(ko="살펴볼 것이 있습니다.", en="Something deserves a look."),
    "bad": Text(ko="고칠 것이 있습니다.", en="Something must be mended."),
}
CHAPTERS: Final = Text(ko="자주 묻는 일", en="When something is odd")
MORE_HELP: Final = Text(
    ko="지원을 청할 때는 'onbam support bundle'로 묶음을 만들어 보내십시오. 비밀값은 들어가지 않습니다.",
    en="When you ask for help, make a bundle with 'onbam support bundle'. It holds no secrets.",
)
TROUBLES: Final = (
    (
        Text(ko="Lock manager not connected라고 나옵니다", en="It says: Lock manager not connected"),
        Text(
            ko="Google 시트나 데이터베이스에 닿지 못하는 것입니다. 위 점검에서 인터넷, google_oauth_credentials.json, Sheets API 가운데 무엇이 문제인지 나옵니다. 그동안 주문은 아무도 맡지 않으므로 중복되지 않습니다.",
            en="The Google Sheet or the database cannot be reached. The check-up above names which of internet, google_oauth_credentials.json and Sheets API it is. Meanwhile nobody takes an order, so nothing is done twice.",
        ),
        "/locks",
    ),
    (
        Text(ko="주문이 계속 '처리 중'입니다", en="An order stays 'processing'"),
        Text(
            ko="맡은 PC가 꺼졌다면 맡은 시간이 끝나는 대로 다른 PC가 이어받습니다. 바로 넘기려면 주문 화면에서 「다시 시도」를 누르십시오.",
            en="If its PC went down, another one takes over as soon as the lease ends. To hand it over at once, press 'Try again' on its page.",
        ),
        "/orders?state=processing",
    ),
    (
        Text(ko="같은 주문을 여러 PC가 처리합니다", en="Several PCs do the same order"),
        Text(
            ko="락이 꺼진 PC가 있다는 뜻입니다. 모든 PC의 .env에서 ENABLE_DISTRIBUTED_LOCK=true인지 확인하십시오.",
            en="A PC works with locks off. Check ENABLE_DISTRIBUTED_LOCK=true in the .env of every PC.",
        ),
        "/locks",
    ),
    (
        Text(ko="락 시트가 너무 커졌습니다", en="The lock sheet has grown too large"),
        Text(
            ko="끝난 지 7일이 지난 줄은 저절로 지워집니다. 지금 지우려면 'onbam claims cleanup --reason 정리'를 실행하십시오. "
            "완료되었다는 기억은 남습니다.",
            en="Rows finished more than 7 days ago are removed by themselves; 'onbam claims cleanup --reason tidy' does it now. "
            "That they were completed stays remembered.",
        ),
        "/settings",
    ),
    (
        Text(
            ko="인터넷이나 시트 없이 잠시 PC 한 대로만 하고 싶습니다",
            en="Work with one PC for a while, without internet or sheet",
        ),
        Text(
            ko="다른 PC를 끄고, 모든 PC의 .env에 ENABLE_DISTRIBUTED_LOCK=false와 ONBAM_CLAIMS_ONLY_PC=그 PC의 이름을 적으십시오. 모든 화면에 빨갛게 표시됩니다.",
            en="Switch the others off, and write ENABLE_DISTRIBUTED_LOCK=false and ONBAM_CLAIMS_ONLY_PC=its name into the .env of every PC. Every page says so in red.",
        ),
        "/locks",
    ),
)

# -- about ------------------------------------------------------------------------------------------------------------------

ABOUT_TEXT: Final = Text(
    ko="작은 회사의 사무 자동화를 밤새 지킵니다. 모든 주문은 정확히 한 번.",
    en="Keeps a small company's back office running all night. Every order exactly once.",
)
INSTALLATION: Final = Text(ko="설치 번호", en="Installation")
DATABASE: Final = Text(ko="데이터베이스", en="Database")
SCHEMA: Final = Text(ko="스키마", en="Schema")
PYTHON: Final = plain("Python")
HOME_FOLDER: Final = Text(ko="홈 폴더", en="Home folder")
TIME_ZONE: Final = Text(ko="시간대", en="Time zone")
SIZE: Final = Text(ko="크기", en="Size")
BACKUP: Final = Text(ko="마지막 백업", en="Last backup")
HISTORY_TITLE: Final = Text(ko="지나온 길", en="History")
VERSIONS_PAST: Final = (
    (
        "V8.1",
        Text(
            ko="PC 한 대, 처리 기록은 그 PC의 파일 (v8_history.json)", en="one PC, with its history in a file (v8_history.json)"
        ),
    ),
    (
        "V10.0 (2026-01-07)",
        Text(
            ko="여러 PC, 락은 Google 시트에 (v10_history.json)",
            en="several PCs, with the lock in a Google Sheet (v10_history.json)",
        ),
    ),
)
VERSION_NOW: Final = Text(
    ko="온밤: 데이터베이스가 정하고 시트는 따라 그립니다. 예전 기록은 이어받습니다.",
    en="Onbam: a database decides, the sheet follows; what was done before is remembered.",
)
FIGURES: Final = Text(ko="측정값", en="Figures")
FIGURES_TEXT: Final = Text(ko="Prometheus가 읽는 형식", en="in the form Prometheus reads")
LICENCE: Final = Text(ko="사용권", en="Licence")
LICENCE_TEXT: Final = Text(
    ko="독점 소프트웨어. V10.0(2026-01-07)을 잇습니다.", en="Proprietary. Takes the place of V10.0 (2026-01-07)."
)
PARTS: Final = Text(ko="함께 쓰는 것", en="Parts by others")
CHECKS: Final = {
    "boot": Text(ko="자동 시작", en="Starting by itself"),
    "start-at-boot": Text(ko="자동 시작", en="Starting by itself"),
    "clock": Text(ko="시계", en="Clock"),
    "database": Text(ko="데이터베이스", en="Database"),
    "database-backup": Text(ko="백업", en="Backup"),
    "database-disk": Text(ko="데이터베이스 공간", en="Room for the database"),
    "database-durable": Text(ko="데이터베이스 기록", en="Writing to the database"),
    "database-log": Text(ko="데이터베이스 로그", en="Log of the database"),
    "database-place": Text(ko="데이터베이스 위치", en="Place of the database"),
    "database-schema": Text(ko="데이터베이스 형식", en="Form of the database"),
    "database-whole": Text(ko="데이터베이스 온전함", en="Wholeness of the database"),
    "disk": Text(ko="디스크", en="Disk"),
    "folder": Text(ko="홈 폴더", en="Home folder"),
    "heartbeat": Text(ko="하트비트", en="Heartbeat"),
    "leftovers": Text(ko="쓰다 만 파일", en="Files left half written"),
    "lock": Text(ko="락", en="Locks"),
    "log-today": Text(ko="오늘의 로그", en="Today's log"),
    "port": Text(ko="포트", en="Port"),
    "python": plain("Python"),
    "rights": Text(ko="권한", en="Rights"),
    "robots": Text(ko="로봇 설정", en="Settings of the robots"),
    "settings": Text(ko="설정", en="Settings"),
    "sqlite": plain("SQLite"),
    "vault": Text(ko="비밀 금고", en="Vault of secrets"),
    "zone": Text(ko="시간대", en="Time zone"),
}
"""The check-up's names; a check that is not here is shown by its own."""
