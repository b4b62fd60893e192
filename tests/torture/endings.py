"""Being told to stop at any moment, and going on after that with the same bytes."""

import glob
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from common import (PATIENCE, SHORT, count, fail, program, seeds, sim, slowest, start, told_to_stop,
                    tree, unfinished, whole)

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
COMPARE = ["compare", "day.yaml", "--set", "lasts=10m", "--vs", "--set", "lasts=11m"]
COMMANDS = [
    ["run", "day.yaml", "--out", "o"],
    ["run", "day.yaml", "--out", "o", "--record", "r.jsonl", "--access-log", "a.log", "--hdr",
     "h.hdr"],
    ["run", "day.yaml", "--out", "o", "--trials", "400"],
    ["run", "day.yaml", "--out", "o", "--trials", "400", "--shard", "1/2"],
    ["run", "day.yaml", "--out", "o", "--script", "script.txt", "--seats", "alex"],
    [*COMPARE, "--trials", "200", "--out", "o"],
    [*COMPARE, "--trials", "200", "--shard", "1/2", "--out", "o"],
    ["tune", "day.yaml", "--try", "Errors.value=2,5", "--days", "40", "--out", "o"],
    ["capacity", "day.yaml", "--out", "o"],
    ["capacity", "day.yaml", "--formula", "--out", "o"],
    ["pack", "day.yaml", "-o", "o"],
    ["report", "done"],
    ["report", "done", "--observed", "sheet.csv", "--out", "o"],
    ["check", "shipped/launch-day.yaml"],
    ["check", "shipped/launch-day.yaml", "--plan", "plan.md"],
    ["check", "plan.md"],
    ["explain", "shipped/launch-day.yaml"],
    ["new", "--from", "plan.md", "-o", "o.yaml"],
    ["fill", "day.yaml"],
    ["plan-shards", "day.yaml", "--engine", "slurm", "--trials", "400", "--of", "4", "--out", "o"],
    ["merge", "s/day-shard-1-of-2.jsonl", "s/day-shard-2-of-2.jsonl", "--out", "o"],
    ["baseline", "big.log", "--window", "10s", "--min-requests", "1", "-o", "b.yaml"],
    ["baseline", "big.log", "--window", "10s", "--partial", "b.jsonl"],
    ["baseline", "merge", "part.jsonl", "--min-requests", "1", "-o", "b.yaml"],
    ["logs", "big.log"],
    ["judge", "day.yaml", "--log", "big.log", "-o", "o"],
    ["judge", "day.yaml", "--log", "access.log", "--follow", "-o", "o"],
    ["judge", "day.yaml", "--readings", "day.jsonl", "-o", "o"],
    ["crew", "incidents.csv", "-o", "b.yaml"],
    ["rollcall", "--channel", "slack", "--who", "alex,kim", "--record", "r.csv"],
    ["rollcall", "--from", "roll.csv", "-o", "b.yaml"],
    ["test", "day.test.yaml"],
    ["run", "shipped/launch-day.yaml", "--out", "o"],
]
NOT_QUIET = ("check", "explain", "new", "fill", "baseline", "logs", "crew", "rollcall")


def prepared(base):
    seeds(base)
    lines = open(os.path.join(base, "access.log"), "rb").read()
    with open(os.path.join(base, "big.log"), "wb") as file:
        file.write(lines * 60)


