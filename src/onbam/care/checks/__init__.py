"""The checks that belong to no other room: this PC, its clock, its ports, the shop's files.

For: the doctor.
Promises: each is a function of values it is given, so that every finding can be shown in a test.
Refuses: to change what it looks at.
"""
