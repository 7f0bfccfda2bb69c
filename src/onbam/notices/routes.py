"""The receivers of the settings with the ways to them.

For: the composition root.
Promises: one route for each receiver; whatever the other side says goes through `clean`; mail without a sender says so.
Refuses: to touch the network.
"""

from __future__ import annotations

from collections.abc import Callable

from onbam.notices import words as say
from onbam.notices.channels.apprise import AppriseChannel
from onbam.notices.channels.made import Receiver, receivers
from onbam.notices.channels.model import Channel
from onbam.notices.channels.unset import UnsetChannel
from onbam.notices.postman import Route
from onbam.notices.settings import NoticeSettings


def routes(chosen: NoticeSettings, clean: Callable[[str], str]) -> list[Route]:
    """All of them."""

    def way(one: Receiver) -> Channel:
        if one.group == "mail" and not (chosen.mail_from or chosen.mail_user):
            return UnsetChannel(one.name, say.NO_SENDER)
        return AppriseChannel(one.name, one.address, chosen.timeout_s, clean)

    return [Route(one, way(one)) for one in receivers(chosen)]
