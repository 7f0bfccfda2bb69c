"""Where secrets rest: encrypted in a file, in the operating system's key ring, or encrypted inside the database.

For: `onbam secret …`, the settings (which ask here for every secret nothing else gave), and rooms that store other people's
secrets (sellers' keys, the shared ERP session) through `Cipher`.
Promises: a secret is never printed, listed or logged; a wrong key and a tampered text are told apart and told clearly; the key
can be changed without asking anybody to register again, and an interrupted change loses nothing.
Refuses: to invent a key silently when encrypted things exist already; to protect against whoever can read both the key and
the file: keep the key elsewhere when that matters.
"""
