"""Korean particles: after a value they read as somebody would say them."""

from __future__ import annotations

import pytest

from onbam.kernel.words import Text, plain

GONE = Text(ko="{name}이(가) {place}(으)로 갔습니다. '{name}'(이)라는 것을(를) 봅니다.", en="{name} went to {place}.")


@pytest.mark.parametrize(
    ("name", "place", "read"),
    [
        ("PC-A", "서울", "PC-A가 서울로 갔습니다. 'PC-A'라는 것을 봅니다."),
        ("vm", "20260105-3", "vm이 20260105-3으로 갔습니다. 'vm'이라는 것을 봅니다."),
        ("2601050229", "data.db", "2601050229가 data.db로 갔습니다. '2601050229'라는 것을 봅니다."),
        ("billing", "…", "billing이 …(으)로 갔습니다. 'billing'이라는 것을 봅니다."),
        ("portal.user", "server", "portal.user가 server로 갔습니다. 'portal.user'라는 것을 봅니다."),
        ("PC-R", "url", "PC-R이 url로 갔습니다. 'PC-R'이라는 것을 봅니다."),
        ("…", "「집」", "…이(가) 「집」으로 갔습니다. '…'(이)라는 것을 봅니다."),
    ],
)
def test_a_particle_follows_the_sound_before_it(name: str, place: str, read: str) -> None:
    """Letters, figures, Latin names and what stands in quotes; what nobody can read aloud keeps both."""
    assert GONE(name=name, place=place).to("ko") == read


def test_words_of_others_keep_what_they_wrote() -> None:
    """What came from elsewhere is quoted, not mended."""
    assert plain("PC-A이(가) 멈춤")().to("ko") == "PC-A이(가) 멈춤"
