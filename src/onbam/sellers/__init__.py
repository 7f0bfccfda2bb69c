"""Sellers: who they are and the keys they lent us.

For: everything that works on behalf of one seller among many.
Promises: credentials are stored encrypted and can be turned over to a new key; one seller's trouble stops that seller only.
Refuses: to show a credential after it was entered; to know what is done with it.
Not yet: the list of sellers and their encrypted credentials.
"""
