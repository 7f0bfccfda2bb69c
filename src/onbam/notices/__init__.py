"""What a person must know: one open notice per cause, in both languages, gone by itself when the cause is gone.

For: every room that meets trouble a person should hear of; the inbox on the dashboard; the channels that carry it outside.
Promises: the same cause opens one notice however often it is met, with first, last and count; a resolved notice stays readable;
each opening and resolving is a line in the journal.
Refuses: secrets in a text; to decide when to wake somebody: that is the channels' business.
"""
