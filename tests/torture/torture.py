#!/usr/bin/env python3
"""Tortures the program for a while and says what failed.

    tests/torture/torture.py --sim target/debug/sim --seconds 60 [--seed 1] [--only kills,stdout]

Kinds: damaged input, kills at random moments, two at once, no room on disk, files of others, output
that cannot be printed, few descriptors, hostile requests, hostile text. Each gets an equal share of the time.
A failure is a panic, a program that does not stop within a few seconds of being told to, a file
that is half-written under its final name, a finished result that is lost, a foreign file that is
changed, or an escape sequence that reaches the terminal. Ends with exit code 1 if there was one.
"""

import argparse
import glob
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# Generous: the machine may be busy.
PATIENCE = float(os.environ.get("TORTURE_PATIENCE", "5"))
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u0080-\u009f\u200b\u2028-\u202e\u2060-\u206f"
                    "\u3164\ufeff\U000e0000-\U000e0fff]")

tried, failures = {}, []


def fail(kind, what):
    failures.append((kind, what))
    print(f"FAILED  {kind}: {what}", flush=True)


def count(kind, n=1):
    tried[kind] = tried.get(kind, 0) + n


def limits(size=None, files=None, ignore=()):
    def apply():
        # A shell in the background ignores Ctrl-C for all that it starts, and what is ignored from
        # the start stays so: such a run would seem not to stop.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        for number in ignore:
            signal.signal(number, signal.SIG_IGN)
        if size is not None:
            # A write beyond the limit fails like one on a full disk.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        if files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    return apply


def sim(*arguments, cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, wait=60, **more):
    """Runs the program to its end; one that runs long is told to stop, as a user would."""
    child = subprocess.Popen([SIM, *arguments], cwd=cwd, stdin=stdin, stdout=stdout,
                             stderr=subprocess.PIPE, preexec_fn=limits(**more))
    stopped = False
    try:
        out, err = child.communicate(timeout=wait)
    except subprocess.TimeoutExpired:
        stopped = True
        child.send_signal(signal.SIGINT)
        try:
            out, err = child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            return None, "", "does not stop"
    text = (out or b"").decode("utf-8", "replace"), err.decode("utf-8", "replace")
    return (130 if stopped and child.returncode == 130 else child.returncode), *text


def look(kind, arguments, code, out, err):
    """What must hold after every run."""
    count(kind)
    shown = " ".join(arguments)[:200]
    if code is None:
        fail(kind, f"does not stop: {shown}")
    elif code == 101 or "panicked at" in err:
        fail(kind, f"panic: {shown}: {err[-300:]}")
    elif code < 0 and code not in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, -signal.SIGINT):
        fail(kind, f"signal {-code}: {shown}")
    if HIDDEN.search(out) or HIDDEN.search(re.sub("\x1b\\[[0-9;]*m", "", err)):
        fail(kind, f"escapes on the terminal: {shown}")


def shipped():
    return sorted(glob.glob(os.path.join(ROOT, "scenarios", "*.yaml")))


def mutated(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        if not data:
            break
        at = rng.randrange(len(data))
        match rng.randrange(7):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at:at + rng.randrange(1, 60)]
            case 2:
                data[at:at] = data[at:at + rng.randrange(1, 200)]
            case 3:
                numbers = b"0 -1 1e308 1e-308 inf nan 18446744073709551616 0.0000001 1ns 1000d".split()
                data[at:at] = rng.choice(numbers)
            case 4:
                word = re.search(rb"[0-9.]+", bytes(data[at:]))
                if word:
                    data[at + word.start():at + word.end()] = rng.choice(
                        (b"0", b"99999999", b"1e300", b"-5", b"0.5"))
            case 5:
                data[at:at] = "\u202e\u009b31m\x1b]0;x\x07".encode()
            case 6:
                del data[at:]
    return bytes(data)


