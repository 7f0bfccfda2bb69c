"""A slip as the ERP's form wants it.

For: the client, and the block a person pastes when the interface is down.
Promises: supply amount and tax are written out, because the ERP computes neither; our key stands in the field the shop chose;
what the ERP would refuse is refused here, before it counts as an error there.
Refuses: an empty or too long code, a figure the form cannot hold, more lines than one call may have.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any, Final

from onbam.connectors.ecount import words as say
from onbam.connectors.ecount.contract import LINES_MAX, Slip, SlipLine
from onbam.connectors.ecount.settings import EcountSettings, Rounding
from onbam.kernel.errors import Refused
from onbam.kernel.words import Said

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
CODE_MAX: Final = 20
TEXT_MAX: Final = 100
REMARKS_MAX: Final = 200
DOC_NO_MAX: Final = 30
QTY_DIGITS: Final = 12
AMOUNT_DIGITS: Final = 15
_ROUNDINGS: Final[dict[Rounding, str]] = {"down": ROUND_DOWN, "half_up": ROUND_HALF_UP, "up": ROUND_UP}
_ON_LINE: Final = ("REMARKS", "P_REMARKS1", "P_REMARKS2", "P_REMARKS3")


def checked(slip: Slip, settings: EcountSettings, most: int = LINES_MAX) -> Slip:
    """The slip, when it can be entered; a person who pastes it is not bound to the lines of one call."""
    for trouble in _troubles(slip, settings, most):
        raise Refused(say.BAD_SLIP(key=slip.key, why=trouble), say.BAD_SLIP_HINT, key=slip.key)
    return slip


def rows(slip: Slip, settings: EcountSettings) -> list[dict[str, str]]:
    """One row a line, all with the same serial number: one slip."""
    return [_row(slip, line, settings) for line in slip.lines]


def body(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The call's body."""
    return {"PurchasesList": [{"BulkDatas": row} for row in rows]}


def evidence(slip: Slip, settings: EcountSettings) -> bytes:
    """The body as it would be sent, for people to read later."""
    return _encode(body(rows(checked(slip, settings), settings))).encode()


def vat_of(line: SlipLine, settings: EcountSettings) -> Decimal:
    """부가세 of a line, in whole won."""
    if line.vat is not None:
        return line.vat
    exact = line.supply * Decimal(str(settings.vat_percent)) / 100
    return exact.quantize(Decimal(1), rounding=_ROUNDINGS[settings.vat_rounding])


def written(number: Decimal) -> str:
    """A figure without exponent and without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _row(slip: Slip, line: SlipLine, settings: EcountSettings) -> dict[str, str]:
    row = {
        "UPLOAD_SER_NO": "1",
        "IO_DATE": f"{slip.day:%Y%m%d}",
        "CUST": slip.customer or settings.customer,
        "WH_CD": settings.warehouse,
        "EMP_CD": settings.employee,
        "IO_TYPE": settings.deal_kind,
        "PROD_CD": line.code,
        "PROD_DES": line.name[:TEXT_MAX],
        "SIZE_DES": line.spec[:TEXT_MAX],
        "QTY": written(line.qty),
        "PRICE": written(line.price),
        "SUPPLY_AMT": written(line.supply),
        "VAT_AMT": written(vat_of(line, settings)),
        "REMARKS": line.note[:REMARKS_MAX],
    }
    if settings.key_field == "REMARKS":
        row["REMARKS"] = f"{slip.key} {line.note}".strip()[:REMARKS_MAX]
    else:
        row[settings.key_field] = slip.key
    return {name: value for name, value in row.items() if value}


def _troubles(slip: Slip, settings: EcountSettings, most: int) -> Iterator[Said]:
    """Why a slip cannot be entered."""
    longest = {"DOC_NO": DOC_NO_MAX, **dict.fromkeys(_ON_LINE[1:], TEXT_MAX)}.get(settings.key_field, REMARKS_MAX)
    if not slip.key or len(slip.key) > longest or slip.key.split() != [slip.key] or not slip.key.isprintable():
        yield say.BAD_KEY(key=slip.key)
    if not slip.lines:
        yield say.NO_LINES()
    if len(slip.lines) > most:
        yield say.TOO_MANY_LINES(count=len(slip.lines), most=most, key=slip.key)
    if not settings.warehouse or not (slip.customer or settings.customer):
        yield say.NO_CUSTOMER()
    for number, line in enumerate(slip.lines, start=1):
        yield from _line_troubles(number, line, settings)


def _line_troubles(number: int, line: SlipLine, settings: EcountSettings) -> Iterator[Said]:
    if not line.code.strip():
        yield say.NO_CODE(line=number)
    if len(line.code) > CODE_MAX:
        yield say.LONG_VALUE(line=number, field=say.FIELDS["code"], most=CODE_MAX)
    figures = [
        ("qty", line.qty, QTY_DIGITS, 2),
        ("price", line.price, AMOUNT_DIGITS, 10),
        ("supply", line.supply, AMOUNT_DIGITS, 2),
    ]
    for name, figure, digits, decimals in figures:
        if not _fits(figure, digits, decimals):
            yield say.BAD_FIGURE(line=number, field=say.FIELDS[name], value=figure)
    if line.supply.is_finite() and not _fits(vat_of(line, settings), AMOUNT_DIGITS, 2):
        yield say.BAD_FIGURE(line=number, field=say.FIELDS["vat"], value=line.vat)


def _fits(figure: Decimal, digits: int, decimals: int) -> bool:
    """Whether the form can hold it exactly."""
    if not figure.is_finite() or figure.adjusted() >= digits:
        return False
    exponent = figure.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= decimals
