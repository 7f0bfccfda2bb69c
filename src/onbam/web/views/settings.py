"""The settings as they will be read at the next start: value, origin, meaning; secrets masked; the harmless ones to be changed.

For: whoever wonders why something is as it is, and whoever wants it otherwise.
Promises: the same as `onbam config show`; what was changed since this program started says so.
Refuses: to change what is not on the named list of `care.editing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args, get_origin

from onbam.bootstrap import Settings
from onbam.care.config import described, shown
from onbam.care.editing import Editable
from onbam.care.editing import shown as as_text
from onbam.people.model import May
from onbam.web import house_words as say
from onbam.web import words
from onbam.web.page import Page
from onbam.web.seen import Seen


def build(seen: Seen) -> Mapping[str, Any]:
    """Section by section."""
    onbam = seen.house.onbam
    known = {one.name: one for one in described(Settings)}
    editable = onbam.editing.editable()
    only, wanted = seen.param("show"), seen.param("q").strip().casefold()
    sections: dict[str, list[Any]] = {}
    for row in shown(Settings, onbam.loaded, onbam.redactor):
        one, edit = known[row.name], editable.get(row.name)
        words_of = f"{row.name} {one.variable} {one.alias or ''} {one.help.ko} {one.help.en}".casefold()
        if (only == "changed" and row.origin == "default") or (only == "editable" and edit is None) or wanted not in words_of:
            continue
        sections.setdefault(row.name.partition(".")[0], []).append((row, one, edit, as_text(edit.now) if edit else ""))
    pending = [name for name, edit in editable.items() if edit.pending]
    return {"s": say, "sections": sections, "only": only, "q": seen.param("q"), "pending": pending}


def field_of(edit: Editable) -> Mapping[str, Any]:
    """How a form asks for it."""
    kind: Any = edit.item.type
    options: tuple[str, ...] = ()
    if kind is bool:
        options = ("true", "false")
    elif get_origin(kind) is Literal:
        options = tuple(map(str, get_args(kind)))
    number = kind in (int, float)
    return {
        "options": options,
        "number": number,
        "step": "1" if kind is int else "any",
        "ge": edit.item.meta.ge,
        "le": edit.item.meta.le,
        "value": as_text(edit.now),
        "several": get_origin(kind) is tuple,
    }


PAGE: Final = Page("settings", "/settings", words.SETTINGS, build, rights=(May.GOVERN,), live=False)
