"""Figures as suppliers print them.

For: quantities, prices, amounts and totals of a document.
Promises: exact decimals; 원, ₩, commas, the trade's units, full-width digits, and the three ways to write a minus are read.
Refuses: anything that could be read two ways (`1,5`, `1 2`, `1e3`): nothing is better than another figure.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

LETTERS_MAX: Final = 32
UNITS: Final = ("틀", "짝", "개", "EA", "롤", "BOX", "장", "SET", "조", "M")
"""What things of the trade are counted in."""
_FIGURE: Final = re.compile(
    rf"(?P<minus>[-−△▲])? ?[₩￦\\]? ?(?P<whole>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<part>\.\d+)? ?(?:원정|원|{'|'.join(UNITS)})?",
    re.ASCII | re.IGNORECASE,
)


def figure_of(text: str) -> Decimal | None:
    """The figure, when the text is one and nothing else."""
    if len(text) > LETTERS_MAX:
        return None
    if text.isdecimal() and text.isascii():
        return Decimal(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    bracketed = text.startswith("(") and text.endswith(")")
    found = _FIGURE.fullmatch(text[1:-1] if bracketed else text)
    if found is None or (bracketed and found["minus"]):
        return None
    value = Decimal(found["whole"].replace(",", "") + (found["part"] or ""))
    return -value if (found["minus"] or bracketed) and value else value
