"""The desk's own signs: line drawings of one weight, inside the page, in the colour of the words beside them.

For: templates (`icon("check")`).
Promises: a sign never stands alone: it is hidden from screen readers because the word beside it says the same.
Refuses: pictures of letters, emoji.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from markupsafe import Markup

SHAPES: Final = {
    # states: each has a shape of its own, readable without colour
    "waiting": '<circle cx="8" cy="8" r="5"/>',
    "processing": '<circle cx="8" cy="8" r="5.6"/><circle cx="8" cy="8" r="2.7" class="fill"/>',
    "completed": '<path d="M3.2 8.4 6.6 11.8 12.9 4.6"/>',
    "failed": '<path d="M12.6 5.2A5.3 5.3 0 1 0 13.3 9M12.9 2.6v2.9h-2.9"/>',
    "uncertain": '<path d="M8 1.6 14.4 8 8 14.4 1.6 8zM6.5 6.6c0-2 3-2 3-.1 0 1.3-1.5 1.3-1.5 2.5M8 11.1v.1"/>',
    "parked": '<path d="M5.4 2.2h5.2l3.2 3.2v5.2l-3.2 3.2H5.4L2.2 10.6V5.4zM8 5v3.6M8 11v.1"/>',
    "cancelled": '<circle cx="8" cy="8" r="5.6"/><path d="M4 12 12 4"/>',
    # machines
    "alive": '<circle cx="8" cy="8" r="4" class="fill"/>',
    "busy": '<circle cx="8" cy="8" r="5.6"/><circle cx="8" cy="8" r="2.7" class="fill"/>',
    "dead": '<path d="M3.5 3.5l9 9M12.5 3.5l-9 9"/>',
    "stopped": '<rect x="3.6" y="3.6" width="8.8" height="8.8" rx="1"/>',
    "late": '<circle cx="8" cy="8" r="5.6"/><path d="M8 4.8V8l2.2 1.6"/>',
    # places
    "today": '<path d="M2.5 11.5h11M4.2 8.8a3.9 3.9 0 0 1 7.6 0M8 2v1.4M2.6 5.2l1 .8M13.4 5.2l-1 .8M5 14h6"/>',
    "orders": '<path d="M3.5 1.8h6.2L12.8 5v9.2H3.5zM9.5 2v3.2h3.2M5.6 8h4.8M5.6 10.8h4.8"/>',
    "needs": (
        '<path d="M8 1.8c-2.5 0-4.2 1.9-4.2 4.4 0 3.4-1.3 4.5-1.3 4.5h11s-1.3-1.1-1.3-4.5C12.2 3.7 10.5 1.8 '
        '8 1.8zM6.6 13a1.5 1.5 0 0 0 2.8 0"/>'
    ),
    "board": (
        '<path d="M1.8 4.2h4M1.8 8h4M1.8 11.8h4M10.2 4.2h4M10.2 8h4M10.2 11.8h4M5.8 4.2 10.2 8M5.8 8l4.4 '
        '3.8M5.8 11.8l4.4-7.6"/>'
    ),
    "machines": '<rect x="1.8" y="2.8" width="12.4" height="8" rx="1"/><path d="M5.4 13.4h5.2M8 10.8v2.6"/>',
    "locks": '<rect x="3" y="7" width="10" height="7" rx="1"/><path d="M5.2 7V4.9a2.8 2.8 0 0 1 5.6 0V7"/>',
    "codes": '<path d="M2.6 3.4v9.2M5 3.4v9.2M7.2 3.4v9.2M9.6 3.4v9.2M11 3.4v9.2M13.4 3.4v9.2"/>',
    "notices": '<path d="M2 3h12v8.2H7.4L4.6 13.8v-2.6H2z"/>',
    "settings": (
        '<path d="M2 4.4h6.2M11.6 4.4H14M2 11.6h2.4M7.8 11.6H14"/><circle cx="9.9" cy="4.4" r="1.7"/>'
        '<circle cx="6.1" cy="11.6" r="1.7"/>'
    ),
    "people": '<circle cx="8" cy="5" r="2.8"/><path d="M2.6 14c.4-3.2 2.6-4.8 5.4-4.8s5 1.6 5.4 4.8"/>',
    "help": '<circle cx="8" cy="8" r="6.2"/><path d="M6.1 6.2c.1-2.5 3.9-2.4 3.9 0 0 1.6-2 1.5-2 3.2M8 11.7v.1"/>',
    "about": '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.2v4M8 4.7v.1"/>',
    "more": '<path d="M3.2 8h.1M8 8h.1M12.8 8h.1"/>',
    # acts
    "search": '<circle cx="7" cy="7" r="4.4"/><path d="m10.4 10.4 3.6 3.6"/>',
    "retry": '<path d="M12.6 5.2A5.3 5.3 0 1 0 13.3 9M12.9 2.6v2.9h-2.9"/>',
    "hold": '<path d="M5.6 3.2v9.6M10.4 3.2v9.6"/>',
    "play": '<path d="M4.8 3v10l8-5z"/>',
    "cancel": '<path d="M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4"/>',
    "there": '<path d="M3.2 8.4 6.6 11.8 12.9 4.6"/>',
    "not_there": '<path d="M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4"/>',
    "open": '<path d="M6.4 3.2H3v9.8h9.8V9.6M9 3h4v4M13 3 7.4 8.6"/>',
    "why": '<path d="M6.1 6c.1-2.5 3.9-2.4 3.9 0 0 1.6-2 1.5-2 3.2M8 11.7v.1"/>',
    "sun": (
        '<circle cx="8" cy="8" r="3"/>'
        '<path d="M8 1.4v1.7M8 12.9v1.7M1.4 8h1.7M12.9 8h1.7M3.3 3.3l1.2 1.2M11.5 11.5l1.2 1.2M12.7 3.3l-1.2 1.2'
        'M4.5 11.5l-1.2 1.2"/>'
    ),
    "moon": '<path d="M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6 5.8 5.8 0 1 0 13.4 9.6z"/>',
    "next": '<path d="m6 3.4 4.6 4.6L6 12.6"/>',
    "before": '<path d="M10 3.4 5.4 8l4.6 4.6"/>',
    "swap": '<path d="M2.6 5.4h9.6M9.6 2.8l2.6 2.6-2.6 2.6M13.4 10.6H3.8M6.4 8 3.8 10.6l2.6 2.6"/>',
    "print": '<path d="M4.4 6V2.4h7.2V6M4.4 11.2H2.4V6h11.2v5.2h-2M4.4 9.2h7.2v4.4H4.4z"/>',
    "key": '<circle cx="5" cy="11" r="2.8"/><path d="M7 9 13.4 2.6M10.6 5.4l2 2"/>',
    "exit": '<path d="M9.4 2.6H3.2v10.8h6.2M7 8h7M11.4 5.2 14.2 8l-2.8 2.8"/>',
    "table": '<path d="M2 3h12v10H2zM2 6.4h12M2 9.7h12M6.2 6.4V13"/>',
    "bell_off": (
        '<path d="M8 1.8c-2.5 0-4.2 1.9-4.2 4.4 0 3.4-1.3 4.5-1.3 4.5h11s-1.3-1.1-1.3-4.5C12.2 3.7 10.5 1.8 8 1.8zM2 2l12 12"/>'
    ),
    "urgent": '<path d="M5.4 2.2h5.2l3.2 3.2v5.2l-3.2 3.2H5.4L2.2 10.6V5.4zM8 5v3.6M8 11v.1"/>',
    "warn": '<path d="M8 2.4 14.4 13.4H1.6zM8 6.6v3.2M8 11.6v.1"/>',
    "info": '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.2v4M8 4.7v.1"/>',
    "ok": '<path d="M3.2 8.4 6.6 11.8 12.9 4.6"/>',
    "bad": '<path d="M5.4 2.2h5.2l3.2 3.2v5.2l-3.2 3.2H5.4L2.2 10.6V5.4zM8 5v3.6M8 11v.1"/>',
}


@cache
def icon(name: str, extra: str = "") -> Markup:
    """A sign by name."""
    shape = SHAPES[name]
    return Markup(f'<svg class="i {extra}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{shape}</svg>')  # noqa: S704 -- our own drawings
