#!/usr/bin/env python3
"""A campaign of many days in shards whose processes are killed at random, joined and compared.

    python3 tests/engines/killed.py --sim target/release/sim --trials 100000 --of 64

A few shards at a time are played as a job array would: each is a process that finds its number in
its environment, and is started again until its file is there. While they run they are killed: half
of the time with SIGKILL, half with SIGTERM. Then the shards are joined, and their tables compared
with those of one undisturbed run, byte for byte, which is played beside them. What it took is
printed; both share the machine, so processor seconds tell more than seconds.

`--renumbered N` also joins N made-up trials (the shards' own, renumbered) in as many shards, to see
what joining takes. Nothing is left behind but what `--keep` names.
"""

import argparse
import filecmp
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLES = ["trials.csv", "campaign.csv", "trials.jsonl"]


class Ended:
    """How a process ended, and what it took."""

    def __init__(self, child, began):
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.code = child.returncode
        self.wall = time.monotonic() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.mib = usage.ru_maxrss / 1024


def finished(command, **more):
    began = time.monotonic()
    return Ended(subprocess.Popen(command, **more), began)


def done(child):
    """Whether a process has ended; it stays to be waited for."""
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class Campaign:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.random = random.Random(options.seed)
        self.starts, self.ended = 0, []
        self.killed = {signal.SIGKILL: 0, signal.SIGTERM: 0}
        self.slowest_stop = 0.0

    def command(self, *more):
        trials = ["--trials", str(self.options.trials)]
        return [self.options.sim, "run", str(self.options.scenario), *trials, "--quiet", *more]

    def start(self, shard):
        self.starts += 1
        words = self.command("--jobs", "1", "--out", str(self.folder / "shards"), "--shard", "auto")
        environment = {**os.environ, "JOB_COMPLETION_INDEX": str(shard - 1)}
        child = subprocess.Popen([*words, "--of", str(self.options.of)], env=environment)
        return child, time.monotonic()

    def play(self):
        """All shards, two at a time, each as often as it takes."""
        left, running = list(range(1, self.options.of + 1)), {}
        while left or running:
            while left and len(running) < self.options.at_once:
                shard = left.pop(0)
                child, began = self.start(shard)
                fate = self.random.expovariate(1 / self.options.kill_after)
                running[shard] = (child, began, began + fate)
            time.sleep(0.01)
            for shard, (child, began, until) in list(running.items()):
                if done(child):
                    self.end(shard, child, began, None, left)
                elif time.monotonic() >= until:
                    which = self.random.choice([signal.SIGKILL, signal.SIGTERM])
                    told = time.monotonic()
                    child.send_signal(which)
                    self.end(shard, child, began, (which, told), left)
                else:
                    continue
                del running[shard]

    def end(self, shard, child, began, told, left):
        ended = Ended(child, began)
        self.ended.append(ended)
        if told and ended.code != 0:
            which, when = told
            wanted = [130 if which == signal.SIGTERM else -signal.SIGKILL]
            # One that has hardly begun does not listen yet.
            wanted += [-which] if when - began < 1 else []
            assert ended.code in wanted, f"shard {shard} ended with {ended.code} after {which!r}"
            self.killed[which] += 1
            if which == signal.SIGTERM:
                self.slowest_stop = max(self.slowest_stop, time.monotonic() - when)
            left.append(shard)
            return
        assert ended.code == 0, f"shard {shard} ended with {ended.code}"

    def files(self):
        stem = Path(self.options.scenario).stem
        of = self.options.of
        names = [f"{stem}-shard-{shard}-of-{of}.jsonl" for shard in range(1, of + 1)]
        return [str(self.folder / "shards" / name) for name in names]


def renumbered(campaign, count):
    """As many shards with `count` trials in all: the rows that there are, over and over."""
    folder = campaign.folder / "renumbered"
    folder.mkdir()
    of, rows, headers = campaign.options.of, [], []
    for path in campaign.files():
        with open(path) as file:
            headers.append(json.loads(next(file)))
            rows.extend(line.split(",", 1)[1] for line in file)
    files = []
    for shard, header in enumerate(headers):
        header["trials"] = count
        path = folder / f"{shard}.jsonl"
        with open(path, "w") as file:
            file.write(json.dumps(header) + "\n")
            for trial in range(count * shard // of, count * (shard + 1) // of):
                file.write(f'{{"trial":{trial},{rows[trial % len(rows)]}')
        files.append(str(path))
    return files


def told(what, ended):
    print(f"{what}: {ended.wall:.1f} s, {ended.cpu:.1f} CPU s, {ended.mib:.0f} MiB at the most")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sim", required=True)
    parser.add_argument("--scenario", default=str(HERE / "small-day.yaml"))
    parser.add_argument("--trials", type=int, default=100_000)
    parser.add_argument("--of", type=int, default=64)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--kill-after", type=float, default=8.0, help="seconds, on average")
    parser.add_argument("--renumbered", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--keep", help="a folder that stays")
    options = parser.parse_args()
    options.sim = str(Path(options.sim).resolve())
    print(f"seed {options.seed}: {options.trials} days in {options.of} shards", flush=True)
    folder = Path(options.keep or tempfile.mkdtemp(prefix="sim-killed-"))
    try:
        campaign = Campaign(options, folder)
        began = time.monotonic()
        whole = ["--jobs", str(options.at_once), "--out", str(folder / "whole")]
        undisturbed = subprocess.Popen(campaign.command(*whole))
        campaign.play()
        wall = time.monotonic() - began
        cpu, most = sum(e.cpu for e in campaign.ended), max(e.mib for e in campaign.ended)
        kills = campaign.killed
        print(
            f"shards: {wall:.1f} s, {cpu:.1f} CPU s, {most:.0f} MiB at the most; "
            f"{campaign.starts} starts, {kills[signal.SIGKILL]} ended by SIGKILL, "
            f"{kills[signal.SIGTERM]} by SIGTERM (the slowest in {campaign.slowest_stop:.2f} s)",
            flush=True,
        )
        left = [p.name for p in (folder / "shards").iterdir() if str(p) not in campaign.files()]
        assert not left, f"files are left: {left}"
        merge = [options.sim, "merge", "--quiet", "--out"]
        ended = finished([*merge, str(folder / "merged"), *campaign.files()])
        assert ended.code == 0, f"sim merge ended with {ended.code}"
        told("merge", ended)
        ended = Ended(undisturbed, began)
        assert ended.code in (0, 3, 99), f"the one run ended with {ended.code}"
        told("one run of all, beside them", ended)
        for table in TABLES:
            pair = folder / "merged" / table, folder / "whole" / table
            assert filecmp.cmp(*pair, shallow=False), f"{table} differs from that of one run"
        with open(folder / "merged" / "trials.csv") as file:
            days = sum(1 for _ in file) - 1
        print(f"days lost: {options.trials - days}; the bytes of one run: {', '.join(TABLES)}")
        if options.renumbered:
            files = renumbered(campaign, options.renumbered)
            ended = finished([*merge, str(folder / "million"), *files])
            assert ended.code == 0, f"sim merge ended with {ended.code}"
            told(f"merge of {options.renumbered} made-up trials", ended)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    try:
        main()
    except AssertionError as wrong:
        sys.exit(f"killed: {wrong}")
