"""What entering an order by hand says."""

from __future__ import annotations

from typing import Final

from onbam.kernel.words import Text

NO_DOCUMENT: Final = Text(
    ko="주문 {key}의 거래명세서를 아직 받지 못했습니다.", en="The document of order {key} was not fetched yet."
)
NO_DOCUMENT_HINT: Final = Text(
    ko="공급처 화면에서 저장한 파일이 있으면 --document로 주십시오.",
    en="With a file saved from the supplier's site, give it with --document.",
)
OTHER_DOCUMENT: Final = Text(
    ko="이 파일은 주문 {found}의 거래명세서입니다. 주문 {key}이(가) 아닙니다.",
    en="This file is the document of order {found}, not of {key}.",
)
IS_CANCELLED: Final = Text(
    ko="주문 {key}의 거래명세서에 취소되었다고 적혀 있습니다.", en="The document of order {key} says that it was cancelled."
)
IS_CANCELLED_HINT: Final = Text(
    ko="공급처에 확인하고, 맞으면 'onbam orders cancel {key}'을(를) 쓰십시오.",
    en="Ask the supplier; if it is so, use 'onbam orders cancel {key}'.",
)
NOT_READY: Final = Text(
    ko="주문 {key}은(는) 그대로 입력할 수 없습니다. 확인할 것 {count}가지, 먼저 {place}: {first}",
    en="Order {key} cannot be entered as it is. To look at: {count}, first {place}: {first}",
)
NOT_READY_HINT: Final = Text(
    ko="품목코드를 가르치거나(onbam orders codes) 문서를 확인한 뒤 다시 하십시오.",
    en="Teach the product codes (onbam orders codes) or look at the document, then do it again.",
)
PARK_FIRST: Final = Text(
    ko="주문 {key}은(는) 프로그램이 스스로 입력할 수 있어, 손으로 넣으면 두 번 들어갈 수 있습니다.",
    en="Order {key} may be entered by the program itself at any moment; by hand it would be there twice.",
)
PARK_FIRST_HINT: Final = Text(
    ko='먼저 보류하십시오: --hold --reason "까닭"을 붙이면 보류하고 나서 만듭니다.',
    en='Park it first: with --hold --reason "why" it is parked and then made.',
)
IS_THERE: Final = Text(
    ko="주문 {key}은(는) 이미 ERP에 전표 {receipt}(으)로 있습니다.", en="Order {key} is in the ERP already, as slip {receipt}."
)
IS_THERE_HINT: Final = Text(
    ko="ERP에서 그 전표를 지운 뒤에 다시 넣으려면 --again을 붙이십시오.",
    en="To enter it again after that slip was deleted in the ERP, add --again.",
)
MAY_BE_THERE: Final = Text(
    ko="주의: 주문 {key}은(는) 이미 ERP에 들어갔을 수 있습니다. 먼저 ERP에서 {key}을(를) 찾아보고, 있으면 붙여 넣지 마십시오.",
    en="Careful: order {key} may be in the ERP already. Look for {key} there first; if it is there, do not paste.",
)
WAS_THERE: Final = Text(
    ko="주의: 주문 {key}은(는) 전표 {receipt}(으)로 완료되어 있습니다. 그 전표를 ERP에서 지웠을 때만 붙여 넣으십시오.",
    en="Careful: order {key} is completed as slip {receipt}. Paste only if that slip was deleted in the ERP.",
)
WAS_CANCELLED: Final = Text(ko="주의: 주문 {key}은(는) 취소되어 있습니다.", en="Careful: order {key} is cancelled.")
NO_KEY: Final = Text(
    ko="주의: 붙여 넣을 열에 주문번호가 없어, 나중에 ERP에서 찾을 수 없습니다. 설정 ecount.paste_columns에 'key'나 'remarks'를 넣으십시오.",
    en="Careful: no column of the block carries the order number, so it cannot be found in the ERP later. Put 'key' or 'remarks' into the setting ecount.paste_columns.",
)
