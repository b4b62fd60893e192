"""Damaged input of every kind, absurd scenarios and options, and files that are none."""

import gzip
import json
import os
import shutil
import stat
import tempfile

from common import SHORT, fail, look, mutated, rng_of, seeds, shipped, sim

# What is damaged, under which name, and what reads it. `OUT` is an empty folder.
READERS = [
    ("scenario", "any", "day.yaml", ["check", "day.yaml"]),
    ("scenario", "any", "day.yaml", ["check", "day.yaml", "--long", "--format", "json"]),
    ("scenario", "any", "day.yaml", ["check", "day.yaml", "--plan", "plan.md"]),
    ("scenario", "any", "day.yaml", ["explain", "day.yaml"]),
    ("scenario", "any", "day.yaml", ["pack", "day.yaml", "-o", "OUT"]),
    ("scenario", "any", "day.yaml", ["fill", "day.yaml", "--first", "0", "--list"]),
    ("scenario", "any", "day.yaml", ["capacity", "day.yaml", "--formula", "--peak", "PEAK",
                                     "--out", "OUT"]),
    ("scenario", "day.yaml", "day.yaml", ["run", "day.yaml", "--trials", "1", *SHORT, "--out", "OUT"]),
    ("scenario", "day.yaml", "day.yaml", ["run", "day.yaml", "--trials", "1", "--set", "lasts=10m", "--out", "OUT"]),
    ("scenario", "day.yaml", "day.yaml", ["run", "day.yaml", "--set", "lasts=10m", "--trials", "2",
                                          "--out", "OUT"]),
    ("scenario", "day.yaml", "day.yaml", ["compare", "day.yaml", "--set", "lasts=10m", "--vs",
                                          "--set", "lasts=11m", "--trials", "2", "--out", "OUT"]),
    ("scenario", "day.yaml", "day.yaml", ["tune", "day.yaml", "--try", "Errors.value=2,5",
                                          "--days", "2", "--trials", "1", "--set", "lasts=12m",
                                          "--out", "OUT"]),
    ("scenario", "day.yaml", "day.yaml", ["plan-shards", "day.yaml", "--engine", "slurm",
                                          "--trials", "40", "--of", "2", "--set", "lasts=5m",
                                          "--out", "OUT"]),
    ("included part", "shipped/parts/launch-plan.yaml", "shipped/parts/launch-plan.yaml",
     ["check", "shipped/quiet-day.yaml"]),
    ("answers of fill", "answers", "answers", ["fill", "day.yaml", "--first", "0", "<answers"]),
    ("rule tests", "day.test.yaml", "day.test.yaml", ["test", "day.test.yaml"]),
    ("journals", "done/journal.jsonl", "done/journal.jsonl", ["report", "done"]),
    ("trials of a journal", "done/trials.jsonl", "done/trials.jsonl", ["report", "done"]),
    ("capacity.json", "done/capacity.json", "done/capacity.json", ["report", "done"]),
    ("run.json", "done/run.json", "done/run.json", ["report", "done"]),
    ("a run beside", "scripted/journal.jsonl", "scripted/journal.jsonl",
     ["report", "done", "--beside", "scripted"]),
    ("recordings", "day.jsonl", "day.jsonl", ["judge", "day.yaml", "--readings", "day.jsonl"]),
    ("shards", "s/day-shard-1-of-2.jsonl", "s/day-shard-1-of-2.jsonl",
     ["merge", "s/day-shard-1-of-2.jsonl", "s/day-shard-2-of-2.jsonl", "--out", "OUT"]),
    ("shards of a comparison", "c/day-compare-shard-1-of-1.jsonl", "c.jsonl",
     ["merge", "c.jsonl", "--out", "OUT"]),
    ("observed sheets", "sheet.csv", "sheet.csv",
     ["report", "done", "--observed", "sheet.csv", "--out", "OUT"]),
    ("roll-call records", "roll.csv", "roll.csv", ["rollcall", "--from", "roll.csv"]),
    ("logs of incidents", "incidents.csv", "incidents.csv", ["crew", "incidents.csv"]),
    ("baselines", "base.yaml", "base.yaml",
     ["check", "day.yaml", "--set", "baseline={from: base.yaml}"]),
    ("parts of a baseline", "part.jsonl", "part.jsonl",
     ["baseline", "merge", "part.jsonl", "--min-requests", "1"]),
    ("logs", "access.log", "access.log", ["baseline", "access.log", "--window", "1s",
                                          "--min-requests", "1"]),
    ("logs", "access.log", "access.log", ["judge", "day.yaml", "--log", "access.log", "--json"]),
    ("logs", "access.log", "access.log", ["logs", "access.log"]),
    ("logs in gzip", "access.log.gz", "access.log.gz", ["logs", "access.log.gz"]),
    ("logs in gzip", "access.log", "access.log.gz", ["judge", "day.yaml", "--log",
                                                     "access.log.gz"]),
    ("launch plans", "plan.md", "plan.md", ["check", "plan.md"]),
    ("launch plans", "plan.md", "plan.md", ["new", "--from", "plan.md", "--year", "2018"]),
    ("launch plans", "plan.md", "plan.md", ["check", "shipped/launch-day.yaml", "--plan",
                                            "plan.md"]),
    ("scripts", "script.txt", "script.txt", ["run", "day.yaml", "--script", "script.txt",
                                             "--seats", "alex", "--out", "OUT", *SHORT]),
    ("live commands", "script.txt", "typed", ["run", "day.yaml", "--live", "--seats", "all",
                                              "--speed", "1000000x", "--out", "OUT", "<typed",
                                              *SHORT]),
]


