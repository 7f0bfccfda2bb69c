"""What is open about a program ends with the program, whichever guard hears of its end."""

from __future__ import annotations

from support.guarded import Guarded, Shops
from support.waiting import until


def taken_back(one: Guarded) -> bool:
    """Whether the notice about the robot's settings is over."""
    return any(told.resolves == "process.misconfigured:robot" for told in one.events("process.removed"))


def test_a_program_taken_out_of_the_settings_while_all_was_down_is_told_of_no_more(shop: Shops) -> None:
    """The guard that told of it is gone, the next one never met it: its notice stayed open, urgent, for ever."""
    one = shop()
    one.say("end 78")
    one.robot()
    one.robot("other")
    assert one.onbam("up")[0] == 1
    one.onbam("down")
    assert one.onbam("up")[0] == 1
    assert not taken_back(one)
    one.onbam("down")
    del one.sections["robot"]
    one.write()
    assert one.onbam("up")[0] == 0
    until(lambda: taken_back(one), what="the notice is over")
    one.onbam("down")
