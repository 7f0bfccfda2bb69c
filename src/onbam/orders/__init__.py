"""Purchase orders: from the supplier's ledger into the ERP, every one once.

For: the flow ledger → document → order form → slip → receipt, step by step, each step leaving its evidence.
Promises: an order that was entered is never entered again; a later attempt goes on from the last evidence that is still valid;
an unreadable document stops in front of a person instead of becoming a wrong slip.
Refuses: to import another business room; to call the ERP except through the effect ledger.
"""