def damaged(rng, more):
    """Every reader gets its turn: none is left out because another is slow."""
    kind = "damaged input"
    with tempfile.TemporaryDirectory() as base:
        clean, work = os.path.join(base, "clean"), os.path.join(base, "work")
        os.mkdir(clean)
        seeds(clean)
        with open(os.path.join(clean, "answers"), "w") as file:
            file.write("ok\npark ann 2018-11-01\n5m\nskip\nby lou\n99%\n" * 4)
        room(clean)
        turn = 0
        while more():
            what, seed, name, arguments = READERS[turn % len(READERS)]
            turn += 1
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(clean, work)
            if seed == "any":
                path = rng.choice([*shipped(), os.path.join(clean, "day.yaml")])
                # Where its parts are found.
                seed = os.path.relpath(path, clean)
            data = open(os.path.join(clean, seed), "rb").read()
            data = mutated(data, rng)
            if name.endswith(".gz") and not seed.endswith(".gz"):
                data = gzip.compress(data)
            with open(os.path.join(work, name), "wb") as file:
                file.write(data)
            played(f"{kind}: {what}", arguments, work, rng)
            from common import count
            count(kind)


def room(folder):
    """The record of a rehearsal that was left."""
    sim("run", "day.yaml", "--live", "--seats", "all", "--out", "left", cwd=folder,
        text=b"note a\nnote b\n", wait=3)


def played(kind, arguments, folder, rng):
    text = None
    shown = []
    for argument in arguments:
        if argument.startswith("<"):
            text = open(os.path.join(folder, argument[1:]), "rb").read()
            continue
        peaks = ("0.1x", "1x", "5x", "1000x", "10000x")
        shown.append({"OUT": "out", "PEAK": rng.choice(peaks)}.get(argument, argument))
    look(kind, shown, *sim(*shown, cwd=folder, text=text, wait=10), keep=folder)


ABSURD = ["0", "-1", "1e308", "inf", "nan", "1ns", "1ms", "100000d", "0%", "101%", "1e9%", "99999999",
          "4294967295", "18446744073709551615", "0/s", "1e6/s", "1/d", "'?'", "''", "[]", "{}", "~",
          "true", "1 .. 0", "1s .. 100000d", "lognormal", "2m ± 5m", "x" * 3000]
