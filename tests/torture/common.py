"""What every kind of torture needs: the program run within limits, and what must hold after it."""

import glob
import gzip
import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Generous: the machine may be busy.
PATIENCE = float(os.environ.get("TORTURE_PATIENCE", "5"))
# Beyond it a program is taken to eat memory.
MEMORY = 2 << 30
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u0080-\u009f\u200b\u2028-\u202e"
                    "\u2060-\u206f\u3164\ufeff\U000e0000-\U000e0fff]")
FINE = (0, 3, 99)

program = [os.path.join(ROOT, "target/debug/sim")]
tried, failures, slowest = {}, [], [0.0]


def fail(kind, what):
    failures.append((kind, what))
    print(f"FAILED  {kind}: {what}", flush=True)


def count(kind, n=1):
    tried[kind] = tried.get(kind, 0) + n


def budget(kind, seconds, number):
    """Whether to go on: until the time is over, or until so many were tried."""
    end = time.monotonic() + seconds

    def more():
        if number is not None:
            return tried.get(kind, 0) < number
        return time.monotonic() < end
    return more


def limits(size=None, files=None, memory=MEMORY, ignore=()):
    def apply():
        # A shell in the background ignores Ctrl-C for all that it starts, and what is ignored from
        # the start stays so: such a run would seem not to stop.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        for number in ignore:
            signal.signal(number, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if size is not None:
            # A write beyond the limit fails like one on a full disk.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        if files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    return apply


def start(arguments, cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
          stderr=subprocess.PIPE, env=None, **more):
    return subprocess.Popen([*program, *arguments], cwd=cwd, stdin=stdin, stdout=stdout,
                            stderr=stderr, preexec_fn=limits(**more), env=env)


def sim(*arguments, cwd, text=None, stdout=subprocess.PIPE, wait=60, env=None, **more):
    """Runs the program to its end; one that runs long is told to stop, as a user would."""
    stdin = subprocess.DEVNULL if text is None else subprocess.PIPE
    child = start(arguments, cwd, stdin, stdout, env=env, **more)
    try:
        out, err = child.communicate(text, timeout=wait)
    except subprocess.TimeoutExpired:
        count("(ran long, and stopped when told)")
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        try:
            out, err = child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            return None, "", "does not stop"
        slowest[0] = max(slowest[0], time.monotonic() - sent)
    told = (out or b"").decode("utf-8", "replace"), err.decode("utf-8", "replace")
    return (child.returncode, *told)


def told_to_stop(kind, child, number, what=""):
    """Sends a signal; what was said until the end, or nothing where it did not stop."""
    child.send_signal(number)
    try:
        return child.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        fail(kind, f"does not stop after {number.name}{what}")
        return None


def look(kind, arguments, code, out, err, keep=None):
    """What must hold after every run."""
    count(kind)
    shown = " ".join(map(repr, arguments))[:300]
    before = len(failures)
    if code is None:
        fail(kind, f"does not stop: {shown}")
    elif code == 101 or "panicked at" in err:
        fail(kind, f"panic: {shown}: {err[-300:]}")
    elif code < 0 or "memory allocation" in err:
        fail(kind, f"exit {code}: {shown}: {err[-300:]}")
    elif code not in (0, 1, 2, 3, 99, 130):
        fail(kind, f"exit {code}: {shown}")
    elif code in (1, 2) and not (err + out).strip():
        fail(kind, f"exit {code} without a word: {shown}")
    escapes = re.sub("\x1b\\[[0-9;]*m", "", err)
    if HIDDEN.search(out) or HIDDEN.search(escapes):
        found = HIDDEN.search(out) or HIDDEN.search(escapes)
        around = found.string[max(0, found.start() - 60):found.end() + 20]
        fail(kind, f"escapes on the terminal: {shown}: {around!r}")
    if keep and len(failures) > before:
        kept = os.path.join("torture-failures", f"{kind}-{len(failures)}".replace(" ", "-"))
        shutil.copytree(keep, kept, dirs_exist_ok=True, ignore=lambda folder, names: [
            name for name in names if not os.path.isfile(os.path.join(folder, name))
            and not os.path.isdir(os.path.join(folder, name))])


def shipped():
    folder = os.path.join(ROOT, "scenarios")
    return sorted(glob.glob(folder + "/*.yaml") + glob.glob(folder + "/history/*.yaml"))


def tree(folder):
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "**", "*"), recursive=True)):
        if os.path.isfile(path):
            found[os.path.relpath(path, folder)] = hashlib.sha256(open(path, "rb").read()).digest()
    return found


def unfinished(folder):
    return glob.glob(os.path.join(folder, "**", ".sim-*"), recursive=True)


def whole(kind, folder, arguments):
    """Nothing unfinished may be under a final name."""
    ends = {".csv": b"\n", ".html": b"</html>\n", ".json": b"}", ".yaml": b"\n", ".ics": b"\n",
            ".md": b"\n", ".sh": b"\n", ".sbatch": b"\n"}
    for path in glob.glob(os.path.join(folder, "**", "*"), recursive=True):
        if not os.path.isfile(path):
            continue
        data = open(path, "rb").read()
        name = os.path.basename(path)
        end = ends.get(os.path.splitext(path)[1])
        if end and not data.rstrip(b"\n").endswith(end.rstrip(b"\n")):
            fail(kind, f"half-written: {name} after {' '.join(arguments)}")
        if end == b"\n" and not data.endswith(b"\n"):
            fail(kind, f"half-written: {name} after {' '.join(arguments)}")
        appended = any(word in path for word in ("resume", "partial", "room"))
        if path.endswith(".jsonl") and not appended and not data.endswith(b"\n"):
            fail(kind, f"half-written: {name} after {' '.join(arguments)}")


