"""Disks that are full or read-only, files of others, and several programs at one place."""

import glob
import os
import resource
import shutil
import subprocess
import tempfile

from common import (SHORT, count, fail, look, program, seeds, sim, start, tree, unfinished, whole)

COMPARE = ["compare", "day.yaml", *SHORT, "--vs", "--set", "lasts=11m", "--trials", "2"]
# Every command that makes a file, and where: `DISK` is the folder on the disk in question.
WRITERS = [
    ["new", "launch-day", "-o", "DISK/n.yaml"],
    ["new", "--from", "plan.md", "-o", "DISK/n.yaml"],
    ["fill", "DISK/day.yaml", "--first", "0"],
    ["run", "day.yaml", "--trials", "1", *SHORT, "--out", "DISK/o"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--record", "DISK/r.jsonl"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--access-log", "DISK/a.log"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--hdr", "DISK/h.hdr"],
    ["run", "day.yaml", *SHORT, "--out", "DISK/o", "--trials", "3"],
    ["run", "day.yaml", *SHORT, "--out", "DISK/o", "--trials", "4", "--shard", "1/2"],
    ["run", "day.yaml", *SHORT, "--out", "DISK/o", "--script", "script.txt", "--seats", "alex"],
    ["run", "day.yaml", *SHORT, "--out", "DISK/o", "--live", "--seats", "all", "--speed",
     "1000000x"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--live", "--seats", "all", "--speed", "1000000x",
     "--players", "DISK/p.html"],
    [*COMPARE, "--out", "DISK/o"],
    [*COMPARE, "--shard", "1/2", "--out", "DISK/o"],
    ["tune", "day.yaml", "--try", "Errors.value=2,5", "--days", "2", "--trials", "1", *SHORT,
     "--out", "DISK/o"],
    ["capacity", "day.yaml", "--formula", "--out", "DISK/o"],
    ["pack", "shipped/launch-day.yaml", "-o", "DISK/o"],
    ["report", "DISK/done"],
    ["report", "done", "--observed", "sheet.csv", "--out", "DISK/o"],
    ["merge", "s/day-shard-1-of-2.jsonl", "s/day-shard-2-of-2.jsonl", "--out", "DISK/o"],
    ["plan-shards", "day.yaml", *SHORT, "--engine", "slurm", "--trials", "40", "--of", "2",
     "--out", "DISK/o"],
    ["baseline", "access.log", "--window", "1s", "--min-requests", "1", "-o", "DISK/b.yaml"],
    ["baseline", "access.log", "--window", "1s", "--partial", "DISK/b.jsonl"],
    ["baseline", "merge", "part.jsonl", "--min-requests", "1", "-o", "DISK/b.yaml"],
    ["judge", "day.yaml", "--readings", "day.jsonl", "-o", "DISK/o"],
    ["crew", "incidents.csv", "-o", "DISK/c.yaml"],
    ["rollcall", "--from", "roll.csv", "-o", "DISK/c.yaml"],
    ["rollcall", "--channel", "slack", "--who", "alex", "--record", "DISK/r.csv"],
]
TYPED = b"ok\nalex\n5m\nskip\n"


def on(disk, arguments):
    return [argument.replace("DISK", disk) for argument in arguments]


def mounted(folder, options):
    """A small disk of its own; `None` where nobody may mount one."""
    if not shutil.which("mount"):
        return False
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
                          stderr=subprocess.DEVNULL)
    return made.returncode == 0


