"""Real servers that speak the real wire of the outside world.

For: the demo and the tests. Each simulator (supplier portal, ERP, Google Sheets) listens on a loopback port, refuses what the
real service would refuse, and misbehaves like it when told to.
Promises: seeded, so that a run can be repeated; the truth is readable at `/_sim/state`, faults are switched at `/_sim/faults`.
Refuses: to import anything of `onbam`, to listen on anything but loopback, to answer a request it does not understand kindly.
"""
