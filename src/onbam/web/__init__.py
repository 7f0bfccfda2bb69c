"""Pages, programming interface and live stream.

For: the dashboard people open in a browser or on a phone, and programs that ask the same questions.
Promises: a page and a command call the same capability and show the same words; every page says how fresh it is, and a lost
connection is seen at once; works in the shop's own network without any other host.
Refuses: to hold a rule of the business; to serve anything but this house's own state; to run a script a page did not name.
"""