def damaged(rng, end):
    kind = "damaged input"
    with tempfile.TemporaryDirectory() as folder:
        scenario = os.path.join(folder, "day.yaml")
        sim("new", "minimal", "-o", "seed.yaml", cwd=folder)
        short = ["--set", "lasts=20m"]
        sim("run", "seed.yaml", "--trials", "3", "--out", "seed", "--record", "day.jsonl",
            "--access-log", "access.log", "-q", *short, cwd=folder)
        sim("run", "seed.yaml", "--trials", "4", "--shard", "1/2", "--out", "s", "-q", cwd=folder)
        seeds = {path: open(path, "rb").read() for path in shipped()}
        minimal = open(os.path.join(folder, "seed.yaml"), "rb").read()
        journal = open(os.path.join(folder, "seed/journal.jsonl"), "rb").read()
        trials = open(os.path.join(folder, "seed/trials.jsonl"), "rb").read()
        recording = open(os.path.join(folder, "day.jsonl"), "rb").read()
        log = open(os.path.join(folder, "access.log"), "rb").read()[:40_000]
        shard = open(glob.glob(os.path.join(folder, "s/*.jsonl"))[0], "rb").read()
        while time.monotonic() < end:
            out = os.path.join(folder, "out")
            shutil.rmtree(out, ignore_errors=True)
            os.mkdir(out)

            def put(name, data):
                with open(os.path.join(out, name), "wb") as file:
                    file.write(data)
            match rng.randrange(8):
                case 0 | 1:
                    put("day.yaml", mutated(rng.choice(list(seeds.values())), rng))
                    arguments = ["check", "day.yaml"]
                case 2:
                    put("day.yaml", mutated(minimal, rng))
                    arguments = ["run", "day.yaml", "--set", "lasts=10m"]
                case 3:
                    put("day.yaml", mutated(minimal, rng))
                    arguments = ["capacity", "day.yaml", "--formula", "--peak",
                                 rng.choice(("0.1x", "5x", "1000x", "10000x"))]
                case 4:
                    put("journal.jsonl", mutated(journal, rng))
                    put("trials.jsonl", mutated(trials, rng))
                    arguments = ["report", "."]
                case 5:
                    put("day.yaml", minimal)
                    put("r.jsonl", mutated(recording, rng))
                    arguments = ["judge", "day.yaml", "--readings", "r.jsonl"]
                case 6:
                    put("a.log", mutated(log, rng))
                    arguments = ["baseline", "a.log", "--window", "1s", "--min-requests", "1"]
                case 7:
                    put("s.jsonl", mutated(shard, rng))
                    arguments = ["merge", "s.jsonl"]
            look(kind, arguments, *sim(*arguments, cwd=out, wait=10))


def whole(kind, folder, arguments):
    """Nothing unfinished may be under a final name."""
    for path in glob.glob(os.path.join(folder, "**", "*"), recursive=True):
        if not os.path.isfile(path):
            continue
        data = open(path, "rb").read()
        ends = {".csv": (b"\n", b""), ".html": (b"</html>\n", b"</html>")}
        good = ends.get(os.path.splitext(path)[1])
        if good and not data.endswith(good):
            fail(kind, f"half-written: {os.path.basename(path)} after {' '.join(arguments)}")
        if path.endswith(".jsonl") and "resume" not in path and "partial" not in path \
                and "room" not in path and data and not data.endswith(b"\n"):
            fail(kind, f"half-written: {os.path.basename(path)} after {' '.join(arguments)}")


def tree(folder):
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "**", "*"), recursive=True)):
        if os.path.isfile(path):
            found[os.path.relpath(path, folder)] = hashlib.sha256(open(path, "rb").read()).digest()
    return found


COMMANDS = [
    ["run", "day.yaml", "--out", "o"],
    ["run", "day.yaml", "--out", "o", "--trials", "400"],
    ["run", "day.yaml", "--out", "o", "--trials", "400", "--shard", "1/2"],
    ["compare", "day.yaml", "--set", "lasts=10m", "--vs", "--set", "lasts=11m", "--trials", "200",
     "--out", "o"],
    ["tune", "day.yaml", "--try", "Errors.value=2,5", "--days", "40", "--out", "o"],
    ["capacity", "day.yaml", "--out", "o"],
    ["pack", "day.yaml", "-o", "o"],
    ["report", "done"],
]