def kills(rng, more):
    """Every command, every signal, at any moment: it ends, nothing is half-written or left over."""
    kind = "kills"
    with tempfile.TemporaryDirectory() as base:
        clean, folder = os.path.join(base, "clean"), os.path.join(base, "work")
        os.mkdir(clean)
        prepared(clean)
        turn = 0
        while more():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(clean, folder)
            arguments, number = list(COMMANDS[turn % len(COMMANDS)]), SIGNALS[turn // len(COMMANDS) % 4]
            turn += 1
            if arguments[0] not in NOT_QUIET:
                arguments.append("-q")
            before = tree(os.path.join(folder, "done"))
            killed(kind, rng, folder, arguments, number)
            whole(kind, folder, arguments)
            after = tree(os.path.join(folder, "done"))
            if arguments[:2] == ["report", "done"] and "--observed" not in arguments \
                    and set(before) - set(after):
                fail(kind, f"{number.name} loses finished files: {' '.join(arguments)}")


def killed(kind, rng, folder, arguments, number):
    shown = " ".join(arguments)
    # Those that wait for somebody are not at the end of what they read.
    stdin = subprocess.PIPE
    child = start(arguments, folder, stdin=stdin)
    try:
        child.wait(timeout=rng.choice((0.02, 0.1, 0.5, 1.5)) * rng.uniform(0.3, 1))
    except subprocess.TimeoutExpired:
        pass
    over = child.poll() is not None
    sent = time.monotonic()
    child.send_signal(number)
    try:
        # Nothing may end because its input does: that stays open.
        child.wait(timeout=PATIENCE)
        slow = time.monotonic() - sent
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        fail(kind, f"does not stop {PATIENCE} s after {number.name}: {shown}")
        return
    err = child.stderr.read().decode("utf-8", "replace")
    child.stdin.close()
    child.stderr.close()
    count(kind)
    if over:
        count("(ended before it was killed)")
        return
    if number != signal.SIGKILL:
        if slow > slowest[0]:
            slowest[0] = slow
            print(f"  {slow:.2f} s after {number.name}: {shown}", flush=True)
        if child.returncode not in (0, 99, 3, 130, -number):
            fail(kind, f"exit {child.returncode} after {number.name}: {shown}: {err[-200:]}")
        if child.returncode == -number:
            count("(killed before it listened)")
        if child.returncode == 130 and "interrupted" not in err and "-q" not in arguments:
            fail(kind, f"{number.name} is not told: {shown}: {err[-200:]}")
    if "panicked" in err:
        fail(kind, f"panic after {number.name}: {shown}")
    left = unfinished(folder)
    if left and number != signal.SIGKILL:
        fail(kind, f"{number.name} leaves {len(left)} temporary files: {shown}")
    if left and arguments[0] in ("run", "compare", "pack", "capacity") and rng.random() < 0.3:
        sim(*arguments, cwd=folder, wait=90)
        if unfinished(folder):
            fail(kind, f"temporary files of a killed run stay: {shown}")


GOING_ON = [
    ["run", "day.yaml", "--trials", "60"],
    ["run", "day.yaml", "--trials", "80", "--shard", "1/2"],
    ["tune", "day.yaml", "--try", "Errors.value=2,5", "--days", "12", "--trials", "4"],
    ["capacity", "day.yaml", "--set", "site.tiers.database.instances=1", "--set",
     "site.tiers.database.threads=1"],
    ["compare", "day.yaml", "--set", "lasts=40m", "--trials", "30"],
]


def resumed(rng, more):
    kind = "resumed"
    with tempfile.TemporaryDirectory() as base:
        sim("new", "minimal", "-o", "day.yaml", cwd=base)
        wanted, turn = {}, 0
        while more():
            folder = os.path.join(base, "o")
            shutil.rmtree(folder, ignore_errors=True)
            number = turn % len(GOING_ON)
            command = GOING_ON[number]
            turn += 1
            if number not in wanted:
                sim(*command, "--out", f"w{number}", "-q", cwd=base, wait=300)
                wanted[number] = tree(os.path.join(base, f"w{number}"))
            # A shard goes on by itself.
            arguments = [*command, "--out", "o", "-q"]
            if "--shard" not in command:
                arguments.append("--resume")
            for _ in range(12):
                child = start(arguments, base, stderr=subprocess.DEVNULL)
                try:
                    if child.wait(timeout=rng.uniform(0.2, 2.5)) != 130:
                        break
                except subprocess.TimeoutExpired:
                    child.send_signal(rng.choice((signal.SIGKILL, signal.SIGTERM)))
                    child.wait()
            else:
                sim(*arguments, cwd=base, wait=300)
            count(kind)
            if tree(folder) != wanted[number]:
                fail(kind, f"{' '.join(command)} that was interrupted and resumed has other bytes")


def rooms(rng, more):
    """A rehearsal that is killed three times: no input that was acknowledged is lost."""
    kind = "kills of a rehearsal"
    with tempfile.TemporaryDirectory() as base:
        sim("new", "minimal", "-o", "day.yaml", cwd=base)
        while more():
            shutil.rmtree(os.path.join(base, "o"), ignore_errors=True)
            notes, written = 0, []
            for life in range(3):
                arguments = ["run", "day.yaml", "--live", "--speed", "60x", "--out", "o",
                             "--players", "p.html"]
                arguments += ["--resume"] if life else ["--seats", "all"]
                child = start(arguments, base, stdin=subprocess.PIPE)
                for _ in range(rng.randrange(1, 12)):
                    try:
                        child.stdin.write(f"note n{notes}e\n".encode())
                        child.stdin.flush()
                        notes += 1
                    except OSError:
                        break
                    time.sleep(rng.uniform(0.01, 0.15))
                time.sleep(rng.uniform(0, 0.6))
                number = rng.choice(SIGNALS)
                said = told_to_stop(kind, child, number)
                if said is None:
                    break
                _, err = said
                count(kind)
                if b"panicked" in err:
                    fail(kind, f"panic after {number.name}: {err[-200:]}")
                page = os.path.join(base, "p.html")
                if os.path.exists(page) and not open(page).read().endswith("</html>\n"):
                    fail(kind, "the players' page is half-written")
                record = os.path.join(base, "o/room.jsonl")
                if not os.path.exists(record):
                    break
                kept = re.findall(rb"note (n\d+e)", open(record, "rb").read())
                count("(notes kept)", len(kept) - len(written))
                if kept[:len(written)] != written:
                    fail(kind, f"{number.name}: notes of an earlier life are lost")
                written = kept
                if life == 1 and rng.random() < 0.3:
                    # A torn tail is cut off, and all before it stays.
                    with open(record, "ab") as file:
                        file.write(rng.choice((b'{"at":', b"\0" * 512)))
            shutil.rmtree(os.path.join(base, "o"), ignore_errors=True)
            for other in glob.glob(os.path.join(base, "o-*")):
                shutil.rmtree(other)


def twice(rng, more):
    """A second signal ends at once and leaves nothing."""
    kind = "second signals"
    with tempfile.TemporaryDirectory() as base:
        prepared(base)
        while more():
            arguments = list(rng.choice(COMMANDS[:10]))
            child = start([*arguments, "-q"], base)
            time.sleep(rng.uniform(0.1, 0.6))
            for _ in range(2):
                child.send_signal(rng.choice((signal.SIGINT, signal.SIGTERM)))
                time.sleep(0.03)
            try:
                sent = time.monotonic()
                _, err = child.communicate(timeout=PATIENCE)
                slowest[0] = max(slowest[0], time.monotonic() - sent)
            except subprocess.TimeoutExpired:
                child.kill()
                child.communicate()
                fail(kind, f"goes on: {' '.join(arguments)}")
            count(kind)
            if unfinished(base):
                fail(kind, f"leaves {unfinished(base)}: {' '.join(arguments)}")
            for other in glob.glob(os.path.join(base, "o*")):
                if os.path.isdir(other):
                    shutil.rmtree(other)
