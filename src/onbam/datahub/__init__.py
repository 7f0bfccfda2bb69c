"""One file other programs write, made safe to read.

For: the production database that the ERP replaces at any second, and everyone who reads it.
Promises: readers see a whole, checked, indexed snapshot or the one before it, never a half-written file; every number can say
which version it came from; lost indexes are healed.
Refuses: to write to the source file; to trust a file's date alone.
Not yet: fingerprints, settling, healing, published snapshots.
"""
