"""The slips that stand in the ERP, and who put them there.

For: the truth of every test about "once": what was really saved, how often, with what.
Promises: numbers grow by day as `YYYYMMDD-n`; a second slip with the same key is saved like any other, as the real ERP does not
look; a deleted slip keeps its number and its place in the record.
Refuses: nothing. Whoever calls has checked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from onbam_sims.ecount.form import FIELDS, number_of, text_of

KEY_FIELDS: Final = ("DOC_NO", "U_MEMO1", "U_MEMO2", "U_MEMO3", "U_MEMO4", "U_MEMO5", "P_REMARKS1", "P_REMARKS2", "P_REMARKS3")
"""Where a shop may keep its own key, beside 적요 (REMARKS)."""
_ORDER_KEY: Final = re.compile(r"(?<!\d)\d{10}(?!\d)")


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line of a slip, as saved."""

    code: str
    name: str
    spec: str
    qty: Decimal
    price: Decimal
    supply: Decimal
    vat: Decimal
    remarks: str

    def as_json(self) -> dict[str, str]:
        """Figures as text."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Slip:
    """One purchase slip."""

    number: str
    day: str
    """YYYYMMDD."""
    key: str
    customer: str
    warehouse: str
    fields: Mapping[str, str]
    """What was sent for the slip itself."""
    lines: tuple[SlipLine, ...]
    at: float
    by: str
    """`api`, or `person` for one entered by hand."""
    call: int = 0
    """The save call that brought it."""
    answered: bool = True
    """Whether the caller was told."""
    deleted: bool = False

    @property
    def supply(self) -> Decimal:
        """공급가액."""
        return sum((line.supply for line in self.lines), Decimal(0))

    @property
    def vat(self) -> Decimal:
        """부가세."""
        return sum((line.vat for line in self.lines), Decimal(0))

    @property
    def quantity(self) -> Decimal:
        """수량."""
        return sum((line.qty for line in self.lines), Decimal(0))

    def as_json(self) -> dict[str, Any]:
        """For `/_sim/slips`."""
        return {
            "number": self.number,
            "day": self.day,
            "key": self.key,
            "customer": self.customer,
            "warehouse": self.warehouse,
            "fields": dict(self.fields),
            "lines": [line.as_json() for line in self.lines],
            "supply": str(self.supply),
            "vat": str(self.vat),
            "at": self.at,
            "by": self.by,
            "call": self.call,
            "answered": self.answered,
            "deleted": self.deleted,
        }


@dataclass(slots=True)
class SlipBook:
    """All slips in the order they were saved."""

    _slips: list[Slip] = field(default_factory=list)
    _last: Counter[str] = field(default_factory=Counter)

    def save(self, rows: Sequence[Mapping[str, Any]], today: str, at: float, *, call: int = 0, by: str = "api") -> Slip:
        """One slip from the rows of one group; the head is the first row's."""
        head = {n: text_of(v) for n, v in rows[0].items() if text_of(v) and (n not in FIELDS or FIELDS[n].head)}
        day = head.get("IO_DATE", today)
        self._last[day] += 1
        slip = Slip(
            number=f"{day}-{self._last[day]}",
            day=day,
            key=key_of(rows),
            customer=head.get("CUST", ""),
            warehouse=head.get("WH_CD", ""),
            fields=head,
            lines=tuple(_line(row) for row in rows),
            at=at,
            by=by,
            call=call,
        )
        self._slips.append(slip)
        return slip

    def standing(self) -> list[Slip]:
        """Slips that are there now."""
        return [s for s in self._slips if not s.deleted]

    def all(self) -> list[Slip]:
        """Deleted ones included."""
        return list(self._slips)

    def find(self, number: str) -> Slip | None:
        """One slip that is there."""
        return next((s for s in self._slips if s.number == number and not s.deleted), None)

    def search(self, words: str = "", since: str = "", until: str = "") -> list[Slip]:
        """What a person finds: by key, number, name, code or remark, and by day."""
        return [
            s for s in self.standing() if (not since or s.day >= since) and (not until or s.day <= until) and _holds(s, words)
        ]

    def delete(self, number: str) -> Slip:
        """A person deletes a slip."""
        return self._replace(number, deleted=True)

    def mark_unanswered(self, call: int) -> None:
        """The caller of this save never heard of it."""
        self._slips = [replace(s, answered=False) if s.call == call and s.by == "api" else s for s in self._slips]

    def duplicates(self) -> dict[str, list[str]]:
        """Keys that stand on more than one slip, with their numbers."""
        by_key: defaultdict[str, list[str]] = defaultdict(list)
        for slip in self.standing():
            if slip.key:
                by_key[slip.key].append(slip.number)
        return {key: numbers for key, numbers in by_key.items() if len(numbers) > 1}

    def _replace(self, number: str, **what: Any) -> Slip:
        for i, slip in enumerate(self._slips):
            if slip.number == number and not slip.deleted:
                self._slips[i] = replace(slip, **what)
                return self._slips[i]
        raise ValueError(f"there is no slip {number}")


def key_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """The shop's own key on a slip: an order number in one of the free fields, else what stands in the first filled one."""
    texts = [text_of(row.get(name)) for name in (*KEY_FIELDS, "REMARKS") for row in rows[:1]]
    for text in texts:
        if found := _ORDER_KEY.search(text):
            return found[0]
    return next((text for text in texts if text), "")


def _line(row: Mapping[str, Any]) -> SlipLine:
    return SlipLine(
        code=text_of(row.get("PROD_CD")),
        name=text_of(row.get("PROD_DES")),
        spec=text_of(row.get("SIZE_DES")),
        qty=number_of(row.get("QTY")),
        price=number_of(row.get("PRICE")),
        supply=number_of(row.get("SUPPLY_AMT")),
        vat=number_of(row.get("VAT_AMT")),
        remarks=text_of(row.get("REMARKS")),
    )


def _holds(slip: Slip, words: str) -> bool:
    """Every word is somewhere on the slip."""
    texts = [slip.number, slip.key, slip.customer, *slip.fields.values()]
    texts += [text for line in slip.lines for text in (line.code, line.name, line.spec, line.remarks)]
    haystack = "\n".join(texts).casefold()
    return all(word in haystack for word in words.casefold().split())
