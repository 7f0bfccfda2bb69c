"""The mark a transaction carries from `engine.py` to the dialects."""

from typing import Final

WRITE: Final = "onbam_write"
"""An execution option: true for a write transaction, false for a read transaction, absent for one begun by hand."""
