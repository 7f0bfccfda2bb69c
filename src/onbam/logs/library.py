"""The logging library, without what it would bring along.

For: `setup`.
Promises: structlog is imported as if `rich` were not installed: for tracebacks in colour, which our lines never hold, it would
take five megabytes and a fifth of a second of every process that writes a log. Whoever wants `rich` imports it later as ever.
Refuses: to take away a `rich` somebody has imported already.
"""

from __future__ import annotations

import sys

__all__ = ["structlog"]

_hidden = "rich" not in sys.modules
if _hidden:
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python itself marks a module that is not to be found
try:
    import structlog
finally:
    if _hidden:
        del sys.modules["rich"]