def kills(rng, end):
    kind = "kills"
    signals = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
    with tempfile.TemporaryDirectory() as base:
        sim("new", "minimal", "-o", "day.yaml", cwd=base)
        sim("run", "day.yaml", "--out", "done", "-q", cwd=base)
        while time.monotonic() < end:
            folder = os.path.join(base, "work")
            shutil.rmtree(folder, ignore_errors=True)
            os.mkdir(folder)
            shutil.copy(os.path.join(base, "day.yaml"), folder)
            shutil.copytree(os.path.join(base, "done"), os.path.join(folder, "done"))
            arguments, number = rng.choice(COMMANDS), rng.choice(signals)
            child = subprocess.Popen([SIM, *arguments, "-q"], cwd=folder, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                     preexec_fn=limits())
            time.sleep(rng.uniform(0.005, 1.5))
            sent = time.monotonic()
            child.send_signal(number)
            try:
                _, err = child.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.communicate()
                fail(kind, f"does not stop {PATIENCE} s after {number.name}: {' '.join(arguments)}")
                continue
            slow = time.monotonic() - sent
            SLOWEST[0] = max(SLOWEST[0], slow)
            count(kind)
            if b"panicked" in err:
                fail(kind, f"panic after {number.name}: {' '.join(arguments)}")
            whole(kind, folder, arguments)
            left = glob.glob(os.path.join(folder, "**", ".sim-*"), recursive=True)
            if left and number != signal.SIGKILL:
                fail(kind, f"{number.name} leaves {len(left)} temporary files: {' '.join(arguments)}")
            if number == signal.SIGKILL and left and arguments[0] == "run" and rng.random() < 0.3:
                sim(*arguments, "-q", cwd=folder)
                if glob.glob(os.path.join(folder, "**", ".sim-*"), recursive=True):
                    fail(kind, f"temporary files of a killed run stay: {' '.join(arguments)}")


SLOWEST = [0.0]


GOING_ON = [
    ["run", "day.yaml", "--trials", "150"],
    ["tune", "day.yaml", "--try", "Errors.value=2,5", "--days", "30", "--trials", "10"],
    ["capacity", "day.yaml", "--set", "site.tiers.database.instances=1", "--set",
     "site.tiers.database.threads=1"],
    ["compare", "day.yaml", "--set", "lasts=40m", "--trials", "60"],
]


def resumed(rng, end):
    kind = "resumed"
    with tempfile.TemporaryDirectory() as base:
        sim("new", "minimal", "-o", "day.yaml", cwd=base)
        wanted = {}
        while time.monotonic() < end:
            folder = os.path.join(base, "o")
            shutil.rmtree(folder, ignore_errors=True)
            command = rng.choice(GOING_ON)
            if command[0] not in wanted:
                sim(*command, "--out", command[0], "-q", cwd=base)
                wanted[command[0]] = tree(os.path.join(base, command[0]))
            arguments = [*command, "--out", "o", "--resume", "-q"]
            for _ in range(40):
                child = subprocess.Popen([SIM, *arguments], cwd=base, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         preexec_fn=limits())
                try:
                    if child.wait(timeout=rng.uniform(0.2, 1.5)) != 130:
                        break
                except subprocess.TimeoutExpired:
                    child.send_signal(rng.choice((signal.SIGKILL, signal.SIGTERM)))
                    child.wait()
            else:
                sim(*arguments, cwd=base)
            count(kind)
            if tree(folder) != wanted[command[0]]:
                fail(kind, f"{command[0]} that was interrupted and resumed has other bytes")


def at_once(rng, end):
    kind = "two at once"
    with tempfile.TemporaryDirectory() as base:
        sim("new", "minimal", "-o", "day.yaml", cwd=base)
        while time.monotonic() < end:
            seeds = [str(rng.randrange(1 << 30)) for _ in range(3)]
            children = [subprocess.Popen([SIM, "run", "day.yaml", "--out", "same", "--seed", seed,
                                          "-q"], cwd=base, stderr=subprocess.PIPE)
                        for seed in seeds]
            good = sum(child.wait() in (0, 99) for child in children)
            for child in children:
                child.stderr.close()
            folders = glob.glob(os.path.join(base, "same*"))
            count(kind)
            if len(folders) != good:
                fail(kind, f"{good} runs are saved in {len(folders)} folders")
            for folder in folders:
                ids = set()
                for path in glob.glob(os.path.join(folder, "*.csv")):
                    ids |= {line.split(",")[0] for line in open(path).read().splitlines()[1:2]}
                if len(ids) != 1:
                    fail(kind, f"one folder has files of {len(ids)} runs")
                shutil.rmtree(folder)


