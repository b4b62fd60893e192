#!/usr/bin/env python3
"""Tortures the program and says what failed.

    tests/torture/torture.py --sim target/debug/sim --seconds 60 [--seed 1] [--only kills,stdout]
    tests/torture/torture.py --full                  every kind as often as FULL says: hours

With --seconds each kind gets an equal share of the time. A failure is a panic, a program that does
not stop within a few seconds of being told to, an abort for memory (2 GiB), a file that is
half-written under its final name, a finished result that is lost, a foreign file that is changed,
an error that is not told, or an escape sequence that reaches the terminal. Ends with exit code 1
if there was one. Disks are small ones of their own where it may mount them (as root).
"""

import argparse
import os
import sys
import tempfile
import time

import common
import disks
import endings
import inputs
import network
import outputs

KINDS = {
    "damaged": inputs.damaged, "absurd": inputs.absurd, "paths": inputs.paths,
    "bombs": inputs.bombs, "kills": endings.kills, "rooms": endings.rooms,
    "resumed": endings.resumed, "twice": endings.twice, "at-once": disks.at_once,
    "no-room": disks.no_room, "read-only": disks.read_only, "foreign": disks.foreign,
    "stdout": outputs.stdout, "descriptors": disks.descriptors, "terminals": outputs.terminals,
    "requests": network.requests, "follow": network.follow, "texts": outputs.texts,
}
NAMES = {
    "damaged": "damaged input", "absurd": "absurd scenarios", "paths": "odd files and names",
    "bombs": "logs that unpack to much", "kills": "kills", "rooms": "kills of a rehearsal",
    "resumed": "resumed", "twice": "second signals", "at-once": "several at once",
    "no-room": "no room on disk", "read-only": "read-only folders", "foreign": "files of others",
    "stdout": "output that cannot be printed", "descriptors": "few descriptors",
    "terminals": "terminals", "requests": "hostile requests", "follow": "logs under --follow",
    "texts": "hostile text",
}
# How often each kind is tried for a figure that can be put beside those of other versions.
FULL = {
    "damaged": 10_500, "absurd": 300, "paths": 300, "bombs": 24, "kills": 280, "rooms": 72,
    "resumed": 15, "twice": 60, "at-once": 60, "no-room": 240, "read-only": 56, "foreign": 120,
    "stdout": 140, "descriptors": 240, "terminals": 90, "requests": 3_700, "follow": 18,
    "texts": 21_500,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sim", default=common.program[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(KINDS))
    parser.add_argument("--pages", help="keep pages with hostile text in this folder")
    arguments = parser.parse_args()
    common.program[0] = os.path.abspath(arguments.sim)
    chosen = arguments.only.split(",")
    print(f"seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        common.seeds(folder)
    for name in chosen:
        number = FULL[name] if arguments.full else None
        more = common.budget(NAMES[name], arguments.seconds / len(chosen), number)
        more_of = {"pages": arguments.pages} if name == "texts" else {}
        began = time.monotonic()
        KINDS[name](common.rng_of(arguments.seed, name), more, **more_of)
        tried = common.tried.get(NAMES[name], 0)
        failed = [what for kind, what in common.failures if kind.startswith(NAMES[name])]
        print(f"{NAMES[name]:32} {tried:6} tried {len(failed):4} failed "
              f"{time.monotonic() - began:7.0f} s", flush=True)
    print()
    for kind, number in sorted(common.tried.items()):
        failed = sum(1 for one, _ in common.failures if one == kind)
        print(f"{kind:48} {number:6} tried {failed:4} failed")
    print(f"the slowest end after a signal took {common.slowest[0]:.2f} s")
    sys.exit(1 if common.failures else 0)


if __name__ == "__main__":
    main()
