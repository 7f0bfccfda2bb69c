"""Each protection is needed: without it the judges find what it prevents, within a thousand seeds."""

from __future__ import annotations

from contextlib import closing

import pytest

from onbam.simulate.campaign import Ask, Runs, story_of
from onbam.simulate.checkers import Rule
from onbam.simulate.plan import EVERY, Fault, drawn
from onbam.simulate.protections import Protection

SEEDS = 1000
DOUBLE = {Rule.ONE_SLIP, Rule.NO_STALE_WRITE, Rule.COMPLETED_STAYS}
"""What a missing protection lets through."""
ALLOWED = {Protection.START: {Fault.NAP, Fault.DECLARED, Fault.HASTY}}
"""Where only few of all days show it: days on which mostly that goes wrong."""
NEAR = {Protection.MARGIN: 440}
"""Where to begin to look, when few days of all show it: the others are looked at when it is not found from there on."""


@pytest.mark.parametrize(
    ("off", "store", "rule"),
    [
        (Protection.FENCE, "memory", Rule.NO_STALE_WRITE),
        (Protection.CONDITION, "memory", Rule.NO_STALE_WRITE),
        (Protection.CONDITION, "sqlite", Rule.NO_STALE_WRITE),
        (Protection.MARGIN, "memory", Rule.ONE_SLIP),
        (Protection.START, "memory", Rule.ONE_SLIP),
        (Protection.RECONCILE, "memory", Rule.ONE_SLIP),
        (Protection.SECOND_GATE, "sheets", Rule.ONE_SLIP),
    ],
)
def test_without_it_the_judges_find_a_violation(off: Protection, store: str, rule: Rule) -> None:
    """The first seed found to break a rule breaks the one this protection is there for."""
    with closing(Runs(store, off)) as runs:
        near = NEAR.get(off, 0)
        plans = (drawn(seed, ALLOWED.get(off, EVERY)) for seed in (*range(near, SEEDS), *range(near)))
        found = next((outcome for plan in plans if not (outcome := runs.run(plan)).good), None)
    assert found is not None, f"{SEEDS} seeds without {off}, and nobody noticed"
    assert rule in {violation.rule for violation in found.violations}


def test_a_violation_is_told_as_a_short_story() -> None:
    """Made smaller, with who did what when, and with the broken rule at its end."""
    with closing(Runs("memory", Protection.CONDITION)) as runs:
        seed = next(seed for seed in range(SEEDS) if not runs.run(drawn(seed)).good)
        first = runs.run(drawn(seed))
    outcome, story = story_of(Ask("memory", [seed], off=Protection.CONDITION), seed)
    assert {v.rule for v in outcome.violations} & {v.rule for v in first.violations}
    assert len(outcome.record) < len(first.record)
    assert story.startswith(f"seed {seed}: {outcome.plan.agents} PCs")
    assert "store.claim_over" in story
    assert story.splitlines()[-1].startswith("BROKEN ")
