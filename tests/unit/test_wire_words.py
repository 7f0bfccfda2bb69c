"""What a broken connection is called."""

from __future__ import annotations

import httpx2
import pytest

from onbam.kernel.wire_words import in_words


@pytest.mark.parametrize(
    ("error", "ko", "en"),
    [
        (httpx2.ConnectError, "연결되지 않았습니다", "no connection was made"),
        (httpx2.ReadTimeout, "제때 답이 없었습니다", "no answer came in time"),
        (httpx2.RemoteProtocolError, "도중에 연결이 끊어졌습니다", "the connection broke in the middle"),
        (ZeroDivisionError, "ZeroDivisionError", "ZeroDivisionError"),
    ],
)
def test_people_read_what_happened_and_what_nobody_foresaw_keeps_its_name(error: type[Exception], ko: str, en: str) -> None:
    """In both languages."""
    said = in_words(error.__name__)
    assert (said.to("ko"), said.to("en")) == (ko, en)


def test_every_trouble_a_wire_can_have_has_words() -> None:
    """Of the library that carries all connectors: no class of its connections is shown by its own name."""
    kinds = [one for one in vars(httpx2).values() if isinstance(one, type) and issubclass(one, httpx2.TransportError)]
    leaves = [kind for kind in kinds if not kind.__subclasses__()]
    nameless = {kind.__name__ for kind in leaves if in_words(kind.__name__).to("en") == kind.__name__}
    assert nameless == {"UnsupportedProtocol", "LocalProtocolError", "SSEError"}, "these would be our own mistakes"
