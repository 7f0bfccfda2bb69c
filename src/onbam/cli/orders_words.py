"""What `onbam orders` says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

READ: Final = Text(
    ko="저장한 거래명세서를 읽어, 무엇을 이해했는지 보여 줍니다.\n\n아무것도 입력하지 않습니다. 파일이 여럿이면 --json은 목록으로 답합니다.",
    en="Read saved documents and show what we understand of them.\n\nNothing is entered anywhere. With several files --json answers a list.",
)
CODES: Final = Text(
    ko="품목코드표: 가져오기, 내보내기, 비슷한 코드 찾기.", en="The code book: import, export, and the nearest codes."
)
IMPORT: Final = Text(
    ko="품목코드표를 CSV나 엑셀에서 가져옵니다.\n\n같은 품목은 새 코드로 바뀌고 나머지는 그대로입니다. 잘못된 칸이 하나라도 있으면 행과 열을 알려 주고 아무것도 바꾸지 않습니다.",
    en="Import rules from CSV or Excel.\n\nA product that is known gets the new code, the others stay. One wrong cell is named by row and column, and nothing is changed.",
)
EXPORT: Final = Text(ko="품목코드표를 CSV나 엑셀 파일로 내보냅니다.", en="Export the code book to a CSV or Excel file.")
SUGGEST: Final = Text(
    ko="코드를 모르는 품목과 가장 비슷한 코드 셋을 보여 줍니다.\n\n저장한 거래명세서를 주면 그 안에서, 주지 않으면 사람을 기다리는 주문에서 찾습니다. --out을 주면 코드 칸이 빈 표를 만듭니다. 코드를 적어 'onbam orders codes import'로 넣으십시오.",
    en="Show the products that have no code, with the three nearest codes.\n\nThose in saved documents, or without any those of the orders that wait for a person. With --out a table with empty codes is written: fill them in, then 'onbam orders codes import' it.",
)
NOBODY_ASKS: Final = Text(ko="품목코드를 기다리는 주문이 없습니다.", en="No order waits for a product code.")
REPLACE_OPTION: Final = Text(
    ko="지금의 코드표를 버리고 이 파일로 바꿉니다.", en="Drop the present book and use this file instead."
)
OUT_OPTION: Final = Text(ko="모르는 품목을 적을 파일 (.csv, .xlsx).", en="File for the unknown products (.csv, .xlsx).")
UNREADABLE: Final = Text(ko="{file}: {what}", en="{file}: {what}")
TITLE: Final = Text(ko="주문 {number}  {date}  {kind}", en="Order {number}  {date}  {kind}")
NOTHING: Final = Text(ko="없음", en="none")
CHANGED: Final = Text(ko="정정 {revision}차", en="corrected, revision {revision}")
CANCELLED: Final = Text(ko="취소된 주문", en="cancelled order")
TOTAL: Final = Text(ko="합계", en="total")
LINES: Final = Text(ko="내역 {count}줄", en="lines: {count}")
READY: Final = Text(ko="이상 없음", en="nothing odd")
PROBLEMS: Final = Text(ko="확인할 것 {count}가지", en="to look at: {count}")
IMPORTED: Final = Text(
    ko="규칙 {count}개를 읽었습니다: 새 것 {added}, 바뀐 것 {changed}, 같은 것 {same}. 지금 코드표는 {all}개입니다 ({file}).",
    en="Rules read: {count}; {added} new, {changed} changed, {same} as before. The book now has {all} ({file}).",
)
EXPORTED: Final = Text(ko="규칙 {count}개를 {file}에 적었습니다.", en="{count} rules were written to {file}.")
WRITTEN: Final = Text(
    ko="모르는 품목 {count}개를 {file}에 적었습니다. '코드' 열을 채워 'onbam orders codes import {file}'로 넣으십시오.",
    en="{count} unknown products were written to {file}. Fill in the column '코드' (code), then 'onbam orders codes import {file}'.",
)
ALL_KNOWN: Final = Text(ko="모든 품목의 코드를 압니다.", en="Every product has a code.")
PRODUCT: Final = Text(ko="품목", en="product")
NEAR: Final = Text(ko="비슷한 코드", en="nearest codes")
WHY: Final = Text(ko="까닭", en="why")
NOT_KNOWN: Final = Text(ko="모름", en="unknown")
SEVERAL: Final = Text(ko="규칙이 여럿", en="several rules")
HEADS: Final = {
    "no": Text(ko="번호", en="no"),
    "color": Text(ko="색상", en="colour"),
    "name": Text(ko="품명", en="name"),
    "spec": Text(ko="규격", en="spec"),
    "qty": Text(ko="수량", en="qty"),
    "price": Text(ko="단가", en="price"),
    "amount": Text(ko="금액", en="amount"),
    "note": Text(ko="비고", en="note"),
}
