"""What the benchmark `desk` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

DESK: Final = Text(
    ko="대시보드: 주문 백만 건, PC 50대, 열린 주문 만 건, 탭 100개에서의 화면·실시간·메모리 (10분쯤 걸립니다)",
    en="The dashboard: pages, live stream and memory with a million orders, 50 PCs, 10,000 open orders and 100 tabs (10 min)",
)
NOT_IN: Final = Text(ko="로그인하지 못했습니다 ({status}).", en="Could not log in ({status}).")
NO_PAGE: Final = Text(ko="{path}: {status}으로 답했습니다.", en="{path} was answered with {status}.")
NO_DESK: Final = Text(ko="대시보드가 시작하지 못했습니다: {line}", en="The dashboard did not start: {line}")
PAGE: Final = Text(ko="{page}, {database}: 보통 (가운데값)", en="{page}, {database}: median")
PAGE_95: Final = Text(ko="{page}, {database}: 100번 중 95번은 이 안에", en="{page}, {database}: 95 of 100 within")
SLOWEST: Final = Text(ko="가장 느린 답 하나, {database}", en="The slowest answer of all, {database}")
FILLED: Final = Text(
    ko="{database}: 주문 {orders}건, 저널 {lines}줄, PC {machines}대, 열린 주문 {open}건을 만드는 데 {seconds}초.",
    en="{database}: {orders} orders, {lines} lines of journal, {machines} PCs, {open} open ones, made in {seconds} s.",
)
LIST: Final = Text(ko="목록의 첫 화면 50줄, 주문 {rows}건", en="The list's first page of fifty, {rows} orders")
LIST_MEMORY: Final = Text(
    ko="그 목록을 보여 줄 때의 프로세스 메모리, 주문 {rows}건", en="Memory of the process that shows it, {rows} orders"
)
MEMORY: Final = Text(ko="쉬는 프로세스의 메모리, {database}", en="Memory of the idle process, {database}")
IDLE: Final = Text(
    ko="쉬는 프로세스가 쓰는 코어의 백분율, {database} ({seconds}초)",
    en="Per cent of one core the idle process uses, {database} (over {seconds} s)",
)
LOOKED_AT: Final = Text(
    ko="탭 {tabs}개가 열려 있고 아무 일도 없을 때 쓰는 코어의 백분율 ({seconds}초)",
    en="Per cent of one core while {tabs} tabs are open and nothing happens (over {seconds} s)",
)
PIXEL: Final = Text(
    ko="다른 프로세스가 쓰기 시작한 때부터 Chromium 화면까지, 탭 {tabs}개",
    en="From another process beginning to write until Chromium has drawn it, {tabs} tabs open",
)
PIXEL_WORST: Final = Text(ko="그 가운데 가장 늦은 것", en="The worst of these")
LEGS: Final = (
    Text(ko="　쓰기 시작 → 커밋됨", en="  begins to write → committed"),
    Text(ko="　커밋됨 → 서버가 그리기 시작", en="  committed → the server begins to draw"),
    Text(ko="　그리기 시작 → 브라우저에 도착", en="  begins to draw → has come to the browser"),
    Text(ko="　도착 → 페이지에 놓임", en="  has come → stands in the page"),
    Text(ko="　페이지에 놓임 → 화면에 보임", en="  stands in the page → is on the glass"),
)
"""The stretches of that way; their medians need not add up to its median."""
WIRE: Final = Text(ko="처음 여는 '오늘' 화면에 오는 양 (KB)", en="Today, opened for the first time: KB over the wire")
STATIC: Final = Text(ko="변하지 않는 파일 전부, gzip (KB)", en="All static files, gzipped (KB)")
PAINT: Final = Text(ko="처음 그려질 때까지 (빈 캐시)", en="First paint (empty cache)")
DRAWN: Final = Text(ko="다 그려질 때까지 (가장 큰 것, 빈 캐시)", en="Largest paint (empty cache)")
SHIFT: Final = Text(ko="여는 동안 밀린 정도 (CLS)", en="Layout shift while it opens (CLS)")
GROWN: Final = Text(
    ko="탭 {tabs}개가 보는 동안 저널 {events}줄이 지나간 뒤 늘어난 메모리",
    en="Memory grown over {events} journal lines while {tabs} tabs look on",
)
NO_BROWSER: Final = Text(
    ko="Chromium이나 playwright가 없어 화면까지의 시간은 재지 않았습니다.",
    en="Without Chromium and playwright nothing was measured up to the glass.",
)
NOT_MEASURED: Final = Text(ko="{what}은(는) 재지 않았습니다: {why}", en="{what} was not measured: {why}")