def no_room(rng, end):
    kind = "no room on disk"
    with tempfile.TemporaryDirectory() as base:
        sim("new", "minimal", "-o", "day.yaml", cwd=base)
        sim("run", "day.yaml", "--out", "done", "-q", cwd=base)
        writers = COMMANDS[:3] + COMMANDS[6:] + [
            ["run", "day.yaml", "--out", "o", "--record", "r.jsonl", "--access-log", "a.log"],
            ["new", "launch-day", "-o", "n.yaml"],
        ]
        while time.monotonic() < end:
            folder = os.path.join(base, "work")
            shutil.rmtree(folder, ignore_errors=True)
            os.mkdir(folder)
            shutil.copy(os.path.join(base, "day.yaml"), folder)
            shutil.copytree(os.path.join(base, "done"), os.path.join(folder, "done"))
            before = tree(os.path.join(folder, "done"))
            arguments = [a if a != "400" else "20" for a in rng.choice(writers)]
            size = rng.choice((0, 1, 512, 4_096, 16_384, 65_536))
            code, out, err = sim(*arguments, cwd=folder, size=size)
            look(kind, arguments, code, out, err)
            whole(kind, folder, arguments)
            if code in (0, 99) and size < 1_000:
                fail(kind, f"{size} bytes are enough for {' '.join(arguments)}?")
            if code not in (0, 99) and arguments[0] == "report":
                after = tree(os.path.join(folder, "done"))
                if any(after.get(name) != data for name, data in before.items()):
                    fail(kind, "old reports are damaged")


def foreign(rng, end):
    kind = "files of others"
    names = ["people.csv", "alerts.csv", "timeline.csv", "metrics.csv", "responses.csv",
             "findings.csv", "go_no_go.csv", "change_times.csv", "outbrief.html", "outbrief.md",
             "journal.jsonl", "trials.jsonl", "trials.csv", "campaign.csv", "capacity.csv",
             "capacity.json", "capacity_curve.csv", "compare.csv", "compare.html", "tune.csv",
             "tune.html", "index.html", "observed.csv", "trials.resume.jsonl"]
    commands = COMMANDS[:7] + [["capacity", "day.yaml", "--formula", "--out", "o"]]
    with tempfile.TemporaryDirectory() as base:
        sim("new", "minimal", "-o", "day.yaml", cwd=base)
        while time.monotonic() < end:
            folder = os.path.join(base, "work")
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(os.path.join(folder, "o"))
            shutil.copy(os.path.join(base, "day.yaml"), folder)
            mine = os.path.join(folder, "o", rng.choice(names))
            with open(mine, "w") as file:
                file.write("my own notes\n")
            short = {"400": "8", "200": "8", "40": "3"}
            arguments = [short.get(a, a) for a in rng.choice(commands)]
            if arguments[0] == "capacity" and "--formula" not in arguments:
                arguments.append("--formula")
            look(kind, arguments, *sim(*arguments, "-q", cwd=folder, wait=20))
            if open(mine).read() != "my own notes\n":
                fail(kind, f"{os.path.basename(mine)} is overwritten by {' '.join(arguments)}")
            for arguments in (["run", "day.yaml", "--record", "mine", "--out", "p"],
                              ["run", "day.yaml", "--access-log", "mine", "--out", "p"],
                              ["new", "minimal", "-o", "mine"]):
                with open(os.path.join(folder, "mine"), "w") as file:
                    file.write("my own notes\n")
                code, _, err = sim(*arguments, cwd=folder)
                count(kind)
                if open(os.path.join(folder, "mine")).read() != "my own notes\n":
                    fail(kind, f"overwritten: {' '.join(arguments)}")
                if code in (0, 99) or "--force" not in err:
                    fail(kind, f"not refused with --force: {' '.join(arguments)}")


