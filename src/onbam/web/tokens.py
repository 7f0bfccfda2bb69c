"""A text that proves a form was ours: bound to the session, dressed anew for each answer.

For: every form and every act of a page.
Promises: it can be checked without being kept; because it looks different each time, an answer that is packed tells nothing
about it by its length.
Refuses: to be the only guard: a browser that says where a request came from is asked as well (`entry.py`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

from onbam.kernel.chance import secret_bytes

SIZE: Final = 24


def form_token(handle: str) -> str:
    """A token for this session."""
    mask = secret_bytes(SIZE)
    return base64.urlsafe_b64encode(mask + _mixed(mask, _plain(handle))).decode()


def fits(handle: str, given: str) -> bool:
    """Whether a token is of this session."""
    try:
        raw = base64.urlsafe_b64decode(given.encode())
    except (ValueError, binascii.Error):
        return False
    if len(raw) != 2 * SIZE:
        return False
    return hmac.compare_digest(_mixed(raw[:SIZE], raw[SIZE:]), _plain(handle))


def _plain(handle: str) -> bytes:
    return hashlib.sha256(f"onbam-form:{handle}".encode()).digest()[:SIZE]


def _mixed(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
