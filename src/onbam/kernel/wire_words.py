"""What a broken connection is called, so that people read what happened and not the name of a library's class.

For: the connectors' wires.
Promises: the same words for the same trouble, whichever outside it was; what nobody foresaw keeps its name.
Refuses: to say whether anything was sent: that is the wire's to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from onbam.kernel.words import Said, Text, plain

NO_WAY: Final = Text(ko="연결되지 않았습니다", en="no connection was made")
NO_ANSWER: Final = Text(ko="제때 답이 없었습니다", en="no answer came in time")
BROKE: Final = Text(ko="도중에 연결이 끊어졌습니다", en="the connection broke in the middle")
TOO_LATE: Final = Text(ko="보내기 전에 시간이 지났습니다", en="the time was over before it could be sent")
TOO_LONG: Final = Text(ko="답이 터무니없이 길었습니다", en="the answer was longer than any honest one")
PROXY: Final = Text(ko="프록시를 지나지 못했습니다", en="the proxy did not let it through")
_CALLED: Final[Mapping[str, Text]] = {
    "ConnectError": NO_WAY,
    "ConnectionRefusedError": NO_WAY,
    "ConnectTimeout": NO_WAY,
    "PoolTimeout": NO_WAY,
    "gaierror": NO_WAY,
    "ReadTimeout": NO_ANSWER,
    "WriteTimeout": NO_ANSWER,
    "TimeoutError": NO_ANSWER,
    "ReadError": BROKE,
    "WriteError": BROKE,
    "CloseError": BROKE,
    "RemoteProtocolError": BROKE,
    "ConnectionResetError": BROKE,
    "BrokenPipeError": BROKE,
    "_TooLate": TOO_LATE,
    "_TooLong": TOO_LONG,
    "ProxyError": PROXY,
}


def in_words(error: str) -> Said:
    """Of an error's class, by its name."""
    text = _CALLED.get(error)
    return plain(error)() if text is None else text()