ROLL_CALL = "channel,person,asked,answered,after\n" + "".join(
    f"slack,{who},2018-11-06T10:0{n}:00-05:00,2018-11-06T10:0{n}:40-05:00,{20 + 7 * n}s\n"
    for n, who in enumerate(["alex", "kim", "sam", "lou"]))
SHEET = ("at,actor,role,channel,action,incident,note\n10:32:30,,,,alert,,Errors\n"
         "10:33,alex,ops,chat,ask,,\n10:35,alex,ops,chat,ack,1,\n10:36,alex,,,declare,,\n"
         "10:37,kim,decider,,decide,,go\n10:38,alex,,,start,,failover\n"
         "10:44,alex,,,done,,failover\n10:46,,,,recovered,,\n")
INCIDENTS = "incident,began,noticed,declared,diagnosed,decided,deployed,over\n" + "".join(
    f"I{n},0m,{n + 1}m,{n + 4}m,{n + 10}m,{n + 12}m,{n + 22}m,{n + 30}m\n" for n in range(14))
RULE_TESTS = """scenario: day.yaml
interval: 10s
tests:
  - name: errors fire
    input: {requests: 100x60, bad: 10x60}
    expect:
      - {at: 8m, alert: Errors, state: firing}
"""
SCRIPT = "31m note a first look\n33m ack alex chat\n34m inject slow: web, by: 2s, for: 5m\n36m note b\n"
SHORT = ["--set", "lasts=40m"]


made_once = []


def seeds(folder):
    """One small file of every kind that the program reads, most of them made by it."""
    if not made_once:
        made_once.append(tempfile.TemporaryDirectory())
        make_seeds(made_once[0].name)
    shutil.copytree(made_once[0].name, folder, dirs_exist_ok=True)


def make_seeds(folder):
    def write(name, data):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)

    def made(*arguments, text=None):
        code, out, err = sim(*arguments, cwd=folder, text=text, wait=300)
        if code not in FINE:
            raise SystemExit(f"the seed {' '.join(arguments)} cannot be made: {code} {out} {err}")
    made("new", "minimal", "-o", "day.yaml")
    made("run", "day.yaml", "--trials", "3", "--out", "done", "--record", "day.jsonl",
         "--access-log", "access.log", "--hdr", "day.hdr", "-q", *SHORT)
    made("capacity", "day.yaml", "--formula", "--out", "done", "-q", *SHORT)
    made("run", "day.yaml", "--trials", "4", "--shard", "1/2", "--out", "s", "-q", *SHORT)
    made("run", "day.yaml", "--trials", "4", "--shard", "2/2", "--out", "s", "-q", *SHORT)
    made("compare", "day.yaml", *SHORT, "--set", "site.tiers.web.threads=9", "--vs", *SHORT,
         "--trials", "4", "--shard", "1/1", "--out", "c", "-q")
    write("script.txt", SCRIPT)
    made("run", "day.yaml", "--script", "script.txt", "--seats", "alex", "--out", "scripted", "-q",
         *SHORT)
    write("roll.csv", ROLL_CALL)
    write("sheet.csv", SHEET)
    write("incidents.csv", INCIDENTS)
    write("day.test.yaml", RULE_TESTS)
    shutil.copy(os.path.join(ROOT, "tests/data/relaunch-plan.md"), os.path.join(folder, "plan.md"))
    baseline = ["--window", "10s", "--min-requests", "1"]
    made("baseline", "access.log", *baseline, "-o", "base.yaml")
    made("baseline", "access.log", "--window", "10s", "--partial", "part.jsonl")
    log = open(os.path.join(folder, "access.log"), "rb").read().splitlines(keepends=True)[:400]
    write("access.log", b"".join(log))
    write("access.log.gz", gzip.compress(b"".join(log)))
    shutil.copytree(os.path.join(ROOT, "scenarios"), os.path.join(folder, "shipped"))
    # A damaged scenario stands beside the others, and finds its parts.
    shutil.copytree(os.path.join(ROOT, "scenarios/history/parts"), os.path.join(folder, "parts"))
    shutil.copytree(os.path.join(ROOT, "scenarios/parts"), os.path.join(folder, "parts"),
                    dirs_exist_ok=True)


def mutated(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        if not data:
            break
        at = rng.randrange(len(data))
        match rng.randrange(9):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at:at + rng.randrange(1, 60)]
            case 2:
                data[at:at] = data[at:at + rng.randrange(1, 200)]
            case 3:
                numbers = b"0 -1 1e308 1e-308 inf nan 18446744073709551616 0.0000001 1ns 1000d".split()
                data[at:at] = rng.choice(numbers)
            case 4 | 5:
                word = re.search(rb"[0-9.]+", bytes(data[at:]))
                if word:
                    data[at + word.start():at + word.end()] = rng.choice(
                        (b"0", b"99999999", b"1e300", b"-5", b"0.5", b"1", b"4294967296"))
            case 6:
                data[at:at] = "\u202e\u009b31m\x1b]0;x\x07".encode()
            case 7:
                del data[at:]
            case 8:
                # Another line of it, in another place.
                lines = bytes(data).split(b"\n")
                lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
                data = bytearray(b"\n".join(lines))
    return bytes(data)


def rng_of(seed, name):
    return random.Random(f"{seed} {name}")
