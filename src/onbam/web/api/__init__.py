"""The programming interface: everything a page shows and does, as JSON.

For: programs with a key, and the pages' own script.
Promises: the same capabilities and the same words as pages and commands; a key needs its scope; a browser's session needs its
form token for every act; what is refused says why, and what to do.
Refuses: an act without a reason.
"""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every part of it."""
    from onbam.web.api import acts, codes, docs, govern, looks

    return [looks.router, acts.router, codes.router, govern.router, docs.router]
