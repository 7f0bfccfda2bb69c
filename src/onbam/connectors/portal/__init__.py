"""The supplier's portal: the order ledger and the documents behind it.

For: finding orders and fetching each one's document.
Promises: reads only; a changed page is reported with the page kept as evidence, never guessed at.
Refuses: to decide which order is worked on.
"""
