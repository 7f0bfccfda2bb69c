"""Histories that never happened yet: many PCs on one seeded schedule, with everything that can go wrong, judged afterwards.

For: `onbam simulate`, the simulation ring of the tests, and everyone who changes how claims or effects work.
Promises: the real claim stores and the real effect ledger run, only time, chance and the outside are pretended; the same seed
tells the same history; a history that breaks a promise is told as a short story; each protection can be taken away here, to
see the judges notice.
Refuses: to be used by the product: no switch that makes anything unsafe exists outside this room.
"""
