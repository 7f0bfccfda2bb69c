"""A program beside the test, which ends with it however that ends."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


@contextmanager
def child(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Start it; left running it would be waited for, and a test that failed would never say so."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            process.kill()
