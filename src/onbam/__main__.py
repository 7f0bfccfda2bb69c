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

    text = HEALTHY.to(homes.peek_language(homes.environment(), home))
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.buffer.write(text.encode(encoding, "replace") + b"\n")
    return True


if __name__ == "__main__":
    main()
