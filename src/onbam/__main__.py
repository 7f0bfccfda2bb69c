"""The command `onbam`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    if sys.argv[-1:] == ["ensure"] and _all_is_well():
        return
    from onbam.cli.main import run

    sys.exit(run(sys.argv[1:]))


def _all_is_well() -> bool:
    """Answer what the system asks every few minutes for ever, without the command line that nearly always is not needed."""
    from onbam.guard.glance import all_is_well

    home = all_is_well(sys.argv[1:])
    if home is None:
        return False
    from onbam.cli.guard_words import HEALTHY
    from onbam.kernel import home as homes

    reconfigure = getattr(sys.stdout, "reconfigure", None)  # a program without a console has no standard output
    if reconfigure is not None:
        reconfigure(errors="replace")
    print(HEALTHY.to(homes.peek_language(homes.environment(), home)))  # noqa: T201 -- the command line's own voice
    return True


if __name__ == "__main__":
    main()
