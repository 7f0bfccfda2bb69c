"""Where a request came from: proxies are believed when the shop named them, and strangers never."""

from __future__ import annotations

import pytest

from onbam.kernel.errors import Misconfigured
from onbam.web.proxies import address_behind, trusted

OURS = trusted(["127.0.0.1", " 10.0.0.0/24 ", "fd00::/8", ""])


@pytest.mark.parametrize(
    ("peer", "forwarded", "said"),
    [
        ("192.168.1.7", ["1.2.3.4"], "192.168.1.7"),
        ("testclient", ["1.2.3.4"], "testclient"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["192.168.1.7"], "192.168.1.7"),
        ("127.0.0.1", ["6.6.6.6, 192.168.1.7"], "192.168.1.7"),
        ("127.0.0.1", ["6.6.6.6", "192.168.1.7, 10.0.0.3"], "192.168.1.7"),
        ("127.0.0.1", ["10.0.0.9"], "10.0.0.9"),
        ("127.0.0.1", ["6.6.6.6, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["6.6.6.6, , 10.0.0.3"], "10.0.0.3"),
        ("::ffff:127.0.0.1", ["192.168.1.7:4711"], "192.168.1.7"),
        ("fd00::1", ["[2001:db8::7]:4711"], "2001:db8::7"),
    ],
)
def test_only_what_our_own_proxies_passed_on_is_believed(peer: str, forwarded: list[str], said: str) -> None:
    """From the right, as far as the addresses are ours; what a stranger wrote before that says nothing."""
    assert address_behind(peer, forwarded, OURS) == said


def test_without_proxies_the_header_says_nothing() -> None:
    """As the desk comes out of the box."""
    assert address_behind("127.0.0.1", ["1.2.3.4"], trusted([])) == "127.0.0.1"


def test_a_name_is_no_address() -> None:
    """It is refused with the setting's name."""
    with pytest.raises(Misconfigured, match=r"web\.proxies"):
        trusted(["proxy.example.com"])
