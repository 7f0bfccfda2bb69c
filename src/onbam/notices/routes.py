"""The receivers of the settings with the ways to them.

For: the composition root.
Promises: one route for each receiver; whatever the other side says goes through `clean`.
Refuses: to touch the network.
"""

from __future__ import annotations

from collections.abc import Callable

from onbam.notices.channels.apprise import AppriseChannel
from onbam.notices.channels.made import receivers
from onbam.notices.postman import Route
from onbam.notices.settings import NoticeSettings


def routes(chosen: NoticeSettings, clean: Callable[[str], str]) -> list[Route]:
    """All of them."""
    return [Route(one, AppriseChannel(one.name, one.address, chosen.timeout_s, clean)) for one in receivers(chosen)]
