"""What many pages ask at once is asked once, and never again after something happened; light views are drawn first."""

from __future__ import annotations

import asyncio

from onbam.kernel.clock import FakeClock
from onbam.web.glance import AGE_S, Glance
from onbam.web.live import Turns


def test_a_moment_is_asked_for_once() -> None:
    """Within the moment the answer is the same one; after it, it is asked anew."""
    clock = FakeClock()
    glance, asked = Glance(clock), iter(range(10))
    assert [glance.at("n", lambda: next(asked)) for _ in range(3)] == [0, 0, 0]
    clock.advance(AGE_S * 2)
    assert glance.at("n", lambda: next(asked)) == 1
    assert glance.at("m", lambda: next(asked)) == 2


def test_what_happened_is_in_the_next_answer() -> None:
    """Also when it happened while the answer was being made: such an answer is given once and not kept."""
    glance, asked = Glance(FakeClock()), iter(range(10))

    def slow() -> int:
        glance.forget()
        return next(asked)

    assert glance.at("n", lambda: next(asked)) == 0
    glance.forget()
    assert glance.at("n", slow) == 1
    assert glance.at("n", lambda: next(asked)) == 2
    assert glance.at("n", lambda: next(asked)) == 2


def test_what_somebody_asked_a_moment_ago_is_known() -> None:
    """Not what nobody asked, not what is old, and not what was before something happened."""
    clock = FakeClock()
    glance = Glance(clock)
    assert glance.known("n") is None
    for after in (lambda: clock.advance(AGE_S * 2), glance.forget):
        glance.at("n", lambda: 0)
        assert glance.known("n") == 0
        after()
        assert glance.known("n") is None


def test_light_views_are_drawn_first_and_heavy_ones_not_overtaken_for_ever() -> None:
    """A light one that came a little later goes first; one that came much later does not. Who gives up leaves no gap."""

    async def told() -> list[str]:
        turns, drawn = Turns(1), list[str]()

        async def draw(name: str, at: float, cost_s: float) -> None:
            async with turns.turn(at, cost_s):
                drawn.append(name)
                await asyncio.sleep(0)

        tasks = [
            asyncio.create_task(draw(*one))
            for one in (("first", 0.0, 1.0), ("heavy", 0.0, 1.0), ("gone", 0.0, 0.0), ("light", 0.1, 0.01), ("late", 9.0, 0.01))
        ]
        await asyncio.sleep(0)
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return drawn

    assert asyncio.run(told()) == ["first", "light", "heavy", "late"]