PLACES = ["lasts", "starts", "seed", "telemetry.every", "telemetry.delay", "telemetry.slow_after",
          "traffic.visits", "traffic.visits.0.rate", "traffic.tools", "site.tiers.web.instances",
          "site.tiers.web.threads", "site.tiers.web.queue", "site.tiers.web.takes",
          "site.tiers.web.errors", "site.tiers.web.timeout", "site.tiers.web.health",
          "site.tiers.database.instances", "faults.0.at", "faults.0.for", "faults.0.errors",
          "rules.Errors.for", "rules.Errors.expr", "rules.Errors.value", "people.alex",
          "channels.chat.after", "channels.chat.answers", "escalation.ops.each",
          "escalation.ops.rounds", "changes.failover", "expect.recovered", "capacity", "limits",
          "autoscaling", "logs", "go_no_go", "launch", "plays.rollback.steps.0", "actual", "crew"]


def absurd(rng, more):
    """Values that nobody would write: refused at once, or played within memory and stoppable."""
    kind = "absurd scenarios"
    options = [["--trials", "0"], ["--trials", "18446744073709551616"], ["--jobs", "100000"],
               ["--precision", "0%"], ["--precision", "1e-300"], ["--shard", "9/2"],
               ["--shard", "auto", "--of", "0"], ["--only", "1-99999999999"], ["--speed", "0x"],
               ["--speed", "1e300x"], ["--seed", "-1"], ["--trial", "18446744073709551615"],
               ["--max-trials", "0", "--precision", "5%"], ["--set", "x" * 5000], ["--set", "=1"],
               ["--set", "a.b.c.d=1"], ["--out", ""], ["--out", "/dev/null/x"],
               ["--out", "a" * 300], ["--hdr", "."], ["--record", "/"], ["--players", ""],
               ["--listen", "0.0.0.0:0"], ["--seats", ",,"], ["--names", "x"]]
    with tempfile.TemporaryDirectory() as folder:
        sim("new", "minimal", "-o", "day.yaml", cwd=folder)
        while more():
            shutil.rmtree(os.path.join(folder, "out"), ignore_errors=True)
            sets = []
            for _ in range(rng.choice((1, 1, 2, 3))):
                sets += ["--set", f"{rng.choice(PLACES)}={rng.choice(ABSURD)}"]
            checked = ["check", "day.yaml", *sets]
            code, out, err = sim(*checked, cwd=folder, wait=10)
            look(kind, checked, code, out, err)
            if code == 0:
                for arguments in (["run", "day.yaml", "--trials", "1", *sets, "--out", "out"],
                                  ["capacity", "day.yaml", "--formula", *sets, "--out", "out-2"]):
                    look(kind, arguments, *sim(*arguments, cwd=folder, wait=8))
            if rng.random() < 0.2:
                arguments = ["run", "day.yaml", *SHORT, *rng.choice(options)]
                if "--out" not in arguments:
                    arguments += ["--out", "out"]
                look(kind, arguments, *sim(*arguments, cwd=folder, wait=8))


INPUTS = [
    ["check", "IN"], ["explain", "IN"], ["run", "IN", "--trials", "1"], ["fill", "IN", "--list"], ["test", "IN"],
    ["pack", "IN", "-o", "p"], ["capacity", "IN", "--formula"], ["merge", "IN"],
    ["plan-shards", "IN", "--engine", "slurm", "--trials", "40", "--of", "2"], ["logs", "IN"],
    ["baseline", "IN"], ["baseline", "merge", "IN"], ["crew", "IN"], ["rollcall", "--from", "IN"],
    ["judge", "day.yaml", "--readings", "IN"], ["judge", "day.yaml", "--log", "IN"],
    ["judge", "day.yaml", "--log", "access.log", "--nginx-conf", "IN"],
    ["check", "day.yaml", "--plan", "IN"], ["new", "--from", "IN"],
    ["run", "day.yaml", "--script", "IN"], ["report", "done", "--observed", "IN"],
    ["report", "IN"], ["report", "done", "--beside", "IN"],
    ["check", "day.yaml", "--set", "include=[IN]"],
    ["check", "day.yaml", "--set", "baseline={from: IN}"],
    ["check", "day.yaml", "--set", "traffic={from: IN}"], ["tune", "day.yaml", "--log", "IN"],
    ["run", "day.yaml", "--trials", "1", "--out", "IN"], ["new", "minimal", "--force", "-o", "IN"],
]