def stdout(rng, end):
    kind = "output that cannot be printed"
    with tempfile.TemporaryDirectory() as folder:
        sim("new", "minimal", "-o", "day.yaml", cwd=folder)
        sim("run", "day.yaml", "--out", "done", "-q", "--access-log", "a.log", "--record",
            "r.jsonl", cwd=folder)
        sim("run", "day.yaml", "--trials", "2", "--shard", "1/1", "--out", "s", cwd=folder)
        shard = glob.glob(os.path.join(folder, "s/*.jsonl"))[0]
        commands = [
            ["--help"], ["--version"], ["run", "--help"], ["new"], ["new", "--list"],
            ["new", "minimal", "-o", "x.yaml", "--force"], ["check", "day.yaml"],
            ["check", "day.yaml", "--format", "json"], ["explain", "day.yaml"],
            ["explain", "day.yaml", "--format", "json"], ["schema"], ["schema", "--reference"],
            ["completions", "bash"], ["run", "day.yaml", "--out", "o"],
            ["run", "day.yaml", "--out", "o", "--trials", "2"],
            ["judge", "day.yaml", "--readings", "r.jsonl"],
            ["judge", "day.yaml", "--readings", "r.jsonl", "--json"],
            ["judge", "day.yaml", "--readings", "r.jsonl", "--csv"],
            ["compare", "day.yaml", "--set", "lasts=15m", "--trials", "2", "--out", "c"],
            ["capacity", "day.yaml", "--formula", "--out", "cap"], ["pack", "day.yaml", "-o", "p"],
            ["merge", shard, "--out", "m"], ["report", "done"], ["report", "--dictionary"],
            ["baseline", "a.log", "--window", "1s", "--min-requests", "1"],
        ]
        for arguments in commands:
            if time.monotonic() > end:
                break
            with open("/dev/full", "w") as full:
                code, _, err = sim(*arguments, cwd=folder, stdout=full)
            count(kind)
            if code != 1:
                fail(kind, f"exit {code} into a full device: {' '.join(arguments)}")
            reader, writer = os.pipe()
            os.close(reader)
            code, _, err = sim(*arguments, cwd=folder, stdout=writer)
            os.close(writer)
            count(kind)
            if code not in (0, 99, 3):
                fail(kind, f"exit {code} into a closed pipe: {' '.join(arguments)}: {err[-200:]}")


def descriptors(rng, end):
    kind = "few descriptors"
    with tempfile.TemporaryDirectory() as folder:
        sim("new", "minimal", "-o", "day.yaml", cwd=folder)
        for number, files in enumerate(list(range(5, 33)) * 100):
            if time.monotonic() > end:
                break
            arguments = [["run", "day.yaml", "--out", f"o{number}"], ["check", "day.yaml"],
                         ["run", "day.yaml", "--out", f"o{number}", "--trials", "4"]][number % 3]
            code, out, err = sim(*arguments, cwd=folder, files=files)
            look(kind, arguments, code, out, err)
            if files >= 20 and code not in (0, 99):
                fail(kind, f"exit {code} with {files} descriptors: {' '.join(arguments)}")


