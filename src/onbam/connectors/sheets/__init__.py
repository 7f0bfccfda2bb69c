"""Google Sheets: rows people can see and edit.

For: the shop's own spreadsheet as a store of claims, a live board and a remote control.
Promises: many rows in one call, all or none; one budget of requests; a write whose answer was lost is `OutcomeUnknown` and is
never sent again by itself; time-outs on everything; Google's own clock, read from its answers.
Refuses: to say who wins a race. Google offers no compare-and-set; what that means is the claim store's business.
"""
