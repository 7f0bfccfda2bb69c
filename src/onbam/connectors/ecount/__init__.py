"""The ERP: purchase slips.

For: entering a slip and, where the ERP allows it, asking whether one is there.
Promises: a call that may have reached the ERP and was not answered is reported as unknown, never as failed; our key travels
in a field a person can search.
Refuses: to send the same slip a second time by itself.
"""
