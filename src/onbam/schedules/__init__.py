"""Business hours, Korean holidays, cadences: pure due-time arithmetic.

For: "when is the next run", "was one missed", "is the shop open", asked by dispatch, guard and notices.
Promises: the same question and the same instant give the same answer on every PC; the next run is computed from now, so that
one missed tick never silences a schedule; clock changes and holidays have a rule that can be shown.
Refuses: to do the work itself, to read a clock, to wait.
"""