def no_room(rng, more):
    """Every writer, on a disk that has room for only so much."""
    kind = "no room on disk"
    with tempfile.TemporaryDirectory() as base:
        seeds(base)
        disk = os.path.join(base, "disk")
        os.mkdir(disk)
        turn = 0
        while more():
            arguments = WRITERS[turn % len(WRITERS)]
            room = (0, 1, 4, 16, 64, 256)[turn // len(WRITERS) % 6]
            turn += 1
            small(kind, base, disk, arguments, room)


def small(kind, base, disk, arguments, room):
    """`room` KiB are free."""
    size = None
    if not mounted(disk, "size=4m"):
        # Where nothing can be mounted, no file may grow beyond so much.
        size = room << 10
    try:
        shutil.copy(os.path.join(base, "day.yaml"), disk)
        shutil.copytree(os.path.join(base, "done"), os.path.join(disk, "done"))
        before = tree(disk)
        if size is None:
            fill(os.path.join(disk, "filled"), room)
        made = on("disk", arguments)
        code, out, err = sim(*made, cwd=base, text=TYPED, size=size)
        look(kind, made, code, out, err)
        if os.path.exists(os.path.join(disk, "filled")):
            os.remove(os.path.join(disk, "filled"))
        whole(kind, disk, made)
        after = tree(disk)
        if unfinished(disk):
            fail(kind, f"{room} KiB: unfinished files stay: {' '.join(made)}")
        if code in (0, 3, 99) and room == 0 and set(after) == set(before) and "-q" not in made \
                and after == before:
            fail(kind, f"{room} KiB are enough for {' '.join(made)}: {code}?")
        empty = [name for name in after if os.path.getsize(os.path.join(disk, name)) == 0]
        if empty:
            fail(kind, f"{room} KiB: {empty} are empty: {' '.join(made)}")
        if code == 1 and any(after.get(name) != data for name, data in before.items()):
            # The journal itself and the scenario are never touched; reports are all old or all new.
            touched = [name for name, data in before.items() if after.get(name) != data]
            if not all(name.startswith("done/") for name in touched):
                fail(kind, f"{room} KiB: {touched} are changed: {' '.join(made)}")
    finally:
        if size is None:
            subprocess.run(["umount", "-l", disk])
        else:
            shutil.rmtree(disk)
            os.mkdir(disk)
        for made in ("o", "o-2"):
            shutil.rmtree(os.path.join(base, made), ignore_errors=True)
        for made in ("r.jsonl", "a.log", "h.hdr"):
            if os.path.exists(os.path.join(base, made)):
                os.remove(os.path.join(base, made))


def fill(path, room):
    """Fills the disk but for so many KiB."""
    with open(path, "wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4_096) == 4_096:
                pass
        except OSError:
            pass
        length = file.tell() // 4_096 * 4_096
        file.truncate(max(0, length - (room << 10)))


def read_only(rng, more):
    """Every writer into a folder that cannot be written to, and a file in place of the folder."""
    kind = "read-only folders"
    with tempfile.TemporaryDirectory() as base:
        seeds(base)
        disk = os.path.join(base, "disk")
        turn = 0
        while more():
            arguments = WRITERS[turn % len(WRITERS)]
            how = turn // len(WRITERS) % 2
            turn += 1
            if how == 0:
                os.mkdir(disk)
                shutil.copy(os.path.join(base, "day.yaml"), disk)
                shutil.copytree(os.path.join(base, "done"), os.path.join(disk, "done"))
                mounts = [["mount", "--bind", disk, disk], ["mount", "-o", "remount,bind,ro", disk]]
                if not shutil.which("mount") or any(
                        subprocess.run(mount, stderr=subprocess.DEVNULL).returncode
                        for mount in mounts):
                    shutil.rmtree(disk)
                    continue
            else:
                with open(disk, "w") as file:
                    file.write("my own notes\n")
            made = on("disk", arguments)
            code, out, err = sim(*made, cwd=base, text=TYPED)
            look(kind, made, code, out, err)
            if how == 0:
                subprocess.run(["umount", "-l", disk])
                shutil.rmtree(disk)
            else:
                if open(disk).read() != "my own notes\n":
                    fail(kind, f"a file is overwritten: {' '.join(made)}")
                os.remove(disk)
            if code not in (1, 2):
                fail(kind, f"exit {code} for {' '.join(made)}: {err[-200:]}")
            if "play" in err and "trials" in err:
                fail(kind, f"told after the work: {' '.join(made)}")
            for made in glob.glob(os.path.join(base, "o*")):
                shutil.rmtree(made, ignore_errors=True)


NAMES = ["people.csv", "alerts.csv", "timeline.csv", "metrics.csv", "responses.csv",
         "findings.csv", "go_no_go.csv", "change_times.csv", "rules.csv", "segments.csv",
         "backtest.csv", "run.json", "outbrief.html", "outbrief.md", "journal.jsonl",
         "trials.jsonl", "trials.csv", "campaign.csv", "capacity.csv", "capacity.json",
         "capacity-curve.csv", "compare.csv", "compare.html", "tune.csv", "tune.html",
         "index.html", "observed.csv", "trials.resume.jsonl", "judge.csv", "judge_rules.csv",
         "judge_plays.csv", "dates.ics", "room.jsonl", "alternatives.json",
         "day-shard-1-of-2.jsonl", "day-shard-1-of-2.resume.jsonl", "array.sbatch"]
MINE = "my own notes\n"


def foreign(rng, more):
    """What somebody else has put where the program wants to write stays as it is."""
    kind = "files of others"
    with tempfile.TemporaryDirectory() as base:
        clean, folder = os.path.join(base, "clean"), os.path.join(base, "work")
        os.mkdir(clean)
        seeds(clean)
        turn = 0
        into_folders = [w for w in WRITERS if "DISK/o" in w]
        into_files = [w for w in WRITERS if "DISK/o" not in w and "done" not in str(w)
                      and w[0] != "fill"]
        while more():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(clean, folder)
            disk = os.path.join(folder, "disk")
            os.makedirs(os.path.join(disk, "o"))
            if turn % 3:
                arguments = on("disk", into_folders[turn // 3 % len(into_folders)])
                mine = []
                for name in rng.sample(NAMES, 4):
                    mine.append(os.path.join(disk, "o", name))
                    with open(mine[-1], "w") as file:
                        file.write(MINE)
            else:
                arguments = on("disk", into_files[turn // 3 % len(into_files)])
                mine = [os.path.join(folder, a) for a in arguments if a.startswith("disk/")]
                for path in mine:
                    with open(path, "w") as file:
                        file.write(MINE)
            code, out, err = sim(*arguments, cwd=folder, text=TYPED)
            look(kind, arguments, code, out, err)
            for path in mine:
                if open(path).read() != MINE:
                    fail(kind, f"{os.path.basename(path)} is overwritten: {' '.join(arguments)}")
            if turn % 3 == 0 and code in (0, 3, 99):
                fail(kind, f"not refused: {' '.join(arguments)}")
            turn += 1


def at_once(rng, more):
    """Three programs with one folder or file: each has its own, or is refused."""
    kind = "several at once"
    with tempfile.TemporaryDirectory() as base:
        seeds(base)
        rounds = 0
        while more():
            rounds += 1
            writers = [["run", "day.yaml", "--trials", "1", "--out", "same"], ["run", "day.yaml", "--out", "same",
                                                              "--trials", "2"],
                       [*COMPARE, "--out", "same"],
                       ["capacity", "day.yaml", "--formula", "--out", "same"],
                       ["baseline", "access.log", "--window", "1s", "--min-requests", "1", "-o",
                        "same.yaml", "--force"],
                       ["pack", "day.yaml", "-o", "same"]]
            arguments = writers[0] if rounds % 2 else rng.choice(writers)
            seeds_of = [str(rng.randrange(1 << 30)) for _ in range(3)]
            seeded = arguments[0] in ("run", "compare", "capacity")
            children = [start([*arguments, *(["--seed", seed] if seeded else [])], base)
                        for seed in seeds_of]
            codes = []
            for child in children:
                _, err = child.communicate()
                codes.append(child.returncode)
                if b"panicked" in err:
                    fail(kind, f"panic: {' '.join(arguments)}: {err[-200:]}")
            good = sum(code in (0, 99, 3) for code in codes)
            count(kind, 3)
            whole(kind, base, arguments)
            if unfinished(base):
                fail(kind, f"unfinished files stay: {' '.join(arguments)}")
            found = glob.glob(os.path.join(base, "same*"))
            folders = [path for path in found if os.path.isdir(path)]
            if seeded and len(folders) != good:
                fail(kind, f"{good} of {' '.join(arguments)} are saved in {len(folders)} folders")
            for folder in folders:
                ids = set()
                for path in glob.glob(os.path.join(folder, "*.csv")):
                    ids |= {line.split(",")[0] for line in open(path).read().splitlines()[1:2]}
                if len(ids) > 1:
                    fail(kind, f"one folder has files of {len(ids)} runs")
                shutil.rmtree(folder)
            for path in found:
                if os.path.isfile(path):
                    os.remove(path)


def descriptors(rng, more):
    kind = "few descriptors"
    with tempfile.TemporaryDirectory() as base:
        seeds(base)
        commands = [["run", "day.yaml", "--trials", "1", *SHORT], ["check", "day.yaml"],
                    ["run", "day.yaml", *SHORT, "--trials", "4"],
                    ["run", "day.yaml", *SHORT, "--record", "r.jsonl", "--access-log", "a.log",
                     "--force"],
                    ["compare", "day.yaml", *SHORT, "--vs", "--trials", "2"],
                    ["judge", "day.yaml", "--readings", "day.jsonl"],
                    ["report", "done"], ["merge", "s/day-shard-1-of-2.jsonl",
                                         "s/day-shard-2-of-2.jsonl"],
                    ["run", "day.yaml", *SHORT, "--live", "--seats", "all", "--speed", "1000000x"],
                    ["baseline", "access.log", "--window", "1s", "--min-requests", "1"],
                    ["fill", "day.yaml", "--list", "--first", "0"],
                    ["pack", "day.yaml"]]
        turn = 0
        while more():
            files = 4 + turn // len(commands) % 30
            arguments = list(commands[turn % len(commands)])
            turn += 1
            if arguments[0] in ("run", "compare", "merge"):
                arguments += ["--out", "o"]
            if arguments[0] == "pack":
                arguments += ["-o", "o"]
            code, out, err = sim(*arguments, cwd=base, text=b"note a\n", files=files)
            if code == 127 and "shared libraries" in err:
                count(kind)
                continue
            look(kind, arguments, code, out, err)
            if files >= 20 and code not in (0, 99, 3):
                fail(kind, f"exit {code} with {files} descriptors: {' '.join(arguments)}: {err}")
            for made in glob.glob(os.path.join(base, "o*")):
                shutil.rmtree(made)
