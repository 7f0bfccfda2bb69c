"""What the simulated supplier sells and the simulated shop buys: one seeded list of doors, frames, rails and mouldings.

For: the portal's order documents, the ERP's product list, and the code book of the demo, which all have to agree.
Promises: the same seed gives the same products; every product has one code of at most 20 characters, and no two share it; the
words, models, sizes and units are those of the trade.
Refuses: prices that are not whole won.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

CODE_MAX: Final = 20
"""The ERP's limit for a product code."""

COLORS: Final = (
    "영림101 PS12",
    "영림123 PS45",
    "영림207 PS88",
    "영림315 PX170",
    "영림408 PX201",
    "우딘203 PS33",
    "우딘511 PX64",
    "예림019 PS27",
    "예림772 PX105",
    "PS160",
    "PX305",
    "화이트",
    "크림화이트",
    "월넛",
    "애쉬그레이",
    "내추럴오크",
)
DOOR_MODELS: Final = ("YS-101", "YA-22", "YAT-05B", "EZ-310", "LS-07", "YM-18A", "YAL-2", "YV-44", "YFL-9", "SW-120", "TD-36")
DOOR_LOOKS: Final = ("민무늬", "탈공", "")
_BRANDS: Final = {"영림": "Y", "우딘": "W", "예림": "y"}
_COLOR_NUMBERS: Final = {"화이트": "900", "크림화이트": "901", "월넛": "910", "애쉬그레이": "920", "내추럴오크": "930"}


@dataclass(frozen=True, slots=True)
class Product:
    """One thing the supplier sells, and the shop's own code for it."""

    code: str
    color: str
    name: str
    spec: str
    unit: str
    price: Decimal
    kind: str
    """Which of the supplier's two businesses sells it: 임업 or 산업."""
    note: str = ""
    """What usually stands in 비고."""
    halves: bool = False
    """Whether half units are sold (rolls)."""


@dataclass(frozen=True, slots=True)
class _Family:
    """Products that differ in colour and size only."""

    flag: str
    names: tuple[str, ...]
    specs: tuple[str, ...]
    unit: str
    kind: str
    low: int
    high: int
    notes: tuple[str, ...] = ("",)
    halves: bool = False


_FRAME_SPECS: Final = tuple(f"{w}*2100*{d}/{food}" for w in (700, 800, 900) for d in (110, 140, 230) for food in "NSY")
_DOOR_SPECS: Final = tuple(f"{w}*{h}*36" for w in (650, 750, 850, 900) for h in (2000, 2040, 2100))
_DOORS: Final = tuple(f"ABS도어 {model} {look}".strip() for model in DOOR_MODELS for look in DOOR_LOOKS)
_FAMILIES: Final = (
    _Family("F", ("문틀 발포", "문틀 분리형", "문틀 스토퍼"), _FRAME_SPECS, "틀", "임업", 42_000, 98_000),
    _Family("M", ("미서기 문틀 발포", "3연동 문틀"), ("1800*2100*230/N", "2400*2100*140/N"), "틀", "임업", 120_000, 260_000),
    _Family("D", _DOORS, _DOOR_SPECS, "짝", "임업", 68_000, 165_000),
    _Family("R", ("3연동 레일", "미서기 레일"), ("1800", "2400", "3600"), "개", "산업", 9_000, 31_000),
    _Family("P", ("몰딩 9MM평판", "몰딩 평판"), ("60*2440", "80*2440"), "EA", "산업", 1_200, 4_800, ("9*60", "12*60")),
    _Family("B", ("걸레받이", "문선"), ("80*2440", "60*2440"), "EA", "산업", 1_500, 5_200, ("9*80", "9*60")),
    _Family("T", ("템바보드",), ("1200*2440", "600*2440"), "롤", "산업", 38_000, 88_000, ("12T", "9T"), halves=True),
    _Family("L", ("템바루바",), ("30*2440", "45*2440"), "BOX", "산업", 52_000, 120_000, ("12T",)),
)
PER_FAMILY: Final = 14
"""Products drawn from each family."""


def catalogue(seed: int = 0) -> tuple[Product, ...]:
    """Every product, in a fixed order."""
    chance = random.Random(f"catalogue:{seed}")
    taken: dict[str, Product] = {}
    for family in _FAMILIES:
        drawn = 0
        while drawn < PER_FAMILY:
            product = _draw(family, chance)
            if product.code not in taken:
                taken[product.code] = product
                drawn += 1
    return tuple(taken.values())


def _draw(family: _Family, chance: random.Random) -> Product:
    """One product of a family."""
    color, name, spec = chance.choice(COLORS), chance.choice(family.names), chance.choice(family.specs)
    price = Decimal(chance.randrange(family.low, family.high, 100))
    code = _code(color, f"{family.flag}{family.names.index(name)}", spec)
    return Product(code, color, name, spec, family.unit, price, family.kind, chance.choice(family.notes), family.halves)


def _code(color: str, kind: str, spec: str) -> str:
    """Brand letter + colour digits + kind + digits of the size, as the shop writes its codes."""
    brand = next((letter for word, letter in _BRANDS.items() if color.startswith(word)), "Y")
    number = _COLOR_NUMBERS.get(color) or re.findall(r"\d+", color)[0]
    food = spec[-1] if spec[-1].isalpha() else ""
    size = "".join(part.removesuffix("0") for part in re.findall(r"\d+", spec))
    code = f"{brand}{number}{kind}{size}{food}"
    assert len(code) <= CODE_MAX, code
    return code
