"""The marketplace: products of one seller, through that seller's own keys.

For: reading and writing a seller's products.
Promises: the rate headers are read and obeyed; a punishment (one call an hour) is recognised and waited out; tokens are asked
for in the form body only.
Refuses: to repeat a call the marketplace called wrong; to share one seller's token with another.
Not yet: contract, client and fake.
"""
