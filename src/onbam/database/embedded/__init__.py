"""Our own PostgreSQL: the programs of a wheel, started by us, shared by every Onbam process of this PC.

For: a shop whose URL is `embedded`, the tests, and the fleet's first PC before there is a server.
Promises: no root server, no new accounts, no changed rights of other folders; passwords and a private socket; kill -9 loses no
committed row; whoever comes first starts it, the others find it.
Refuses: the wheel's own launcher (it fails on folders with spaces and takes a dead server for a living one); the data of
another version.
"""
