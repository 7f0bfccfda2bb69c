"""Benchmarks: what the product costs, measured the same way every time, beside its peers.

For: `onbam bench`, and everyone who is about to claim that something is fast or small.
Promises: warm-up before counting, medians with their spread, peers in the same run and in turns with the subject, so that a
busy machine is busy for both; every result carries the facts of the machine it was measured on.
Refuses: a figure without its spread; a best-of; a peer's figure from its own advertisement.
"""
