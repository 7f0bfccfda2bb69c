"""The steps, `NNNN_what_it_does.py`; write the next one with `python scripts/new_migration.py what_it_does`."""
