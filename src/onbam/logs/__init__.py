"""What happened, one line each, for whoever has to find out why.

For: every room and process: `log = get_logger("claims")`, `with bind(item=…, token=…):`.
Promises: `logs/app_YYYYMMDD.json` (one JSON object a line), `logs/critical_errors.json` (what needs a person),
`logs/uploader/erp_upload_*.log` (one file an upload); no secret in any of them; no full disk, torn line or broken text ever
reaches the robot; importing this costs nothing, structlog comes with `start`.
Refuses: to be where people look for state: that is the journal; to be configured anywhere but in `bootstrap`.
"""

from __future__ import annotations

from onbam.logs.voice import Logger, bind, get_logger

__all__ = ["Logger", "bind", "get_logger"]
