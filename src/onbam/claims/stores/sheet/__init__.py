"""Claims decided in a Google Sheet, for a shop without any server.

For: several PCs whose only common ground is one spreadsheet.
Promises: every turn is one appended row that names what it saw; the rows in their order, read by the same rule on every PC, say
who won. Nobody acts before having read its own row back in its place.
Refuses: to trust that two overlapping writes exclude each other; to work when the sheet cannot be reached.
"""
