"""The schedule: one strand at a time, the same for a seed, on a clock that costs nothing."""

from __future__ import annotations

import threading

import pytest

from onbam.kernel.chance import Chance
from onbam.simulate.machines import EPOCH, Machine
from onbam.simulate.scheduler import FOREVER, Bell, Crashed, Process, Scheduler, Stuck


def order_of(seed: int) -> list[str]:
    """Who ran when, for three strands whose moments fall together."""
    scheduler = Scheduler(Chance(seed))
    told: list[str] = []

    def body(name: str) -> None:
        for _ in range(20):
            scheduler.pause(1.0)
            told.append(name)

    for name in "abc":
        scheduler.spawn(Process(name), name, lambda name=name: body(name))
    scheduler.run()
    return told


def test_a_seed_tells_one_order() -> None:
    """Equal moments are drawn from the seed: the same seed the same order, another seed another one."""
    assert order_of(1) == order_of(1)
    assert order_of(1) != order_of(2)


def test_exactly_one_strand_runs() -> None:
    """Between two waits nobody else does anything."""
    scheduler = Scheduler(Chance(3))
    inside: list[int] = []
    most: list[int] = []

    def body() -> None:
        for _ in range(200):
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            scheduler.pause(0.0)

    for name in "abcd":
        scheduler.spawn(Process(name), name, body)
    scheduler.run()
    assert (max(most), len(most)) == (1, 800)


def test_a_night_passes_at_once() -> None:
    """Waits cost no real time, and both clocks of a PC tell how long it was."""
    scheduler = Scheduler(Chance(1))
    machine = Machine(scheduler, "PC-A", 0)
    seen: list[float] = []

    def body() -> None:
        began = machine.clock.monotonic()
        machine.clock.wait(8 * 3600)
        seen.extend([machine.clock.monotonic() - began, (machine.clock.now() - EPOCH).total_seconds()])

    scheduler.spawn(machine.boot()[0], "sleeper", body)
    scheduler.run()
    assert seen == [8 * 3600, 8 * 3600]


def test_a_wait_ends_when_its_event_is_set() -> None:
    """Both kinds of events: ours, and any other one."""
    for event in (Bell, lambda _: threading.Event()):
        scheduler = Scheduler(Chance(1))
        stop = event(scheduler)
        seen: list[tuple[bool, float]] = []

        def waits(scheduler: Scheduler = scheduler, stop: threading.Event = stop, seen: list = seen) -> None:
            seen.append((scheduler.pause(1000.0, stop), scheduler.now_s))

        def sets(scheduler: Scheduler = scheduler, stop: threading.Event = stop) -> None:
            scheduler.pause(5.0)
            stop.set()

        scheduler.spawn(Process("a"), "a", waits)
        scheduler.spawn(Process("b"), "b", sets)
        scheduler.run()
        assert seen == [(True, 5.0)]


def test_a_killed_process_does_nothing_more() -> None:
    """Its strands end where they are, also those that try to clear up by calling outside."""
    scheduler = Scheduler(Chance(1))
    process = Process("PC-A#1")
    told: list[str] = []

    def cleans_up() -> None:
        try:
            scheduler.pause(10.0)
            told.append("went on")
        finally:
            told.append("unwound")
            scheduler.pause(1.0)
            told.append("cleared up")

    def kills() -> None:
        scheduler.pause(5.0)
        scheduler.kill(process)

    scheduler.spawn(process, "a", cleans_up)
    scheduler.spawn(process, "b", cleans_up)
    scheduler.spawn(Process("c"), "c", kills)
    scheduler.run()
    assert told == ["unwound", "unwound"]
    with pytest.raises(Crashed):
        process.check()


def test_a_frozen_process_goes_on_later_and_its_messages_arrive_meanwhile() -> None:
    """Frozen for a minute in the middle of a second's wait; what was on its way arrived in time."""
    scheduler = Scheduler(Chance(1))
    process = Process("PC-A#1")
    told: list[tuple[str, float]] = []

    def body() -> None:
        scheduler.at(1.0, lambda: told.append(("arrived", scheduler.now_s)))
        scheduler.freeze(process, 60.0)
        scheduler.pause(2.0)
        told.append(("awake", scheduler.now_s))

    scheduler.spawn(process, "a", body)
    scheduler.run()
    assert told == [("arrived", 1.0), ("awake", 60.0)]


def test_an_unforeseen_error_ends_the_history_and_is_told() -> None:
    """Whoever runs the history gets the error; the others are unwound."""
    scheduler = Scheduler(Chance(1))
    unwound: list[bool] = []

    def waits() -> None:
        try:
            scheduler.pause(100.0)
        finally:
            unwound.append(True)

    def breaks() -> None:
        scheduler.pause(1.0)
        raise KeyError("nobody foresaw this")

    scheduler.spawn(Process("a"), "a", waits)
    scheduler.spawn(Process("b"), "b", breaks)
    with pytest.raises(KeyError, match="nobody foresaw this"):
        scheduler.run()
    assert unwound == [True]


def test_strands_that_wait_for_each_other_are_named() -> None:
    """Nobody will ever go on: said at once, not after a time-out."""
    scheduler = Scheduler(Chance(1))
    scheduler.spawn(Process("a"), "a", lambda: scheduler.pause(FOREVER))
    with pytest.raises(Stuck, match="wait for each other"):
        scheduler.run()


def test_a_history_without_an_end_is_named() -> None:
    """More steps than any history needs."""
    scheduler = Scheduler(Chance(1), steps_max=500)

    def body() -> None:
        while True:
            scheduler.pause(1.0)

    scheduler.spawn(Process("a"), "a", body)
    with pytest.raises(Stuck, match="no end after 501 steps"):
        scheduler.run()


def test_a_strand_that_keeps_the_baton_is_named_with_its_place() -> None:
    """A real lock taken across a wait would hang for ever; the history says who and where."""
    scheduler = Scheduler(Chance(1), stuck_s=0.2)
    lock = threading.Lock()
    lock.acquire()
    scheduler.spawn(Process("a"), "PC-A#1 agent", lock.acquire)
    with pytest.raises(Stuck, match="PC-A#1 agent keeps the baton"):
        scheduler.run()
    lock.release()


@pytest.mark.parametrize(("counts", "slept"), [(True, 30.0), (False, 0.0)])
def test_some_clocks_do_not_count_sleep(counts: bool, slept: float) -> None:
    """A PC's monotonic clock may stand still while it sleeps; its wall clock does not."""
    scheduler = Scheduler(Chance(1))
    machine = Machine(scheduler, "PC-A", 0, counts_sleep=counts)
    began = machine.clock.monotonic()
    if not machine.counts_sleep:
        machine.slept_s += 30.0
    scheduler.now_s += 30.0
    assert machine.clock.monotonic() - began == slept
    assert (machine.clock.now() - EPOCH).total_seconds() == 30.0
