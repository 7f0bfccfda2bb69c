"""The outside world, one folder for each system.

For: the rooms that need something from outside; they see a contract (a protocol and its records), never a wire.
Promises: every connector has `contract.py`, `client.py` (the real one) and `fake.py` (an in-process double), and the last two
pass the same tests; trouble comes out as one of the kernel's errors, sorted by what to do next.
Refuses: to leak exceptions of a driver or an HTTP library; to know another connector; to know what the answer is used for.
"""
