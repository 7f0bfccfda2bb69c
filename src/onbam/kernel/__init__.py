"""What every room stands on: clock, chance, ids, errors, words, settings, services, checks.

For: the few ideas the whole product shares, written once and boringly.
Promises: standard library only, so that the guard can start on it when nothing else can; no business word; no side
effects at import.
Refuses: to know an order, a seller or a screen; to read the clock, chance or the environment anywhere else but here.
"""
