"""What is printed and written: full devices, closed pipes, terminals of any kind, hostile text."""

import base64
import csv
import glob
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
from html.parser import HTMLParser

from common import FINE, HIDDEN, ROOT, SHORT, count, fail, look, seeds, sim, start

COMMANDS = [
    ["--help"], ["--version"], ["help", "fill"], ["new"], ["new", "--list"],
    ["new", "minimal", "-o", "x.yaml", "--force"], ["new", "--from", "plan.md"],
    ["check", "day.yaml"], ["check", "day.yaml", "--format", "json"],
    ["check", "day.yaml", "--format", "github"], ["check", "plan.md"],
    ["check", "shipped/launch-day.yaml", "--plan", "plan.md"],
    ["check", "day.yaml", "--long"], ["explain", "day.yaml"],
    ["explain", "day.yaml", "--format", "json"], ["schema"], ["schema", "--reference"],
    ["completions", "bash"], ["fill", "day.yaml", "--list", "--first", "0"],
    ["fill", "day.yaml", "--first", "0"], ["run", "day.yaml", "--trials", "1", *SHORT, "--out", "o"],
    ["run", "day.yaml", "--trials", "1", *SHORT, "--out", "o", "--brief"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--trials", "2"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--trials", "4", "--shard", "1/4"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--script", "script.txt", "--seats", "alex"],
    ["run", "day.yaml", *SHORT, "--out", "o", "--live", "--seats", "all", "--speed", "1000000x"],
    ["judge", "day.yaml", "--readings", "day.jsonl"],
    ["judge", "day.yaml", "--readings", "day.jsonl", "--json"],
    ["judge", "day.yaml", "--readings", "day.jsonl", "--csv"],
    ["judge", "day.yaml", "--log", "access.log"],
    ["compare", "day.yaml", *SHORT, "--vs", "--set", "lasts=15m", "--trials", "2", "--out", "o"],
    ["capacity", "day.yaml", "--formula", "--out", "o"], ["pack", "day.yaml", "-o", "o"],
    ["tune", "day.yaml", "--try", "Errors.value=2,5", "--days", "2", "--trials", "1", *SHORT,
     "--out", "o"],
    ["merge", "s/day-shard-1-of-2.jsonl", "s/day-shard-2-of-2.jsonl", "--out", "o"],
    ["plan-shards", "day.yaml", *SHORT, "--engine", "parallel", "--trials", "40", "--of", "2",
     "--out", "o"],
    ["report", "done"], ["report", "--dictionary"],
    ["report", "done", "--observed", "sheet.csv", "--out", "o"], ["test", "day.test.yaml"],
    ["logs", "access.log"], ["baseline", "access.log", "--window", "1s", "--min-requests", "1"],
    ["baseline", "merge", "part.jsonl", "--min-requests", "1"], ["crew", "incidents.csv"],
    ["rollcall", "--from", "roll.csv"],
]
TYPED = b"skip\nend\n"


def cleared(folder):
    for made in glob.glob(os.path.join(folder, "o*")):
        if os.path.isdir(made):
            shutil.rmtree(made)


def stdout(rng, more):
    kind = "output that cannot be printed"
    with tempfile.TemporaryDirectory() as folder:
        seeds(folder)
        turn = 0
        while more():
            arguments = COMMANDS[turn % len(COMMANDS)]
            turn += 1
            with open("/dev/full", "w") as full:
                code, out, err = sim(*arguments, cwd=folder, text=TYPED, stdout=full)
            look(kind, arguments, code, out, err)
            if code != 1 or "error" not in err:
                fail(kind, f"exit {code} into a full device: {' '.join(arguments)}: {err[-100:]}")
            cleared(folder)
            reader, writer = os.pipe()
            os.close(reader)
            code, out, err = sim(*arguments, cwd=folder, text=TYPED, stdout=writer)
            os.close(writer)
            look(kind, arguments, code, out, err)
            if code not in FINE:
                fail(kind, f"exit {code} into a closed pipe: {' '.join(arguments)}: {err[-200:]}")
            cleared(folder)
            closed = subprocess.run(
                ["sh", "-c", '"$0" "$@" >&-', *program_of(), *arguments], cwd=folder, input=TYPED,
                stderr=subprocess.PIPE)
            look(kind, arguments, closed.returncode, "", closed.stderr.decode("utf-8", "replace"))
            cleared(folder)


def program_of():
    from common import program
    return program


def terminals(rng, more):
    """Terminals of any size and kind, and none."""
    kind = "terminals"
    with tempfile.TemporaryDirectory() as folder:
        seeds(folder)
        turn = 0
        while more():
            arguments = COMMANDS[turn % len(COMMANDS)]
            turn += 1
            env = {"PATH": os.environ["PATH"]}
            env |= {"TERM": rng.choice(("dumb", "", "xterm", "vt52"))}
            env |= {"COLUMNS": rng.choice(("0", "1", "19", "20", "500", "-1", "x"))}
            env |= rng.choice(({"NO_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}, {}))
            env |= {"LC_ALL": rng.choice(("C", "tr_TR.ISO-8859-9", "de_DE.UTF-8"))}
            if shutil.which("script") and rng.random() < 0.3:
                columns, rows = rng.choice(((1, 1), (20, 2), (500, 500), (0, 0)))
                command = " ".join(map(quoted, [*program_of(), *arguments]))
                sized = f"stty cols {columns} rows {rows} 2>/dev/null; exec {command}"
                shown = subprocess.run(["script", "-qec", sized, "/dev/null"], cwd=folder, env=env,
                                       input=b"skip\nskip\nend\nstop\n", timeout=120,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                # What a terminal shows may move its cursor.
                look(kind, arguments, shown.returncode, "", shown.stdout.decode(
                    "utf-8", "replace").replace("\x07", "").encode("ascii", "ignore").decode()
                    .replace("\x1b", "") if b"panicked" in shown.stdout else "error")
            else:
                look(kind, arguments, *sim(*arguments, cwd=folder, text=TYPED, env=env))
            cleared(folder)


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


PAYLOADS = ["\u202egnp.exe", "a\u2066b\u2069", "a\u200bb\ufeff", "\u3164\uffa0", "x\U000e0041\U000e007f",
            "\x1b[31mred", "\x1b]0;t\x07", "\u009b31m", "\u2028next", "\x9d0;x\x9c", "\u00adsoft",
            "=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>", "<!--", "]]>", "</style><script>alert(1)//",
            "`x`|[y](z)", "[x](javascript:alert(1))", "https://evil.example/x", "![i](http://e/x)",
            "%0A::error::x", "::error::x", "${jndi:x}", "a\nb", "'; DROP", "\\", "\"", "'", "{{x}}",
            "&lt;b&gt;", "a" * 199, "\u0130\u0131", "e\u0301" * 40, "#x", "- x", ": x", "! x", "*x"]
FORMULA = tuple("=+-@\t\r")


class Page(HTMLParser):
    """Collects what would run or load something."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.bad = []
        self.policy = None
        self.script = None

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "meta" and said.get("http-equiv") == "Content-Security-Policy" and not self.policy:
            self.policy = said.get("content") or ""
        if tag == "script" and not attributes:
            self.script = ""
        elif tag in ("script", "iframe", "object", "embed", "base", "form", "link"):
            self.bad.append(tag)
        for name, value in attributes:
            if name.startswith("on"):
                self.bad.append(f"{tag} {name}")
            if name in ("href", "src", "action") and not (value or "").startswith(("#", "data:image")):
                # A page may name files beside it.
                if re.match(r"[a-z]+:|//", value or ""):
                    self.bad.append(f"{tag} {name}={value}")

    def handle_data(self, data):
        if self.script is not None:
            self.script += data

    def handle_endtag(self, tag):
        if tag == "script" and self.script is not None:
            # A page's own script is the one whose hash its policy, the first of the page, names.
            digest = hashlib.sha256(self.script.encode()).digest()
            if f"'sha256-{base64.b64encode(digest).decode()}'" not in (self.policy or ""):
                self.bad.append("script")
            self.script = None


def written(kind, path, about):
    """What a written file may not hold."""
    count(kind)
    name = os.path.basename(path)
    data = open(path, encoding="utf-8", newline="").read()
    if not path.endswith((".json", ".jsonl", ".log")) and (found := HIDDEN.search(data)):
        around = data[max(0, found.start() - 60):found.end() + 20]
        fail(kind, f"{name} has what cannot be seen: {around!r} by {about}")
    if path.endswith((".json", ".jsonl")):
        # A line ends with a line feed alone: other characters that part lines stand in strings.
        for line in [data] if path.endswith(".json") else filter(None, data.split("\n")):
            json.loads(line)
    if path.endswith(".csv"):
        rows = list(csv.reader(io.StringIO(data), strict=True))
        if len({len(row) for row in rows}) > 1:
            fail(kind, f"{name} has rows of different lengths, by {about}")
        for row in rows[1:]:
            for cell in row:
                number = re.fullmatch(r"-[0-9.e+-]+%?", cell)
                if cell.startswith(FORMULA) and not number:
                    fail(kind, f"{name} has a formula: {cell!r} by {about}")
    if path.endswith(".html"):
        page = Page()
        page.feed(data)
        if page.script is not None:
            page.bad.append("script")
        if page.bad:
            fail(kind, f"{name} has {page.bad[:3]} by {about}")
    if path.endswith(".md"):
        if re.search(r"(?<!\\)\]\((?!#)[^)]*:", data) or "<script" in data or "<img" in data:
            fail(kind, f"{name} has a link or a tag, by {about}")
    if path.endswith(".ics"):
        for line in data.split("\r\n"):
            if line and not re.match(r"[A-Z-]+[:;]| ", line):
                fail(kind, f"{name} has a line of its own: {line!r} by {about}")


def yaml_of(payload, rng):
    return json.dumps(payload).replace("${", "$${")


NAMES = ["alex", "kim", "sam", "lou", "ops", "decider", "failover", "rollback", "Errors", "phone",
         "chat", "database", "web", "buy", "browse", "page"]


def texts(rng, more, pages=None):
    """Hostile names and titles: nothing that they hide reaches a terminal, table, page or YAML."""
    kind = "hostile text"
    turn = 0
    while more():
        with tempfile.TemporaryDirectory() as base:
            payload = PAYLOADS[turn % len(PAYLOADS)]
            turn += 1
            templates = ("minimal", "minimal", "launch-day", "two-tier", "fortnight")
            known = sim("new", "--list", cwd=base)[1].split("\n")
            known = {line.split()[0] for line in known if line.strip()}
            template = rng.choice([name for name in templates if name in known])
            sim("new", template, "-o", "day.yaml", cwd=base)
            text = open(os.path.join(base, "day.yaml")).read()
            new = yaml_of(payload, rng)
            text = re.sub("(?m)^scenario: .*", lambda _: f"scenario: {new}", text, count=1)
            chosen = rng.sample(NAMES, rng.choice((0, 1, 2, 3)))
            for number, name in enumerate(chosen):
                other = yaml_of(payload + str(number) if number else payload, rng)
                text = re.sub(rf"\b{name}\b(?=[:,\]}} ]|$)", lambda _: other, text, flags=re.M)
            with open(os.path.join(base, "bad.yaml"), "w") as file:
                file.write(text)
            about = f"{payload!r} in {chosen}"
            commands = [["check", "bad.yaml"], ["check", "bad.yaml", "--format", "json"],
                        ["check", "bad.yaml", "--format", "github"], ["explain", "bad.yaml"],
                        ["run", "bad.yaml", "--trials", "1",
                         *(SHORT if template == "minimal" else []), "--out", "o"],
                        ["pack", "bad.yaml", "-o", "p"],
                        ["capacity", "bad.yaml", "--formula", "--out", "c"],
                        ["fill", "bad.yaml", "--list", "--first", "0"],
                        ["plan-shards", "bad.yaml", "--engine", "kubernetes", "--trials", "40",
                         "--of", "2", "--image", "x", "--volume", "x", "--out", "s", *SHORT]]
            if template != "minimal":
                commands = commands[:6] + commands[7:8]
            for arguments in commands:
                code, out, err = sim(*arguments, cwd=base)
                look(kind, arguments, code, out, err)
                if "github" in arguments:
                    for line in out.splitlines():
                        if line.startswith("::") and not re.match("::(error|warning|notice) ", line):
                            fail(kind, f"an annotation of its own: {line!r} by {about}")
            for path in glob.glob(os.path.join(base, "[opcs]", "**", "*"), recursive=True):
                if os.path.isfile(path):
                    written(kind, path, about)
                    if pages and path.endswith(".html"):
                        shutil.copy(path, os.path.join(
                            pages, f"{turn}-{os.path.basename(path)}"))
            others(kind, rng, base, payload)


def others(kind, rng, base, payload):
    """The same in logs, sheets, records, incidents and plans."""
    flat = payload.replace("\n", " ").replace('"', "'")
    def put(name, data):
        with open(os.path.join(base, name), "w", errors="surrogateescape") as file:
            file.write(data)
    cell = '"' + payload.replace('"', '""') + '"'
    put("a.log", "".join(
        f'10.0.0.1 - - [07/Nov/2018:17:{n // 60:02d}:{n % 60:02d} +0000] "GET /{flat if n % 7 else ""}x '
        f'HTTP/1.1" {200 if n % 5 else 500} 12 "{flat}" "{flat}"\n' for n in range(900)))
    put("roll.csv", "channel,person,asked,answered,after\n" + "".join(
        f"{cell},{cell},2018-11-06T10:0{n}:00-05:00,2018-11-06T10:0{n}:40-05:00,{20 + n}s\n"
        for n in range(5)))
    put("incidents.csv", "incident,began,noticed,over\n" + "".join(
        f"{cell},0m,{n + 1}m,{n + 30}m\n" for n in range(12)))
    put("plan.md", f"# {payload}\n\n## Team\n- ★ {payload}: Owner\n- Engineering: {payload}, Ann\n"
        f"## On call\n- Backend: Ann -> {payload}\n## Mar 5\n**9 AM: {payload}**\n- {payload}\n")
    for arguments in (["logs", "a.log"], ["baseline", "a.log", "--window", "1s", "--min-requests",
                                          "1", "-o", "o.yaml", "--force"],
                      ["judge", "day.yaml", "--log", "a.log"],
                      ["rollcall", "--from", "roll.csv", "-o", "o.yaml", "--force"],
                      ["rollcall", "--from", "roll.csv"],
                      ["crew", "incidents.csv", "--like", payload.replace("\0", ""), "-o",
                       "o2.yaml", "--force"],
                      ["check", "plan.md"], ["new", "--from", "plan.md", "-o", "o3.yaml",
                                             "--force"]):
        code, out, err = sim(*arguments, cwd=base)
        look(kind, arguments, code, out, err)
    for name in ("o.yaml", "o2.yaml", "o3.yaml"):
        if os.path.exists(os.path.join(base, name)):
            written(kind, os.path.join(base, name), repr(payload))
