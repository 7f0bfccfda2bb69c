"""When and where work runs: due work meets capacity.

For: everything that is due (a schedule, a retry, a follow-up) and needs a place to run, on one PC or on a fleet.
Promises: due work runs once somewhere with capacity, tenants get their fair turn, a retry comes later and not in a storm, and
nothing due is forgotten across a restart.
Refuses: to know what the work is; to decide who may touch an item (claims do) or what must not happen twice (effects do).
Not yet: the local dispatcher for one PC and the distributed one on a PostgreSQL fleet.
"""
