"""What the pages show, as values: read through the rooms' own doors, put together here, drawn by templates."""

from __future__ import annotations

from onbam.web.page import Page


def pages() -> tuple[Page, ...]:
    """The table of pages."""
    from onbam.web.views import (
        about,
        board,
        checkup,
        codes,
        locks,
        machines,
        needs,
        notices,
        order,
        orders,
        settings,
        today,
        users,
    )

    return (
        today.PAGE,
        needs.PAGE,
        orders.PAGE,
        order.PAGE,
        board.PAGE,
        machines.PAGE,
        machines.ONE,
        codes.PAGE,
        locks.PAGE,
        notices.PAGE,
        settings.PAGE,
        users.PAGE,
        users.ME,
        checkup.PAGE,
        about.PAGE,
    )
