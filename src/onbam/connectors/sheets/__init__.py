"""Google Sheets: rows people can see and edit.

For: the shop's own spreadsheet as a store of claims, a live board and a remote control.
Promises: one shared budget of requests for all PCs of an account; many rows a call; a time-out after sending is reported as unknown.
Refuses: full reads on the hot path; to treat a sheet as a database that can compare and set.
Not yet: contract, client and fake.
"""
