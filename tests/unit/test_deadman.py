"""The ping outside: heard while all is well, different when it is not, silent when we are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from onbam.kernel.errors import Transient
from onbam.kernel.settings import Secret
from onbam.notices.deadman import RETRY_S, DeadMan, get
from support.posts import hook

NOW = datetime(2026, 1, 14, tzinfo=UTC)


def test_a_ping_goes_out_while_all_is_well_and_says_so_when_it_is_not() -> None:
    """The same address, with /fail behind its path when the house is not well."""
    well = [True, False]
    with hook() as web:
        address = Secret(web.url("http", "/ping/Kz7QxUuidWm3?rid=1"))
        service = DeadMan(address, 300, lambda: well.pop(0), get)
        service.start()
        assert (service.step(NOW), service.step(NOW)) == (300, 300)
        service.stop()
    assert [path for path, _ in web.posts] == ["/ping/Kz7QxUuidWm3?rid=1", "/ping/Kz7QxUuidWm3/fail?rid=1"]
    assert service.answered


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/Kz7QxUuidWm3", "nonsense Kz7QxUuidWm3"])
def test_a_ping_that_fails_is_tried_again_sooner_and_says_nothing_of_the_address(address: str) -> None:
    """No answer harms nothing; the address, which is a secret, is in no error."""
    service = DeadMan(Secret(address), 300, lambda: True, get)
    assert service.step(NOW) == RETRY_S
    assert not service.answered
    with pytest.raises(Transient) as caught:
        get(address, 1)
    assert "Kz7QxUuidWm3" not in f"{caught.value!r} {caught.value.to('ko')} {caught.value.__cause__}"


def test_a_refused_ping_was_not_heard() -> None:
    """404 means that the outside does not know us: try again, and do not believe it."""
    with hook() as web:
        web.status = 404
        service = DeadMan(Secret(web.url("http")), 300, lambda: True, get)
        assert service.step(NOW) == RETRY_S
        assert not service.answered
