"""The history of the schema: one straight line of steps, each a file in `versions/`.

For: `onbam.database.migrate`, which runs the steps a database has not had yet, at every start.
Promises: a step that was released never changes; each is written for SQLite, PostgreSQL and MySQL/MariaDB.
Refuses: ways back (the backup before each upgrade is the way back), importing anything of the product: a step must mean the
same in five years.
"""
