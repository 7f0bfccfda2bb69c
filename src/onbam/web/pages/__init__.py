"""The pages, each with its acts."""

from __future__ import annotations

from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """Every one of them."""
    from onbam.web.pages import acts, base, codes, door, govern, look

    return [base.router, door.router, acts.router, codes.router, govern.router, look.router]
