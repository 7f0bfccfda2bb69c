"""A campaign that is ended leaves nobody behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil

from support.children import child
from support.waiting import until


def test_a_killed_campaign_leaves_no_helper_behind(tmp_path: Path) -> None:
    """Its helping processes end with it, also when it had no time to tell them."""
    command = [sys.executable, "-m", "onbam", "--home", str(tmp_path), "simulate", "--seeds", "20000", "--jobs", "2", "--json"]
    with child(command, stdout=subprocess.DEVNULL) as campaign:
        try:
            seen = psutil.Process(campaign.pid)
            until(lambda: len(helpers(seen)) == 2, what="both help")
            two = helpers(seen)
        finally:
            campaign.kill()
    until(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in two), what="both are gone")


def helpers(campaign: psutil.Process) -> list[psutil.Process]:
    """Its helping processes, once they work: more than the time a start takes."""
    found = [one for one in campaign.children() if "multiprocessing-fork" in " ".join(one.cmdline())]
    return [one for one in found if len(one.threads()) > 1]
