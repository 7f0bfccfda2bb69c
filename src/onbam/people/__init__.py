"""Who may come in, through which door, and what they may do.

For: the pages and the programming interface; `onbam web user …`.
Promises: passwords are kept as argon2 only; what opens a door (session, token, one-time link) is kept as its hash, so that a
stolen copy of the database opens nothing; every change of a person or a key is a line in the journal.
Refuses: to guess: an unknown name costs as long as a wrong password; a role that is not written down may do nothing.
"""
