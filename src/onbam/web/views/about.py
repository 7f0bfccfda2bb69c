"""What this is: versions, where it lives, what it is made with.

For: support, and the curious.
Promises: read from what runs, not written by hand.
Refuses: secrets.
"""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from onbam import __version__
from onbam.bootstrap import BACKUPS
from onbam.database.status import status
from onbam.web import house_words as say
from onbam.web import words
from onbam.web.assets import FOLDER
from onbam.web.page import Page
from onbam.web.seen import Seen


def build(seen: Seen) -> Mapping[str, Any]:
    """As it runs."""
    onbam = seen.house.onbam
    vendor = tomllib.loads((FOLDER / "vendor" / "vendor.toml").read_text("utf-8"))
    return {
        "s": say,
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "database": status(onbam.database, onbam.data / BACKUPS, look_through=False),
        "home": str(onbam.home),
        "zone": onbam.settings.app.time_zone,
        "parts": {name: (part["version"], part["licence"]) for name, part in vendor.items()},
    }


PAGE: Final = Page("about", "/about", words.ABOUT, build, live=False)
