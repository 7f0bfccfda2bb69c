"""The append-only record of every change of state: what, of which thing, by whom, why, when.

For: the live board, history, audit and "why?"; the only source for each of them.
Promises: a line is written in the same transaction as the change it tells of; a reader that follows positions misses no line
and sees none twice, whatever the writers do at the same time; old days are rolled up before they are removed.
Refuses: to decide anything; to hold a secret; to be edited.
"""
