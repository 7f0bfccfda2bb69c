"""Who works on what: items, leases and tokens, so that any number of PCs never work on the same item twice.

For: every room whose work is found by several PCs at once.
Promises: one holder at a time, decided by the store's clock; each write repeats its fence; `completed` is remembered for ever;
an item whose effect may have happened is never given out again by itself.
Refuses: to know what an order is; to guess; to let a claim through when its store cannot be reached.
"""
