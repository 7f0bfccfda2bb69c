"""What differs between the databases, one module each; nothing outside this folder asks which one it is without need.

For: `engine.py`.
Promises: each module offers `connect`, `now_ms`, `classify` and `inspect`; a driver is imported only when its URL is used.
Refuses: business, and statements of other rooms.
"""
