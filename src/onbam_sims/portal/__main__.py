"""`python -m onbam_sims.portal --port 5090 --seed 7`: the dealer site by hand.

For: people, and the demo's child process.
Promises: the same options as the object has; prints one line with its address.
Refuses: unknown options, with the list of the known ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from onbam_sims.portal import ENCODINGS, LAYOUTS, Plan, PortalSimulator
from onbam_sims.portal.simulator import LOGGED_OUT_STYLES
from onbam_sims.serving import serve

DEFAULT_PORT = 5090


def parser() -> argparse.ArgumentParser:
    """The options."""
    out = argparse.ArgumentParser("onbam_sims.portal", description="A supplier's dealer site, simulated.")
    out.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 = any free one")
    out.add_argument("--seed", type=int, default=0)
    out.add_argument("--orders", type=int, default=20, help="how many orders there will be")
    out.add_argument("--at-start", type=int, default=None, help="how many are there at once (default: all)")
    out.add_argument("--per-second", type=float, default=0.0, help="how fast the others arrive")
    out.add_argument("--days", type=int, default=1, help="over how many days the first ones are spread")
    out.add_argument("--edits", type=int, default=0)
    out.add_argument("--cancels", type=int, default=0)
    out.add_argument("--change-after", type=float, default=60.0, help="seconds until a change comes, at the latest")
    out.add_argument("--layout", choices=LAYOUTS, default="date")
    out.add_argument("--encoding", choices=ENCODINGS, default="euc-kr")
    out.add_argument("--document-encoding", choices=ENCODINGS, default=None)
    out.add_argument("--user", default="onbam")
    out.add_argument("--password", default="night-desk")
    out.add_argument("--session-minutes", type=float, default=30.0)
    out.add_argument("--logged-out-style", choices=LOGGED_OUT_STYLES, default="page")
    out.add_argument("--faults", default="", help="what one would post to /_sim/faults, as JSON")
    return out


def build(options: argparse.Namespace) -> PortalSimulator:
    """The simulator these options describe."""
    plan = Plan(
        orders=options.orders,
        at_start=options.at_start,
        per_second=options.per_second,
        days=options.days,
        edits=options.edits,
        cancels=options.cancels,
        change_after_s=options.change_after,
    )
    return PortalSimulator(
        seed=options.seed,
        plan=plan,
        layout=options.layout,
        encoding=options.encoding,
        document_encoding=options.document_encoding,
        user=options.user,
        password=options.password,
        session_minutes=options.session_minutes,
        logged_out_style=options.logged_out_style,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop."""
    options = parser().parse_args(argv)
    return serve(build(options), options.port, options.faults)


if __name__ == "__main__":
    sys.exit(main())
