"""One healthy process group per machine.

For: starting, watching, restarting and stopping the programs of this PC, from boot on.
Promises: one guard per machine (an operating-system lock, never a file to be deleted by hand); a child is judged by its
progress, not by mere life; evidence is saved before anything is killed; only the guard's own tree is ever killed, never a name.
Refuses: to import anything but the standard library, psutil and the kernel: it must start when the application cannot.
"""
