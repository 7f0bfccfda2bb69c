"""Makes the operating system start the guard: at boot, at log-on, every five minutes, every morning.

For: `onbam install`, `uninstall`, `install --check`.
Promises: what is registered is generated from this installation's own paths and needs no editing; generating is pure, looking
changes nothing, putting the same twice changes nothing; a difference is shown before it is made.
Refuses: to know what runs: the system starts the guard, the guard starts the rest.
"""
