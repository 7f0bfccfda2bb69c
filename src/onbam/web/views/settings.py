"""The settings as they were read: value, origin, meaning; secrets masked.

For: whoever wonders why something is as it is.
Promises: the same as `onbam config show`.
Refuses: to change anything: files are changed by people, where they can see them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from onbam.bootstrap import Settings
from onbam.care.config import described, shown
from onbam.people.model import May
from onbam.web import house_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen


def build(seen: Seen) -> Mapping[str, Any]:
    """Section by section."""
    onbam = seen.house.onbam
    known = {one.name: one for one in described(Settings)}
    only = seen.param("changed") == "1"
    sections: dict[str, list[Any]] = {}
    for row in shown(Settings, onbam.loaded, onbam.redactor):
        if not only or row.origin != "default":
            sections.setdefault(row.name.partition(".")[0], []).append((row, known[row.name]))
    return {"s": say, "sections": sections, "only": only}


PAGE: Final = Page("settings", "/settings", words.SETTINGS, build, rights=(May.GOVERN,), live=False)
