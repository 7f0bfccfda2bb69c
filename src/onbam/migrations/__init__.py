"""How an old database becomes today's: Alembic's versions, one linear history.

For: `onbam.database.migrate`, which runs them at start.
Promises: each version stands for itself: what it does to an old database does not change when today's code does.
Refuses: to import anything of the product.
"""