def paths(rng, more):
    """Files that are none, links, devices, names that nobody would give, ways out of a folder."""
    kind = "odd files and names"
    with tempfile.TemporaryDirectory() as base:
        clean, work = os.path.join(base, "clean"), os.path.join(base, "work")
        os.mkdir(clean)
        seeds(clean)
        names = ["a\nb", "\x1b[31mred", "\x1b]0;x\x07", "\u202egnp.yaml", "\u200b", "--help", "-",
                 "$(touch pwned)", "%0A::error::x", "=cmd", "a" * 245, b"\xff\xfe".decode(
                     "utf-8", "surrogateescape"), "..", ".", "", "../../etc/passwd", "/etc/shadow",
                 "/proc/self/mem", "/dev/zero", "/dev/stdin", "/dev/random", "C:\\x", "a/b/../c"]
        turn = 0
        while more():
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(clean, work, ignore=lambda _, names: ["shipped"])
            arguments = INPUTS[turn % len(INPUTS)]
            turn += 1
            path = os.path.join(work, "in")
            target = "in"
            match rng.randrange(9):
                case 0:
                    os.mkfifo(path)
                case 1:
                    os.mkdir(path)
                case 2:
                    os.symlink("in", path)
                case 3:
                    with open(path, "wb") as file:
                        file.truncate(20 << 30)
                case 4:
                    target = "/dev/zero"
                case 5:
                    with open(path, "wb") as file:
                        file.write(bytes(range(256)) * 40)
                case 6:
                    os.mknod(path, stat.S_IFREG | 0o000)
                case _:
                    target = rng.choice(names)
            if arguments[0] in ("run", "new") and target in ("", ".", "/dev/zero"):
                continue
            arguments = [a.replace("IN", target) for a in arguments]
            code, out, err = sim(*arguments, cwd=work, wait=6)
            look(kind, arguments, code, out, err)
            if os.path.exists(os.path.join(work, "pwned")):
                fail(kind, f"a name was run: {arguments}")
            if "root:" in out + err and target not in arguments:
                fail(kind, f"a file of the system is shown: {arguments}")


def bombs(rng, more):
    """Small files that unpack to much, in flat memory."""
    kind = "logs that unpack to much"
    line = ('10.0.0.1 - - [07/Nov/2018:17:00:{:02d} +0000] "GET /page HTTP/1.1" 200 12 "-" "{}" '
            '0.1\n')
    made = {
        "zeros": lambda: [gzip.compress(b"\0" * (1 << 28))],
        "newlines": lambda: [gzip.compress(b"\n" * (1 << 26))],
        "members": lambda: [gzip.compress(b"")] * 40_000,
        "nested": lambda: [gzip.compress(gzip.compress(b"\0" * (1 << 28)))],
        "one line": lambda: [gzip.compress(b"a" * (1 << 27))],
        "equal lines": lambda: [gzip.compress(line.format(1, "x").encode() * 200_000)],
        "agents": lambda: [gzip.compress("".join(
            line.format(n // 900 % 60, f"agent-{n}") for n in range(54_000)).encode())],
        "years": lambda: ["".join(
            line.format(1, "x").replace("2018", str(1980 + n)) for n in range(60)).encode()],
    }
    with tempfile.TemporaryDirectory() as folder:
        sim("new", "minimal", "-o", "day.yaml", cwd=folder)
        turn = 0
        while more():
            name = list(made)[turn % len(made)]
            with open(os.path.join(folder, "a.log.gz"), "wb") as file:
                file.writelines(made[name]())
            arguments = [["logs", "a.log.gz"], ["baseline", "a.log.gz", "--window", "1s"],
                         ["judge", "day.yaml", "--log", "a.log.gz"]][turn // len(made) % 3]
            turn += 1
            code, out, err = sim(*arguments, cwd=folder, wait=60, memory=400 << 20)
            look(kind, arguments, code, f"({name}) {out}", err)
