"""What the pages of product codes say."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

TITLE: Final = Text(ko="품목코드표", en="Code book")
COUNT_ONE: Final = Text(ko="품목코드 규칙 1개", en="1 rule of the code book")
COUNT: Final = Text(ko="품목코드 규칙 {n}개", en="{n} rules of the code book")
FOUND: Final = Text(ko="규칙 {all}개 가운데 {n}개", en="{n} of {all} rules")
WHERE: Final = Text(
    ko="이 PC의 {file}입니다. 다른 PC는 자기 파일을 씁니다.", en="It is {file} on this PC; other PCs use a file of their own."
)
EMPTY: Final = Text(ko="아직 규칙이 없습니다.", en="There are no rules yet.")
EMPTY_TEXT: Final = Text(
    ko="파일을 가져오거나 하나씩 더하십시오. 모르는 품목이 나오면 주문 화면에서도 알려 줄 수 있습니다.",
    en="Take over a file or add one; when an unknown product comes up, the order's page asks for its code.",
)
NONE_FIT: Final = Text(ko="맞는 규칙이 없습니다.", en="No rule fits.")
FIND: Final = Text(ko="코드, 품명, 규격, 색상으로 찾기", en="Find by code, name, size or colour")
COLUMNS: Final = {
    "code": Text(ko="코드", en="Code"),
    "color": Text(ko="색상", en="Colour"),
    "name": Text(ko="품명", en="Name"),
    "spec": Text(ko="규격", en="Size"),
    "note": Text(ko="비고", en="Note"),
    "unit": Text(ko="단위", en="Unit"),
    "brand": Text(ko="상표", en="Brand"),
    "model": Text(ko="모델", en="Model"),
    "remark": Text(ko="메모", en="Remark"),
}
ADD: Final = Text(ko="규칙 더하기", en="Add a rule")
ADD_MEANS: Final = Text(
    ko="%는 아무 글자나 뜻합니다. 같은 품목의 규칙이 있으면 바꿉니다.",
    en="% stands for any text. A rule for the same product is replaced.",
)
ADDED: Final = Text(ko="규칙을 더했습니다: {code}.", en="The rule is added: {code}.")
REMOVE: Final = Text(ko="지우기", en="Remove")
REMOVE_ASK: Final = Text(ko="규칙 {code}을(를) 지울까요?", en="Remove the rule {code}?")
REMOVE_MEANS: Final = Text(ko="'{line}'이(가) 다시 모르는 품목이 됩니다.", en="'{line}' becomes an unknown product again.")
REMOVED: Final = Text(ko="규칙 {code}을(를) 지웠습니다.", en="The rule {code} is removed.")
NOT_THERE: Final = Text(ko="그런 규칙이 없습니다.", en="There is no such rule.")
EXPORT: Final = Text(ko="CSV로 받기", en="Download as CSV")
IMPORT: Final = Text(ko="파일 가져오기", en="Take over a file")
IMPORT_MEANS: Final = Text(
    ko="CSV나 Excel 파일 (1 MB까지). 잘못된 줄이 하나라도 있으면 아무것도 바꾸지 않고 어디인지 알려 줍니다.",
    en="A CSV or Excel file of at most 1 MB. One bad row, and nothing is changed and the row is named.",
)
IMPORT_FILE: Final = Text(ko="파일", en="File")
IMPORT_REPLACE: Final = Text(ko="지금 규칙을 모두 지우고 바꾸기", en="Remove all present rules first")
NO_FILE: Final = Text(ko="파일이 없습니다.", en="There is no file.")
NO_FILE_HINT: Final = Text(ko="CSV나 Excel 파일을 고르십시오.", en="Choose a CSV or Excel file.")
IMPORTED: Final = Text(
    ko="{count}개를 가져왔습니다: 새로 {added}, 바뀜 {changed}, 그대로 {same}.",
    en="{count} taken over: {added} new, {changed} changed, {same} as before.",
)
MORE: Final = Text(ko="더 보기", en="More")

# -- an order's lines -------------------------------------------------------------------------------------------------------

ASKS: Final = Text(ko="품목코드를 모르는 줄 {n}개", en="{n} lines without a product code")
TEACH: Final = Text(ko="품목코드 알려 주기", en="Teach the product codes")
TEACH_ASK: Final = Text(ko="주문 {key}: 품목코드 알려 주기", en="Order {key}: teach the product codes")
TEACH_MEANS: Final = Text(
    ko="고른 코드는 코드표에 남아 다음 주문부터 저절로 쓰입니다. 모르는 줄은 비워 두어도 됩니다.",
    en="What you choose stays in the code book and is used from now on. Leave a line empty if you do not know it.",
)
TEACH_NONE: Final = Text(ko="모든 줄의 품목코드를 압니다.", en="Every line has its product code.")
LINE: Final = Text(ko="NO {no}", en="NO {no}")
NEAREST: Final = Text(ko="비슷한 코드", en="Nearest codes")
CHOOSE: Final = Text(ko="고르지 않음", en="none of them")
OTHER: Final = Text(ko="다른 코드", en="Another code")
LIKE: Final = Text(ko="{code} · {name} ({like})", en="{code} · {name} ({like})")
SAVE: Final = Text(ko="저장", en="Save")
SAVE_GO_ON: Final = Text(ko="저장하고 보류 해제", en="Save and let it go on")
SAVED: Final = Text(ko="품목코드 {n}개를 기억했습니다.", en="{n} product codes are remembered.")
SAVED_ASKS: Final = Text(
    ko="품목코드 {n}개를 기억했습니다. 아직 {left}줄을 모릅니다.",
    en="{n} product codes are remembered; {left} lines are still unknown.",
)
SAVED_ON: Final = Text(
    ko="품목코드 {n}개를 기억했고 주문 {key}의 보류를 풀었습니다.",
    en="{n} product codes are remembered, and order {key} goes on.",
)
BOOK_BROKEN: Final = Text(ko="코드표를 읽을 수 없습니다.", en="The code book cannot be read.")
