"""A text that rests in a store, in both languages."""

from __future__ import annotations

from onbam.kernel.words import KEPT_MAX, Text, heard, kept, plain, side_by_side


def test_a_kept_text_is_read_in_either_language() -> None:
    """With its values; the same in both languages is kept once, and a person's own words read as they came."""
    said = Text(ko="{item}을(를) 거절함", en="{item} was refused")(item="카드")
    assert heard(kept(said)).both() == {"ko": "카드를 거절함", "en": "카드 was refused"}
    assert kept(plain("{20260113-1}")) == "{20260113-1}"
    assert heard("price {looks} wrong").both() == {"ko": "price {looks} wrong", "en": "price {looks} wrong"}
    assert side_by_side(kept(said)) == "카드를 거절함 / 카드 was refused"


def test_a_kept_text_fits_its_place_in_both_languages() -> None:
    """However long: each has its half, and says where it was cut."""
    long = kept(Text(ko="가" * 900, en="a" * 900))
    assert len(long) <= KEPT_MAX
    assert {lang: text[-1] for lang, text in heard(long).both().items()} == {"ko": "…", "en": "…"}
