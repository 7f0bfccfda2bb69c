"""Helps the person who looks after Onbam: check-ups, a bundle for support, the first settings.

For: `onbam doctor`, `onbam support bundle`, `onbam init`, `onbam config show`; later the help pages.
Promises: a check-up ends in bounded time and names a fix for everything that is not right; nothing secret leaves the PC; a file
a person wrote is never overwritten.
Refuses: to repair by itself what a person should understand first.
"""
