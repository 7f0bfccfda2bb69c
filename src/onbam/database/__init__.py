"""One database behind every room: SQLite on one PC, PostgreSQL or MySQL/MariaDB for many.

For: the rooms that keep state; they write SQLAlchemy Core against `schema.metadata` and never see a driver.
Promises: a committed row survives a kill and a power cut; the schema is upgraded once, however many processes start together;
a newer schema, a damaged file, a full disk and a lost server each get their own clear text; a password is never shown.
Refuses: an ORM, a network share under SQLite, a database that would lose letters, deciding anything about business.
"""
