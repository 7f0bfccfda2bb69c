"""What a text must look like to be a time, a stretch of a day, a weekday, an address: said where a setting is declared.

For: the rooms' settings (`setting(…, form=TIME)`); `settings` holds every value against its form when it is read.
Promises: pure; one form for one idea, so that a wrong value is told with its file and line before any program starts.
Refuses: to look anywhere: whether an address answers shows when it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from onbam.kernel.words import Said, Text

_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?\Z", re.IGNORECASE
)
_FIGURES: Final = re.compile(r"[\d.]+\Z")
_SCHEMES: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class Form:
    """One idea of a text."""

    fits: Callable[[str], bool]
    kind: Said
    """What it is and an example, as the end of 'Use …'."""
    choices: tuple[str, ...] = ()
    """The words it may be, where it is one of a few: what was probably meant is found among them."""
    may_be_empty: bool = False

    def takes(self, text: str) -> bool:
        """Whether this text will do."""
        return (self.may_be_empty and not text.strip()) or self.fits(text.strip())


def one_of(*choices: str, fits: Callable[[str], bool] | None = None) -> Form:
    """A list of words; `fits` where more is understood than is shown."""
    shown = Text(ko="{choices} 중 하나의", en="one of {choices}")(choices=", ".join(choices))
    return Form(fits or (lambda text: text in choices), shown, choices)


def time_of(text: str) -> time | None:
    """A time of day; none when it is no such thing."""
    try:
        at = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return at if at.tzinfo is None else None


def day_of(text: str) -> date | None:
    """A day; none when there is no such day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def stretch_of(text: str) -> tuple[time, time] | None:
    """A stretch of the day, which may go over midnight; none when it is no such thing."""
    begins, dash, ends = text.partition("-")
    first, last = time_of(begins), time_of(ends)
    return (first, last) if dash and first is not None and last is not None and first != last else None


def is_address(text: str) -> bool:
    """Whether a site can be reached under it at all."""
    from urllib.parse import urlsplit  # here and below: the guard reads settings of its own, which hold no address

    try:
        parts = urlsplit(text)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, a bracket too many
        return False


def is_host(text: str) -> bool:
    """Whether it is a number or a name of a computer; what is made of figures must be a number."""
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _NAME.match(text) is not None and _FIGURES.match(text) is None
    return True


def is_network(text: str) -> bool:
    """Whether it is a computer's number, or a stretch of them."""
    import ipaddress

    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


_TIME: Final = Text(ko="06:00 같은 시각", en="a time of day, as in 06:00")
_STRETCH: Final = Text(ko="22:00-06:00 같은 시간대", en="a stretch of time, as in 22:00-06:00")
_ADDRESS: Final = Text(ko="http:// 또는 https://로 시작하는 주소", en="an address that begins with http:// or https://")
_HOST: Final = Text(ko="127.0.0.1 같은 IP 주소나 컴퓨터 이름", en="an IP address, as in 127.0.0.1, or a computer's name")
_NETWORK: Final = Text(ko="127.0.0.1이나 10.0.0.0/24 같은 IP 주소", en="an IP address or a stretch of them, as in 10.0.0.0/24")
_DAY: Final = Text(ko="2026-01-31 같은 날짜", en="a day, as in 2026-01-31")

TIME: Final = Form(lambda text: time_of(text) is not None, _TIME())
TIME_OR_NONE: Final = Form(TIME.fits, _TIME(), may_be_empty=True)
DAY_OR_NONE: Final = Form(lambda text: day_of(text) is not None, _DAY(), may_be_empty=True)
STRETCH_OR_NONE: Final = Form(lambda text: stretch_of(text) is not None, _STRETCH(), may_be_empty=True)
ADDRESS: Final = Form(is_address, _ADDRESS())
ADDRESS_OR_NONE: Final = Form(is_address, _ADDRESS(), may_be_empty=True)
HOST: Final = Form(is_host, _HOST())
NETWORK: Final = Form(is_network, _NETWORK())
