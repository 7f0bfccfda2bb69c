"""The tenant's purchase form: which fields exist, how long they may be, and what the ERP says when one is wrong.

For: the simulated `SavePurchases`.
Promises: the documented fields with their documented lengths; a line is judged alone, every mistake in it is named; nothing is
computed: an amount left empty is zero.
Refuses: fields nobody documented, numbers that are none, codes the tenant does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

MAX_RECORDS: Final = 300
Kind = Literal["text", "number", "date", "serial"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    label: str
    size: int
    kind: Kind = "text"
    head: bool = False
    """Whether it belongs to the slip and not to its line."""


def _memos() -> dict[str, Field]:
    return {f"U_MEMO{n}": Field(f"문자형식{n}", 200, head=True) for n in range(1, 6)}


FIELDS: Final[Mapping[str, Field]] = {
    "UPLOAD_SER_NO": Field("순번", 4, "serial", head=True),
    "IO_DATE": Field("일자", 8, "date", head=True),
    "CUST": Field("거래처코드", 30, head=True),
    "CUST_DES": Field("거래처명", 100, head=True),
    "EMP_CD": Field("담당자", 30, head=True),
    "WH_CD": Field("입고창고", 5, head=True),
    "IO_TYPE": Field("구분(거래유형)", 2, head=True),
    "EXCHANGE_TYPE": Field("외화종류", 5, head=True),
    "EXCHANGE_RATE": Field("환율", 18, "number", head=True),
    "SITE": Field("부서", 100, head=True),
    "PJT_CD": Field("프로젝트", 14, head=True),
    "DOC_NO": Field("구매No.", 30, head=True),
    "TTL_CTT": Field("제목", 200, head=True),
    **_memos(),
    "U_TXT1": Field("장문형식1", 2000, head=True),
    "ORD_DATE": Field("발주일자", 20),
    "ORD_NO": Field("발주번호", 4),
    "PROD_CD": Field("품목코드", 20),
    "PROD_DES": Field("품목명", 100),
    "SIZE_DES": Field("규격", 100),
    "UQTY": Field("추가수량", 12, "number"),
    "QTY": Field("수량", 12, "number"),
    "PRICE": Field("단가", 18, "number"),
    "USER_PRICE_VAT": Field("단가(vat포함)", 18, "number"),
    "SUPPLY_AMT": Field("공급가액", 18, "number"),
    "SUPPLY_AMT_F": Field("외화금액", 18, "number"),
    "VAT_AMT": Field("부가세", 18, "number"),
    "REMARKS": Field("적요", 200),
    "ITEM_CD": Field("관리항목", 14),
    "P_AMT1": Field("금액1", 18, "number"),
    "P_AMT2": Field("금액2", 18, "number"),
    "P_REMARKS1": Field("적요1", 100),
    "P_REMARKS2": Field("적요2", 100),
    "P_REMARKS3": Field("적요3", 100),
    "CUST_AMT": Field("부대비용", 18, "number"),
}
ALWAYS_REQUIRED: Final = ("UPLOAD_SER_NO", "PROD_CD", "QTY")
_DECIMALS: Final = {"QTY": 2, "UQTY": 2}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One mistake in one line, in the ERP's words."""

    column: str
    message: str

    def as_json(self) -> dict[str, str]:
        """As it stands in `ResultDetails`."""
        return {"ColCd": self.column, "Message": self.message}


@dataclass(frozen=True, slots=True)
class Form:
    """What this tenant's form asks for, and the codes it knows."""

    required: tuple[str, ...] = ("CUST", "WH_CD")
    """양식필수: required beside what the ERP always requires."""
    customers: Mapping[str, str] = field(default_factory=lambda: {"00001": "영림임업(주)", "00002": "영림산업(주)"})
    warehouses: Mapping[str, str] = field(default_factory=lambda: {"100": "본사창고", "200": "2공장"})
    products: Mapping[str, str] | None = None
    """Code → name; none = every code is taken."""
    manual_numbers: bool = False
    """Whether DOC_NO may be given: only where numbering is manual."""
    switched_off: tuple[str, ...] = ()
    """Fields of the documentation that are not on this tenant's form."""

    def troubles(self, line: Mapping[str, Any]) -> list[Trouble]:
        """Everything wrong with one line."""
        out = [
            Trouble(name, f"{FIELDS[name].label} (필수)")
            for name in (*ALWAYS_REQUIRED, *self.required)
            if not text_of(line.get(name)) and not self._named(name, line)
        ]
        for name, value in line.items():
            out += self._field_troubles(name, text_of(value))
        return out

    def _named(self, name: str, line: Mapping[str, Any]) -> bool:
        """A name is matched to its code where the tenant has it."""
        if name == "CUST":
            return text_of(line.get("CUST_DES")) in self.customers.values()
        known = self.products or {}
        return name == "PROD_CD" and text_of(line.get("PROD_DES")) in known.values()

    def _field_troubles(self, name: str, value: str) -> list[Trouble]:
        known = FIELDS.get(name)
        if known is None or name in self.switched_off:
            return [Trouble(name, f"{name} : 입력화면에 존재하지 않는 항목입니다.")]
        if not value:
            return []
        if known.kind == "number":
            return _number_troubles(name, known, value)
        if len(value) > known.size:
            return [Trouble(name, f"{known.label} : 최대 {known.size}자까지 입력할 수 있습니다.")]
        if known.kind == "serial" and not (value.isascii() and value.isdecimal()):
            return [Trouble(name, f"{known.label} : 숫자만 입력할 수 있습니다.")]
        if known.kind == "date" and not _is_day(value):
            return [Trouble(name, f"{known.label} : 날짜 형식(YYYYMMDD)이 아닙니다.")]
        if name == "DOC_NO" and not self.manual_numbers:
            return [Trouble(name, f"{known.label} : 번호가 자동으로 부여됩니다.")]
        return self._code_troubles(name, known, value)

    def _code_troubles(self, name: str, known: Field, value: str) -> list[Trouble]:
        books = {"CUST": self.customers, "WH_CD": self.warehouses, "PROD_CD": self.products}
        book = books.get(name)
        if book is None or value in book:
            return []
        return [Trouble(name, f"{known.label} : 등록되지 않은 코드입니다. [{value}]")]


def text_of(value: Any) -> str:
    """A value as the form reads it: everything may be sent as text."""
    return "" if value is None else str(value)


def number_of(value: Any) -> Decimal:
    """A checked number; empty is zero."""
    return Decimal(text_of(value) or "0")


def _number_troubles(name: str, known: Field, value: str) -> list[Trouble]:
    """Digits before the point up to the size, after it up to the field's decimals."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return [Trouble(name, f"{known.label} : 숫자 형식이 아닙니다.")]
    if not number.is_finite() or "_" in value:
        return [Trouble(name, f"{known.label} : 숫자 형식이 아닙니다.")]
    exponent = number.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if number.adjusted() >= known.size or decimals > _DECIMALS.get(name, 10):
        return [Trouble(name, f"{known.label} : 자릿수를 초과했습니다.")]
    return []


def _is_day(value: str) -> bool:
    try:
        return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).year > 1900 and len(value) == 8
    except ValueError:
        return False
