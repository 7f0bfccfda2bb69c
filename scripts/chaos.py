"""Half an hour of accidents: one demo after the other, each with its own seed, and one sum in the end.

For: whoever wants to see that nothing is entered twice, also in the hundredth accident.
Promises: every run is a whole demo of real programs that are killed, hung, cut off and put to sleep until all orders are done;
what each came to is shown as it ends; exit code 1 when a single order was entered twice or lost, or a run did not end.
Refuses: to end a run before its orders are done: the last one may take the time over.

    .venv/bin/python scripts/chaos.py --minutes 30 --orders 60
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from typing import Any

SUMMED = ("orders", "completed", "uncertain", "parked", "cancelled", "open", "slips", "duplicates", "lost", "kills")


def main() -> int:
    """Run after run, then the sum."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--minutes", type=float, default=30.0)
    words.add_argument("--orders", type=int, default=60, help="of each run")
    words.add_argument("--machines", type=int, default=3)
    words.add_argument("--seed", type=int, default=1, help="of the first run; the next ones follow")
    words.add_argument("--chaos", default="", help="the demo's own choice when empty")
    words.add_argument("--json", action="store_true")
    given = words.parse_args()
    begun_s = time.monotonic()
    total: Counter[str] = Counter()
    bad: list[int] = []
    seed = given.seed
    while time.monotonic() - begun_s < given.minutes * 60:
        facts = one(seed, given.orders, given.machines, given.chaos)
        if facts is None or facts["duplicates"] or facts["lost"] or facts["open"]:
            bad.append(seed)
        total.update({name: int((facts or {}).get(name, 0)) for name in SUMMED})
        total["runs"] += 1
        shown = "did not end" if facts is None else ", ".join(f"{name} {facts[name]}" for name in SUMMED)
        print(f"seed {seed}: {shown}", file=sys.stderr, flush=True)
        seed += 1
    sums = {"runs": total["runs"], **{name: total[name] for name in SUMMED}}
    answer = {**sums, "minutes": round((time.monotonic() - begun_s) / 60, 1), "bad_seeds": bad}
    print(json.dumps(answer) if given.json else "\n".join(f"{name}: {value}" for name, value in answer.items()))
    return 1 if bad else 0


def one(seed: int, orders: int, machines: int, chaos: str) -> dict[str, Any] | None:
    """One demo; nothing when it said nothing that can be counted."""
    command = [sys.executable, "-m", "onbam", "--lang", "en", "demo", "--json", "--until-done", "--no-web"]
    command += ["--seed", str(seed), "--orders", str(orders), "--machines", str(machines)]
    done = subprocess.run([*command, *(["--chaos", chaos] if chaos else [])], capture_output=True, text=True, check=False)
    try:
        facts = json.loads(done.stdout)
    except ValueError:
        print(done.stderr[-1000:], file=sys.stderr)
        return None
    return facts if isinstance(facts, dict) else None


if __name__ == "__main__":
    sys.exit(main())
