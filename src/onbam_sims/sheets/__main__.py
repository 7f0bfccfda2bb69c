"""`python -m onbam_sims.sheets`: a Google Sheets of one's own, until Ctrl-C.

For: trying things by hand; `onbam sim sheets` calls the same `main`.
Promises: prints the address, the spreadsheet's id and where the credential file is.
Refuses: to listen on anything but loopback.
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Sequence

from onbam_sims.serving import end_with_parent
from onbam_sims.sheets.quota import PER_PROJECT, PER_USER, Limits
from onbam_sims.sheets.simulator import DEFAULT_ACCOUNT, SheetsSimulator


def main(arguments: Sequence[str] | None = None, *, wait: Callable[[], object] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="onbam sim sheets", description="A Google Sheets simulator on this machine.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--seed", type=int, default=0, help="one seed misbehaves in one way")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="how long every request takes")
    parser.add_argument("--title", default="Onbam", help="the title of the first spreadsheet")
    parser.add_argument("--spreadsheet-id", default=None, help="its id; drawn from the seed when not given")
    parser.add_argument("--per-minute", type=int, default=PER_USER, metavar="N", help="reads and writes of an account")
    chosen = parser.parse_args(arguments)
    limits = Limits(chosen.per_minute, max(PER_PROJECT, chosen.per_minute))
    simulator = SheetsSimulator(seed=chosen.seed, latency_s=chosen.latency, limits=limits)
    simulator.start(chosen.port)
    end_with_parent()
    try:
        spreadsheet_id = simulator.service.create(chosen.title, spreadsheet_id=chosen.spreadsheet_id)
        simulator.service.share(spreadsheet_id, DEFAULT_ACCOUNT)
        print(f"sheets          {simulator.url}")
        print(f"spreadsheet     {spreadsheet_id}   (shared with {DEFAULT_ACCOUNT})")
        print(f"service account {simulator.url}/_sim/service-account.json")
        print(f"truth           {simulator.url}/_sim/state")
        print(f"faults          {simulator.url}/_sim/faults", flush=True)
        (wait or threading.Event().wait)()
    except KeyboardInterrupt:
        return 0
    finally:
        simulator.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