def requests(rng, end):
    kind = "hostile requests"
    with tempfile.TemporaryDirectory() as folder:
        sim("new", "minimal", "-o", "day.yaml", cwd=folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        child = subprocess.Popen([SIM, "run", "day.yaml", "--live", "--seats", "all", "--listen",
                                  f"127.0.0.1:{port}", "--out", "o"], cwd=folder,
                                 stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
        time.sleep(1)

        def ask(data, timeout=10):
            with socket.create_connection(("127.0.0.1", port), timeout=timeout) as one:
                one.sendall(data)
                text = b""
                while piece := one.recv(1 << 16):
                    text += piece
                return text
        idle = []
        while time.monotonic() < end:
            count(kind)
            try:
                match rng.randrange(4):
                    case 0:
                        ask(rng.randbytes(rng.randrange(1, 400)) + b"\r\n\r\n")
                    case 1:
                        idle.append(socket.create_connection(("127.0.0.1", port), timeout=2))
                        idle = idle[-200:]
                    case 2:
                        text = ask(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                        if text and not text.startswith(b"HTTP/1.1 421"):
                            fail(kind, "a foreign host is answered")
                    case 3:
                        ask(b"GET /" + b"a" * rng.randrange(40_000))
            except OSError:
                pass
        for one in idle:
            one.close()
        time.sleep(6)
        try:
            good = ask(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        except OSError as error:
            good = str(error).encode()
        if not good.startswith(b"HTTP/1.1 200"):
            fail(kind, f"nobody is served any more: {good[:100]}")
        child.send_signal(signal.SIGTERM)
        try:
            _, err = child.communicate(timeout=4 * PATIENCE)
            if child.returncode != 130 or b"panicked" in err:
                fail(kind, f"ends with {child.returncode}: {err[-200:]}")
        except subprocess.TimeoutExpired:
            child.kill()
            fail(kind, "the rehearsal does not end")


PAYLOADS = ["\u202egnp.exe", "a\u2066b\u2069", "a\u200bb\ufeff", "\u3164\uffa0", "x\U000e0041\U000e007f",
            "\x1b[31mred", "\x1b]0;t\x07", "\u009b31m", "\u2028next", "=cmd|'/c calc'!A0", "+1+1",
            "@SUM(1)", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "`x`|[y](z)",
            "%0A::error::x", "${jndi:x}", "a\nb", "'; DROP"]
FORMULA = re.compile(r'(^|,)"? *[=+@]')


def texts(rng, end):
    """Hostile names and titles: nothing that they hide reaches a terminal, table, page or YAML."""
    kind = "hostile text"
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as base:
            sim("new", "minimal", "-o", "day.yaml", cwd=base)
            text = open(os.path.join(base, "day.yaml")).read()
            payload = lambda: json.dumps(rng.choice(PAYLOADS)).replace("${", "$${")
            text = re.sub("(?m)^scenario: .*", lambda _: f"scenario: {payload()}", text, count=1)
            for name in rng.sample(["alex", "ops", "failover", "Errors", "phone", "database", "buy"], 3):
                new = payload()
                text = re.sub(rf"\b{name}\b", lambda _: new, text)
            open(os.path.join(base, "bad.yaml"), "w").write(text)
            for arguments in (["check", "bad.yaml"], ["explain", "bad.yaml"],
                              ["run", "bad.yaml", "--out", "o"], ["pack", "bad.yaml", "-o", "p"],
                              ["capacity", "bad.yaml", "--formula", "--out", "c"]):
                code, out, err = sim(*arguments, cwd=base)
                # `check` quotes the file's own line, in which the escapes are visible.
                look(kind, arguments, code, out, err)
            for path in glob.glob(os.path.join(base, "[opc]", "**", "*"), recursive=True):
                if not os.path.isfile(path):
                    continue
                count(kind)
                data = open(path, encoding="utf-8").read()
                if not path.endswith((".json", ".jsonl")) and HIDDEN.search(data):
                    fail(kind, f"{os.path.basename(path)} has what cannot be seen: {text[:300]!r}")
                if path.endswith(".csv") and FORMULA.search(data):
                    fail(kind, f"{os.path.basename(path)} has a formula")
                if path.endswith(".html") and ("<script>alert" in data or "<img src=x" in data):
                    fail(kind, f"{os.path.basename(path)} has a script")


KINDS = {"damaged": damaged, "kills": kills, "resumed": resumed, "at-once": at_once,
         "no-room": no_room, "foreign": foreign, "stdout": stdout, "descriptors": descriptors,
         "requests": requests, "texts": texts}


def main():
    global SIM
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sim", default=os.path.join(ROOT, "target/debug/sim"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(KINDS))
    arguments = parser.parse_args()
    SIM = os.path.abspath(arguments.sim)
    chosen = arguments.only.split(",")
    for name in chosen:
        rng = random.Random(f"{arguments.seed} {name}")
        KINDS[name](rng, time.monotonic() + arguments.seconds / len(chosen))
    for kind, number in tried.items():
        failed = sum(1 for one, _ in failures if one == kind)
        print(f"{kind:32} {number:6} tried {failed:4} failed")
    print(f"the slowest end after a signal took {SLOWEST[0]:.2f} s")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
