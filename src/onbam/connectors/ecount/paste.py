"""The block a person pastes into the ERP by hand (웹자료올리기), when the interface is down.

For: `onbam orders paste`.
Promises: one row a line, columns in the shop's own order, figures and key exactly as they would have been sent; no tab and no
line break inside a cell.
Refuses: a slip that could not have been sent either, unless only for its length; a column nobody knows.
"""

from __future__ import annotations

import re
from typing import Final

from onbam.connectors.ecount import form
from onbam.connectors.ecount import words as say
from onbam.connectors.ecount.contract import Slip
from onbam.connectors.ecount.settings import EcountSettings
from onbam.kernel.errors import Misconfigured

EMPTY: Final = "-"
"""The name of a column that stays empty."""
_BREAKS: Final = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_COLUMNS: Final = {
    "customer": "CUST",
    "warehouse": "WH_CD",
    "employee": "EMP_CD",
    "kind": "IO_TYPE",
    "code": "PROD_CD",
    "name": "PROD_DES",
    "spec": "SIZE_DES",
    "qty": "QTY",
    "price": "PRICE",
    "supply": "SUPPLY_AMT",
    "vat": "VAT_AMT",
    "remarks": "REMARKS",
}
KNOWN: Final = ("day", "key", *_COLUMNS)


def as_block(slip: Slip, settings: EcountSettings) -> str:
    """The rows, separated by tabs and line ends."""
    for name in settings.paste_columns:
        if name != EMPTY and name not in KNOWN:
            raise Misconfigured(say.NO_TEMPLATE(name=name), say.NO_TEMPLATE_HINT(names=", ".join(KNOWN)))
    rows = form.rows(form.checked(slip, settings, len(slip.lines)), settings)
    return "".join("\t".join(_cell(slip, row, name) for name in settings.paste_columns) + "\r\n" for row in rows)


def _cell(slip: Slip, row: dict[str, str], name: str) -> str:
    own = {EMPTY: "", "day": f"{slip.day:%Y/%m/%d}", "key": slip.key}
    return own[name] if name in own else _BREAKS.sub(" ", row.get(_COLUMNS[name], ""))
