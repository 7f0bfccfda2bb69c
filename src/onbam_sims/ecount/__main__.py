"""`python -m onbam_sims.ecount --port 5091 --seed 7`: the ERP by hand.

For: people, and the demo's child process.
Promises: the same options as the object has; prints one line with its address.
Refuses: unknown options, with the list of the known ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from onbam_sims.ecount import EcountSimulator, Form, Options, catalogue_products
from onbam_sims.ecount.replies import EXPIRED_SHAPES, LOGIN_SHAPES, RESULT_SHAPES
from onbam_sims.serving import serve

DEFAULT_PORT = 5091


def parser() -> argparse.ArgumentParser:
    """The options."""
    out = argparse.ArgumentParser("onbam_sims.ecount", description="An ERP, simulated.")
    out.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 = any free one")
    out.add_argument("--seed", type=int, default=0)
    out.add_argument(
        "--time-scale", type=float, default=1.0, help="how much faster the rate windows run (20: ten seconds are half a one)"
    )
    out.add_argument("--session-seconds", type=float, default=3600.0)
    out.add_argument("--login-shape", choices=LOGIN_SHAPES, default="data")
    out.add_argument("--expired-shape", choices=EXPIRED_SHAPES, default="4010")
    out.add_argument("--result-shape", choices=(*RESULT_SHAPES, "mixed"), default="array")
    out.add_argument("--over-limit", choices=("412", "302"), default="412")
    out.add_argument(
        "--catalogue-only", action="store_true", help="refuse product codes that the seed's catalogue does not have"
    )
    out.add_argument("--faults", default="", help="what one would post to /_sim/faults, as JSON")
    return out


def build(options: argparse.Namespace) -> EcountSimulator:
    """The simulator these options describe."""
    form = Form(products=catalogue_products(options.seed) if options.catalogue_only else None)
    how = Options(
        session_s=options.session_seconds,
        login_shape=options.login_shape,
        expired_shape=options.expired_shape,
        result_shape=options.result_shape,
        over_limit=options.over_limit,
        form=form,
    )
    return EcountSimulator(seed=options.seed, options=how, time_scale=options.time_scale)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop."""
    options = parser().parse_args(argv)
    return serve(build(options), options.port, options.faults)


if __name__ == "__main__":
    sys.exit(main())
