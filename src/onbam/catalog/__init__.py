"""Products of many sellers, kept the same here and there.

For: each seller's schedule, the synchronisation run, and its log.
Promises: sellers take fair turns; a failed part is tried again without the rest; rejected keys stop that seller and tell a
person; the outside's rate limits and punishments are respected across all PCs.
Refuses: to import a business room other than sellers; to try a rejected key again by itself.
Not yet: seller schedules, the synchronisation, its history.
"""
