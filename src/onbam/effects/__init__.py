"""Acts that cannot be undone: written down before they are done, done under a lease that outlasts them, proven afterwards.

For: every step that leaves something in the outside world which must not be there twice.
Promises: an intent is committed before anything is sent; a key that has a receipt is never sent again; what is not known is
never tried again before a proof or a person has spoken; a receipt is written down whenever it comes, also too late.
Refuses: to call the outside by itself, to guess from a time-out, to settle a doubt while the call may still be on its way.
"""
