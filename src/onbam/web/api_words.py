"""What the description of the programming interface says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

TITLE: Final = Text(ko="API 안내", en="The programming interface")
TEXT: Final = Text(
    ko="화면이 하는 모든 일을 프로그램도 할 수 있습니다. 「사용자」에서 열쇠를 만들어 헤더에 붙이십시오.",
    en="Everything a page does a program can do. Make a key under Users and send it in a header.",
)
MACHINE: Final = Text(ko="프로그램이 읽는 설명", en="For programs")
PARAMETER: Final = Text(ko="이름", en="Name")
MEANS: Final = Text(ko="뜻", en="Means")
REQUIRED: Final = Text(ko="필수", en="required")
TAGS: Final = {
    "look": Text(ko="한눈에", en="At a glance"),
    "orders": Text(ko="주문", en="Orders"),
    "codes": Text(ko="품목코드", en="Product codes"),
    "machines": Text(ko="PC와 락", en="PCs and locks"),
    "notices": Text(ko="알림", en="Notices"),
    "people": Text(ko="사용자와 열쇠", en="Users and keys"),
    "care": Text(ko="점검과 설정", en="Check-up and settings"),
    "other": Text(ko="그 밖", en="Other"),
}
DESCRIBED: Final = {
    text.en: text
    for text in (
        Text(ko="첫 대답: 모두 괜찮은가?", en="The first answer: is everything all right?"),
        Text(ko="주문 한 쪽, 가장 최근에 바뀐 것부터.", en="A page of orders, the newest change first."),
        Text(
            ko="주문 하나: 있었던 일, 왜 그런지, 무엇을 할 수 있는지.",
            en="One order: its story, why it stands so, what may be done.",
        ),
        Text(ko="규칙과 함께 한 문장.", en="One sentence with the rule."),
        Text(ko="각 단계가 남긴 것.", en="What each step left."),
        Text(ko="남긴 것 하나를 글자로.", en="One piece as letters."),
        Text(ko="사람을 기다리는 것, 급한 것부터.", en="What waits for a person, the most urgent first."),
        Text(ko="지금 또는 지난 시각에 누가 무엇을 하는가.", en="Who works on what, now or at a past moment."),
        Text(ko="PC와 프로그램, 각각 왜 그런지.", en="The PCs and their programs, each with why it is as it is."),
        Text(ko="누가 무엇을 할지 정하는 곳.", en="Where it is decided who works on what."),
        Text(ko="열린 알림(급한 것부터)과 끝난 알림.", en="Open ones, the urgent first; and what is over."),
        Text(
            ko="어느 위치 뒤의 기록, 오래된 것부터. 받은 위치로 다시 물으면 빠지는 것이 없습니다.",
            en="The journal after a position, oldest first; ask again with the position answered and nothing is missed.",
        ),
        Text(
            ko="날마다 완료한 주문과 실패한 시도의 수.",
            en="How many orders were completed, and how many attempts failed, day by day.",
        ),
        Text(ko="점검.", en="The check-up."),
        Text(ko="모든 설정과 그 출처. 비밀은 가립니다.", en="Every setting with its origin; secrets masked."),
        Text(ko="어느 판이 무엇 위에서 언제부터 도는가.", en="Which version this is, on what it runs, and since when."),
        Text(ko="누구이며 무엇을 할 수 있는가.", en="Who you are, and what you may do."),
        Text(
            ko="조건에 맞는 모두에 하면 어떻게 되는지. 아무것도 바꾸지 않습니다.",
            en="What an act on all that match would do; nothing is changed.",
        ),
        Text(
            ko="조건에 맞는 모두에 합니다. 미리 본 수와 다르면 하지 않습니다.",
            en="The act on all that match, unless they are not as many as the preview said.",
        ),
        Text(ko="누군가 읽었습니다.", en="Somebody has read it."),
        Text(ko="몇 시간 동안 밖으로 알리지 않습니다.", en="Nobody is told outside for some hours."),
        Text(
            ko="사람이 닫습니다. 원인이 남아 있으면 다시 열립니다.",
            en="Closed by a person; it opens again if its cause is still there.",
        ),
        Text(ko="이 말이 들어 있는 품목코드 규칙.", en="The rules of the code book in which these words stand."),
        Text(ko="규칙 하나 더. 같은 품목의 규칙은 바꿉니다.", en="One more rule; one for the same product is replaced."),
        Text(ko="품목코드표 전체를 CSV로.", en="The whole code book as CSV."),
        Text(ko="규칙 몇 개를 지웁니다.", en="Some rules go."),
        Text(ko="파일의 규칙 전부를 가져오거나 하나도 가져오지 않습니다.", en="The rules of a file, all or none."),
        Text(
            ko="품목코드를 모르는 줄과 각각 가장 비슷한 코드.",
            en="The lines of an order without a code, each with the nearest ones.",
        ),
        Text(
            ko="이 줄들이 무엇인지. 이제부터 압니다. 주문은 그대로 둡니다.",
            en="What these lines are; from now on they are known. The order itself stays as it is.",
        ),
        Text(
            ko="PC 하나나 모두를 멈추고, 다시 하게 하고, 없어진 PC를 지우고, 다시 시작·비우기·켜기를 부탁합니다.",
            en="Stop one PC or all, let them go on, forget one that is gone; or ask a PC to restart, drain, come up.",
        ),
        Text(
            ko="여기서 바꿀 수 있는 설정의 값. 값이 없으면 기본값으로.",
            en="Another value for a setting that may be changed from here; without one, the default again.",
        ),
        Text(ko="모든 사용자.", en="Everybody."),
        Text(ko="새 사용자와 한 번만 열리는 링크.", en="Somebody new, with a link that opens once."),
        Text(
            ko="비밀번호를 잊은 사람을 위한 한 번만 열리는 링크. 한 번만 답합니다.",
            en="A link that opens once, for somebody who forgot the password; it is answered once.",
        ),
        Text(ko="역할을 바꾸거나 막거나 다시 들어오게 합니다.", en="Another role, shut out, or in again."),
        Text(ko="무언가를 여는 모든 열쇠.", en="Every key that opens something."),
        Text(ko="새 열쇠. 한 번만 답합니다.", en="A new key; it is answered once."),
        Text(ko="이제 아무것도 열지 못합니다.", en="It opens nothing any more."),
        Text(ko="날짜, 예: 2026-01-13.", en="A day, as 2026-01-13."),
        Text(ko="PC의 id 또는 `all`.", en="A machine's id, or `all`."),
        Text(ko="지난 시각 (epoch 밀리초).", en="A past moment, in epoch milliseconds."),
        Text(ko="주문번호.", en="An order's number."),
        Text(ko="`there`에: ERP의 전표 번호.", en="For `there`: the number of the slip in the ERP."),
        Text(ko="조용히 할 시간: 1, 4, 8.", en="For quiet: 1, 4 or 8."),
        Text(
            ko="PC가 스스로 할 일에: 어느 프로그램인지, 비우면 모두.",
            en="For what a PC is asked to do itself: which of its programs; empty: all.",
        ),
        Text(ko="앞 쪽이 알려 준 것.", en="From the page before."),
        Text(ko="미리 보기가 말한 수.", en="How many the preview said."),
        Text(ko="지금 규칙을 먼저 모두 지웁니다.", en="Remove all present rules first."),
        Text(ko="이만큼 건너뜁니다.", en="So many are left out."),
        Text(ko="상태, 쉼표로 나눔.", en="States, separated by commas."),
        Text(ko="새 값. 없으면 기본값으로.", en="The new value; none: the default again."),
        Text(ko="이미 받은 위치.", en="The position you have."),
        Text(ko="머리줄이 있는 CSV의 글.", en="The text of a CSV file, with its header."),
        Text(
            ko="보신 값. 그사이 바뀌었으면 아무것도 하지 않습니다.",
            en="The value you saw: if it changed since, nothing is done.",
        ),
        Text(
            ko="보신 판. 그사이 바뀌었으면 아무것도 하지 않습니다.",
            en="The version you saw: if it changed since, nothing is done.",
        ),
        Text(ko="첫 줄을 이만큼 기다립니다.", en="Wait so long for the first one."),
        Text(ko="까닭. 기록에 남습니다.", en="Why; it is kept in the journal."),
        Text(ko="질문이 말하는 줄 번호, 0부터.", en="As the question names it, from 0."),
        Text(
            ko="주문 하나에: retry, hold, unhold, cancel, there (`receipt`와 함께), not_there.",
            en="An act on one order: retry, hold, unhold, cancel, there (with `receipt`), not_there.",
        ),
        Text(
            ko="주문 하나에: retry, hold, unhold, cancel, there (`receipt`와 함께), not_there. `Unsure`는 `sure`를 바랍니다.",
            en="An act on one order: retry, hold, unhold, cancel, there (with `receipt`), not_there. `Unsure` wants `sure` said.",
        ),
        Text(
            ko="`Unsure`가 묻는 것에 답합니다: 보낸 적이 없거나 공급처가 취소했습니다.",
            en="Say what the answer `Unsure` asks: it was never sent, or the supplier cancelled it.",
        ),
    )
}
"""What routes and fields say of themselves, by their own English words: the description for programs has those."""
