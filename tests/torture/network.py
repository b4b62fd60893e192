"""The player screen under hostile browsers, and logs that are truncated and rotated while they are
followed."""

import gzip
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from common import PATIENCE, count, fail, sim, start, told_to_stop


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def requests(rng, more):
    kind = "hostile requests"
    while more():
        with tempfile.TemporaryDirectory() as folder:
            rehearsal(kind, rng, more, folder)


def rehearsal(kind, rng, more, folder):
    """One rehearsal with up to 400 hostile requests; it serves, ends and saves all the same."""
    sim("new", "minimal", "-o", "day.yaml", cwd=folder)
    port = free_port()
    arguments = ["run", "day.yaml", "--live", "--seats", "all", "--listen", f"127.0.0.1:{port}",
                 "--out", "o"]
    child = start(arguments, folder, stdin=subprocess.PIPE, files=256)
    time.sleep(1)

    def connect(timeout=10):
        return socket.create_connection(("127.0.0.1", port), timeout=timeout)

    def ask(data, timeout=10):
        with connect(timeout) as one:
            one.sendall(data)
            text = b""
            while piece := one.recv(1 << 16):
                text += piece
            return text
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    idle = []
    for _ in range(400):
        if not more():
            break
        count(kind)
        try:
            match rng.randrange(10):
                case 0:
                    ask(rng.randbytes(rng.randrange(1, 400)) + b"\r\n\r\n")
                case 1 | 2:
                    idle.append(connect(2))
                    idle = idle[-200:]
                case 3:
                    text = ask(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                    if text and not text.startswith(b"HTTP/1.1 421"):
                        fail(kind, f"a foreign host is answered: {text[:60]}")
                case 4:
                    ask(b"GET /" + b"a" * rng.randrange(40_000))
                case 5:
                    # Never reads, and goes away with a reset.
                    one = connect(2)
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    one.sendall(b"GET / HTTP/1.1\r\n" + host + b"\r\n")
                    one.close()
                case 6:
                    one = connect(2)
                    for byte in b"GET / H":
                        one.sendall(bytes([byte]))
                        time.sleep(0.01)
                    idle.append(one)
                case 7:
                    method = rng.choice((b"POST", b"PUT", b"HEAD", b"TRACE", b"CONNECT", b"get", b""))
                    path = rng.choice((b"/", b"/../../etc/passwd", b"//", b"*", b"http://x/", b"/%00",
                                       b"/o/journal.jsonl", b"/room.jsonl"))
                    version = rng.choice((b"HTTP/1.1", b"HTTP/0.9", b"HTTP/9.9", b"", b"\xff"))
                    text = ask(method + b" " + path + b" " + version + b"\r\n" + host
                               + b"Content-Length: 99999999999\r\n\r\n")
                    if b"root:" in text or b'"journal"' in text or b'"room"' in text:
                        fail(kind, f"a file is handed out: {path}")
                case 8:
                    ask(b"GET / HTTP/1.1\r\n" + host + b"X: y\r\n" * rng.randrange(3_000) + b"\r\n")
                case 9:
                    ask(b"GET / HTTP/1.1\r\n" + host * 2 + b"\r\n")
        except OSError:
            pass
    for one in idle:
        one.close()
    closing(kind, child, ask, host)


def closing(kind, child, ask, host):
    good = b""
    # Those that never asked are let go after a moment.
    for _ in range(30):
        try:
            good = ask(b"GET / HTTP/1.1\r\n" + host + b"\r\n")
        except OSError as error:
            good = str(error).encode()
        if good.startswith(b"HTTP/1.1 200"):
            break
        time.sleep(0.5)
    if not good.startswith(b"HTTP/1.1 200"):
        fail(kind, f"nobody is served any more: {good[:100]}")
    for word in (b"database", b"refuse"):
        if word in good:
            fail(kind, f"the players' page tells of {word}")
    child.stdin.write(b"note last\n")
    child.stdin.flush()
    time.sleep(0.2)
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout=4 * PATIENCE)
        err = child.stderr.read()
        if child.returncode != 130 or b"panicked" in err:
            fail(kind, f"ends with {child.returncode}: {err[-200:]}")
    except subprocess.TimeoutExpired:
        child.kill()
        fail(kind, "the rehearsal does not end")
    child.stdin.close()
    child.stderr.close()


LINE = '10.0.0.1 - - [07/Nov/2018:17:{:02d}:{:02d} +0000] "GET /page HTTP/1.1" {} 12 "-" "x" 0.1\n'


def lines(first, last, status=200):
    return "".join(LINE.format(n // 60 % 60, n % 60, status) for n in range(first, last))


# What happens to the log while it is followed, and whether that must be said.
def cut_short(path):
    with open(path, "w") as file:
        file.write(lines(400, 420))
    return "gap"


def copied_and_cut(path):
    """`copytruncate` on a busy site: longer than before at the next look."""
    with open(path, "w") as file:
        file.write(lines(400, 1_200))
    return "gap"


def rotated(path):
    os.rename(path, path + ".1")
    with open(path, "w") as file:
        file.write(lines(300, 420))
    return ""


def rotated_often(path):
    for number in range(3):
        os.rename(path, f"{path}.{number}")
        with open(path, "w") as file:
            file.write(lines(300 + 40 * number, 340 + 40 * number))
    return ""


def replaced_by_folder(path):
    os.remove(path)
    os.mkdir(path)
    return "no plain file"


def replaced_by_pipe(path):
    os.remove(path)
    os.mkfifo(path)
    return "no plain file"


def removed(path):
    os.remove(path)
    return ""


def padded(path):
    with open(path, "ab") as file:
        file.write(b"\0" * 5_000 + b"\n" + lines(300, 320).encode())
    return ""


def garbage(path):
    with open(path, "ab") as file:
        file.write(os.urandom(20_000))
    return ""


CHANGES = [cut_short, copied_and_cut, rotated, rotated_often, replaced_by_folder, replaced_by_pipe,
           removed, padded, garbage]


def follow(rng, more):
    kind = "logs under --follow"
    turn = 0
    while more():
        with tempfile.TemporaryDirectory() as folder:
            sim("new", "minimal", "-o", "day.yaml", cwd=folder)
            path = os.path.join(folder, "access.log")
            with open(path, "w") as file:
                file.write(lines(0, 300))
            change = CHANGES[turn % len(CHANGES)]
            turn += 1
            arguments = ["judge", "day.yaml", "--log", "access.log", "--follow", "-o", "o"]
            child = start(arguments, folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            time.sleep(rng.uniform(1.0, 1.6))
            said = change(path)
            time.sleep(2.5)
            number = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[turn % 3]
            ended = told_to_stop(kind, child, number, f": {change.__name__}")
            if ended is None:
                continue
            count(kind)
            out, err = ended
            told = (out + err).decode("utf-8", "replace")
            if "panicked" in told or child.returncode not in (0, 1, 2, 3, 99, 130):
                fail(kind, f"{change.__name__}: {child.returncode}: {told[-300:]}")
            if said and not any(word in told for word in said.split("|")):
                fail(kind, f"{change.__name__} is not told: {told[-400:]}")
            if not os.path.exists(os.path.join(folder, "o/judge.csv")):
                fail(kind, f"{change.__name__}: no tables after {number.name}: {told[-300:]}")
