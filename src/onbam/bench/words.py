"""What the benchmarks say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NO_BENCH: Final = Text(ko="'{name}'(이)라는 측정은 없습니다.", en="There is no benchmark '{name}'.")
NO_BENCH_HINT: Final = Text(ko="있는 측정: {names}.", en="There are: {names}.")
COMMAND_FAILED: Final = Text(
    ko="측정하려던 명령이 실패했습니다 ({code}): {command}. 마지막 줄: {line}",
    en="The command to be measured failed ({code}): {command}. Its last line: {line}",
)
COMMAND_FAILED_HINT: Final = Text(
    ko="그 명령을 직접 실행해 고친 뒤 다시 측정하십시오.", en="Run that command by itself, mend it, and measure again."
)

START: Final = Text(
    ko="시작 비용: 도움말, 감시 프로세스의 임포트와 메모리, run.py의 몫",
    en="What starting costs: help, the guard's imports and memory, run.py's share",
)
HELP_WARM: Final = Text(ko="onbam --help, 두 번째부터", en="onbam --help, warm")
HELP_COLD: Final = Text(
    ko="onbam --help, 바이트코드 없이 (설치 직후 첫 실행)", en="onbam --help, without bytecode (first start after installing)"
)
GUARD_IMPORT: Final = Text(
    ko="감시 프로세스의 모듈(kernel, guard, psutil)을 임포트하는 파이썬",
    en="Python importing the guard's modules (kernel, guard, psutil)",
)
GUARD_MEMORY: Final = Text(
    ko="쉬고 있는 감시 프로세스의 메모리 (kernel + psutil)", en="Memory of an idle guard-only process (kernel + psutil)"
)
RUN_PY: Final = Text(ko="run.py를 거칠 때 더 드는 시간 ({command})", en="What going through run.py adds ({command})")
IMPORT_ROW: Final = Text(ko="onbam --help 가운데 {module} 임포트", en="in onbam --help: importing {module}")

CLAIMS: Final = Text(
    ko="주문을 맡는 비용: 한 건씩, 묶음으로, 끝난 주문이 백만 건일 때",
    en="What a lease costs: one a call, in batches, and with a million completed orders",
)
CLAIM_SINGLE: Final = Text(
    ko="한 건씩 맡기 ({database}, 커밋마다 디스크까지)", en="Claims, one a call ({database}, each commit on disk)"
)
CLAIM_BATCH: Final = Text(ko="{n}건씩 맡기 ({database})", en="Claims, {n} a call ({database})")
CLAIM_SHARE: Final = Text(
    ko="한 건씩 맡기 ({database}): 손으로 쓴 문장의 몇 배 속도인가, 한 건씩 번갈아",
    en="Claims, one a call ({database}): share of the hand-written statement's speed, in turns",
)
CLAIM_SINGLE_LARGE: Final = Text(
    ko="한 건씩 맡기 (SQLite): 끝난 주문 {rows}건이 있을 때 남는 속도 (빈 표 = 1), 한 건씩 번갈아",
    en="Claims, one a call (SQLite): speed left with {rows} completed orders (an empty table = 1), in turns",
)
CLAIM_BATCH_LARGE: Final = Text(
    ko="{n}건씩 맡기 (SQLite): 끝난 주문 {rows}건이 있을 때 남는 속도 (빈 표 = 1), 한 번씩 번갈아",
    en="Claims, {n} a call (SQLite): speed left with {rows} completed orders (an empty table = 1), in turns",
)
CLAIM_P99: Final = Text(
    ko="한 건 맡기 ({database}), {n}번의 99번째 백분위수", en="One claim ({database}), 99th percentile of {n}"
)
NOT_MEASURED: Final = Text(ko="{what}: 재지 않았습니다. {why}", en="{what} was not measured: {why}")
SHEET: Final = Text(
    ko="시트 하나를 함께 쓰는 PC들이 1분에 끝내는 주문 수 (약 2분 걸립니다)",
    en="Orders a minute when a sheet is all the PCs share (takes about two minutes)",
)
SHEET_MINUTE: Final = Text(
    ko="PC {n}대가 계정 하나의 한도로 1분에 끝낸 주문", en="Orders finished in a minute by {n} PCs on one account's quota"
)

PARSE: Final = Text(
    ko="거래명세서를 읽는 속도와 메모리, BeautifulSoup과 lxml 옆에서",
    en="Reading order documents: speed and memory, beside BeautifulSoup and lxml",
)
PARSE_MARKUP: Final = Text(ko="화면에서 표와 글자 꺼내기", en="From markup to tables and words")
PARSE_WHOLE: Final = Text(
    ko="화면에서 주문 내역까지 (뜻풀이는 모두 같은 코드)", en="From markup to order form (the meaning is the same code for all)"
)
PARSE_RATIO: Final = Text(
    ko="BeautifulSoup의 몇 배 (표와 글자 꺼내기)", en="How many times BeautifulSoup (markup to tables and words)"
)
PARSE_MEMORY: Final = Text(ko="문서 {n}건을 읽는 동안 늘어난 메모리", en="Memory grown over {n} documents")
PARSE_DIFFERS: Final = Text(ko="{peer}이(가) 같은 화면을 다르게 읽었습니다.", en="{peer} reads the same pages differently.")
PARSE_DIFFERS_HINT: Final = Text(ko="비교할 수 없으니 재지 않습니다.", en="They cannot be compared, so nothing is measured.")
NO_FIRST_ORDER: Final = Text(
    ko="시작한 프로그램이 주문을 입력하지 않았습니다.", en="The program that was started entered no order."
)
NO_FIRST_ORDER_HINT: Final = Text(ko="마지막으로 한 말: {last}", en="The last thing it said: {last}")
ORDERS: Final = Text(
    ko="주문 하나의 모든 길: 원장에서 완료까지, 같은 일을 하는 다른 도구들 옆에서 (몇 분 걸립니다)",
    en="The whole way of an order, from the ledger to completed, beside other tools doing the same (takes some minutes)",
)
ORDERS_PER_SECOND: Final = Text(
    ko="원장에서 완료까지 ({database}, 커밋마다 디스크까지, 바로 답하는 ERP)",
    en="From the ledger to completed ({database}, each commit on disk, an ERP that answers at once)",
)
ORDERS_SHARE: Final = Text(
    ko="손으로 쓴 커밋 다섯 번의 몇 배 ({database})", en="As a share of five commits written by hand ({database})"
)
ORDERS_AHEAD: Final = Text(
    ko="함께 잰 것 가운데 가장 빠른 도구의 몇 배 ({database})",
    en="How many times the quickest peer of the same run ({database})",
)
ORDERS_AHEAD_DURABLE: Final = Text(
    ko="단계를 스스로 남기는 도구 가운데 가장 빠른 것의 몇 배 ({database})",
    en="How many times the quickest peer that keeps durable steps ({database})",
)
ORDERS_WAITS: Final = Text(ko="주문 하나가 디스크를 기다리는 횟수 ({database})", en="Waits for the disk an order ({database})")
OFFICE_DISK: Final = Text(
    ko="{database}, 사무실 PC의 디스크처럼 기다릴 때마다 {ms}ms 더",
    en="{database}, each wait for the disk {ms} ms longer, as on an office PC",
)
NO_OFFICE_DISK: Final = Text(
    ko="이 파이썬의 SQLite는 디스크를 늦출 수 없습니다.", en="The SQLite of this Python does not let its disk be slowed down."
)
NO_OFFICE_DISK_HINT: Final = Text(ko="python.org의 파이썬으로 다시 재어 주십시오.", en="Measure with a Python from python.org.")
FIRST_ORDER: Final = Text(
    ko="'onbam agent run'부터 ERP의 첫 전표까지", en="From 'onbam agent run' to the first slip in the ERP"
)
IDLE_MEMORY: Final = Text(ko="할 일이 없는 프로그램의 메모리", en="Memory of an agent with nothing to do")
IDLE_CPU: Final = Text(
    ko="할 일이 없는 프로그램이 쓰는 코어의 백분율 ({seconds}초 동안)",
    en="Per cent of one core an agent with nothing to do uses (over {seconds} s)",
)
NOT_INSTALLED: Final = Text(ko="설치되어 있지 않습니다 (bench 묶음).", en="it is not installed (the bench extra brings it).")
NO_REDIS: Final = Text(
    ko="이 PC에 redis-server가 없습니다. redis-server 패키지를 설치하면 함께 잽니다.",
    en="there is no redis-server on this machine; with the package redis-server it is measured too.",
)
