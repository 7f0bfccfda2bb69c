"""What the order room says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

# -- where ------------------------------------------------------------------------------------------------------------------

IN_HEAD: Final = Text(ko="문서 머리", en="head of the document")
IN_FOOT: Final = Text(ko="합계", en="total")
IN_TABLE: Final = Text(ko="표 {table}", en="table {table}")
IN_ROW: Final = Text(ko="표 {table}, {row}번째 행", en="table {table}, row {row}")
IN_LINE: Final = Text(ko="표 {table}, NO {no}", en="table {table}, NO {no}")
IN_CELL: Final = Text(ko="표 {table}, NO {no}, '{column}'", en="table {table}, NO {no}, '{column}'")
OF_LINE: Final = Text(ko="NO {no}", en="NO {no}")

# -- pages that are no documents --------------------------------------------------------------------------------------------

NOT_A_DOCUMENT: Final = Text(
    ko="거래명세서가 아닙니다. 주문 내역 표를 찾을 수 없습니다.",
    en="This is not an order's document: it has no table of lines that we know.",
)
NOT_A_DOCUMENT_HINT: Final = Text(
    ko="브라우저에서 그 주문의 거래명세서를 열어 다시 저장하십시오. 로그아웃된 화면일 수 있습니다.",
    en="Open the order's document in a browser and save it again; it may be the page of a session that ended.",
)
TOO_LARGE: Final = Text(
    ko="문서가 너무 큽니다: {size:,}바이트 (한도 {limit:,}).", en="The document is too large: {size:,} bytes (limit {limit:,})."
)
TOO_INTRICATE: Final = Text(
    ko="문서가 지나치게 복잡합니다: {what} {size:,} (한도 {limit:,}).",
    en="The document is too intricate: {what} {size:,} (limit {limit:,}).",
)
TAGS: Final = Text(ko="태그 수", en="number of tags")
DEPTH: Final = Text(ko="태그의 깊이", en="depth of tags")
ATTRIBUTES: Final = Text(ko="한 태그의 길이", en="length of one tag")
CELLS: Final = Text(ko="한 행의 칸 수", en="cells in one row")
LINES: Final = Text(ko="행 수", en="number of rows")
LIMIT_HINT: Final = Text(
    ko="주문서로 볼 수 없어 열지 않았습니다. 브라우저에서 그 주문을 확인하십시오.",
    en="No order looks like this, so it was not opened. Look at the order in a browser.",
)

# -- problems of a document -------------------------------------------------------------------------------------------------

NO_NUMBER: Final = Text(ko="출하번호가 없습니다.", en="It shows no order number.")
MANY_NUMBERS: Final = Text(ko="출하번호가 여럿입니다: {numbers}.", en="It shows several order numbers: {numbers}.")
OTHER_ORDER: Final = Text(
    ko="주문 {asked}을(를) 열었는데 주문 {found}의 문서입니다.",
    en="Order {asked} was opened, but this is the document of {found}.",
)
NO_DATE: Final = Text(ko="문서의 날짜가 없습니다.", en="It shows no date.")
MANY_DATES: Final = Text(ko="문서의 날짜가 여럿입니다: {dates}.", en="It shows several dates: {dates}.")
BAD_DATE: Final = Text(ko="문서의 날짜 '{text}'은(는) 없는 날짜입니다.", en="Its date '{text}' does not exist.")
NO_KIND: Final = Text(
    ko="임업인지 산업인지 적혀 있지 않습니다.", en="It does not say of which business it is ('임업' or '산업')."
)
MANY_KINDS: Final = Text(ko="임업과 산업이 함께 적혀 있습니다.", en="It names both businesses ('임업' and '산업').")
OTHER_KIND: Final = Text(ko="{asked} 주문을 열었는데 {found} 문서입니다.", en="Opened as '{asked}', but it says '{found}'.")
MAYBE_CANCELLED: Final = Text(
    ko="'{text}'라고 적혀 있습니다. 취소된 주문인지 확인하십시오.", en="It says '{text}': see whether the order was cancelled."
)
MISSING_COLUMN: Final = Text(ko="'{column}' 열이 없습니다.", en="The column '{column}' is missing.")
DOUBLE_COLUMN: Final = Text(ko="'{column}' 열이 두 번 있습니다.", en="The column '{column}' stands twice.")
NO_HEADER: Final = Text(ko="열 이름이 없는 내역 표입니다.", en="A table of lines without the names of its columns.")
NO_LINES: Final = Text(ko="내역이 한 줄도 없습니다.", en="It has no lines.")
ROW_UNREAD: Final = Text(ko="이해할 수 없는 행입니다: {text}", en="A row that cannot be understood: {text}")
DOUBLE_LINE: Final = Text(ko="같은 NO가 두 번 있습니다.", en="The same NO stands twice.")
LONG_TEXT: Final = Text(
    ko="글자가 너무 깁니다 ({size:,}자, 한도 {limit:,}).", en="The text is too long ({size:,} letters, limit {limit:,})."
)
EMPTY: Final = Text(ko="비어 있습니다.", en="It is empty.")
NO_FIGURE: Final = Text(ko="숫자가 아닙니다: '{text}'.", en="It is not a figure: '{text}'.")
ZERO: Final = Text(ko="0입니다.", en="It is zero.")
NEGATIVE: Final = Text(ko="음수입니다: {value}.", en="It is negative: {value}.")
HUGE: Final = Text(ko="지나치게 큽니다: {value:,f} (한도 {limit:,f}).", en="It is too large: {value:,f} (limit {limit:,f}).")
TOO_FINE: Final = Text(
    ko="소수점 아래가 너무 깁니다: {value:f} (한도 {limit}자리).", en="It has too many decimals: {value:f} (limit {limit})."
)
AMOUNT_DIFFERS: Final = Text(
    ko="금액 {stated:,f}이(가) 수량 × 단가 {counted:,f}와(과) 다릅니다.",
    en="The amount {stated:,f} is not quantity × price, {counted:,f}.",
)
TOTAL_DIFFERS: Final = Text(
    ko="합계 {stated:,f}이(가) 내역의 합 {counted:,f}와(과) 다릅니다.",
    en="The total {stated:,f} is not the sum of the lines, {counted:,f}.",
)
QUANTITY_DIFFERS: Final = Text(
    ko="수량 합계 {stated:,f}이(가) 내역의 합 {counted:,f}와(과) 다릅니다.",
    en="The total quantity {stated:,f} is not the sum of the lines, {counted:,f}.",
)
NO_TOTAL: Final = Text(ko="합계가 없습니다.", en="It shows no total.")

# -- product codes ----------------------------------------------------------------------------------------------------------

UNKNOWN_PRODUCT: Final = Text(
    ko="'{line}'의 품목코드를 모릅니다. 비슷한 코드: {near}.",
    en="No product code is known for '{line}'. The nearest codes: {near}.",
)
UNKNOWN_PRODUCT_EMPTY: Final = Text(
    ko="'{line}'의 품목코드를 모릅니다. 품목코드표가 비어 있습니다.",
    en="No product code is known for '{line}': the code book is empty.",
)
AMBIGUOUS: Final = Text(
    ko="'{line}'에 맞는 규칙이 여럿입니다: {rules}. 코드표에서 하나만 맞게 고치십시오.",
    en="Several rules fit '{line}': {rules}. Change the code book so that one does.",
)
BOOK_TROUBLE: Final = Text(
    ko="{file}을(를) 받아들이지 않았습니다. 잘못된 곳 {count}군데:\n{first}",
    en="{file} was not accepted. Places to mend: {count}.\n{first}",
)
BOOK_HINT: Final = Text(
    ko="그 칸을 고쳐 다시 넣으십시오. 코드표는 그대로입니다.", en="Mend them and import again; the code book is as it was."
)
ONE: Final = Text(ko="  {one}", en="  {one}")
ONE_AND_MORE: Final = Text(ko="  {one}\n{more}", en="  {one}\n{more}")
AT_CELL: Final = Text(ko="{row}행 '{column}' 열: {what}", en="row {row}, column '{column}': {what}")
AT_ROW: Final = Text(ko="{row}행: {what}", en="row {row}: {what}")
NO_COLUMNS: Final = Text(
    ko="없는 열: {missing}. 이 줄에 있는 이름: {there}.",
    en="columns that are missing: {missing}. The names in this row: {there}.",
)
NO_HEAD: Final = Text(ko="열 이름이 없습니다.", en="there are no names of columns.")
HEAD_HINT: Final = Text(
    ko="한 줄에 코드, 색상, 품명, 규격이라는 열 이름을 두고 다시 넣으십시오. 'onbam orders codes export 틀.xlsx'가 그런 파일을 만듭니다. 코드표는 그대로입니다.",
    en="Give one row the names '코드', '색상', '품명' and '규격' and import again; 'onbam orders codes export form.xlsx' makes such a file. The code book is as it was.",
)
TWO_COLUMNS: Final = Text(ko="같은 열이 두 번 있습니다.", en="the column stands twice.")
CELL_UNPRINTABLE: Final = Text(ko="보이지 않는 글자가 있습니다.", en="it has letters that cannot be seen.")
NO_SUCH_LINE: Final = Text(ko="{no}번째 줄은 품목코드를 묻고 있지 않습니다.", en="Line {no} of the order asks for no code.")
NO_SUCH_LINE_HINT: Final = Text(
    ko="그사이 다른 사람이 알려 주었을 수 있습니다. 주문 화면을 다시 여십시오.",
    en="Somebody may have answered meanwhile: open the order's page again.",
)
NO_ANSWER: Final = Text(ko="고르거나 적은 품목코드가 없습니다.", en="No code was chosen or written.")
NO_ANSWER_HINT: Final = Text(ko="한 줄이라도 품목코드를 고르십시오.", en="Choose the code of one line at least.")
CODE_EMPTY: Final = Text(ko="코드가 비어 있습니다.", en="the code is empty.")
CODE_LONG: Final = Text(ko="코드는 {limit}자까지입니다 ({size}자).", en="a code has at most {limit} letters, not {size}.")
CODE_SPACE: Final = Text(ko="코드에 빈칸이나 쓸 수 없는 글자가 있습니다.", en="a code holds no spaces or unprintable letters.")
CODE_SPOILT: Final = Text(
    ko="'{text}'은(는) 엑셀이 바꾼 숫자입니다. 열을 '텍스트' 서식으로 바꾸고 코드를 다시 적으십시오.",
    en="'{text}' is a number rewritten by Excel: format the column as text and write the code again.",
)
CELL_DATE: Final = Text(
    ko="엑셀이 날짜로 바꾼 칸입니다. '텍스트' 서식으로 바꾸고 다시 적으십시오.",
    en="Excel turned this cell into a date: format it as text and write it again.",
)
CELL_FORMULA: Final = Text(ko="수식이 들어 있습니다. 값을 적으십시오.", en="it holds a formula; write the value.")
CELL_ERROR: Final = Text(ko="엑셀 오류입니다: {text}. 값을 적으십시오.", en="it holds Excel's error {text}; write the value.")
ZEROS_LOST: Final = Text(
    ko="'{text}'은(는) 지금 코드표에 '{known}'입니다. 엑셀이 앞의 0을 지웠습니다. 열을 '텍스트' 서식으로 바꾸고 코드를 다시 적으십시오.",
    en="'{text}' is '{known}' in the code book: Excel dropped the zeros in front. Format the column as text and write the code again.",
)
CELL_LONG: Final = Text(ko="글자가 너무 깁니다 (한도 {limit}자).", en="the text is too long (limit {limit} letters).")
RULE_EMPTY: Final = Text(ko="품명이 비어 있습니다.", en="the name is empty.")
RULE_ALL: Final = Text(
    ko="무엇에나 맞는 규칙입니다. 적어도 한 칸은 '%'가 아니어야 합니다.",
    en="this rule fits everything; at least one cell must be more than '%'.",
)
UNIT_UNKNOWN: Final = Text(
    ko="모르는 단위입니다: '{text}'. 쓸 수 있는 단위: {units}.", en="unknown unit '{text}'; known: {units}."
)
BRAND_UNKNOWN: Final = Text(
    ko="모르는 상표입니다: '{text}'. 쓸 수 있는 상표: {brands}.", en="unknown brand '{text}'; known: {brands}."
)
SAME_RULE: Final = Text(
    ko="{row}행과 같은 품목인데 코드가 다릅니다.", en="the same product as in row {row}, with another code."
)
FILE_MISSING: Final = Text(ko="{file} 파일을 열 수 없습니다 ({what}).", en="{file} cannot be opened ({what}).")
FILE_MISSING_HINT: Final = Text(
    ko="경로를 확인하고, 엑셀에서 열려 있으면 닫으십시오.", en="Check the path; close the file if Excel has it open."
)
FILE_UNWRITABLE: Final = Text(ko="{file}에 쓸 수 없습니다 ({what}).", en="{file} cannot be written ({what}).")
FILE_UNWRITABLE_HINT: Final = Text(
    ko="있는 폴더를 적고, 엑셀에서 열려 있으면 닫으십시오.",
    en="Name a folder that exists; close the file if Excel has it open.",
)
NO_WORKBOOK: Final = Text(ko="엑셀 통합 문서가 아니거나 손상됨", en="it is no Excel workbook, or damaged")
NO_TABLE: Final = Text(ko="CSV 표가 아님", en="it is no CSV table")
NO_ENCODING: Final = Text(ko="UTF-8도 CP949도 아님", en="it is neither UTF-8 nor CP949")
FILE_LARGE: Final = Text(
    ko="{file} 파일이 너무 큽니다 (한도 {limit:,}바이트).", en="{file} is too large (limit {limit:,} bytes)."
)
FILE_ROWS: Final = Text(
    ko="{file} 파일의 행이 너무 많습니다 (한도 {limit:,}).", en="{file} has too many rows (limit {limit:,})."
)
FILE_KIND: Final = Text(ko="{file}: .csv 또는 .xlsx 파일이 아닙니다.", en="{file} is neither a .csv nor a .xlsx file.")
FILE_KIND_HINT: Final = Text(
    ko="엑셀에서 'Excel 통합 문서(.xlsx)'나 'CSV UTF-8'로 저장하십시오.", en="Save it in Excel as '.xlsx' or as 'CSV UTF-8'."
)
FILE_BROKEN: Final = Text(ko="{file} 파일을 읽을 수 없습니다 ({what}).", en="{file} cannot be read ({what}).")
