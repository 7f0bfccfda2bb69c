"""The code book: which of the shop's product codes a line means.

For: whoever answers what a product is.
Promises: what is asked stands in the address; a page of rules at a time; where the file stands is said: each PC has one.
Refuses: to change anything: that is asked for once more, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from onbam.kernel.errors import Refused
from onbam.orders.codedesk import mark_of, texts_of
from onbam.web import codes_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen

PAGE_SIZE: Final = 100
PLACE_MAX: Final = 8
"""So many figures a place in the list has."""


def build(seen: Seen) -> Mapping[str, Any]:
    """A page of them."""
    codes, q = seen.house.onbam.codedesk, seen.param("q").strip()
    given = seen.param("after")[:PLACE_MAX]
    after = int(given) if given.isascii() and given.isdecimal() else 0
    values: dict[str, Any] = {"s": say, "q": q, "file": codes.file.path, "broken": None, "after": after, "next": ""}
    try:
        found = codes.find(q, limit=PAGE_SIZE, after=after)
    except Refused as refused:
        return {**values, "broken": refused, "rules": (), "found": None}
    if after + PAGE_SIZE < found.matching:
        values["next"] = "/codes?" + urlencode({"q": q, "after": after + PAGE_SIZE})
    return {**values, "rules": [(mark_of(rule), texts_of(rule)) for rule in found.rules], "found": found}


PAGE: Final = Page("codes", "/codes", words.CODES, build, beats=False)
