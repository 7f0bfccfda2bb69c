"""What the first settings ask and write."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text, plain

YES: Final = Text(ko="예", en="yes")
NO: Final = Text(ko="아니요", en="no")
A_AUTO: Final = Text(ko="시스템을 따름", en="as the system")
A_KO: Final = plain("한국어")
A_EN: Final = plain("English")
A_ONE: Final = Text(ko="한 대", en="one")
A_SEVERAL: Final = Text(ko="여러 대", en="several")

Q_LANGUAGE: Final = Text(ko="화면과 알림의 언어는?", en="Which language for screens and notices?")
Q_PCS: Final = Text(ko="온밤을 몇 대의 PC에서 돌립니까?", en="On how many PCs will Onbam run?")
Q_DATABASE: Final = Text(
    ko="모든 PC가 닿을 수 있는 데이터베이스(PostgreSQL 또는 MySQL)가 있습니까?",
    en="Is there a database (PostgreSQL or MySQL) that every PC can reach?",
)
Q_DATABASE_URL: Final = Text(
    ko="데이터베이스 주소 (예: postgresql://onbam:암호@서버/onbam). 화면에 보이지 않습니다",
    en="Address of the database, as postgresql://onbam:password@server/onbam. It is not shown",
)
Q_SHEETS: Final = Text(ko="이 가게에서 Google 시트를 쓸 수 있습니까?", en="May this shop use Google Sheets?")
Q_SHEET_ID: Final = Text(ko="시트 ID (주소의 /d/ 뒤)", en="Id of the spreadsheet (after /d/ in its address)")
Q_LATENCY: Final = Text(ko="네트워크가 느리거나 자주 끊깁니까?", en="Is the network slow, or does it often fail?")

Q_FIRST_DAY: Final = Text(
    ko="어느 날의 주문부터 온밤이 입력합니까 (2026-02-02, 오늘은 today, 모두는 all)? 그 전의 주문은 사람이 입력한 것으로 봅니다",
    en="From which day's orders on does Onbam enter them (as 2026-02-02, or today, or all)? People entered the earlier ones",
)
NO_DAY_HINT: Final = Text(
    ko="2026-02-02 같은 날짜나 today(오늘), all(모두)로 답하십시오.",
    en="Answer with a day as in 2026-02-02, with today or with all.",
)

NO_QUESTION: Final = Text(ko="'{key}'(이)라는 질문은 없습니다.", en="There is no question '{key}'.")
NO_QUESTION_HINT: Final = Text(ko="질문: {keys}.", en="The questions are: {keys}.")
NO_CHOICE: Final = Text(ko="'{key}'의 답이 올바르지 않습니다.", en="This is no answer to '{key}'.")
NO_CHOICE_HINT: Final = Text(ko="{choices} 중에서 고르십시오.", en="Choose one of {choices}.")
NOT_ASKED: Final = Text(
    ko="다른 답을 보면 '{key}'은(는) 물을 일이 없습니다.", en="With the other answers, '{key}' is not a question."
)
NOT_ASKED_HINT: Final = Text(ko="그 답을 빼거나 다른 답을 고치십시오.", en="Leave it out, or change the other answers.")
NEEDED: Final = Text(ko="'{key}'의 답이 필요합니다.", en="An answer to '{key}' is needed.")
NEEDED_HINT: Final = Text(ko="--answer {key}=… 로 주십시오.", en="Give it with --answer {key}=….")

WHY_LOCAL: Final = Text(
    ko="PC 한 대: 이 PC의 데이터베이스 파일이 정합니다. 서버도 인터넷도 필요 없고 가장 빠릅니다 (예전 V8.1을 쓰던 경우).",
    en="One PC: a database file on this PC decides. No server, no internet, and the fastest (the case for the former V8.1).",
)
WHY_DATABASE: Final = Text(
    ko="여러 PC와 데이터베이스: 서버가 정합니다. 중복을 막고, 모든 PC를 한곳에서 보며, 죽은 PC의 일은 다른 PC가 이어받습니다 (V10을 쓰던 경우).",
    en="Several PCs with a database: the server decides. No duplicates, one view of all PCs, and the work of a dead PC is taken over (the case for V10).",
)
WHY_SHEETS: Final = Text(
    ko="여러 PC, 서버 없음: Google 시트가 정합니다. 서버가 없는 가게에서 중복을 막는 방법이며, 분당 요청 한도 때문에 느립니다.",
    en="Several PCs without a server: the Google Sheet decides. It prevents duplicates without any server and is slow, because of its quota.",
)
WHY_SHEETS_SLOW: Final = Text(
    ko="네트워크가 불안하면 시트에 닿지 않는 동안 아무도 새 주문을 맡지 않습니다. 안전하지만 멈춥니다. 데이터베이스를 권합니다.",
    en="While the sheet cannot be reached nobody takes new orders: safe, but it stands still. A database is better on such a network.",
)
WHY_BOARD: Final = Text(
    ko="Google 시트는 락 상태를 보여 주는 현황판으로 씁니다.", en="The Google Sheet is kept as a live board of the locks."
)
NO_COMMON_STORE: Final = Text(
    ko="여러 PC가 함께 쓸 곳이 없으면 같은 주문을 두 번 처리하게 됩니다.",
    en="Several PCs without anything in common would process the same order twice.",
)
NO_COMMON_STORE_HINT: Final = Text(
    ko="데이터베이스(database=yes)나 Google 시트(sheets=yes) 중 하나를 마련하거나, 한 대에서만 돌리십시오(pcs=one).",
    en="Provide a database (database=yes) or a Google Sheet (sheets=yes), or run on one PC only (pcs=one).",
)

HEADER: Final = Text(
    ko="온밤 설정. 'onbam init'이 만들었습니다. 고쳐도 됩니다: 다시 실행해도 여러분의 값은 그대로입니다.\n이 파일에는 계정이 들어갈 수 있습니다. 절대 공유하지 마십시오.",
    en="Settings of Onbam, written by 'onbam init'. Change them freely: running it again keeps your values.\nThis file may hold accounts. Never share it.",
)
EXAMPLE_HEADER: Final = Text(
    ko="온밤의 모든 설정과 기본값입니다. 필요한 줄만 .env로 옮기고 앞의 #을 지우십시오.",
    en="Every setting of Onbam with its default. Copy the lines you need to .env and take the # away.",
)
ADDED: Final = Text(ko="'onbam init'이 더한 줄", en="Added by 'onbam init'")
SECRET_LINE: Final = Text(
    ko="비밀: 여기 적는 대신 'onbam secret set {name}'을 권합니다", en="A secret: better kept with 'onbam secret set {name}'"
)
IGNORE_HEADER: Final = Text(
    ko="온밤: 절대 git에 올리지 않는 것 (계정, 열쇠, 세션, 이력, 실행 상태)",
    en="Onbam: never in git (accounts, keys, sessions, history, running state)",
)
NO_LINE: Final = Text(
    ko="이 값은 .env 한 줄에 그대로 적을 수 없습니다.", en="This value cannot stand on a line of .env as it is."
)
NO_LINE_HINT: Final = Text(
    ko="'onbam secret set'으로 넣거나, 파일에 적고 이름_FILE로 알려 주십시오.",
    en="Keep it with 'onbam secret set', or in a file named by NAME_FILE.",
)
CANNOT_WRITE: Final = Text(ko="{file}에 쓸 수 없습니다 ({what}).", en="{file} cannot be written ({what}).")
CANNOT_WRITE_HINT: Final = Text(
    ko="폴더의 권한과 디스크 여유를 확인하십시오.", en="Check the folder's rights and the free space."
)
