"""The command line: draws what the rooms say and passes on what a person wants.

For: people at a terminal and scripts (`--json` on every read).
Promises: help and errors in Korean and English; `--help` answers without building anything; exit codes 0 done, 1 refused or
failed, 2 wrong usage, 78 misconfigured; colour only on a terminal.
Refuses: rules. A command calls one capability of a room and shows what came back.
"""
